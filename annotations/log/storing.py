"""How events are put into their tables: which are new, under which id, with which number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar
from uuid import uuid4

import sqlalchemy as sa

from annotations.decision import Act, Code, Decision, Event, Mark, Memo, Screened, place
from annotations.log.schema import ACTS, CODES, EVENTS, MARKS, MEMOS, SCREENINGS, Row, place_key, to_row
from corpus.errors import WorkspaceError

T = TypeVar("T")
Said = tuple[object, ...]  # what an event says of its place

STEP = 1 << 20  # between the numbers of two events: room for those of a copy that are put between them
_AT_ONCE = 500  # values in one IN (...): SQLite before 3.32 takes 999
# What an event says of its place, as columns of its table.
_SAYS = {
    EVENTS.name: ("value", "not_known"),
    MARKS.name: ("is_on",),
    MEMOS.name: ("text",),
    CODES.name: ("name", "is_on"),
    SCREENINGS.name: ("verdict", "reason"),
    ACTS.name: ("act_id",),
}


def last_number(connection: sa.Connection, tables: Iterable[sa.Table]) -> int:
    """The highest number there is; 0 in an empty log."""
    found = [connection.scalar(sa.select(sa.func.max(table.c.number))) for table in tables]
    return max((number for number in found if number is not None), default=0)


def is_known(connection: sa.Connection, act: Act) -> bool:
    """Whether that act has been recorded before."""
    query = sa.select(ACTS.c.seq).where(ACTS.c.event_id == _event_id(act, key="", number=0))
    return connection.execute(query).first() is not None


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Add rows to a table."""
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) > 1:
        # pg8000 sends many rows one by one, and rewrites the statement each time: 28 s for 20,000. As JSON: 5 s.
        names = ", ".join(rows[0])
        from_rows = f"json_populate_recordset(NULL::{table.name}, CAST(:rows AS json))"
        statement = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {from_rows}"
        connection.execute(sa.text(statement), {"rows": json.dumps(rows)})
    else:
        connection.execute(sa.insert(table), list(rows))


def new_rows(
    connection: sa.Connection, table: sa.Table, given: Sequence[Event], *, key: str, now: str, after: int
) -> Iterator[Row]:
    """Rows for those of `given`, all of one table, that the log does not hold; numbered from `after` on.

    WorkspaceError: `key` was used before for something else.
    """
    ids = [_event_id(what, key=key, number=number) for number, what in enumerate(given)]
    known = _stored(connection, table, [event_id for event_id in ids if event_id])
    timeless = [what for what, event_id in zip(given, ids, strict=True) if not event_id]
    counts = _counting(connection, table, timeless)
    for what, event_id in zip(given, ids, strict=True):
        where = place_key(what) if "place" in table.c else ""
        if event_id in known:
            if key and known[event_id] != (where, said_by(what)):
                raise WorkspaceError(f"the key {key!r} was used before, for another decision. Nothing was changed")
            continue
        if not event_id:
            if counts.get(where) == (said_by(what), _note(what)):
                continue
            counts[where] = (said_by(what), _note(what))
            event_id = uuid4().hex
        known[event_id] = where, said_by(what)
        after += STEP
        yield to_row(what, event_id=event_id, recorded=now, number=after, place=where)


def _stored(connection: sa.Connection, table: sa.Table, ids: Sequence[str]) -> dict[str, tuple[str, Said]]:
    """Event id -> place, and what was said there, of those that the table holds."""
    names = _SAYS[table.name]
    where = [table.c.place] if "place" in table.c else []
    columns = [table.c.event_id, *where, *(table.c[name] for name in names)]
    found: dict[str, tuple[str, Said]] = {}
    for some in _portions(ids):
        for row in connection.execute(sa.select(*columns).where(table.c.event_id.in_(some))):
            said = tuple(getattr(row, name) for name in names)
            found[row.event_id] = (row.place if where else "", said)
    return found


def _counting(connection: sa.Connection, table: sa.Table, given: Sequence[Event]) -> dict[str, tuple[Said, str]]:
    """What is said last at the places of `given`, by place."""
    names = _SAYS[table.name]
    columns = (table.c.place, table.c.note, *(table.c[name] for name in names)) if given else ()
    counts: dict[str, tuple[Said, str]] = {}
    for some in _portions(sorted({place_key(what) for what in given})):
        last = sa.select(sa.func.max(table.c.number)).where(table.c.place.in_(some)).group_by(table.c.place)
        for row in connection.execute(sa.select(*columns).where(table.c.number.in_(last), table.c.place.in_(some))):
            counts[row.place] = (tuple(getattr(row, name) for name in names), row.note)
    return counts


def said_by(what: Event) -> Said:
    """What an event says of its place: the values of the columns in `_SAYS`."""
    if isinstance(what, Decision):
        return (what.value, what.not_known)
    if isinstance(what, Mark):
        return (what.on,)
    if isinstance(what, Memo):
        return (what.text,)
    if isinstance(what, Screened):
        return (what.verdict, what.reason)
    return (what.name, what.on) if isinstance(what, Code) else (what.act_id,)


def _note(what: Event) -> str:
    return "" if isinstance(what, Memo) else what.note


def _event_id(what: Event, *, key: str, number: int) -> str:
    """The id by which a repetition of the event is known; empty where only what counts now can tell."""
    content: list[object]
    if isinstance(what, Act):
        content = ["act", what.act_id]
    elif key:
        content = ["key", key, number]
        if isinstance(what, Memo | Code):
            content.append(type(what).__name__)  # ids of decisions and marks stay as they are since format 1
    elif isinstance(what, Memo | Code):
        return uuid4().hex
    elif what.decided:
        # The empty text at the end stands there since format 1, whose ids must stay the same.
        said = "not known" if isinstance(what, Decision) and what.not_known else said_by(what)[0]
        content = [*place(what), said, what.decided, what.note, ""]
    else:
        return ""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _portions(values: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
