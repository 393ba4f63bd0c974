"""Serving a review: its deployments registered, its flow runs started, its new decisions told to Prefect."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.events import emit_event
from prefect.runner import Runner
from prefect.states import Cancelled, Crashed

from annotations.log import DecisionLog
from corpus.errors import JaizaError
from corpus.workspace import Workspace, write_atomic
from flows.prefect_home import Server
from flows.schedules import DECISION, Plan, deployments, next_times, resource_of
from flows.spares import spares

POLL_SECONDS = 1.0  # between two looks for a flow run that somebody starts by hand: 4 ms of the server's time each
LOOK_SECONDS = 15.0  # between two looks at the decision log
MOST_AT_ONCE = 2  # flow runs: an extraction and a retraining
_TOLD = "decisions.json"  # in Prefect's home: how many decisions Prefect was told of


def serve(workspace: Workspace, plan: Plan, server: Server | None) -> None:
    """Run what is due until Ctrl-C. JaizaError: Prefect's server ended."""
    made = deployments(workspace, plan)
    asyncio.run(_serve(workspace, plan, made, server))


async def _serve(workspace: Workspace, plan: Plan, made: Sequence[RunnerDeployment], server: Server | None) -> None:
    runner = Runner(name="jaiza", limit=MOST_AT_ONCE, query_seconds=POLL_SECONDS, pause_on_shutdown=True)
    ids = [await runner.aadd_deployment(one) for one in made]
    async with get_client() as client:
        cleared = await clear_leftovers(client, [str(one) for one in ids])
    _tell(workspace, plan, made, server, cleared)
    async with spares():
        watching = asyncio.create_task(_tell_decisions(workspace, server))
        running = asyncio.create_task(runner.start())
        try:
            done, _ = await asyncio.wait({watching, running}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (watching, running):
                task.cancel()
            await asyncio.gather(watching, running, return_exceptions=True)


async def clear_leftovers(client: PrefectClient, deployment_ids: Sequence[str]) -> tuple[int, int]:
    """End in Prefect's books what ended in a killed process, and call off all but the newest late run of each.

    Returns how many were crashed, and how many called off. Nobody else serves these deployments: the lifeline is held.
    """
    crashed = called_off = 0
    for deployment_id in deployment_ids:
        of_this = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))  # type: ignore[list-item]
        begun = await client.read_flow_runs(
            deployment_filter=of_this,
            flow_run_filter=_in(StateType.RUNNING, StateType.PENDING, StateType.CANCELLING),
        )
        for run in begun:
            said = "ended with the `jaiza serve` that started it"
            await client.set_flow_run_state(run.id, Crashed(message=said), force=True)
            crashed += 1
        late = await client.read_flow_runs(
            deployment_filter=of_this,
            flow_run_filter=_in(StateType.SCHEDULED, before=datetime.now(UTC)),
        )
        late.sort(key=lambda run: run.expected_start_time or run.created or datetime.min.replace(tzinfo=UTC))
        for run in late[:-1]:
            said = "nobody served when it was due; the next run finds what it would have found"
            await client.set_flow_run_state(run.id, Cancelled(message=said), force=True)
            called_off += 1
    return crashed, called_off


def _in(*states: StateType, before: datetime | None = None) -> FlowRunFilter:
    due = FlowRunFilterExpectedStartTime(before_=before) if before else None  # type: ignore[arg-type]
    return FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))), expected_start_time=due
    )


def _tell(
    workspace: Workspace, plan: Plan, made: Sequence[RunnerDeployment], server: Server | None, cleared: tuple[int, int]
) -> None:
    click.echo(f"Serving {workspace.review.title} ({workspace.root}). Ctrl-C ends it.")
    for crashed_or_late, said in zip(cleared, ("ended in a killed process", "late and called off"), strict=True):
        if crashed_or_late:
            click.echo(f"  left over from before: {crashed_or_late} runs {said}")
    for one in made:
        cron = {"weekly": plan.extract_at, "monthly": plan.retrain_at}.get(one.name)
        when = f"after {plan.retrain_after} new decisions"
        if cron:
            when = f"next {next_times(cron, plan.timezone)[0]:%A %d %B %Y, %H:%M} {plan.timezone}"
        click.echo(f"  {one.flow_name}/{one.name}: {when}")
    if server:
        click.echo(f"Watch, start and stop runs at {server.url.removesuffix('/api')}")


async def _tell_decisions(workspace: Workspace, server: Server | None) -> None:
    """One event for every new decision of a person, whoever recorded it and how. JaizaError: the server is gone."""
    counted = _Told(workspace.prefect_home / _TOLD, await asyncio.to_thread(count_decisions, workspace))
    head = ""
    while True:
        if server and server.is_gone():
            raise JaizaError(f"Prefect's server ended ({server.log} may tell why): start `jaiza serve` again")
        now = await asyncio.to_thread(_head, workspace)
        if now != head:
            head = now
            for _ in range(counted.new(await asyncio.to_thread(count_decisions, workspace))):
                emit_event(DECISION, {"prefect.resource.id": resource_of(workspace)})
        await asyncio.sleep(LOOK_SECONDS)


class _Told:
    """How many decisions Prefect was told of, remembered between two serves."""

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        try:
            self._count = int(json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError):
            self._count = count  # from now on
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
    log = DecisionLog(workspace.database_url)
    try:
        return sum(decision.role != "published" for decision in log.history())
    finally:
        log.close()


def _head(workspace: Workspace) -> str:
    log = DecisionLog(workspace.database_url)
    try:
        return log.head()
    finally:
        log.close()
