"""What runs by itself, and when: the deployments that `jaiza serve` registers, the same as in prefect.yaml.

Late and overlapping runs: of each deployment one runs at a time, and a run that finds another at work is called off;
what it would have found, the next finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from corpus.errors import UnknownChoiceError
from corpus.json_table import JsonObject
from corpus.settings.cron import check_cron, machine_zone
from corpus.settings.schedule_settings import ScheduleSettings
from corpus.workspace import Workspace
from flows.extraction import extraction
from flows.retraining import retraining
from flows.searching import searching

DECISION = "jaiza.decision"  # the event: one for every new decision of a person
RETRAINING = "jaiza-retraining"  # the flow
SEARCH = "search"  # the deployment that repeats the saved searches
AFTER_DECISIONS = "after-decisions"  # the deployment that new decisions call for
_ZONES = ("Africa/Nairobi", "America/Lima", "Asia/Karachi", "Europe/London", "UTC")  # examples, for a message
_USUAL = ScheduleSettings()
_ONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


@dataclass(frozen=True, slots=True)
class Plan:
    """When things run by themselves."""

    extract_at: str = _USUAL.run  # cron expressions; "": never
    retrain_at: str = _USUAL.retrain
    retrain_after: int = _USUAL.retrain_after  # new decisions; 0: never for that reason
    timezone: str = field(default_factory=machine_zone)
    search_at: str = _USUAL.search

    def __post_init__(self) -> None:
        """JaizaError where a time can't be understood."""
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise UnknownChoiceError("time zone", self.timezone, _ZONES) from None
        for cron in filter(None, (self.extract_at, self.retrain_at, self.search_at)):
            check_cron(cron)


def plan_of(workspace: Workspace, **given: str | int | None) -> Plan:
    """When things run in this review: as `given`, where something is, else as its settings say.

    JaizaError: a time can't be understood.
    """
    settings = workspace.review.schedule
    told = {
        "extract_at": settings.run,
        "retrain_at": settings.retrain,
        "retrain_after": settings.retrain_after,
        "search_at": settings.search,
        "timezone": workspace.review.timezone or machine_zone(),
        **{key: value for key, value in given.items() if value is not None},
    }
    return Plan(**told)  # type: ignore[arg-type]


def deployments(workspace: Workspace, plan: Plan) -> list[RunnerDeployment]:
    """Everything that runs by itself in this review."""
    place = str(workspace.root)
    made = [
        _deployment(
            extraction,
            "weekly",
            plan,
            plan.extract_at,
            {"workspace": place},
            "Pull, read and code what is new, and write the results.",
        ),
        _deployment(
            retraining,
            "monthly",
            plan,
            plan.retrain_at,
            {"parameters": {"workspace": place}},
            "A model from the decisions so far, which counts from then on if it is better.",
        ),
    ]
    if plan.search_at:
        said = "Repeat the saved searches; new records wait to be screened."
        made.append(_deployment(searching, SEARCH, plan, plan.search_at, {"workspace": place}, said))
    if plan.retrain_after:
        said = f"The same once {plan.retrain_after} new decisions have come in since the last: `jaiza serve` counts."
        made.append(_deployment(retraining, AFTER_DECISIONS, plan, "", {"parameters": {"workspace": place}}, said))
    return made


def resource_of(workspace: Workspace) -> str:
    """The name under which events speak of this review."""
    return f"jaiza.review.{workspace.root}"


def _deployment(
    flow: Flow[..., Any],
    name: str,
    plan: Plan,
    cron: str,
    parameters: JsonObject,
    description: str,
) -> RunnerDeployment:
    made = flow.to_deployment(
        name,
        schedule=Cron(cron, timezone=plan.timezone) if cron else None,
        concurrency_limit=_ONE,
        parameters=parameters,
        description=description,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)  # a coroutine only where an event loop runs already
    return made
