"""Format 5: verdicts of screening."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annotations.migrations.append_only import protect

revision = "5"
down_revision = "4"

_TEXTS = ("source_id", "verdict", "coder", "stage", "role", "reason", "note", "decided", "act")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "screenings",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        sa.Column("recorded", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        *(sa.Column(column, sa.Text, nullable=False) for column in _TEXTS),
        sa.Column("informed", sa.Boolean, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("seconds", sa.Float),
        sa.Column("place", sa.Text, nullable=False),
    )
    for column in ("number", "place"):
        op.create_index(f"ix_screenings_{column}", "screenings", [column])
    protect(op.get_bind(), "screenings")
    op.execute("UPDATE log_format SET format = 5")
