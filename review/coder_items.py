"""What each coder is given to code, and what is kept from them: the review's draw, applied to its texts."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from annotations.agreement.assignment import Assignment
from annotations.finishing import StudyState, study_state
from models.codebook.recoding import Recoding
from models.suggest.document_suggestions import SKIPPED
from review.auth import Session
from review.review_items import ReviewItem, ReviewItems
from review.review_state import ReviewState


class CoderItems:
    """The items of every coder. The draw does not change while the page is served, so that each list is made once.

    Of a passage on which the machine is hidden a coder gets the whole passage, and gets every one of them, whether
    the machine proposes something there or not: neither what is shown, nor how often, nor in which order tells of it.
    A passage that is drawn to measure what the machine misses comes as a whole too, behind what is proposed for it.
    """

    def __init__(
        self,
        review_items: ReviewItems,
        review_state: ReviewState,
        assignment: Assignment,
        changes: Sequence[Recoding] = (),
    ) -> None:
        """`changes` are what became of themes of the codebook."""
        self._review_items, self._review_state, self.assignment = review_items, review_state, assignment
        self._changes = changes
        self._states: dict[tuple[str, str], tuple[int, StudyState]] = {}  # with the version of what the coder has said
        self._guard = Lock()
        self._items: dict[str, tuple[ReviewItem, ...]] = {}
        self._by_study: dict[str, dict[str, list[ReviewItem]]] = {}
        self._blind: dict[str, tuple[frozenset[str], bool]] = {}

    def items(self, coder: str) -> Sequence[ReviewItem]:
        """All that is put before `coder`, in the order of the text."""
        with self._guard:
            if coder not in self._items:
                self._items[coder] = self._drawn(coder)
            return self._items[coder]

    def by_study(self, coder: str) -> dict[str, list[ReviewItem]]:
        """The same, study by study."""
        items = self.items(coder)
        with self._guard:
            if coder not in self._by_study:
                found: dict[str, list[ReviewItem]] = {}
                for item in items:
                    found.setdefault(item.source_id, []).append(item)
                self._by_study[coder] = found
            return self._by_study[coder]

    def study_state(self, coder: str, source_id: str) -> StudyState:
        """How far `coder` is with a study, and what has come to it since they were done."""
        own = self._review_state.own(coder, source_id)
        kept = self._states.get((coder, source_id))
        if kept is None or kept[0] != own.version:
            state = study_state(
                coder,
                source_id,
                self._review_items.documents.get(source_id),
                own.decisions,
                own.marks.values(),
                assignment=self.assignment,
                codebook=self._review_items.codebook,
                changes=self._changes,
            )
            kept = self._states[coder, source_id] = own.version, state
        return kept[1]

    def finished(self, coder: str, source_id: str) -> bool:
        """Is `coder` done with all there is of a study now? An edition, or a theme more, opens it again."""
        return self._review_state.own(coder, source_id).done and self.study_state(coder, source_id).done

    def waits(self, coder: str, item: ReviewItem) -> bool:
        """Is there something of an item left to say for `coder`? In a study that they had finished only where it has
        come since."""
        if not self._review_state.own(coder, item.source_id).done:
            return True
        state = self.study_state(coder, item.source_id)
        return item.passage_id in state.new_passages or item.theme in state.new_themes

    def hidden(self, source_id: str, passage_id: str) -> bool:
        """Is the machine's view of a passage kept from its coders?"""
        return not self.assignment.shows_machine(source_id, passage_id)

    def by_lot(self, source_id: str, passage_id: str) -> bool:
        """Is a passage drawn to measure what the machine misses? Not where there is nothing to code: a bibliography."""
        passage = self._review_items.passage(source_id, passage_id)
        return passage.section not in SKIPPED and self.assignment.by_lot(source_id, passage_id)

    def item(self, coder: str, source_id: str, passage_id: str, theme: str) -> ReviewItem:
        """The item at a place as `coder` may see it."""
        if self.hidden(source_id, passage_id):
            return ReviewItem(source_id, passage_id)
        return self._review_items.by_place.get((source_id, passage_id, theme)) or ReviewItem(
            source_id, passage_id, theme
        )

    def may_see_all(self, session: Session, source_id: str) -> bool:
        """May they see what others and the machine say of a study?

        Whoever codes a part of it that two code, or on which the machine is hidden, may when all have finished who
        code it blindly; whoever does not code it may if they adjudicate. A guest may when nobody is left who codes it
        blindly.
        """
        blind, hidden = self._blind_part(source_id)
        if hidden and not self.assignment.settings.coders:  # everybody codes everything
            blind = frozenset(self._review_state.coders_of(source_id) if session.guest else {session.coder})
        if session.guest:
            return bool(blind or not hidden) and all(self._review_state.own(one, source_id).done for one in blind)
        if session.coder in blind:
            return all(self.finished(coder, source_id) for coder in blind)
        return not blind or session.may("adjudicator")

    def blind(self, coder: str, source_id: str) -> bool:
        """Does `coder` code a part of the study without seeing another's work, or the machine's view?"""
        found, hidden = self._blind_part(source_id)
        return coder in found or (hidden and not self.assignment.settings.coders)

    def _drawn(self, coder: str) -> tuple[ReviewItem, ...]:
        found: list[ReviewItem] = []
        suggested = self._review_items.by_study
        for source in self._review_items.sources:
            if source.id not in self._review_items.proposals or source.id not in self._review_items.documents:
                continue
            proposed: dict[str, list[ReviewItem]] = {}
            for item in suggested.get(source.id, ()):
                proposed.setdefault(item.passage_id, []).append(item)
            for passage in self._review_items.documents[source.id].passages:
                if not self.assignment.codes(coder, source.id, passage.id):
                    continue
                hidden, by_lot = self.hidden(source.id, passage.id), self.by_lot(source.id, passage.id)
                found += [] if hidden else proposed.get(passage.id, [])
                found += [ReviewItem(source.id, passage.id)] if hidden or by_lot else []
        return tuple(found)

    def _blind_part(self, source_id: str) -> tuple[frozenset[str], bool]:
        """Who codes a part of a study that two code or on which the machine is hidden; is it hidden anywhere?"""
        with self._guard:
            if source_id not in self._blind:
                document, draw = self._review_items.documents.get(source_id), self.assignment
                found: set[str] = set()
                hidden = False
                for passage in document.passages if document else ():
                    hides = self.hidden(source_id, passage.id)
                    hidden |= hides
                    if hides or draw.is_double(source_id, passage.id):
                        found.update(draw.coders_of(source_id, passage.id))
                self._blind[source_id] = frozenset(found), hidden
            return self._blind[source_id]
