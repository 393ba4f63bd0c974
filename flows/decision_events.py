"""Telling Prefect of every new decision of a person, and calling for a retraining after so many of them.

`jaiza serve` does it beside its runs; for a team's server `jaiza serve --events-only` does nothing else.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click
from prefect.client.orchestration import get_client
from prefect.events import emit_event
from prefect.exceptions import ObjectNotFound

from annotations.log.open_log import open_log
from corpus.errors import JaizaError
from corpus.workspace import Workspace, write_atomic
from flows.deployments import AFTER_DECISIONS, DECISION, RETRAINING, resource_of
from flows.prefect_server import Server
from pipeline.learning.training_calls import count_decisions, due_call

LOOK_SECONDS = 15.0  # between two looks at the decision log
_TOLD = "decisions.json"  # in Prefect's home: how many decisions Prefect was told of


def tell_only(workspace: Workspace, *, after: int) -> None:
    """Tell the server at PREFECT_API_URL of new decisions until Ctrl-C. Its workers do the runs."""
    click.echo(f"Telling Prefect of new decisions in {workspace.root}, as {resource_of(workspace)}. Ctrl-C ends it.")
    asyncio.run(tell_decisions(workspace, None, after=after))


async def tell_decisions(workspace: Workspace, server: Server | None, *, after: int = 0) -> None:
    """One event for every new decision of a person, whoever recorded it and how; a retraining after so many (0: none).

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
                await asyncio.to_thread(call_for_retraining, workspace, after)
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


def call_for_retraining(workspace: Workspace, after: int) -> bool:
    """Start the deployment for it where `after` new decisions have come in since the last; tells whether it did.

    The call has a name that follows from the count, so that Prefect takes it once only, however often it is made.
    """
    with due_call(workspace, after) as name:
        if not name:
            return False
        with get_client(sync_client=True) as client:
            try:
                deployment = client.read_deployment_by_name(f"{RETRAINING}/{AFTER_DECISIONS}")
            except ObjectNotFound:
                raise JaizaError(
                    f"Prefect's server has no deployment {RETRAINING}/{AFTER_DECISIONS}: deploy prefect.yaml again, "
                    "or give --retrain-after 0"
                ) from None
            client.create_flow_run_from_deployment(deployment.id, idempotency_key=name)
        return True


async def _pause(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def _answers() -> bool:
    async with get_client() as client:
        return await client.api_healthcheck() is None


def _head(workspace: Workspace) -> str:
    with open_log(workspace) as log:
        return log.head()
