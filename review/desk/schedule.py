"""What runs by itself: when, in the review's own time zone, and whether anything sees to it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import JaizaError, UnknownChoiceError
from corpus.json_table import JsonTable
from corpus.settings.cron import either_or, machine_zone, next_times
from corpus.settings.cron_words import EVERY, Recurrence, recurrence_of
from corpus.settings.schedule_settings import ScheduleSettings
from corpus.settings.settings_file import change_settings
from corpus.workspace import Workspace
from review.auth import Session
from review.context import ReviewContext
from review.desk.jobs import Job
from review.pages.page_route import PageRoute

_SHOWN = 3  # next times of each
_MOST_DECISIONS = 100_000
# What is set, and what it does; the names are those of [schedule] in review.toml.
_THINGS = {
    "run": "Run: fetch, read and code what is new, and write the results",
    "search": "Repeat the saved searches",
    "retrain": "Learn from the decisions so far",
}


@dataclass(frozen=True, slots=True)
class ScheduledThing:
    """One thing that runs by itself, as the page shows it."""

    name: str
    title: str
    when: Recurrence
    next: tuple[str, ...]  # for example "Monday 30 November 2026, 06:00"
    note: str  # what may be unexpected about its cron; "" where nothing is


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """All of it."""

    things: tuple[ScheduledThing, ...]
    retrain_after: int
    zone: str
    machines: bool  # the zone is that of this machine, for the review names none
    serving: Job | None  # `jaiza serve`, where a page has started it
    said: str  # what it printed
    zones: tuple[str, ...]


def view_schedule(context: ReviewContext) -> ScheduleView:
    """What runs by itself in this review, and when next."""
    review = context.workspace.review
    zone = review.timezone or machine_zone()
    return ScheduleView(
        tuple(_thing(name, title, _cron(review.schedule, name), zone) for name, title in _THINGS.items()),
        review.schedule.retrain_after,
        zone,
        not review.timezone,
        context.jobs.last("serve"),
        context.jobs.said("serve"),
        tuple(sorted(available_timezones())),
    )


class SchedulePage:
    """What the form of the schedule sends: a method for each of its addresses. It is shown on the page of runs."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/runs/schedule", self.change, role="admin", method="POST"),
            PageRoute("/runs/serving", self.serve, role="admin", method="POST"),
        )

    def change(self, request: Request, _session: Session) -> Response:
        """Keep the times, all or none."""
        try:
            self._context.workspace = _changed(self._context.workspace, request.state.given)
        except (JaizaError, ValueError) as error:
            return RedirectResponse(f"/runs?wrong={quote(str(error))}#schedule", 303)
        serving = self._context.jobs.last("serve")
        again = "&again=1" if serving and serving.state == "running" else ""
        return RedirectResponse(f"/runs?kept=1{again}#schedule", 303)

    def serve(self, request: Request, session: Session) -> Response:
        """Let things run by themselves from now on, or no longer."""
        what = request.state.given.get("what")
        try:
            if what == "stop":
                self._context.jobs.stop("serve")
            elif what == "start":
                self._context.jobs.start("serve", ["serve"], by=session.coder)
            else:
                raise JaizaError("this page does not know what is wanted: load it again")
        except JaizaError as error:
            return RedirectResponse(f"/runs?wrong={quote(str(error))}#schedule", 303)
        return RedirectResponse("/runs#schedule", 303)


def _cron(settings: ScheduleSettings, name: str) -> str:
    return str(getattr(settings, name))


def _thing(name: str, title: str, cron: str, zone: str) -> ScheduledThing:
    try:
        times = next_times(cron, zone, count=_SHOWN) if cron else []
    except JaizaError as error:  # written by hand
        return ScheduledThing(name, title, recurrence_of(cron), (), str(error))
    told = tuple(f"{at:%A} {at.day} {at:%B %Y, %H:%M}" for at in times)
    return ScheduledThing(name, title, recurrence_of(cron), told, either_or(cron) if cron else "")


def _changed(workspace: Workspace, given: JsonTable) -> Workspace:
    """The settings as the form has them. JaizaError, ValueError: one of them is none; then nothing was written."""
    zone = str(given.get("timezone", "")).strip()
    if zone and zone not in available_timezones():
        raise UnknownChoiceError("time zone", zone[:60], sorted(available_timezones()))
    after = str(given.get("retrain_after", "")).strip() or "0"
    if not after.isdecimal() or int(after) > _MOST_DECISIONS:
        raise JaizaError(f"{after[:20]!r} is no number of decisions")
    crons = {("schedule", name): _recurrence(given, name).as_cron for name in _THINGS}
    return change_settings(workspace, {**crons, ("schedule", "retrain_after"): int(after), ("", "timezone"): zone})


def _recurrence(given: JsonTable, name: str) -> Recurrence:
    every = next((one for one in EVERY if one == given.get(f"{name}_every")), None)
    if every is None:
        raise JaizaError("this page does not know what is wanted: load it again")
    return Recurrence(
        every,
        str(given.get(f"{name}_time", "")),
        weekday=_number(given, f"{name}_weekday"),
        day=_number(given, f"{name}_day"),
        cron=str(given.get(f"{name}_cron", ""))[:100],
    )


def _number(given: JsonTable, name: str) -> int:
    said = str(given.get(name, "1"))
    return int(said) if said.isdecimal() and len(said) < 3 else 0
