"""The decision log: an append-only table of events. What counts now is a view of it, never an edit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from annotations.decision import Anchor, Decision
from corpus.errors import WorkspaceError

LOG_FORMAT = 1  # of the tables; a log with a higher number was made by a newer Jaiza

_TABLES = sa.MetaData()
_EVENTS = sa.Table(
    "events",
    _TABLES,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.String(64), nullable=False, unique=True),
    sa.Column("recorded", sa.String(32), nullable=False),  # ISO 8601, UTC
    sa.Column("source_id", sa.String(60), nullable=False),
    sa.Column("theme", sa.String(20), nullable=False),
    sa.Column("value", sa.Integer),  # null: the earlier judgement of this place is taken back
    sa.Column("coder", sa.String(100), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("anchor", sa.Text),  # JSON of the Anchor; null for a judgement on the study
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("decided", sa.String(40), nullable=False),
    sa.Column("codebook", sa.String(20), nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
)
_FORMAT = sa.Table("log_format", _TABLES, sa.Column("format", sa.Integer, primary_key=True))

# SQLite itself refuses to change or delete an event, whichever program opens the file.
_APPEND_ONLY = [
    f"CREATE TRIGGER IF NOT EXISTS events_no_{verb.lower()} BEFORE {verb} ON events "
    "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `DecisionLog.record` did."""

    added: int
    known: int  # decisions that the log already held


class DecisionLog:
    """The log of one review, in SQLite (write-ahead log, full sync) or another database by its SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        try:
            self._engine = sa.create_engine(url)
            if self._engine.dialect.name == "sqlite":
                event.listen(self._engine, "connect", _careful_sqlite)
            self._prepare()
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise WorkspaceError(f"the decision log {_without_password(url)} can't be opened: {reason}") from None

    def record(self, decisions: Iterable[Decision]) -> Recorded:
        """Append `decisions` in one transaction: all or none.

        A decision is known, and not added again, when the very same event is in the log (same place, value, coder
        and time of decision), or, where it carries no time, when it is what already counts.
        """
        given = list(decisions)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._engine.begin() as connection:
            known_ids = set(connection.scalars(sa.select(_EVENTS.c.event_id)))
            counts = {place(d): d.value for d in self._read(connection)}
            rows: list[dict[str, Any]] = []
            for decision in given:
                event_id = _event_id(decision, salt="" if decision.decided else uuid4().hex)
                repeated = event_id in known_ids if decision.decided else _counts_already(decision, counts)
                if repeated:
                    continue
                known_ids.add(event_id)
                counts[place(decision)] = decision.value
                rows.append(_row(decision, event_id, now))
            if rows:
                connection.execute(sa.insert(_EVENTS), rows)
        return Recorded(len(rows), len(given) - len(rows))

    def history(self) -> tuple[Decision, ...]:
        """Every event, oldest first."""
        with self._engine.connect() as connection:
            return self._read(connection)

    def current(self) -> tuple[Decision, ...]:
        """The judgements that count now: see `current`."""
        return current(self.history())

    def head(self) -> str:
        """Number of events and id of the last: changes whenever the log does."""
        with self._engine.connect() as connection:
            last = connection.execute(
                sa.select(_EVENTS.c.seq, _EVENTS.c.event_id).order_by(_EVENTS.c.seq.desc())
            ).first()
            count = connection.scalar(sa.select(sa.func.count()).select_from(_EVENTS))
        return f"{count}:{last.event_id}" if last else "0"

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _read(self, connection: sa.Connection) -> tuple[Decision, ...]:
        return tuple(_decision(row) for row in connection.execute(sa.select(_EVENTS).order_by(_EVENTS.c.seq)))

    def _prepare(self) -> None:
        with self._engine.begin() as connection:
            if sa.inspect(connection).has_table("log_format"):
                found = connection.scalar(sa.select(_FORMAT.c.format))
                if found != LOG_FORMAT:
                    raise WorkspaceError(
                        f"the decision log has format {found}, this version knows {LOG_FORMAT}: update Jaiza"
                    )
                return
            _TABLES.create_all(connection)
            connection.execute(sa.insert(_FORMAT).values(format=LOG_FORMAT))
            if connection.dialect.name == "sqlite":
                for statement in _APPEND_ONLY:
                    connection.execute(sa.text(statement))


def current(history: Sequence[Decision]) -> tuple[Decision, ...]:
    """The newest decision per coder and place, in the order first judged; what was taken back is left out."""
    newest: dict[tuple[str, ...], Decision] = {}
    for decision in history:
        newest[place(decision)] = decision
    return tuple(decision for decision in newest.values() if decision.value is not None)


def place(decision: Decision) -> tuple[str, ...]:
    """What a later decision of the same coder replaces: coder, role, study, theme and the passage, if any."""
    quote = " ".join(decision.anchor.quote.split()).casefold() if decision.anchor else ""
    page = str(decision.anchor.page or "") if decision.anchor else ""
    return (decision.coder, decision.role, decision.source_id, decision.theme, quote, page)


def _counts_already(decision: Decision, counts: dict[tuple[str, ...], Any]) -> bool:
    where = place(decision)
    return where in counts and bool(counts[where] == decision.value)


def _event_id(decision: Decision, *, salt: str) -> str:
    content = json.dumps([*place(decision), decision.value, decision.decided, decision.note, salt])
    return hashlib.sha256(content.encode()).hexdigest()


def _row(decision: Decision, event_id: str, now: str) -> dict[str, Any]:
    anchor = json.dumps(asdict(decision.anchor), ensure_ascii=False) if decision.anchor else None
    return {
        "event_id": event_id, "recorded": now, "source_id": decision.source_id, "theme": decision.theme,
        "value": decision.value, "coder": decision.coder, "role": decision.role, "anchor": anchor,
        "note": decision.note, "decided": decision.decided, "codebook": decision.codebook, "origin": decision.origin,
    }  # fmt: skip


def _decision(row: sa.Row[Any]) -> Decision:
    return Decision(
        source_id=row.source_id, theme=row.theme, value=row.value, coder=row.coder, role=row.role,
        anchor=Anchor(**json.loads(row.anchor)) if row.anchor else None,
        note=row.note, decided=row.decided, codebook=row.codebook, origin=row.origin,
    )  # fmt: skip


def _careful_sqlite(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=10000")


def _without_password(url: str) -> str:
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "(JAIZA_DATABASE_URL is not a database URL)"
