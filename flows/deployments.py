"""What runs by itself, and when: the deployments that `jaiza serve` registers, the same as in prefect.yaml.

Late and overlapping runs: of each deployment one runs at a time, and a run that finds another at work is called off;
what it would have found, the next finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger
from prefect.flows import Flow
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from corpus.errors import JaizaError, UnknownChoiceError
from corpus.workspace import Workspace
from flows.extraction import extraction
from flows.retraining import retraining

TIMEZONE = "Asia/Karachi"
WEEKLY, MONTHLY = "0 6 * * 1", "0 5 1 * *"  # Monday 6:00; the first of the month, 5:00
AFTER = 100  # new decisions that call for a retraining
DECISION = "jaiza.decision"  # the event: one for every new decision of a person
WITHIN = timedelta(days=365)  # so long may they take to come in
_ONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


@dataclass(frozen=True, slots=True)
class Plan:
    """When things run by themselves."""

    extract_at: str = WEEKLY  # cron expressions
    retrain_at: str = MONTHLY
    retrain_after: int = AFTER  # new decisions; 0: never for that reason
    timezone: str = TIMEZONE

    def __post_init__(self) -> None:
        """JaizaError where a time can't be understood."""
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise UnknownChoiceError("time zone", self.timezone, (TIMEZONE, "Europe/London", "UTC")) from None
        for cron in (self.extract_at, self.retrain_at):
            next_times(cron, self.timezone)


def next_times(cron: str, timezone: str, *, count: int = 1) -> list[datetime]:
    """The next times of a cron expression; JaizaError where it is none."""
    croniter: Any = import_module("prefect._vendor.croniter").croniter  # what Prefect itself reads them with
    try:
        times = croniter(cron, datetime.now(ZoneInfo(timezone)))
        return [times.get_next(datetime) for _ in range(count)]
    except (ValueError, KeyError) as error:
        raise JaizaError(
            f"{cron!r} is no cron expression ({error}): five fields, minute hour day month weekday, for example "
            f"{WEEKLY!r} for Mondays at 6"
        ) from None


def deployments(workspace: Workspace, plan: Plan) -> list[RunnerDeployment]:
    """Everything that runs by itself in this review."""
    place = str(workspace.root)
    made = [
        _deployment(
            extraction, "weekly", plan, plan.extract_at, {"workspace": place},
            "Pull, read and code what is new, and write the results.",
        ),
        _deployment(
            retraining, "monthly", plan, plan.retrain_at, {"parameters": {"workspace": place}},
            "A model from the decisions so far, which counts from then on if it is better.",
        ),
    ]  # fmt: skip
    if plan.retrain_after:
        enough = DeploymentEventTrigger(
            name=f"{plan.retrain_after} new decisions",
            expect={DECISION},
            match={"prefect.resource.id": resource_of(workspace)},
            threshold=plan.retrain_after,
            within=WITHIN,
        )
        said = f"The same once {plan.retrain_after} new decisions have come in."
        parameters = {"parameters": {"workspace": place}}
        made.append(_deployment(retraining, "after-decisions", plan, "", parameters, said, enough))
    return made


def resource_of(workspace: Workspace) -> str:
    """The name under which events speak of this review."""
    return f"jaiza.review.{workspace.root}"


def _deployment(
    flow: Flow[..., Any], name: str, plan: Plan, cron: str, parameters: dict[str, Any], description: str,
    trigger: DeploymentEventTrigger | None = None,
) -> RunnerDeployment:  # fmt: skip
    made = flow.to_deployment(
        name,
        schedule=Cron(cron, timezone=plan.timezone) if cron else None,
        triggers=[trigger] if trigger else None,
        concurrency_limit=_ONE,
        parameters=parameters,
        description=description,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)  # a coroutine only where an event loop runs already
    return made
