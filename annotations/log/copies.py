"""Bringing together the logs of two copies of a review: what one holds and the other does not, put in its place.

Copies have a past in common. What was recorded since in each keeps its own order; between the two the clocks of the
decisions say what came first. An event of the copy is put between two of this log where it belongs: it then counts, or
not, as if it had been recorded here. Nothing is changed or left out, and nothing is put in twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from annotations.decision import Decision, Event, Mark, Screened, place
from annotations.log.database import writing
from annotations.log.decision_log import KINDS, DecisionLog
from annotations.log.schema import Entry, table_of, to_row
from annotations.log.storing import STEP, insert, said_by
from corpus.errors import WorkspaceError

_DAY = 10  # characters of an ISO date


@dataclass(frozen=True, slots=True)
class Contest:
    """A place that somebody judged, or marked, in both copies since they parted."""

    ours: Event
    theirs: Event
    ours_counts: bool  # what was decided last
    unclear: bool  # one of the two knows only the day, and it is the same day


@dataclass(frozen=True, slots=True)
class Joined:
    """What it takes to bring a copy's events into a log."""

    incoming: tuple[Entry, ...]  # in the order of the log, with the numbers they get in it
    known: int  # events of the copy that the log holds
    contests: tuple[Contest, ...]


def join(ours: Sequence[Entry], theirs: Sequence[Entry]) -> Joined:
    """The events of a copy that are not in this log, each with its place in the order. Both are in their own order."""
    at = {entry.event_id: number for number, entry in enumerate(ours)}
    said = {_content(entry.what) for entry in ours if not _dated(entry.what)}
    new = [e for e in theirs if e.event_id not in at and not (not _dated(e.what) and _content(e.what) in said)]
    placed = [
        replace(entry, what=replace(entry.what, number=number, event_id=entry.event_id))
        for gap, group in groupby(_gaps(ours, theirs, {e.event_id for e in new}, at), key=itemgetter(0))
        for entry, number in _numbered(gap, [entry for _, entry in group], ours)
    ]
    return Joined(tuple(placed), len(theirs) - len(placed), tuple(_contests(ours, placed, theirs)))


def put_in(log: DecisionLog, joined: Joined) -> None:
    """Add the events to the log, all or none.

    WorkspaceError: the log has grown since they were placed.
    """
    with writing(log.engine, *KINDS) as connection:
        for table in KINDS:
            own = [entry for entry in joined.incoming if table_of(entry.what) is table]
            there = set(connection.scalars(sa.select(table.c.event_id)))
            numbers = set(connection.scalars(sa.select(table.c.number)))
            if any(entry.event_id in there or entry.number in numbers for entry in own):
                raise WorkspaceError("the log has grown meanwhile: nothing was changed, try again")
            rows = [to_row(e.what, event_id=e.event_id, recorded=e.recorded, number=e.number) for e in own]
            insert(connection, table, rows)


def _gaps(
    ours: Sequence[Entry], theirs: Sequence[Entry], new: set[str], at: dict[str, int]
) -> Iterator[tuple[int, Entry]]:
    """Each new event of `theirs` with the number of our events that come before it, in order."""
    following = [len(ours)] * (len(theirs) + 1)  # where the next event that both have stands in ours
    for number in range(len(theirs) - 1, -1, -1):
        following[number] = at.get(theirs[number].event_id, following[number + 1])
    gap = 0
    for number, entry in enumerate(theirs):
        if entry.event_id not in new:
            gap = max(gap, at.get(entry.event_id, -1) + 1)
            continue
        while gap < following[number] and _clock(ours[gap]) <= _clock(entry):
            gap += 1
        yield gap, entry


def _numbered(gap: int, entries: Sequence[Entry], ours: Sequence[Entry]) -> Iterator[tuple[Entry, int]]:
    """Numbers for `entries` behind the first `gap` of ours."""
    low = ours[gap - 1].number if gap else 0
    high = ours[gap].number if gap < len(ours) else low + STEP * (len(entries) + 1)
    if high - low <= len(entries):
        raise WorkspaceError("too many copies were brought together at one moment: there is no room between two events")
    for place_in_gap, entry in enumerate(entries, start=1):
        yield entry, low + (high - low) * place_in_gap // (len(entries) + 1)


def _contests(ours: Sequence[Entry], incoming: Sequence[Entry], theirs: Sequence[Entry]) -> Iterator[Contest]:
    common = {entry.event_id for entry in theirs}
    own = {place(entry.what): entry for entry in ours if entry.event_id not in common}
    others = {place(entry.what): entry for entry in incoming}
    for where, entry in others.items():
        mine = own.get(where)
        if (
            mine is None
            or not isinstance(entry.what, Decision | Mark | Screened)
            or said_by(mine.what) == said_by(entry.what)
        ):
            continue
        days = {_day(mine), _day(entry)}
        unclear = len(days) == 1 and not (_has_time(mine) and _has_time(entry))
        yield Contest(mine.what, entry.what, mine.number > entry.number, unclear)


def _content(what: Event) -> tuple[object, ...]:
    return (*place(what), *said_by(what), getattr(what, "note", ""))


def _dated(what: Event) -> bool:
    return bool(what.decided)


def _clock(entry: Entry) -> datetime:
    """When it was decided; where that is not known or no date, when it was stored."""
    for said in (entry.what.decided, entry.recorded):
        try:
            found = datetime.fromisoformat(said)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return datetime.min.replace(tzinfo=UTC)


def _day(entry: Entry) -> str:
    return _clock(entry).astimezone(UTC).date().isoformat()


def _has_time(entry: Entry) -> bool:
    return len(entry.what.decided or entry.recorded) > _DAY
