"""The decision log: append-only tables of events. What counts now is a view of it, never an edit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from threading import Lock
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa

from annotations.decision import Decision, Mark, place
from annotations.log.database import open_database, reading, writing
from annotations.log.schema import EVENTS, MARKS, Entry, place_key, storable, table_of, to_entry, to_row
from corpus.errors import WorkspaceError

T = TypeVar("T")
_AT_ONCE = 500  # values in one IN (...): SQLite before 3.32 takes 999


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `DecisionLog.record` did."""

    added: int
    known: int  # decisions and marks that the log already held


@dataclass(slots=True)
class _Read:
    """What has been read of one table so far: it only ever grows."""

    table: sa.Table
    seq: int = 0
    entries: list[Entry] = field(default_factory=list)
    newest: dict[tuple[str, ...], Any] = field(default_factory=dict)  # by place, in the order first seen


class DecisionLog:
    """The log of one review, in SQLite (write-ahead log, full sync) or another database by its SQLAlchemy URL.

    May be used by several threads, and by several processes on one database.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)
        self._lock = Lock()
        self._decisions, self._marks = _Read(EVENTS), _Read(MARKS)

    @property
    def engine(self) -> sa.Engine:
        """The database, for the other tables that a review keeps in it."""
        return self._engine

    def record(self, decisions: Iterable[Decision], marks: Iterable[Mark] = (), *, key: str = "") -> Recorded:
        """Append `decisions` and `marks` in one transaction: all or none. Once it returns they are on disk.

        An event is known, and not added again, when the very same one is in the log (same place, value, note and
        time of decision), or, where it carries no time, when it is what already counts. `key` is the caller's own
        name for this call: a second call with it, after a connection broke for example, adds nothing.
        """
        given: list[Decision | Mark] = [*map(storable, decisions), *map(storable, marks)]
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        added = 0
        with writing(self._engine, EVENTS, MARKS) as connection:
            for table in (EVENTS, MARKS):
                rows = list(_new_rows(connection, table, [w for w in given if table_of(w) is table], key=key, now=now))
                added += len(rows)
                _insert(connection, table, rows)
        return Recorded(added, len(given) - added)

    def history(self) -> tuple[Decision, ...]:
        """Every decision ever recorded, oldest first."""
        with self._lock:
            return tuple(entry.what for entry in self._up_to_date(self._decisions).entries)  # type: ignore[misc]

    def current(self) -> tuple[Decision, ...]:
        """The judgements that count now: see `current`."""
        with self._lock:
            newest: Iterable[Decision] = self._up_to_date(self._decisions).newest.values()
            return tuple(decision for decision in newest if decision.value is not None)

    def marks(self) -> tuple[Mark, ...]:
        """The marks that count now: the newest per coder, kind and place, unless taken back."""
        with self._lock:
            newest: Iterable[Mark] = self._up_to_date(self._marks).newest.values()
            return tuple(mark for mark in newest if mark.on)

    def entries(self) -> tuple[Entry, ...]:
        """Every event, decisions and marks, with id and time of recording, oldest first."""
        with self._lock:
            both = [*self._up_to_date(self._decisions).entries, *self._up_to_date(self._marks).entries]
        return tuple(sorted(both, key=lambda entry: entry.recorded))

    def news(self, decisions: int, marks: int) -> tuple[list[Entry], list[Entry]]:
        """The decisions and the marks recorded after the first so many of each, oldest first."""
        with self._lock:
            return (
                self._up_to_date(self._decisions).entries[decisions:],
                self._up_to_date(self._marks).entries[marks:],
            )

    def head(self) -> str:
        """Number of events and id of the last: changes whenever the log does."""
        with reading(self._engine) as connection:
            heads = [_head(connection, table) for table in (EVENTS, MARKS)]
        return "+".join(head for head in heads if head != "0") or "0"

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _up_to_date(self, read: _Read) -> _Read:
        """Read on from where the last reading ended."""
        with reading(self._engine) as connection:
            table = read.table
            for row in connection.execute(sa.select(table).where(table.c.seq > read.seq).order_by(table.c.seq)):
                entry = to_entry(row)
                read.entries.append(entry)
                read.newest[place(entry.what)] = entry.what
                read.seq = row.seq
        return read


def current(history: Sequence[Decision]) -> tuple[Decision, ...]:
    """The newest decision per coder and place, in the order first judged; what was taken back is left out."""
    newest: dict[tuple[str, ...], Decision] = {}
    for decision in history:
        newest[place(decision)] = decision
    return tuple(decision for decision in newest.values() if decision.value is not None)


def _insert(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) > 1:
        # pg8000 sends many rows one by one, and rewrites the statement each time: 28 s for 20,000. As JSON: 5 s.
        names = ", ".join(rows[0])
        from_rows = f"json_populate_recordset(NULL::{table.name}, CAST(:rows AS json))"
        statement = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {from_rows}"
        connection.execute(sa.text(statement), {"rows": json.dumps(rows)})
    else:
        connection.execute(sa.insert(table), rows)


def _new_rows(
    connection: sa.Connection, table: sa.Table, given: Sequence[Decision | Mark], *, key: str, now: str
) -> Iterator[dict[str, Any]]:
    """Rows for those of `given` that the log does not hold."""
    ids = [_event_id(what, key=key, number=number) for number, what in enumerate(given)]
    known: dict[str, tuple[str, Any]] = {}  # event id -> place, and what was said there
    for some in _portions([i for i in ids if i]):
        query = sa.select(table.c.event_id, table.c.place, _said_in(table)).where(table.c.event_id.in_(some))
        known.update((row.event_id, (row.place, row.said)) for row in connection.execute(query))
    timeless = [what for what, event_id in zip(given, ids, strict=True) if not event_id]
    counts = _counting(connection, table, timeless)
    for what, event_id in zip(given, ids, strict=True):
        where = place_key(what)
        if event_id in known:
            if key and known[event_id] != (where, _said(what)):
                raise WorkspaceError(f"the key {key!r} was used before, for another decision. Nothing was changed")
            continue
        if not event_id:
            if counts.get(where) == (_said(what), what.note):
                continue
            counts[where] = (_said(what), what.note)
            event_id = uuid4().hex
        known[event_id] = where, _said(what)
        yield to_row(what, event_id=event_id, recorded=now)


def _counting(
    connection: sa.Connection, table: sa.Table, given: Sequence[Decision | Mark]
) -> dict[str, tuple[Any, str]]:
    """What was last said at the places of `given`, by place."""
    columns = (table.c.place, _said_in(table), table.c.note)
    counts: dict[str, tuple[Any, str]] = {}
    for some in _portions(sorted({place_key(what) for what in given})):
        last = sa.select(sa.func.max(table.c.seq)).where(table.c.place.in_(some)).group_by(table.c.place)
        rows = connection.execute(sa.select(*columns).where(table.c.seq.in_(last)))
        counts.update((row.place, (row.said, row.note)) for row in rows)
    return counts


def _said_in(table: sa.Table) -> sa.Label[Any]:
    return (table.c.value if table is EVENTS else table.c.is_on).label("said")


def _said(what: Decision | Mark) -> Any:
    return what.value if isinstance(what, Decision) else what.on


def _event_id(what: Decision | Mark, *, key: str, number: int) -> str:
    """The id by which a repetition of the event is known; empty where only what counts now can tell."""
    if key:
        content: list[Any] = ["key", key, number]
    elif what.decided:
        # The empty text at the end stands there since format 1, whose ids must stay the same.
        content = [*place(what), _said(what), what.decided, what.note, ""]
    else:
        return ""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _head(connection: sa.Connection, table: sa.Table) -> str:
    last = connection.execute(sa.select(table.c.event_id).order_by(table.c.seq.desc()).limit(1)).first()
    count = connection.scalar(sa.select(sa.func.count()).select_from(table))
    return f"{count}:{last.event_id}" if last else "0"


def _portions(values: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
