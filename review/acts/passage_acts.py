"""What a coder says to one suggestion or one passage: a value, another theme, a theme more, unsure, skip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from annotations.decision import BY_LOT, Anchor, Code, Decision
from annotations.log.acts import Events
from models.reason_words import score_words
from review.acts.result import ActFunction, ActResult, Given, number_in, required
from review.anchoring.anchors import of_passage, of_selection
from review.coder_events import Moment, Value, following_from, marked, settling, value_of
from review.context import ReviewContext
from review.matrix.wording import spoken
from review.review_items import ReviewItem
from review.review_state import LABEL_ACTS

_BEFORE_THE_LABEL = "judged before the machine's label was shown"
POSITIVE = {1: "mentioned", 2: "with evidence"}


class PassageActs:
    """The acts of the page with one suggestion at a time."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self.acts: Mapping[str, ActFunction] = {
            "value": self.value,
            "change": self.change,
            "add": self.add,
            "words": self.words,
            "remove": self.remove,
            "seen": self.seen,
            "unsure": self.unsure,
            "skip": self.skip,
            "judgefirst": self.choose_label,
            "labelfirst": self.choose_label,
        }

    def value(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """Accept or reject a suggestion."""
        item, value = required(at), value_of(given.get("value"))
        if not item.theme:
            raise ValueError("which theme is it about?")
        anchor = self._whole(item)
        moment = self._as_seen(moment, item.source_id, anchor, item)
        decision = self._judged(moment, item.source_id, item.theme, value, anchor)
        say = f"{self._context.short(item.theme)}: {spoken(value)}"
        return self._settled(moment, item.source_id, anchor, [decision], say, item, stay=bool(given.get("stay")))

    def change(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """Give another theme in the place of that proposed. A code that stands under it says it more exactly, and
        rejects nothing."""
        item, to = required(at), str(given.get("to", ""))
        value = value_of(given.get("value"), allowed=POSITIVE)
        anchor = self._whole(item)
        moment = self._as_seen(moment, item.source_id, anchor, item)
        under = self._context.stands_under(to, item.theme)
        made = [
            self._judged(moment, item.source_id, item.theme, value if under else 0, anchor),
            self._judged(moment, item.source_id, to, value, anchor),
        ]
        how = "and" if under else "changed to"
        say = f"{self._context.short(item.theme)} {how} {self._context.short(to)}: {spoken(value)}"
        return self._settled(moment, item.source_id, anchor, made, say, item, stay=bool(given.get("stay")))

    def add(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """A theme more for the passage."""
        item, to = required(at), str(given.get("to", ""))
        value = value_of(given.get("value"), allowed=POSITIVE)
        anchor = self._whole(item)
        moment = self._as_seen(moment, item.source_id, anchor, item)
        decision = self._judged(moment, item.source_id, to, value, anchor)
        say = f"{self._context.short(to)} added: {spoken(value)}"
        return self._settled(moment, item.source_id, anchor, [decision], say, item, stay=True)

    def words(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """A theme for words selected on the page image, beside the suggestion at hand."""
        source_id, to = str(given.get("source", "")), str(given.get("to", ""))
        value = value_of(given.get("value"), allowed=POSITIVE)
        page, first, last = (number_in(given.get(name)) for name in ("page", "first", "last"))
        until = number_in(given.get("until", page))  # the page on which the selection ends
        selection = self._context.selection(source_id, (page, first), (until, last))
        anchor = of_selection(self._context.review_items.document(source_id), selection)
        moment = self._as_seen(moment, source_id, anchor, at)
        decision = self._judged(moment, source_id, to, value, anchor)
        say = f"{self._context.short(to)} added: {spoken(value)}"
        return self._settled(moment, source_id, anchor, [decision], say, at, stay=True)

    def remove(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """Take back one of one's own codes on the passage."""
        item, to = required(at), str(given.get("to", ""))
        anchor = self._whole(item)
        moment = self._as_seen(moment, item.source_id, anchor, item)
        own = self._context.review_state.own(moment.coder, item.source_id).by_passage.get(item.passage_id, {})
        made = [
            taken_back(decision, moment)
            for decision in own.values()
            if decision.theme == to and decision.anchor and decision.anchor.quote == given.get("quote")
        ]
        say = f"{self._context.short(to)} taken back"
        return self._settled(moment, item.source_id, anchor, made, say, item, stay=True)

    def seen(self, _given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """The passage was looked at, and has no theme (more)."""
        item = required(at)
        own = self._context.review_state.own(moment.coder, item.source_id)
        marks = settling(own, moment, item.source_id, "", self._whole(item))
        # Of a passage that came by lot, what was left out is a no to every theme.
        if self._context.coder_items.by_lot(item.source_id, item.passage_id):
            seen = marked(moment, item.source_id, "seen", anchor=self._whole(item))
            marks = [*(mark for mark in marks if mark.kind != "seen"), replace(seen, note=BY_LOT)]
        return ActResult(Events([], marks), "Seen", item, stay=False)

    def unsure(self, _given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """Put aside, with the note."""
        item = required(at)
        mark = marked(moment, item.source_id, "unsure", theme=item.theme, anchor=self._whole(item))
        return ActResult(Events([], [mark]), "Put aside as unsure", item, stay=False)

    def skip(self, _given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """Not now."""
        item = required(at)
        mark = marked(moment, item.source_id, "skipped", theme=item.theme, anchor=self._whole(item))
        return ActResult(Events([], [mark]), "Skipped", item, stay=False)

    def choose_label(self, given: Given, _moment: Moment, at: ReviewItem | None) -> ActResult:
        """From now on the machine's label is shown after this coder's own judgement, or before it again."""
        after = LABEL_ACTS[str(given["act"])]
        say = "The machine's label comes after your own judgement" if after else "The machine's label is shown at once"
        return ActResult(say=f"{say}, from now on", at=at, do=_nothing_beside_the_log)

    def _told_after(self, moment: Moment, at: ReviewItem | None) -> tuple[str, str]:
        """What is said of the machine's label once somebody who wants it so has judged, and what the log keeps."""
        if at is None or at.suggestion is None or not self._context.judges_first(moment.coder):
            return "", ""
        own = self._context.review_state.own(moment.coder, at.source_id).by_passage.get(at.passage_id, {}).values()
        if any(decision.theme == at.theme for decision in own):
            return "", ""
        one = at.suggestion
        return f". The machine: {score_words(one)}, {spoken(one.strength)}", _BEFORE_THE_LABEL

    def _whole(self, item: ReviewItem) -> Anchor:
        review_items = self._context.review_items
        return of_passage(review_items.document(item.source_id), review_items.passage(item.source_id, item.passage_id))

    def _as_seen(self, moment: Moment, source_id: str, anchor: Anchor, at: ReviewItem | None) -> Moment:
        """The moment with what is known of whether the suggestion was seen, whatever the browser says."""
        elsewhere = at is None or anchor.passage_id != at.passage_id
        hidden = elsewhere or self._context.coder_items.hidden(source_id, anchor.passage_id)
        return replace(moment, shown=False) if hidden else moment

    def _judged(self, moment: Moment, source_id: str, theme: str, value: Value, anchor: Anchor) -> Decision:
        return self._context.judged(moment, source_id, theme, value, anchor)

    def _settled(
        self,
        moment: Moment,
        source_id: str,
        anchor: Anchor,
        decisions: list[Decision],
        say: str,
        at: ReviewItem | None,
        *,
        stay: bool,
    ) -> ActResult:
        told, note = self._told_after(moment, at)
        events = with_consequences(self._context, moment, source_id, anchor, decisions)
        return ActResult(events, f"{say}{told}", at, stay, note=note)


def with_consequences(
    context: ReviewContext,
    moment: Moment,
    source_id: str,
    anchor: Anchor,
    decisions: list[Decision],
    *,
    codes: Sequence[Code] = (),
) -> Events:
    """Decisions on a passage with what follows from them: marks, and in a finished study its values. `codes` are those
    being made or changed with them."""
    own = context.review_state.own(moment.coder, source_id)
    marks = [mark for d in decisions for mark in settling(own, moment, source_id, d.theme, anchor)]
    whole = context.coder_items.assignment.codes_whole(moment.coder, source_id)
    finished = own.marks.get(("done", "", ""))
    following = following_from(
        own,
        moment,
        source_id,
        decisions,
        [*context.review_state.codes, *codes],
        done=finished if whole else None,
        changes=context.changes,
    )
    return Events([*decisions, *following], list(dict.fromkeys(marks)))


def taken_back(decision: Decision, moment: Moment) -> Decision:
    """The event that takes a decision back."""
    return replace(
        decision, value=None, note="", decided=moment.decided, codebook=moment.codebook.revision, seconds=moment.seconds
    )


def _nothing_beside_the_log() -> None:
    """The act itself is what is kept."""
