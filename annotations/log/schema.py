"""Events as rows of the database, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

from annotations.decision import Act, Anchor, Code, Decision, Event, Mark, Memo, Screened, place

Kind = TypeVar("Kind", Decision, Mark, Memo, Code, Screened, Act)
Row = dict[str, object]  # column -> what is stored in it

TABLES = sa.MetaData()


def _table(name: str, *columns: SchemaItem) -> sa.Table:
    """A table of events: what all of them have, and `columns`."""
    return sa.Table(
        name,
        TABLES,
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),  # the order in which they were stored
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        sa.Column("recorded", sa.Text, nullable=False),  # ISO 8601, UTC
        sa.Column("number", sa.BigInteger, nullable=False, index=True),  # the order in which they count
        *columns,
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


EVENTS = _table(
    "events",
    *map(_text, ("source_id", "theme", "coder", "role", "note", "decided", "codebook", "origin", "model_id")),
    sa.Column("value", sa.Integer),  # null: taken back, or not known
    sa.Column("not_known", sa.Boolean, nullable=False),
    sa.Column("anchor", sa.Text),  # JSON of the Anchor; null for a judgement on the study
    sa.Column("score", sa.Float),
    sa.Column("shown", sa.Boolean),
    sa.Column("seconds", sa.Float),
    *map(_text, ("act", "follows")),
    sa.Column("place", sa.Text, nullable=False, index=True),  # `place_key`
)
MARKS = _table(
    "marks",
    *map(_text, ("source_id", "theme", "kind", "coder", "note", "decided", "codebook", "act")),
    sa.Column("is_on", sa.Boolean, nullable=False),
    *(sa.Column(name, sa.Text) for name in ("anchor", "covers", "not_shown", "themes")),  # JSON
    sa.Column("place", sa.Text, nullable=False, index=True),
)
MEMOS = _table(
    "memos",
    *map(_text, ("memo_id", "coder", "text", "source_id", "theme", "decided", "codebook", "act")),
    sa.Column("anchor", sa.Text),
)
CODES = _table(
    "codes",
    *map(_text, ("code_id", "name", "coder", "under", "colour", "definition", "include", "exclude")),
    *map(_text, ("merged_into", "note", "decided", "codebook", "act")),
    sa.Column("is_on", sa.Boolean, nullable=False),
)
SCREENINGS = _table(
    "screenings",
    *map(_text, ("source_id", "verdict", "coder", "stage", "role", "reason", "note", "decided", "act")),
    sa.Column("informed", sa.Boolean, nullable=False),
    *(sa.Column(name, sa.Float) for name in ("score", "seconds")),
    sa.Column("place", sa.Text, nullable=False, index=True),
)
ACTS = _table(
    "acts", *map(_text, ("act_id", "coder", "kind", "undoes", "note", "decided")), sa.Column("seconds", sa.Float)
)
# Whenever the text of a source has become another: another file, another edition, or read in another way.
TEXTS = _table(
    "texts",
    *map(_text, ("source_id", "sha256", "extractor", "words", "kind")),
    _text("drawn"),  # JSON: passage id -> what stands for it in the draw, where that is not its id
)
# Whose log this is; one row.
REVIEW = sa.Table(
    "review",
    TABLES,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    *map(_text, ("review_id", "title", "sources", "made")),
    sa.Column("upgraded_from", sa.Integer, nullable=False),  # format of the log before; 0: made new
)

TABLE_OF: Mapping[type, sa.Table] = {
    Decision: EVENTS,
    Mark: MARKS,
    Memo: MEMOS,
    Code: CODES,
    Screened: SCREENINGS,
    Act: ACTS,
}
_TYPE_OF: Mapping[str, type[Event]] = {table.name: kind for kind, table in TABLE_OF.items()}
_PLACED = (EVENTS, MARKS, SCREENINGS)  # whose earlier events are found by their place
_ANCHOR = tuple(field.name for field in fields(Anchor))
_LISTS = ("covers", "not_shown", "themes", "include", "exclude")
_to_json = json.JSONEncoder(ensure_ascii=False).encode
_FROM_LOG = ("number", "event_id")  # fields that the log itself fills in


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with what the log itself adds to it."""

    event_id: str
    recorded: str  # when it was stored, ISO 8601, UTC
    what: Event

    @property
    def number(self) -> int:
        """Its place in the order of the log."""
        return self.what.number


def table_of(what: Event) -> sa.Table:
    """The table in which an event is kept."""
    return TABLE_OF[type(what)]


def storable(what: Kind) -> Kind:
    """The event with what no database takes as text (half a surrogate pair, NUL) shown as U+FFFD: both come out of
    damaged PDFs."""
    texts = {field.name: getattr(what, field.name) for field in fields(what)}
    changed: dict[str, object] = {}
    for name, value in texts.items():
        mended: object = value
        if isinstance(value, str):
            mended = _mend(value)
        elif isinstance(value, tuple):
            mended = tuple(map(_mend, value))
        elif isinstance(value, Anchor):
            mended = _mend_anchor(value)
        if mended != value:
            changed[name] = mended
    return replace(what, **changed) if changed else what  # type: ignore[arg-type]


def _mend_anchor(anchor: Anchor) -> Anchor:
    texts = {name: value for name in _ANCHOR if isinstance(value := getattr(anchor, name), str)}
    changed = {name: mended for name, text in texts.items() if (mended := _mend(text)) != text}
    return replace(anchor, **changed) if changed else anchor  # type: ignore[arg-type]


def _mend(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\ufffd") if "\0" in text else text


def place_key(what: Event) -> str:
    """The place of an event in 32 characters, for finding the earlier ones."""
    return hashlib.sha256(json.dumps(place(what)).encode()).hexdigest()[:32]


def to_row(what: Event, *, event_id: str, recorded: str, number: int, place: str = "") -> Row:
    """The row that keeps an event. `place` is its `place_key`, where that is known already."""
    row: Row = {field.name: getattr(what, field.name) for field in fields(what) if field.name not in _FROM_LOG}
    if "on" in row:
        row["is_on"] = row.pop("on")
    for name in _LISTS:
        if row.get(name) is not None:
            row[name] = _to_json(row[name]) if row[name] else "[]"
    if row.get("not_shown") == "[]":
        row["not_shown"] = None
    if isinstance(what, Decision | Mark | Memo):
        kept = {name: getattr(what.anchor, name) for name in _ANCHOR} if what.anchor else None
        row["anchor"] = _to_json(kept) if kept else None
    if table_of(what) in _PLACED:
        row["place"] = place or place_key(what)
    return {**row, "event_id": event_id, "recorded": recorded, "number": number}


def to_entry(row: sa.Row[tuple[object, ...]], table: sa.Table) -> Entry:
    """The event that a row of `table` keeps."""
    kept = dict(row._mapping)
    if "is_on" in kept:
        kept["on"] = kept["is_on"]
    for name in _LISTS:
        if kept.get(name) is not None:
            kept[name] = tuple(json.loads(kept[name]))
    if "not_shown" in kept:
        kept["not_shown"] = kept["not_shown"] or ()
    if kept.get("anchor"):
        kept["anchor"] = Anchor(**json.loads(kept["anchor"]))
    kind = _TYPE_OF[table.name]
    what = kind(**{field.name: kept[field.name] for field in fields(kind)})
    return Entry(str(kept["event_id"]), str(kept["recorded"]), what)
