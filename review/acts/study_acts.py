"""What a coder says of a study as a whole: done, open again; and taking back what was done last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from annotations.decision import Decision, Mark
from review.acts.result import Act, ActResult, Given
from review.coder_events import Events, Moment, completing, undoing
from review.context import ReviewContext, spoken
from review.review_items import ReviewItem
from review.review_state import Event


class StudyActs:
    """Finishing, opening again, undoing."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self.acts: Mapping[str, Act] = {"done": self.done, "reopen": self.reopen, "undo": self.undo}

    def done(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """The study is finished: themes left out of all of it are not discussed. Asks first where much is open."""
        source_id = self._study(given, at)
        label = self._context.shelf.source(source_id).label
        if self._context.standing.own(moment.coder, source_id).done:
            return ActResult(say=f"{label} is done already", at=at)
        question = self._context.unfinished(moment.coder, source_id)
        if question and not given.get("sure"):
            return ActResult(question=question, at=at)
        return self._finish(True, moment, source_id, at)

    def reopen(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """The study is open again: what followed from finishing it is taken back."""
        source_id = self._study(given, at)
        if not self._context.standing.own(moment.coder, source_id).done:
            return ActResult(say=f"{self._context.shelf.source(source_id).label} is open already", at=at)
        return self._finish(False, moment, source_id, at)

    def undo(self, _given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """Take back what this coder did last and has not undone."""
        step = self._context.standing.last_step(moment.coder)
        if step is None:
            return ActResult(say="There is nothing to undo", at=at)
        about = [event for _, event in step.changes]
        place = next((event for event in about if event.anchor and event.anchor.passage_id), None)
        item = self._item(place) if place else at
        return ActResult(undoing(step, moment), f"Undone: {self.told(about)}", item)

    def told(self, events: Sequence[Event]) -> str:
        """What was undone, all of it."""
        decisions = [event for event in events if isinstance(event, Decision)]
        marks = [event for event in events if isinstance(event, Mark)]
        ended = [mark for mark in marks if mark.kind == "done"]
        if ended:
            first = "finishing the study" if ended[0].on else "opening the study again"
            values = [f"{self._context.short(d.theme)} {spoken_of(d)}" for d in decisions]
            return ", ".join([first, *values])
        if len(decisions) == 1:
            return f"{self._context.short(decisions[0].theme)} {spoken_of(decisions[0])}"
        if decisions:
            said = Counter(f"{self._context.short(d.theme)} {spoken_of(d)}" for d in decisions)
            return ", ".join(f"{what} ({count} places)" if count > 1 else what for what, count in said.items())
        kinds = dict.fromkeys(mark.kind for mark in marks)
        return ", ".join(kind for kind in kinds if kind != "seen" or len(kinds) == 1) or "nothing"

    def _finish(self, done: bool, moment: Moment, source_id: str, at: ReviewItem | None) -> ActResult:
        context = self._context
        own = context.standing.own(moment.coder, source_id)
        mark = Mark(source_id, "done", moment.coder, on=done, decided=moment.decided, codebook=moment.codebook.revision)
        # Whoever codes a part of a study only can't say that it does not discuss a theme.
        whole = context.sight.assignment.codes_whole(moment.coder, source_id)
        decisions = completing(own, moment, source_id, made=[], done=done and whole)
        label = context.shelf.source(source_id).label
        if not done:
            return ActResult(Events(decisions, [mark]), f"{label} is open again", at)
        absent = ", ".join(decision.theme for decision in decisions)
        say = f"{label} is done" + (f"; not discussed: {absent}" if absent else "")
        return ActResult(Events(decisions, [mark]), say, at, stay=False)

    def _study(self, given: Given, at: ReviewItem | None) -> str:
        source_id = at.source_id if at else str(given.get("source", ""))
        if not source_id:
            raise ValueError("which study is it about?")
        self._context.shelf.document(source_id)
        return source_id

    def _item(self, event: Event) -> ReviewItem:
        assert event.anchor is not None
        key = (event.source_id, event.anchor.passage_id, event.theme)
        return self._context.sight.item(event.coder, *key)


def spoken_of(decision: Decision) -> str:
    """A decision's value in words."""
    return spoken(decision.value) if decision.value is not None else "taken back"
