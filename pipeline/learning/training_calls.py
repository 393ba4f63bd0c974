"""When decisions call for a retraining: so many new ones since the last, counted in the review's own log.

`models/trainings.jsonl` has a line for every retraining, and for every time one was called for, with the number of
decisions that there were then. It survives restarts, whatever serves the review; several that do take turns at it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Literal

from annotations.log.open_log import open_log
from corpus.workspace import Workspace, write_atomic

FILE = "trainings.jsonl"


def count_decisions(workspace: Workspace) -> int:
    """Decisions that people took, however they were recorded; the published coding is left out."""
    with open_log(workspace) as log:
        return sum(decision.role != "published" for decision in log.history())


def note_training(workspace: Workspace, decisions: int) -> None:
    """A model has been trained when there were so many `decisions`."""
    with _held(workspace):
        _append(workspace, "trained", decisions)


def new_decisions(workspace: Workspace) -> int:
    """How many decisions there are since the last retraining, or since one was last called for."""
    return count_decisions(workspace) - _last_count(workspace)


@contextmanager
def due_call(workspace: Workspace, after: int) -> Iterator[str]:
    """Yields a name for the retraining that `after` new decisions call for, or "" where none is due.

    Once the block ends without an error, it has been called for. While it lasts no other process calls for it.
    """
    with _held(workspace):
        before, now = _last_count(workspace), count_decisions(workspace)
        if not after or now - before < after:
            yield ""
            return
        yield f"{workspace.root}: decisions {before + 1} to {now}"
        _append(workspace, "called", now)


def _last_count(workspace: Workspace) -> int:
    """Decisions at the last line; a line that can't be read is passed over."""
    counts = [0]
    with suppress(OSError):
        for line in (workspace.models / FILE).read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, KeyError, TypeError):
                counts.append(int(json.loads(line)["decisions"]))
    return counts[-1]


def _append(workspace: Workspace, event: Literal["trained", "called"], decisions: int) -> None:
    path = workspace.models / FILE
    before = path.read_bytes() if path.exists() else b""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"event": event, "decisions": decisions, "at": at}).encode()
    write_atomic(path, before + line + b"\n")


@contextmanager
def _held(workspace: Workspace) -> Iterator[None]:
    """Two that serve one review follow one another."""
    workspace.models.mkdir(parents=True, exist_ok=True)
    with (workspace.models / ".trainings.guard").open("a") as guard:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(guard, fcntl.LOCK_EX)
        yield
