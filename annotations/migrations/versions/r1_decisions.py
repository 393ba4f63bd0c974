"""Format 1: the decision log as it first was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annotations.migrations.append_only import protect

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    texts = ("recorded", "source_id", "theme", "coder", "role", "note", "decided", "codebook", "origin")
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("value", sa.Integer),
        sa.Column("anchor", sa.Text),
    )
    op.create_table("log_format", sa.Column("format", sa.Integer, primary_key=True))
    op.execute("INSERT INTO log_format (format) VALUES (1)")
    protect(op.get_bind(), "events")
