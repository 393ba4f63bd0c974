"""A short hash that stands for a value: whether two of them are the same is asked of their digests."""

from __future__ import annotations

import hashlib
import json


def digest(value: object) -> str:
    """A short hash of anything JSON can hold; what it can't counts by its text."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]
