"""Format 2: what a coder saw and how long it took, the place of every event, and marks."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from annotations.migrations.append_only import protect, unprotect

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add the columns, fill in the places of what is there, make the table of marks."""
    connection = op.get_bind()
    unprotect(connection, "events")
    op.add_column("events", sa.Column("model_id", sa.Text, nullable=False, server_default=""))
    op.add_column("events", sa.Column("score", sa.Float))
    op.add_column("events", sa.Column("shown", sa.Boolean))
    op.add_column("events", sa.Column("seconds", sa.Float))
    op.add_column("events", sa.Column("place", sa.Text, nullable=False, server_default=""))
    _fill_in_places(connection)
    op.create_index("ix_events_place", "events", ["place"])
    texts = ("recorded", "source_id", "theme", "kind", "coder", "note", "decided", "codebook", "place")
    op.create_table(
        "marks",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("anchor", sa.Text),
    )
    op.create_index("ix_marks_place", "marks", ["place"])
    protect(connection, "events")
    protect(connection, "marks")
    op.execute("UPDATE log_format SET format = 2")


def _fill_in_places(connection: sa.Connection) -> None:
    from annotations.decision import Anchor, Decision
    from annotations.log.schema import place_key

    # The columns of this format, whatever the table has come to have since.
    query = sa.text("SELECT seq, source_id, theme, coder, role, anchor FROM events")
    places = []
    for row in connection.execute(query):
        anchor = Anchor(**json.loads(row.anchor)) if row.anchor else None
        decision = Decision(row.source_id, row.theme, None, row.coder, row.role, anchor)
        places.append({"at": row.seq, "key": place_key(decision)})
    if places:
        connection.execute(sa.text("UPDATE events SET place = :key WHERE seq = :at"), places)
