"""Documents that hurt: set aside with the reason, so that no later run spends its time on them again.

What reading a file ran into its limits, or what Jaiza failed on, is kept under the PDF's hash together with what it
was tried with. Other limits, another reader or another model lift it; `jaiza run --retry-failed` tries again as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from corpus.store.object_store import ObjectStore

RETRY = "`jaiza run --retry-failed` tries it again"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Why one document is not tried again."""

    sha256: str
    stage: Literal["extract", "suggest"]
    state: str  # as in an Outcome: "timed out", "too large", "failed"
    reason: str
    tried_with: tuple[str, ...]  # versions, limits and model; others lift the quarantine


_STORED: TypeAdapter[Quarantined] = TypeAdapter(Quarantined)


def set_aside(store: ObjectStore, found: Quarantined) -> None:
    """Keep `found`. StoreError: the store can't be written."""
    store.write(_name(found.sha256), _STORED.dump_json(found, indent=1) + b"\n")


def quarantined(store: ObjectStore, sha256: str, tried_with: Sequence[str]) -> Quarantined | None:
    """Why the document is set aside; None where it is not, or where it was tried with something else."""
    try:
        found = _STORED.validate_json(store.read(_name(sha256)))
    except (FileNotFoundError, ValidationError):
        return None
    return found if (found.sha256, found.tried_with) == (sha256, tuple(tried_with)) else None


def release(store: ObjectStore, sha256: str) -> None:
    """Let the document be tried again."""
    store.remove(_name(sha256))


def _name(sha256: str) -> str:
    return f"quarantine/{sha256}.json"
