"""The present moment, as the files of a review write it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """The present moment in UTC to the second, for example "2026-11-30T14:05:09+00:00"."""
    return datetime.now(UTC).isoformat(timespec="seconds")
