"""Commands that the pages start: each in a process of its own, which goes on when the page or its server is closed.

What a page starts is the same command as on the command line, so that both end with the same files. Of every kind of
job the last one is kept in the review's folder: `jobs/run.json` says what was started and how it ended, `jobs/run.log`
holds what it printed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from corpus.clock import now
from corpus.errors import JaizaError
from corpus.workspace import Workspace, write_atomic
from pipeline.runs.processes import is_alive

FOLDER = "jobs"  # in the review's folder
JobName = Literal["run", "retrain", "add", "search", "serve", "abstracts"]
JobState = Literal["running", "done", "failed", "stopped", "ended"]
_TOLD_CHARACTERS = 6000  # of what a command printed, from its end
_INTERRUPTED = 130  # exit code of a command that was stopped
_INCOMPLETE = 3  # exit code where a source could not be had or read: the results are there


@dataclass(frozen=True, slots=True)
class Job:
    """One command that was started from a page."""

    name: JobName
    arguments: tuple[str, ...]  # of the command `jaiza`
    started: str  # ISO 8601, UTC
    by: str  # who started it
    pid: int
    state: JobState = "running"  # "ended": its server was closed meanwhile, so that nobody saw how
    ended: str = ""


_STORED: TypeAdapter[Job] = TypeAdapter(Job)


class Jobs:
    """The jobs of one review."""

    def __init__(self, workspace: Workspace, command: Sequence[str]) -> None:
        """`command` starts the command `jaiza` on this machine, for example (python, "-m", "cli.main")."""
        self._workspace, self._command, self._guard = workspace, tuple(command), threading.Lock()
        self._watched: set[JobName] = set()  # started here, their end not kept yet

    def start(self, name: JobName, arguments: Sequence[str], *, by: str) -> Job:
        """Start `jaiza ARGUMENTS` for this review. JaizaError: one of that name is at work, or it can't be started."""
        if not self._command:
            raise JaizaError("these pages were not started by `jaiza review` or `jaiza open`: use the command line")
        with self._guard:
            if (known := self.last(name)) and known.state == "running":
                raise JaizaError(f"this is at work already, started by {known.by}: wait until it has ended, or stop it")
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._log(name).open("wb") as log:
                try:
                    process = subprocess.Popen(
                        [*self._command, *arguments, "--workspace", str(self._workspace.root)],
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,  # it outlives the page; Ctrl-C is for the server alone
                        preexec_fn=_hear_interrupts,
                        cwd=Path(__file__).parents[2],
                        env={**os.environ, "PYTHONUNBUFFERED": "1"},  # what it prints is read while it works
                    )
                except OSError as error:
                    raise JaizaError(f"{self._command[0]} can't be started ({error.strerror})") from None
            job = Job(name, tuple(arguments), now(), by, process.pid)
            self._keep(job)
            self._watched.add(name)
        threading.Thread(target=self._wait, args=(job, process), daemon=True).start()
        return job

    def last(self, name: JobName) -> Job | None:
        """The last job of that name, as it stands; None where there was none."""
        watched = name in self._watched  # before reading: whoever watches keeps how it ended, and only then leaves
        try:
            job = _STORED.validate_json((self._folder / f"{name}.json").read_bytes())
        except (OSError, ValidationError):
            return None
        if job.state == "running" and not watched and not is_alive(job.pid):
            return replace(job, state="ended")
        return job

    def said(self, name: JobName) -> str:
        """What the last job of that name printed, its end where it is long."""
        try:
            text = self._log(name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return text if len(text) <= _TOLD_CHARACTERS else "...\n" + text[-_TOLD_CHARACTERS:].partition("\n")[2]

    def stop(self, name: JobName) -> None:
        """Ask the job to stop, as Ctrl-C does; what it has finished is kept. Nothing where none is at work."""
        job = self.last(name)
        if job and job.state == "running":
            os.kill(job.pid, signal.SIGINT)

    @property
    def _folder(self) -> Path:
        return self._workspace.root / FOLDER

    def _log(self, name: JobName) -> Path:
        return self._folder / f"{name}.log"

    def _keep(self, job: Job) -> None:
        write_atomic(self._folder / f"{job.name}.json", json.dumps(asdict(job), indent=1).encode() + b"\n")

    def _wait(self, job: Job, process: subprocess.Popen[bytes]) -> None:
        code = process.wait()
        state: JobState = "failed"
        if code in (0, _INCOMPLETE):
            state = "done"
        elif code in (_INTERRUPTED, -signal.SIGINT, -signal.SIGTERM):
            state = "stopped"
        self._keep(replace(job, state=state, ended=now()))
        self._watched.discard(job.name)


def _hear_interrupts() -> None:
    """In the new process: a server in the background of a shell ignores Ctrl-C, and would hand that on to its jobs."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
