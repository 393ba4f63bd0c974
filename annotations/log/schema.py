"""Events as rows of the database, and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

import sqlalchemy as sa

from annotations.decision import Anchor, Decision, Mark, place

Said = TypeVar("Said", Decision, Mark)

TABLES = sa.MetaData()
EVENTS = sa.Table(
    "events",
    TABLES,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.Text, nullable=False, unique=True),
    sa.Column("recorded", sa.Text, nullable=False),  # ISO 8601, UTC
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("theme", sa.Text, nullable=False),
    sa.Column("value", sa.Integer),  # null: the earlier judgement of this place is taken back
    sa.Column("coder", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("anchor", sa.Text),  # JSON of the Anchor; null for a judgement on the study
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("decided", sa.Text, nullable=False),
    sa.Column("codebook", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("model_id", sa.Text, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("shown", sa.Boolean),
    sa.Column("seconds", sa.Float),
    sa.Column("place", sa.Text, nullable=False, index=True),  # `place_key`
)
MARKS = sa.Table(
    "marks",
    TABLES,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.Text, nullable=False, unique=True),
    sa.Column("recorded", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("theme", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("coder", sa.Text, nullable=False),
    sa.Column("anchor", sa.Text),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("decided", sa.Text, nullable=False),
    sa.Column("codebook", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with what the log itself adds to it."""

    event_id: str
    recorded: str  # when it was stored, ISO 8601, UTC
    what: Decision | Mark


def table_of(what: Decision | Mark) -> sa.Table:
    """The table in which an event is kept."""
    return EVENTS if isinstance(what, Decision) else MARKS


def storable(what: Said) -> Said:
    """The event with what no database takes as text (half a surrogate pair, NUL) shown as U+FFFD: both come out of
    damaged PDFs."""
    texts = {name: getattr(what, name) for name in type(what).__slots__}
    changed: dict[str, Any] = {name: _mended(text) for name, text in texts.items() if isinstance(text, str)}
    if what.anchor:
        parts: dict[str, Any] = asdict(what.anchor)
        parts.update({name: _mended(text) for name, text in parts.items() if isinstance(text, str)})
        changed["anchor"] = Anchor(**parts)
    return what if all(texts[name] == text for name, text in changed.items()) else replace(what, **changed)


def _mended(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\ufffd") if "\0" in text else text


def place_key(what: Decision | Mark) -> str:
    """The place of an event in 32 characters, for finding the earlier ones."""
    return hashlib.sha256(json.dumps(place(what)).encode()).hexdigest()[:32]


def to_row(what: Decision | Mark, *, event_id: str, recorded: str) -> dict[str, Any]:
    """The row that keeps an event."""
    row = {name: getattr(what, name) for name in type(what).__slots__}
    if isinstance(what, Mark):
        row["is_on"] = row.pop("on")
    row["anchor"] = json.dumps(asdict(what.anchor), ensure_ascii=False) if what.anchor else None
    return {**row, "event_id": event_id, "recorded": recorded, "place": place_key(what)}


def to_entry(row: sa.Row[Any]) -> Entry:
    """The event that a row keeps."""
    anchor = Anchor(**json.loads(row.anchor)) if row.anchor else None
    what: Decision | Mark
    if "kind" in row._fields:
        what = Mark(
            source_id=row.source_id, kind=row.kind, coder=row.coder, theme=row.theme, anchor=anchor, on=row.is_on,
            note=row.note, decided=row.decided, codebook=row.codebook,
        )  # fmt: skip
    else:
        what = Decision(
            source_id=row.source_id, theme=row.theme, value=row.value, coder=row.coder, role=row.role, anchor=anchor,
            note=row.note, decided=row.decided, codebook=row.codebook, origin=row.origin, model_id=row.model_id,
            score=row.score, shown=row.shown, seconds=row.seconds,
        )  # fmt: skip
    return Entry(row.event_id, row.recorded, what)
