"""Serving a review: its deployments registered, its flow runs started, what a killed serve left cleared away."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

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
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.states import Cancelled, Crashed

from corpus.errors import JaizaError
from corpus.settings.cron import either_or, next_times
from corpus.workspace import Workspace, read_review
from flows.decision_events import tell_decisions
from flows.deployments import AFTER_DECISIONS, SEARCH, Plan, deployments, plan_of
from flows.prefect_server import Server
from flows.searching import searching
from flows.warm_pool import spares

POLL_SECONDS = 1.0  # between two looks for a flow run that somebody starts by hand: 4 ms of the server's time each
_LOOK_SECONDS = 3.0  # between two looks at the settings, a file of some hundred bytes
MOST_AT_ONCE = 2  # flow runs: an extraction and a retraining


def serve(workspace: Workspace, server: Server | None, given: Mapping[str, str | int | None]) -> None:
    """Run what is due until Ctrl-C; other times in the review's settings are taken up on the way, those `given` stay.

    JaizaError: a time can't be understood; Prefect's server ended.
    """
    plan = plan_of(workspace, **given)
    asyncio.run(_serve(workspace, plan, deployments(workspace, plan), server, given))


async def _serve(
    workspace: Workspace,
    plan: Plan,
    made: Sequence[RunnerDeployment],
    server: Server | None,
    given: Mapping[str, str | int | None],
) -> None:
    runner = Runner(name="jaiza", limit=MOST_AT_ONCE, query_seconds=POLL_SECONDS, pause_on_shutdown=True)
    ids = [await runner.aadd_deployment(one) for one in made]
    async with get_client() as client:
        for one in ids:  # triggers of earlier versions, which counted beside us
            await client.delete_resource_owned_automations(f"prefect.deployment.{one}")
        cleared = await clear_leftovers(client, [str(one) for one in ids])
    _tell(workspace, plan, made, server, cleared)
    async with spares():
        running = asyncio.create_task(runner.start())
        try:
            while other := await _until_other_times(workspace, plan, server, given, running):
                await _take_up(workspace, plan := other, runner)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _until_other_times(
    workspace: Workspace,
    plan: Plan,
    server: Server | None,
    given: Mapping[str, str | int | None],
    running: asyncio.Task[None],
) -> Plan | None:
    """Tell of new decisions while the times of `plan` stand; the next plan, or None once `running` has ended."""
    watching = asyncio.create_task(tell_decisions(workspace, server, after=plan.retrain_after))
    looking = asyncio.create_task(_other_plan(workspace, plan, given))
    try:
        done, _ = await asyncio.wait({watching, running, looking}, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {looking}:
            task.result()
        return looking.result() if looking in done else None
    finally:
        for task in (watching, looking):
            task.cancel()
        await asyncio.gather(watching, looking, return_exceptions=True)


async def _other_plan(workspace: Workspace, plan: Plan, given: Mapping[str, str | int | None]) -> Plan:
    """Wait until the settings of the review say other times than `plan`; what can't be read is told and passed over."""
    path, said = workspace.root / "review.toml", ""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            now = plan_of(Workspace(workspace.root, read_review(path)), **given)
        except JaizaError as error:
            if str(error) != said:
                said = str(error)
                click.echo(f"The times before are kept: {said}", err=True)
            continue
        if now != plan:
            return now


async def _take_up(workspace: Workspace, plan: Plan, runner: Runner) -> None:
    """Register the deployments of `plan` in the place of those before; one that is not wanted any more has no times."""
    made = await asyncio.to_thread(deployments, workspace, plan)  # in a loop Prefect would give coroutines
    async with get_client() as client:
        for one in made:
            await runner.aadd_deployment(one)
        if not plan.search_at:
            await _without_times(client, f"{searching.name}/{SEARCH}")
    click.echo("Other times are taken up:")
    _tell_times(plan, made)


async def _without_times(client: PrefectClient, name: str) -> None:
    try:
        found = await client.read_deployment_by_name(name)
    except ObjectNotFound:
        return
    for schedule in found.schedules:
        await client.delete_deployment_schedule(found.id, schedule.id)


async def clear_leftovers(client: PrefectClient, deployment_ids: Sequence[str]) -> tuple[int, int]:
    """End in Prefect's books what ended in a killed process, and call off all but the newest late run of each.

    Returns how many were crashed, and how many called off. Nobody else serves these deployments: the serve
    lock is held.
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
    _tell_times(plan, made)
    if server:
        click.echo(f"Watch, start and stop runs at {server.sign_in}")
        click.echo("Whoever has this address can run commands as you: keep it to yourself.")


def _tell_times(plan: Plan, made: Sequence[RunnerDeployment]) -> None:
    for one in made:
        cron = {"weekly": plan.extract_at, "monthly": plan.retrain_at, SEARCH: plan.search_at}.get(one.name)
        when = (
            f"after {plan.retrain_after} new decisions" if one.name == AFTER_DECISIONS else "only when started by hand"
        )
        if cron and (times := next_times(cron, plan.timezone)):
            when = f"next {times[0]:%A %d %B %Y, %H:%M} {plan.timezone}"
        click.echo(f"  {one.flow_name}/{one.name}: {when}")
        if cron and (note := either_or(cron)):
            click.echo(f"    note: {note}")
