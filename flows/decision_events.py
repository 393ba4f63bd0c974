"""Telling Prefect of every new decision of a person, so that a retraining can wait for so many of them.

`jaiza serve` does it beside its runs; for a team's server `jaiza serve --events-only` does nothing else.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click
from prefect.client.orchestration import get_client
from prefect.events import emit_event

from annotations.log.open_log import open_log
from corpus.errors import JaizaError
from corpus.workspace import Workspace, write_atomic
from flows.deployments import DECISION, resource_of
from flows.prefect_server import Server

LOOK_SECONDS = 15.0  # between two looks at the decision log
_TOLD = "decisions.json"  # in Prefect's home: how many decisions Prefect was told of


def tell_only(workspace: Workspace) -> None:
    """Tell the server at PREFECT_API_URL of new decisions until Ctrl-C. Its workers do the runs."""
    click.echo(f"Telling Prefect of new decisions in {workspace.root}, as {resource_of(workspace)}. Ctrl-C ends it.")
    asyncio.run(tell_decisions(workspace, None))


async def tell_decisions(workspace: Workspace, server: Server | None) -> None:
    """One event for every new decision of a person, whoever recorded it and how.

    `server` is the one that `jaiza serve` started; None where it is another's: while that does not answer, nothing
    counts as told. JaizaError: `server` is gone.
    """
    counted = SentCount(workspace.prefect_home / _TOLD, await asyncio.to_thread(count_decisions, workspace))
    head, silent = "", False
    while True:
        if server and server.is_gone():
            raise JaizaError(f"Prefect's server ended ({server.log} may tell why): start `jaiza serve` again")
        now = await asyncio.to_thread(_head, workspace)
        if now != head:
            was_silent, silent = silent, server is None and not await _answers()
            if silent and not was_silent:
                click.echo("Prefect's server does not answer: it is told as soon as it does", err=True)
            if not silent:
                head = now
                for _ in range(counted.new(await asyncio.to_thread(count_decisions, workspace))):
                    emit_event(DECISION, {"prefect.resource.id": resource_of(workspace)})
        await _pause(LOOK_SECONDS)


class SentCount:
    """How many decisions Prefect was told of, remembered between two serves."""

    def __init__(self, path: Path, count: int) -> None:
        """`count` is what there are now: where nothing is remembered, only what comes from now on is new."""
        self._path = path
        try:
            self._count = int(json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError):
            self._count = count
            self._keep()

    def new(self, count: int) -> int:
        """How many of `count` are new; they count as told now."""
        more, self._count = max(0, count - self._count), max(count, self._count)
        if more:
            self._keep()
        return more

    def _keep(self) -> None:
        write_atomic(self._path, json.dumps(self._count).encode())


def count_decisions(workspace: Workspace) -> int:
    """Decisions that people took, the published coding left out."""
    with open_log(workspace) as log:
        return sum(decision.role != "published" for decision in log.history())


async def _pause(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def _answers() -> bool:
    async with get_client() as client:
        return await client.api_healthcheck() is None


def _head(workspace: Workspace) -> str:
    with open_log(workspace) as log:
        return log.head()
