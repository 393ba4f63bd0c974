"""Format 4: one order over all events, what "done" covered, memos, codes of one's own, acts, texts, whose log it is."""

from __future__ import annotations

import json
from heapq import merge
from operator import itemgetter

import sqlalchemy as sa
from alembic import op

from annotations.migrations.append_only import protect, unprotect

revision = "4"
down_revision = "3"

_STEP = 1 << 20  # between two numbers, as in `annotations.log.decision_log`
_NEW = {
    "memos": (("memo_id", "coder", "text", "source_id", "theme", "decided", "codebook", "act"), ("anchor",)),
    "codes": (
        (
            "code_id", "name", "coder", "under", "colour", "definition", "include", "exclude", "merged_into", "note",
            "decided", "codebook", "act",
        ),
        (),
    ),
    "acts": (("act_id", "coder", "kind", "undoes", "note", "decided"), ()),
    "texts": (("source_id", "sha256", "extractor", "words", "kind", "drawn"), ()),
}  # fmt: skip


def upgrade() -> None:
    """Add the columns, number what is there, make the new tables."""
    connection = op.get_bind()
    _make_review(connection)
    for table in ("events", "marks"):
        unprotect(connection, table)
        op.add_column(table, sa.Column("number", sa.BigInteger, nullable=False, server_default="0"))
        op.add_column(table, sa.Column("act", sa.Text, nullable=False, server_default=""))
    op.add_column("events", sa.Column("follows", sa.Text, nullable=False, server_default=""))
    op.add_column("events", sa.Column("not_known", sa.Boolean, nullable=False, server_default=sa.false()))
    for name in ("covers", "not_shown", "themes"):
        op.add_column("marks", sa.Column(name, sa.Text))
    _number(connection)
    for name, (texts, optional) in _NEW.items():
        _make(name, texts, optional)
    op.execute("UPDATE log_format SET format = 4")
    for table in ("events", "marks"):
        op.create_index(f"ix_{table}_number", table, ["number"])
        protect(connection, table)


def _make_review(connection: sa.Connection) -> None:
    """The table that says whose log this is. Its row is written when a review first opens the log; until then one
    that was made by an older version is known by a row without an id."""
    table = op.create_table(
        "review",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("review_id", "title", "sources", "made")),
        sa.Column("upgraded_from", sa.Integer, nullable=False),
    )
    if connection.scalar(sa.text("SELECT count(*) FROM events")):
        empty = {"review_id": "", "title": "", "sources": "[]", "made": "", "upgraded_from": 3}
        connection.execute(sa.insert(table).values(**empty))


def _make(name: str, texts: tuple[str, ...], optional: tuple[str, ...]) -> None:
    more = {"codes": [sa.Column("is_on", sa.Boolean, nullable=False)], "acts": [sa.Column("seconds", sa.Float)]}
    op.create_table(
        name,
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        sa.Column("recorded", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        *(sa.Column(column, sa.Text, nullable=False) for column in texts),
        *(sa.Column(column, sa.Text) for column in optional),
        *more.get(name, []),
    )
    op.create_index(f"ix_{name}_number", name, ["number"])
    protect(op.get_bind(), name)


def _number(connection: sa.Connection) -> None:
    """Number decisions and marks in one order: each table's own, joined by the time of recording. Of what was
    recorded in one moment decisions come before marks."""
    tables = [
        [
            (str(row.recorded), rank, int(row.seq))
            for row in connection.execute(sa.text(f"SELECT seq, recorded FROM {name} ORDER BY seq"))
        ]
        for rank, name in enumerate(("events", "marks"))
    ]
    ordered = merge(*tables, key=itemgetter(0, 1))  # never reorders a table, whatever the clock said
    numbers: list[list[dict[str, int]]] = [[], []]
    for place, (_, rank, seq) in enumerate(ordered, start=1):
        numbers[rank].append({"at": seq, "n": place * _STEP})
    for name, given in zip(("events", "marks"), numbers, strict=True):
        if given and connection.dialect.name == "postgresql":  # which is slow where each row is a statement
            said = (
                f"UPDATE {name} SET number = g.n FROM json_to_recordset(:given) AS g(at int, n bigint) WHERE seq = g.at"
            )
            connection.execute(sa.text(said), {"given": json.dumps(given)})
        elif given:
            connection.execute(sa.text(f"UPDATE {name} SET number = :n WHERE seq = :at"), given)
