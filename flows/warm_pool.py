"""Flow runs of `jaiza serve` in a process that waits for them, with everything imported, instead of one made then.

Prefect starts `python -m prefect.engine` for every flow run, and four fifths of the time of a run without news would be
that process importing libraries. One process is kept ready; a flow run that finds none is started as Prefect does it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from anyio.abc import Process
from prefect.runner import _starter_engine
from prefect.utilities.processutils import run_process as run_afresh

from corpus.packages import PACKAGES

_HOME = Path(__file__).parent.parent


@asynccontextmanager
async def spares() -> AsyncIterator[None]:
    """Prefect's runner hands its flow runs to waiting processes for the time of the block."""
    if sys.platform == "win32":  # a process is stopped another way there, which Prefect's own starting prepares
        yield
        return
    kept = Spares([sys.executable, "-m", "flows.warm_process"])
    kept.prepare()
    starter: Any = _starter_engine  # of which `run_process` is there to be replaced, it says
    starter.run_process = kept.run_process
    try:
        yield
    finally:
        starter.run_process = run_afresh
        await kept.close()


class Spares:
    """One waiting process, started with `command`, and the next as soon as its flow run has ended."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._waiting: Process | None = None
        self._made_from = ""
        self._preparing: asyncio.Task[None] | None = None

    def prepare(self) -> None:
        """Have a process waiting before long."""
        if self._waiting is None and (self._preparing is None or self._preparing.done()):
            self._preparing = asyncio.create_task(self._prepare())

    async def close(self) -> None:
        """End the process that waits."""
        if self._preparing is not None:
            await asyncio.gather(self._preparing, return_exceptions=True)
        if self._waiting is not None:
            await self._dismiss(self._waiting)

    async def run_process(
        self,
        command: list[str],
        *,
        env: Mapping[str, str],
        task_status: Any = None,
        task_status_handler: Any = None,
        **how: Any,
    ) -> Process:
        """As `prefect.utilities.processutils.run_process`, whose place this takes; its output goes where ours goes."""
        process = await self._take(env)
        if process is None:
            how |= {"env": env, "task_status": task_status, "task_status_handler": task_status_handler}
            made: Process = await run_afresh(command, **how)
            return made
        try:
            async with process:
                if task_status is not None:
                    task_status.started(task_status_handler(process) if task_status_handler else process.pid)
                await process.wait()
        finally:
            self.prepare()
        return process

    async def _prepare(self) -> None:
        self._made_from = await asyncio.to_thread(_code)
        self._waiting = await anyio.open_process(
            self._command, stdin=subprocess.PIPE, stdout=None, stderr=None, cwd=_HOME
        )

    async def _take(self, env: Mapping[str, str]) -> Process | None:
        """The waiting process, with its job; None where there is none that can take it."""
        process, self._waiting = self._waiting, None
        if process is None or process.stdin is None:
            return None
        try:
            if await asyncio.to_thread(_code) == self._made_from:  # else the libraries in it and those to come differ
                await process.stdin.send(json.dumps(dict(env)).encode() + b"\n")
                return process
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):  # it was ended
            pass
        await self._dismiss(process)
        self.prepare()
        return None

    async def _dismiss(self, process: Process) -> None:
        if process.returncode is None:
            process.terminate()
        await process.aclose()


def _code() -> str:
    """Stands for the program as it is on disk now: an update must not meet a process that began before it."""
    files = [_HOME / "requirements.lock", *(path for room in PACKAGES for path in (_HOME / room).rglob("*.py"))]
    return str(max(path.stat().st_mtime_ns for path in files if path.exists()))
