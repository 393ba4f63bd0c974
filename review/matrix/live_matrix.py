"""The cells, ratings and disputes of a review as they stand now: made anew only where something was decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Protocol

from annotations.agreement.adjudication import Dispute, disputes
from annotations.agreement.ratings import Ratings, coder_ratings
from annotations.agreement.team_coding import counting_for_studies
from annotations.codebook_changes import JudgedThemes, Recoding, codes_now, recoded
from annotations.codes import place_codes
from annotations.decision import Decision, Mark
from annotations.independence import independent
from annotations.standing import StandingLog, standing
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook
from pipeline.text_history import themes_judged
from review.coder_items import CoderItems
from review.matrix.wording import spoken_value
from review.review_items import ReviewItems
from review.review_state import ReviewState
from synthesis.matrix.cell import Cell
from synthesis.matrix.merge import merge_cells

if TYPE_CHECKING:
    from annotations.progress.stopping_rule import RecallEstimate


class Served(Protocol):
    """What is served, as it is at the moment."""

    review_items: ReviewItems
    review_state: ReviewState
    coder_items: CoderItems
    changes: tuple[Recoding, ...]
    workspace: Workspace


class LiveMatrix:
    """What follows from the log for cells, agreement and progress."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._cells: dict[tuple[str, str], tuple[int, tuple[Cell, ...]]] = {}
        self._ratings: tuple[int, Ratings, Ratings, tuple[Dispute, ...]] | None = None
        self._judged: tuple[int, JudgedThemes] | None = None

    def forget(self) -> None:
        """Other texts, suggestions or themes are served from now on."""
        self._cells.clear()
        self._ratings = self._judged = None

    def recall(self, coder: str) -> RecallEstimate | None:
        """What share of the true codes `coder` has found, at least; None before the first decision."""
        from annotations.progress.stopping_rule import recall_estimate  # scipy.stats, which takes seconds to load

        first = {}  # what counts on each suggestion, in the order of review; what was undone found nothing
        for decision in self._served.review_state.counting(coder):
            if decision.anchor and decision.model_id and decision.shown:
                first[decision.source_id, decision.anchor.passage_id, decision.theme] = bool(decision.value)
        if not first:
            return None
        total = max(len(first), sum(item.suggestion is not None for item in self._served.coder_items.items(coder)))
        return recall_estimate(list(first.values()), total=total, points=0)

    def ratings(self) -> tuple[Ratings, Ratings]:
        """Who gave what a value: passages, and studies. Made anew only where something was decided."""
        with self._served.review_state.lock:
            if self._ratings is None or self._ratings[0] != self._served.review_state.version:
                now = self._as_it_stands(self._served.review_state.decisions(), self._served.review_state.marks())
                rated = self._rated(now)
                made = (*disputes(rated[0], now.decisions), *disputes(rated[1], now.decisions))
                if any(mark.kind == "revealed" for mark in now.marks):  # what was said since is not independent
                    rated = self._rated(self._as_it_stands(*independent(self._served.review_state.log.entries())))
                self._ratings = (self._served.review_state.version, *rated, made)
            return self._ratings[1], self._ratings[2]

    def _rated(self, said: StandingLog) -> tuple[Ratings, Ratings]:
        """Passages and studies as coders rated them."""
        review_items = self._served.review_items
        return coder_ratings(
            said,
            sources=[source.id for source in review_items.sources],
            themes=review_items.codebook.codes,
            documents=review_items.documents,
            assignment=self._served.coder_items.assignment,
            judged_themes=self._judged_themes(),
        )

    def _judged_themes(self) -> JudgedThemes:
        """Which of today's themes could be given under which revision of the codebook."""
        version = self._served.review_state.version
        kept = self._judged
        if kept is None or kept[0] != version:  # it is read from files, and asked for study by study
            kept = version, themes_judged(self._served.workspace, self._served.review_items.codebook)
            self._judged = kept
        return kept[1]

    def _as_it_stands(self, decisions: Sequence[Decision], marks: Sequence[Mark]) -> StandingLog:
        """Under today's themes and in today's texts, without what a later decision or an edition has overtaken."""
        return standing(
            decisions,
            marks,
            self._served.review_state.log.codes(),
            self._served.review_items.documents,
            codebook=self._served.review_items.codebook,
            changes=self._served.changes,
            assignment=self._served.coder_items.assignment,
        )

    def disputes(self) -> tuple[Dispute, ...]:
        """Where coders differ, ruled on or not."""
        with self._served.review_state.lock:
            self.ratings()
            assert self._ratings is not None
            return self._ratings[3]

    def cells(self, source_id: str, *, coder: str = "") -> tuple[Cell, ...]:
        """The cells of a study; with `coder` what that person alone has said, and nothing of the machine's."""
        version = self._served.review_state.changed[source_id]
        kept = self._cells.get((source_id, coder))
        if kept and kept[0] == version:
            return kept[1]
        marks = self._served.review_state.marks_of(source_id)
        decisions: Sequence[Decision] = self._as_it_stands(
            self._served.review_state.of_study(source_id), marks
        ).decisions
        if coder:
            decisions = [d for d in decisions if d.role == "coder" and d.coder == coder]
        cells = self._merged(source_id, decisions, machine=not coder)
        self._cells[source_id, coder] = (version, cells)
        return cells

    def _merged(self, source_id: str, decisions: Sequence[Decision], *, machine: bool) -> tuple[Cell, ...]:
        review_items = self._served.review_items
        source = review_items.source(source_id)
        proposals = (
            {source_id: review_items.proposals[source_id]} if machine and source_id in review_items.proposals else {}
        )
        documents = {source_id: review_items.documents[source_id]} if source_id in review_items.documents else {}
        marks = self._served.review_state.marks_of(source_id)
        counting = counting_for_studies(
            decisions,
            marks,
            documents,
            assignment=self._served.coder_items.assignment,
            themes=review_items.codebook.codes,
            judged_themes=self._judged_themes(),
        )
        everybody = counting if machine else None  # what one person alone has said is not the team's
        return merge_cells([source], decisions, proposals, documents, review_items.codebook, standing=everybody)

    def log_decisions(self) -> Sequence[Decision]:
        """What counts now, as it was decided, codes of people's own under their themes."""
        return place_codes(self._served.review_state.decisions(), self._served.review_state.codes)

    def cells_changed(self, codebook: Codebook, changes: Sequence[Recoding], studies: Collection[str]) -> list[str]:
        """The cells of `studies` in the matrix that would be others under another codebook, in words."""
        sources = [source for source in self._served.review_items.sources if source.id in studies]
        before = {(cell.source_id, cell.theme): cell.merged for one in sources for cell in self.cells(one.id)}
        after = {
            (cell.source_id, cell.theme): cell.merged
            for cell in merge_cells(
                sources,
                recoded(self.log_decisions(), changes, codebook),
                {},
                {},
                codebook,
                keep=None,
            )
        }
        found = []
        for (source_id, column), value in before.items():
            now = [code for code in codes_now(column, changes, codebook) if codebook.column_of(code)]
            same = [after.get((source_id, str(codebook.column_of(code)))) for code in now]
            if (value is not None or any(same)) and same != [value]:
                became = ", ".join(spoken_value(one) for one in same) or "no column any more"
                label = self._served.review_items.source(source_id).label
                found.append(f"{label}, {column}: {spoken_value(value)} becomes {became}")
        return found

    def theme_now(self, decision: Decision) -> str:
        """The theme of the codebook as it is now under which a decision stands."""
        if not self._served.changes:
            return decision.theme
        now = recoded([decision], self._served.changes, self._served.review_items.codebook)
        return now[0].theme if now else decision.theme
