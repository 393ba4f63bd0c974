"""The decision log: append-only tables of events. What counts now is a view of it, never an edit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar

import sqlalchemy as sa

from annotations.decision import Act, Code, Decision, Event, Mark, Memo, Screened
from annotations.log.database import open_database, reading, writing
from annotations.log.schema import ACTS, CODES, EVENTS, MARKS, MEMOS, SCREENINGS, Entry, storable, table_of, to_entry
from annotations.log.storing import insert, is_known, last_number, new_rows
from annotations.log.view import LogContents, Newest, current, in_order

__all__ = ["DecisionLog", "News", "Position", "Recorded", "current"]

Kind = TypeVar("Kind", Decision, Mark, Memo, Code, Screened, Act)
KINDS = (EVENTS, MARKS, MEMOS, CODES, SCREENINGS, ACTS)  # in which order the events of one moment are stored
_HEAD = (EVENTS, MARKS, CODES, SCREENINGS)  # on which results depend; memos and acts change none


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `DecisionLog.record` did."""

    added: int
    known: int  # events that the log already held


@dataclass(frozen=True, slots=True)
class Position:
    """How far somebody has read: how many entries of each table of events."""

    entries: tuple[int, ...] = (0,) * len(KINDS)


@dataclass(frozen=True, slots=True)
class News:
    """What was recorded since a position."""

    entries: tuple[Entry, ...]  # in the order of the log
    position: Position  # to ask from the next time
    rewound: bool  # some belong before what was there: a view made event by event has to be made anew


@dataclass(slots=True)
class _Read:
    """What has been read of one table so far: it only ever grows."""

    table: sa.Table
    seq: int = 0
    entries: list[Entry] = field(default_factory=list)  # in the order stored
    highest: list[int] = field(default_factory=lambda: [0])  # number among the first so many entries
    newest: Newest[Event] = field(default_factory=Newest)


