"""What counts of the events of a log: of every place the newest, in the order of the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from annotations.decision import Code, Decision, Event, Mark, Memo, place
from annotations.log.schema import Entry

Kind = TypeVar("Kind", bound=Event)


@dataclass(frozen=True, slots=True)
class LogContents:
    """Everything that a log held at one moment."""

    entries: tuple[Entry, ...]  # every event with id and time of recording, in the order of the log
    decisions: tuple[Decision, ...]  # that count
    marks: tuple[Mark, ...]  # that count
    memos: tuple[Memo, ...]  # that there are
    codes: tuple[Code, ...]  # of one's own, those taken away too
    head: str  # see `DecisionLog.head`


@dataclass(slots=True)
class Newest(Generic[Kind]):
    """The newest event of every place, whatever the order in which events come in."""

    _at: dict[tuple[str, ...], Kind] = field(default_factory=dict)
    _followed: set[str] = field(default_factory=set)  # ids of events in whose place another stands
    _ordered: tuple[Kind, ...] | None = None

    def take(self, what: Kind) -> None:
        """Take in one event."""
        where = place(what)
        earlier = self._at.get(where)
        if earlier is None or earlier.number <= what.number:
            self._at[where] = what
        if isinstance(what, Decision) and what.follows:
            self._followed.add(what.follows)
        self._ordered = None

    def all(self) -> tuple[Kind, ...]:
        """The newest events, in the order of the log; those that take something back are among them."""
        if self._ordered is None:
            standing = (what for what in self._at.values() if what.event_id not in self._followed)
            self._ordered = tuple(sorted(standing, key=lambda what: what.number))
        return self._ordered


def current(history: Iterable[Decision]) -> tuple[Decision, ...]:
    """The newest decision per coder and place, oldest first; what was taken back is left out.

    `history` is in the order of the log.
    """
    newest = Newest[Decision]()
    for decision in history:
        newest.take(decision)
    return tuple(decision for decision in newest.all() if decision.counts)


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries of several tables in the order of the log."""
    return tuple(sorted(entries, key=lambda entry: entry.number))
