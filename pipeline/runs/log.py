"""The runs of a review, for those who were not there: `runs/0007.json` says how run 7 ended, `runs/0007.jsonl` has a
line for every document. A run that was killed never says that it ended.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import TypeAdapter, ValidationError

from corpus.json_table import JsonObject
from corpus.workspace import Workspace, write_atomic
from pipeline.documents.source_result import SourceResult
from pipeline.runs.options import Show
from pipeline.runs.processes import is_alive
from synthesis.humanize import counted

FOLDER = "runs"
KEPT = 50  # runs whose lines are kept; how a run ended is kept of all
State = Literal["running", "done", "failed", "stopped", "killed"]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run, as it began and ended."""

    number: int
    doing: str  # for example "jaiza run --runner dask"
    host: str
    pid: int
    started: str  # ISO 8601, UTC
    state: State = "running"
    ended: str = ""
    seconds: float = 0.0
    folder: str = ""  # name of the results' folder in out/
    unchanged: bool = False  # it found everything as the run before had left it
    counts: dict[str, int] = field(default_factory=dict)
    error: str = ""


_RECORD: TypeAdapter[RunRecord] = TypeAdapter(RunRecord)


class RunLog:
    """The log of the run at work. Thread-safe."""

    def __init__(self, record: RunRecord, stream: IO[str], show: Show) -> None:
        self.record = record
        self._stream, self._show, self._guard = stream, show, threading.Lock()

    def note(self, done: SourceResult) -> None:
        """One document is settled."""
        line = json.dumps(_line(self.record.number, done), ensure_ascii=False)
        with self._guard:
            self._stream.write(line + "\n")
            if self._show:
                print(line if self._show == "json" else _in_words(done), file=sys.stderr, flush=True)

    def finished(self, folder: Path, *, unchanged: bool, counts: dict[str, int]) -> None:
        """The results are there."""
        self.record = replace(self.record, folder=folder.name, unchanged=unchanged, counts=dict(counts))


@contextmanager
def logged_run(workspace: Workspace, doing: str, *, show: Show = "") -> Iterator[RunLog]:
    """Log a run for the time of the block; to be entered by the one who holds the workspace."""
    folder = workspace.root / FOLDER
    folder.mkdir(exist_ok=True)
    known = [record.number for record in load_records(workspace)]
    record = RunRecord(max(known, default=0) + 1, doing, socket.gethostname(), os.getpid(), _now())
    _keep(folder, record)
    for number in sorted(known)[: max(0, len(known) - KEPT)]:
        (folder / f"{number:04}.jsonl").unlink(missing_ok=True)
    begun = time.monotonic()
    with (folder / f"{record.number:04}.jsonl").open("w", encoding="utf-8", newline="\n") as stream:
        log = RunLog(record, stream, show)
        state: State = "stopped"
        error = ""
        try:
            yield log
            state = "done"
        except Exception as reason:
            state, error = "failed", str(reason) or type(reason).__name__
            raise
        finally:
            ended = replace(
                log.record, state=state, ended=_now(), seconds=round(time.monotonic() - begun, 2), error=error
            )
            with suppress(OSError):  # on a full disk the reason for that is told, not this
                _keep(folder, ended)


def load_records(workspace: Workspace) -> list[RunRecord]:
    """All runs, by number. One that says it is running and is not, was killed."""
    found = []
    for path in sorted((workspace.root / FOLDER).glob("*.json")):
        with suppress(ValidationError, OSError):
            found.append(_RECORD.validate_json(path.read_bytes()))
    found.sort(key=lambda record: record.number)
    # Only one is at work at a time, so that an earlier one that never ended was killed.
    return [
        replace(record, state="killed") if record.state == "running" and not _is_at_work(record, found[-1]) else record
        for record in found
    ]


def load_lines(workspace: Workspace, number: int) -> list[JsonObject]:
    """What run `number` did with every document; empty where that is not kept any more."""
    path = workspace.root / FOLDER / f"{number:04}.jsonl"
    lines = []
    with suppress(OSError):
        for line in path.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError):  # the last line of a killed run
                lines.append(json.loads(line))
    return lines


def _is_at_work(record: RunRecord, last: RunRecord) -> bool:
    if record is not last:
        return False
    if record.host != socket.gethostname():
        return True  # nobody here can tell
    return is_alive(record.pid)


def _keep(folder: Path, record: RunRecord) -> None:
    write_atomic(folder / f"{record.number:04}.json", json.dumps(asdict(record), indent=1).encode() + b"\n")


def _line(number: int, done: SourceResult) -> JsonObject:
    outcome, reading = done.outcome, done.reading
    return {
        "time": _now(),
        "run": number,
        "source": outcome.source_id,
        "state": outcome.state,
        "message": outcome.message,
        "sha256": outcome.sha256,
        "done_now": list(done.did),
        "pages": reading.pages if reading else 0,
        "passages": reading.passages if reading else 0,
        "suggestions": reading.suggestions if reading else 0,
        "worker": reading.worker if reading else "",
        "seconds": {stage: round(value, 3) for stage, value in done.seconds.items()},
    }


def _in_words(done: SourceResult) -> str:
    outcome, reading = done.outcome, done.reading
    had = (
        f", {counted(reading.pages, 'page')}, {counted(reading.suggestions, 'suggestion')}"
        if reading and done.is_coded
        else ""
    )
    seconds = sum(done.seconds.values())
    what = f" ({', '.join(done.did)})" if done.did else ""
    return f"{_now()[11:19]} {outcome.source_id}: {outcome.state}{had}, {seconds:.1f} s{what}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