class DecisionLog:
    """The log of one review, in SQLite (write-ahead log, full sync) or another database by its SQLAlchemy URL.

    May be used by several threads, and by several processes on one database. A context manager: it lets go of the
    database at the end of the block.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)
        self._lock = Lock()
        self._tables = {table.name: _Read(table) for table in KINDS}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def engine(self) -> sa.Engine:
        """The database, for the other tables that a review keeps in it."""
        return self._engine

    def record(
        self,
        decisions: Iterable[Decision] = (),
        marks: Iterable[Mark] = (),
        *,
        memos: Iterable[Memo] = (),
        codes: Iterable[Code] = (),
        screened: Iterable[Screened] = (),
        act: Act | None = None,
        key: str = "",
    ) -> Recorded:
        """Append events in one transaction: all or none. Once it returns they are on disk.

        An event is known, and not added again, when the very same one is in the log (same place, value, note and
        time of decision), or, where it carries no time, when it is what already counts. `key` is the caller's own
        name for this call: a second call with it, after a connection broke for example, adds nothing. With `act`, all
        of it belongs to that act, whose id is the key.
        """
        given: list[Event] = [
            *map(storable, decisions),
            *map(storable, marks),
            *map(storable, memos),
            *map(storable, codes),
            *map(storable, screened),
        ]
        if act:
            given = [*(replace(what, act=act.act_id) for what in given if not isinstance(what, Act)), storable(act)]
            key = key or act.act_id
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        added = 0
        with writing(self._engine, *KINDS) as connection:
            if act and is_known(connection, act):
                return Recorded(0, len(given))
            number = last_number(connection, KINDS)
            for table in KINDS:
                mine = [what for what in given if table_of(what) is table]
                rows = list(new_rows(connection, table, mine, key=key, now=now, after=number))
                number = rows[-1]["number"] if rows else number  # type: ignore[assignment]
                added += len(rows)
                insert(connection, table, rows)
        return Recorded(added, len(given) - added)

    def history(self) -> tuple[Decision, ...]:
        """Every decision ever recorded, in the order of the log."""
        return tuple(entry.what for entry in self._entries(EVENTS))  # type: ignore[misc]

    def contents(self) -> LogContents:
        """Everything the log holds now, as of one moment: what is recorded meanwhile is in none of it."""
        with self._lock:
            self._read_on(KINDS)
            entries = in_order(entry for table in KINDS for entry in self._tables[table.name].entries)
            heads = [_head(self._tables[table.name].entries) for table in _HEAD]
            return LogContents(
                entries,
                _counting(self._of(EVENTS)),
                _standing(self._of(MARKS)),
                _written(self._of(MEMOS)),
                _codes(self._of(CODES)),
                _as_one(heads),
            )

    def current(self) -> tuple[Decision, ...]:
        """The judgements that count now, in the order of the log: see `current`."""
        return _counting(self._newest(EVENTS))

    def marks(self) -> tuple[Mark, ...]:
        """The marks that count now: the newest per coder, kind and place, unless taken back."""
        return _standing(self._newest(MARKS))

    def memos(self) -> tuple[Memo, ...]:
        """The memos that there are now."""
        return _written(self._newest(MEMOS))

    def codes(self) -> tuple[Code, ...]:
        """Every code of one's own as it is now; those taken away too (`on` is False)."""
        return _codes(self._newest(CODES))

    def screened(self) -> tuple[Screened, ...]:
        """The verdicts of screening that count now, in the order of the log."""
        return tuple(what for what in self._newest(SCREENINGS) if isinstance(what, Screened) and what.verdict)

    def screening_history(self) -> tuple[Screened, ...]:
        """Every verdict of screening ever recorded, in the order of the log."""
        return tuple(entry.what for entry in self._entries(SCREENINGS))  # type: ignore[misc]

    def acts(self) -> tuple[Act, ...]:
        """Every act on the page, in the order of the log."""
        return tuple(what for what in self._newest(ACTS) if isinstance(what, Act))

    def entries(self) -> tuple[Entry, ...]:
        """Every event with id and time of recording, in the order of the log."""
        return self._entries(*KINDS)

    def events_of(self, act_id: str) -> tuple[Entry, ...]:
        """The events of one act, in the order of the log, the act itself last."""
        every = self._entries(*KINDS)
        return tuple(e for e in every if (e.what.act_id if isinstance(e.what, Act) else e.what.act) == act_id)

    def news(self, since: Position) -> News:
        """What was recorded since."""
        with self._lock:
            found: list[Entry] = []
            before = 0
            if self._newest_rows() != [read.seq for read in self._tables.values()]:
                self._read_on(KINDS)
            for read, known in zip(self._tables.values(), since.entries, strict=True):
                before = max(before, read.highest[known])
                found += read.entries[known:]
            position = Position(tuple(len(read.entries) for read in self._tables.values()))
        entries = in_order(found)
        return News(entries, position, rewound=bool(entries) and entries[0].number < before)

    def head(self) -> str:
        """Number of events and id of the last: changes whenever the log does in a way that results depend on."""
        with reading(self._engine) as connection:
            return _as_one([_asked_head(connection, table) for table in _HEAD])

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _entries(self, *tables: sa.Table) -> tuple[Entry, ...]:
        """The entries of some tables as of one moment, in the order of the log."""
        with self._lock:
            self._read_on(tables)
            return in_order(entry for table in tables for entry in self._tables[table.name].entries)

    def _newest(self, table: sa.Table) -> tuple[Event, ...]:
        with self._lock:
            self._read_on([table])
            return self._of(table)

    def _of(self, table: sa.Table) -> tuple[Event, ...]:
        return self._tables[table.name].newest.all()

    def _newest_rows(self) -> list[int]:
        """The number of the last row of each table, in one question: mostly there is nothing new in any."""
        last = (sa.select(sa.func.max(read.table.c.seq)).scalar_subquery() for read in self._tables.values())
        with reading(self._engine) as connection:
            return [number or 0 for number in connection.execute(sa.select(*last)).one()]

    def _read_on(self, tables: Iterable[sa.Table]) -> None:
        """Read some tables on from where the last reading ended, all as of one moment."""
        with reading(self._engine) as connection:
            for table in tables:
                read = self._tables[table.name]
                for row in connection.execute(sa.select(table).where(table.c.seq > read.seq).order_by(table.c.seq)):
                    entry = to_entry(row, table)
                    read.entries.append(entry)
                    read.highest.append(max(read.highest[-1], entry.number))
                    read.newest.take(entry.what)
                    read.seq = row.seq


def _counting(newest: Iterable[Event]) -> tuple[Decision, ...]:
    return tuple(what for what in newest if isinstance(what, Decision) and what.counts)


def _standing(newest: Iterable[Event]) -> tuple[Mark, ...]:
    return tuple(what for what in newest if isinstance(what, Mark) and what.on)


def _written(newest: Iterable[Event]) -> tuple[Memo, ...]:
    return tuple(what for what in newest if isinstance(what, Memo) and what.text)


def _codes(newest: Iterable[Event]) -> tuple[Code, ...]:
    return tuple(what for what in newest if isinstance(what, Code))


def _asked_head(connection: sa.Connection, table: sa.Table) -> str:
    last = connection.execute(sa.select(table.c.event_id).order_by(table.c.seq.desc()).limit(1)).first()
    count = connection.scalar(sa.select(sa.func.count()).select_from(table))
    return f"{count}:{last.event_id}" if last else "0"


def _head(entries: Sequence[Entry]) -> str:
    return f"{len(entries)}:{entries[-1].event_id}" if entries else "0"


def _as_one(heads: Iterable[str]) -> str:
    return "+".join(head for head in heads if head != "0") or "0"
