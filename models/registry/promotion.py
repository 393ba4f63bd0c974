"""Which model counts, and how it came to: an append-only history of promotions and rollbacks.

Without a promotion the model trained on the seed passages counts. `models/promotions.jsonl` holds one line per event.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from corpus.errors import ModelError
from corpus.workspace import Workspace, write_atomic

HISTORY = "promotions.jsonl"
SEED_MODEL = ""  # stands for the model trained on the seed passages, whichever that is by then


@dataclass(frozen=True, slots=True)
class Promotion:
    """One event of the history."""

    event: Literal["promoted", "rolled back"]
    model_id: str  # that counts from now on; SEED_MODEL for that of the seed passages
    before: str  # that counted until now
    at: str  # ISO 8601, UTC
    by: str  # who; "jaiza" where the comparison decided
    why: str


_PROMOTION = TypeAdapter(Promotion)


def history(workspace: Workspace) -> tuple[Promotion, ...]:
    """Every event, oldest first; ModelError names the line that can't be read."""
    path = workspace.models / HISTORY
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} can't be read ({error}): restore it from a copy") from None
    events = []
    for number, line in enumerate(lines, start=1):
        try:
            events.append(_PROMOTION.validate_json(line))
        except ValidationError:
            raise ModelError(
                f"{path}: line {number} is no promotion: restore the file from a copy, or delete it, and the model "
                "of the seed passages counts again"
            ) from None
    return tuple(events)


def champions(events: Sequence[Promotion]) -> tuple[str, ...]:
    """The models that counted, as a stack: the last counts now, the one before it is what a rollback goes back to."""
    stack = [SEED_MODEL]
    for event in events:
        if event.event == "promoted":
            stack.append(event.model_id)
        elif len(stack) > 1:
            stack.pop()
    return tuple(stack)


def promote(workspace: Workspace, model_id: str, *, by: str, why: str) -> Promotion:
    """Let `model_id` count from now on; the caller has checked that it can be used.

    ModelError: it counts already.
    """
    with _history_held(workspace):
        before = champions(history(workspace))[-1]
        if before == model_id:
            raise ModelError(f"model {model_id} is the champion already")
        return _append(workspace, Promotion("promoted", model_id, before, _now(), by, why))


def roll_back(workspace: Workspace, *, by: str, why: str) -> Promotion:
    """Let the model count that did before the last promotion; ModelError where there was no promotion."""
    with _history_held(workspace):
        stack = champions(history(workspace))
        if len(stack) == 1:
            raise ModelError("there is no promotion to take back: the model of the seed passages counts")
        return _append(workspace, Promotion("rolled back", stack[-2], stack[-1], _now(), by, why))


def _append(workspace: Workspace, event: Promotion) -> Promotion:
    path = workspace.models / HISTORY
    before = path.read_bytes() if path.exists() else b""
    write_atomic(path, before + json.dumps(asdict(event), ensure_ascii=False).encode() + b"\n")
    return event


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def _history_held(workspace: Workspace) -> Iterator[None]:
    """Two promotions at the same time follow one another."""
    workspace.models.mkdir(parents=True, exist_ok=True)
    guard: Path = workspace.models / ".promotions.guard"
    with guard.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
