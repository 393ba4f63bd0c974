"""What a coder says of a study as a whole: done, open again; and taking back what was done last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from annotations.decision import Act, Code, Decision, Event, Mark, Memo
from annotations.finishing import done_mark
from annotations.log.acts import Events
from review.acts.result import ActFunction, ActResult, Given
from review.coder_events import Moment, following_from, value_of
from review.context import ReviewContext
from review.matrix.wording import spoken, spoken_value
from review.review_items import ReviewItem
from review.review_state import ORIGIN

NOT_KNOWN = "not known"
_VALUES = {0: "not discussed", 1: "mentioned", 2: "with evidence"}


_SEEN_ALREADY = (
    "You have seen what the others and the machine say of this study. What you decide from here on is recorded so, and "
    "no longer counts as independent: agreement leaves it out. Open it again?"
)


class StudyActs:
    """Finishing, opening again, undoing."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self.acts: Mapping[str, ActFunction] = {
            "done": self.done,
            "reopen": self.reopen,
            "undo": self.undo,
            "study": self.value_of_study,
        }

    def done(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """The study is finished: themes left out of all of it are not discussed. Asks first where much is open."""
        source_id = self._study(given, at)
        label = self._context.review_items.source(source_id).label
        if self._context.coder_items.finished(moment.coder, source_id):
            return ActResult(say=f"{label} is done already", at=at)
        question = self._context.unfinished(moment.coder, source_id)
        if question and not given.get("sure"):
            return ActResult(question=question, at=at)
        return self._finish(True, moment, source_id, at)

    def reopen(self, given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """The study is open again: what followed from finishing it is taken back."""
        source_id = self._study(given, at)
        if not self._context.review_state.own(moment.coder, source_id).done:
            return ActResult(say=f"{self._context.review_items.source(source_id).label} is open already", at=at)
        if ("revealed", "", "") in self._context.review_state.own(moment.coder, source_id).marks and not given.get(
            "sure"
        ):
            return ActResult(question=_SEEN_ALREADY, at=at)
        return self._finish(False, moment, source_id, at)

    def value_of_study(self, given: Given, moment: Moment, _at: ReviewItem | None) -> ActResult:
        """A value for a theme in the study as a whole: 0, 1, 2, "not known" with the reason, or "" to take it back."""
        source_id, theme, value = str(given.get("source", "")), str(given.get("theme", "")), given.get("value")
        label = self._context.review_items.source(source_id).label
        self._context.review_items.codebook.theme(theme)
        if not self._context.coder_items.assignment.codes_whole(moment.coder, source_id):
            raise ValueError(
                "the passages of this study are given out to several coders: only together they give it a value"
            )
        own = {d.theme: d for d in self._context.review_state.own(moment.coder, source_id).study.values()}
        not_known = value == NOT_KNOWN
        if not_known and not moment.note:
            raise ValueError("not known: say why, for example “annexes missing from the file”")
        if value == "" and theme not in own:
            return ActResult(say="There is no value of yours to take back")
        made = Decision(
            source_id,
            theme,
            None if not_known or value == "" else value_of(value, allowed=_VALUES),
            moment.coder,
            note=moment.note,
            decided=moment.decided,
            codebook=moment.codebook.revision,
            origin=ORIGIN,
            seconds=moment.seconds,
            not_known=not_known,
        )
        told = "taken back" if value == "" else "not known" if not_known else spoken_value(made.value)
        return ActResult(Events([made]), f"{label}, {theme}: {told}")

    def undo(self, _given: Given, moment: Moment, at: ReviewItem | None) -> ActResult:
        """Take back what this coder did last and has not undone."""
        state = self._context.review_state
        last = state.acts.last(moment.coder)
        if last is None:
            return ActResult(say="There is nothing to undo", at=at)
        about = state.acts.changed_by(last.act_id)
        placed = [one for one in about if isinstance(one, Decision | Mark) and one.anchor and one.anchor.passage_id]
        events = state.acts.undoing(last.act_id, Act("", moment.coder, "undo", decided=moment.decided))
        item = self._item(placed[0]) if placed else at
        return ActResult(events, f"Undone: {self.told(about)}", item, undoes=last.act_id)

    def told(self, events: Sequence[Event]) -> str:
        """What was undone, all of it."""
        named = [f"the code “{event.name}”" for event in events if isinstance(event, Code)]
        named += ["the memo" for event in events if isinstance(event, Memo)]
        said = self._told_of_decisions(events)
        return ", ".join([*named, *([said] if said or not named else [])]) or "nothing"

    def _told_of_decisions(self, events: Sequence[Event]) -> str:
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
        return ", ".join(kind for kind in kinds if kind != "seen" or len(kinds) == 1)

    def _finish(self, done: bool, moment: Moment, source_id: str, at: ReviewItem | None) -> ActResult:
        context = self._context
        own = context.review_state.own(moment.coder, source_id)
        codebook, decided = moment.codebook, moment.decided
        if done:
            state = context.study_state(moment.coder, source_id)
            mark = done_mark(state, source_id, moment.coder, codebook=codebook, decided=decided)
        else:
            mark = Mark(source_id, "done", moment.coder, on=False, decided=decided, codebook=codebook.revision)
        # Whoever codes a part of a study only can't say that it does not discuss a theme.
        whole = context.coder_items.assignment.codes_whole(moment.coder, source_id)
        decisions = following_from(
            own,
            moment,
            source_id,
            [],
            context.review_state.codes,
            done=mark if done and whole else None,
            changes=context.changes,
        )
        label = context.review_items.source(source_id).label
        if not done:
            return ActResult(Events(decisions, [mark]), f"{label} is open again", at)
        absent = ", ".join(decision.theme for decision in decisions if decision.value == 0)
        say = f"{label} is done" + (f"; not discussed: {absent}" if absent else "")
        if mark.not_shown:
            missed = f"{len(mark.not_shown)} of {len(mark.covers or ())} passages were not shown"
            say += f"; {missed}, so themes for which you coded nothing stay unknown"
        return ActResult(Events(decisions, [mark]), say, at, stay=False)

    def _study(self, given: Given, at: ReviewItem | None) -> str:
        source_id = at.source_id if at else str(given.get("source", ""))
        if not source_id:
            raise ValueError("which study is it about?")
        self._context.review_items.document(source_id)
        return source_id

    def _item(self, event: Decision | Mark) -> ReviewItem:
        """Where it was undone; the passage as a whole where the theme is one of people's own, or is gone by now."""
        assert event.anchor is not None
        theme = event.theme if event.theme in self._context.review_items.codebook.codes else ""
        return self._context.coder_items.item(event.coder, event.source_id, event.anchor.passage_id, theme)


def spoken_of(decision: Decision) -> str:
    """A decision's value in words."""
    if decision.not_known:
        return "not known"
    return spoken(decision.value) if decision.value is not None else "taken back"
