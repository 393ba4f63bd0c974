"""Acts on the page, and what undoes one: the events that put back all that stood before it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from annotations.decision import Act, Code, Decision, Event, Mark, Memo, Screened, place
from annotations.log.schema import Entry

UNDO = "undo"  # kind of the act that undoes another
ORIGIN = "undo"  # origin of a decision that an undo made
_SPOKEN = {
    "seen": "passage seen", "passed over": "passage passed over", "unsure": "passage put aside as unsure",
    "skipped": "passage skipped", "done": "study done", "look again": "passage to be looked at again",
    "revealed": "study revealed",
}  # fmt: skip


@dataclass(slots=True)
class Events:
    """Events to be recorded together."""

    decisions: list[Decision] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    memos: list[Memo] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)

    def add(self, what: Event) -> None:
        """Put an event to those of its kind."""
        if isinstance(what, Decision):
            self.decisions.append(what)
        elif isinstance(what, Mark):
            self.marks.append(what)
        elif isinstance(what, Memo):
            self.memos.append(what)
        elif isinstance(what, Code):
            self.codes.append(what)

    @property
    def all(self) -> list[Event]:
        """All of them."""
        return [*self.decisions, *self.marks, *self.memos, *self.codes]


class ActHistory:
    """The acts of everybody, each with what it changed; carried on entry by entry, in the order of the log."""

    def __init__(self) -> None:
        self._newest: dict[tuple[str, ...], Event] = {}
        self._by_id: dict[str, Decision] = {}
        self._changes: dict[str, list[tuple[Event | None, Event]]] = defaultdict(list)  # act -> before, after
        self._open: dict[str, list[Act]] = defaultdict(list)  # coder -> acts that can be undone, oldest first

    def take(self, entry: Entry) -> None:
        """Take in one entry."""
        what = entry.what
        if isinstance(what, Act):
            self._take_act(what)
            return
        where = place(what)
        before = self._newest.get(where)
        if what.act:
            self._changes[what.act].append((before, what))
        self._newest[where] = what
        if isinstance(what, Decision):
            self._by_id[what.event_id] = what

    def last(self, coder: str) -> Act | None:
        """What `coder` did last and has not undone. An act without events has nothing that could be put back."""
        acts = self._open.get(coder, [])
        return next((act for act in reversed(acts) if act.act_id in self._changes), None)

    def changed_by(self, act_id: str) -> list[Event]:
        """The events of an act."""
        return [after for _, after in self._changes.get(act_id, [])]

    def undoing(self, act_id: str, by: Act) -> Events:
        """The events that put back what stood before the act `act_id`, to be recorded with the act `by`."""
        events = Events()
        for before, after in reversed(self._changes.get(act_id, [])):
            events.add(_put_back(before, after, decided=by.decided))
            if isinstance(after, Decision) and after.follows in self._by_id:
                followed = self._by_id[after.follows]
                events.add(replace(followed, decided=by.decided, origin=ORIGIN, seconds=None))
        return events

    def _take_act(self, act: Act) -> None:
        acts = self._open[act.coder]
        if act.undoes:
            self._open[act.coder] = [one for one in acts if one.act_id != act.undoes]
        else:
            acts.append(act)


def _put_back(before: Event | None, after: Event, *, decided: str) -> Event:
    """The event that makes its place as it was `before`."""
    if isinstance(after, Decision):
        if isinstance(before, Decision):
            return replace(before, decided=decided, origin=ORIGIN, seconds=None, follows="")
        return replace(after, value=None, not_known=False, note="", decided=decided, origin=ORIGIN, follows="")
    if isinstance(after, Mark):
        if isinstance(before, Mark):
            return replace(before, decided=decided)
        return replace(after, on=False, note="", decided=decided)
    if isinstance(after, Memo):
        return replace(before, decided=decided) if isinstance(before, Memo) else replace(after, text="")
    if isinstance(after, Code):
        return replace(before, decided=decided) if isinstance(before, Code) else replace(after, on=False)
    raise TypeError(f"{type(after).__name__} is no event that can be put back")


def describe(events: list[Event]) -> str:
    """What an act did, in words: "2 codes, study done"; what to say when it is undone."""
    said = Counter(_describe(what) for what in events if not isinstance(what, Act))
    return ", ".join(words if number == 1 else f"{words} ({number})" for words, number in said.items())


def _describe(what: Event) -> str:
    if isinstance(what, Decision):
        about = what.theme if what.anchor else f"{what.theme} of the study"
        return f"{about} {'not known' if what.not_known else 'taken back' if what.value is None else what.value}"
    if isinstance(what, Mark):
        return _SPOKEN[what.kind] if what.on else f"{_SPOKEN[what.kind]}: taken back"
    if isinstance(what, Screened):
        return f"screening of {what.source_id}"
    return f"code {what.name}" if isinstance(what, Code) else "memo"
