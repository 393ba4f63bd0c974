"""Runs from the page: start, watch, stop; what a run did, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from corpus.errors import JaizaError
from corpus.json_table import JsonObject
from corpus.outcome import USABLE
from corpus.registry.registry_file import load_sources
from corpus.settings.cron_words import EVERY, WEEKDAYS
from pipeline.outcomes import load_outcomes
from pipeline.runs.log import RunRecord, load_lines, load_records
from pipeline.screening.screening_state import sources_to_read
from review.auth import Session
from review.context import ReviewContext
from review.desk.plain_states import PLAIN_STATES
from review.desk.schedule import view_schedule
from review.pages.page_route import PageRoute

_ID = re.compile(r"(?<![\w./-])[\w-]+(?![\w/-])")  # a word that is no part of a path
_SHOWN = 20  # earlier runs
_LINES = 12  # documents, of the run at work
_KINDS = {
    "start": ("run",),
    "retry": ("run", "--retry-failed"),
    "refresh": ("run", "--refresh"),
}


class RunsPage:
    """The page on which runs are started and watched: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/runs", self.page, role="admin", menu="Runs", manage=True),
            PageRoute("/runs", self.change, role="admin", method="POST"),
            PageRoute("/runs/state", self.state, role="admin", as_json=True),
        )

    def page(self, request: Request, session: Session) -> Response:
        """The run at work or the last one, what it could not read, and earlier ones."""
        workspace = self._context.workspace
        labels = {source.id: source.label for source in load_sources(workspace)}
        trouble = [one for one in load_outcomes(workspace) if one.state not in USABLE and one.source_id in labels]
        return self._context.page(
            "runs.html",
            session,
            here="/runs",
            now=self._state(),
            runs=list(reversed(load_records(workspace)))[:_SHOWN],
            trouble=trouble,
            labels=labels,
            plain=PLAIN_STATES,
            wrong=request.query_params.get("wrong", "")[:500],
            schedule=view_schedule(self._context),
            every=EVERY,
            weekdays=WEEKDAYS,
            kept=bool(request.query_params.get("kept")),
            again=bool(request.query_params.get("again")),
        )

    def state(self, _request: Request, _session: Session) -> Response:
        """How the run stands, as JSON, for a page that watches it."""
        return JSONResponse(self._state())

    def change(self, request: Request, session: Session) -> Response:
        """Start a run, or stop the one at work."""
        what = str(request.state.given.get("what", ""))
        if what == "stop":
            self._context.jobs.stop("run")
        elif what in _KINDS:
            arguments = _KINDS[what]
            if request.state.given.get("proposed"):
                arguments = (*arguments, "--include-proposed")
            try:
                self._context.jobs.start("run", arguments, by=session.coder)
            except JaizaError as error:
                return RedirectResponse(f"/runs?wrong={quote(str(error))}", 303)
        else:
            raise JaizaError("this page does not know what is wanted: load it again")
        return RedirectResponse("/runs", 303)

    def _state(self) -> JsonObject:
        workspace = self._context.workspace
        job = self._context.jobs.last("run")
        records = load_records(workspace)
        sources = load_sources(workspace)
        labels = {source.id: source.label for source in sources}
        wanted = len(sources_to_read(workspace, sources, self._context.review_state.log))
        running = next((one for one in reversed(records) if one.state == "running"), None)
        lines = load_lines(workspace, running.number) if running else []
        return {
            "job": asdict(job) if job else None,
            "running": bool(running) or bool(job and job.state == "running"),
            "elsewhere": bool(running) and not (job and job.state == "running"),
            "sources": wanted,
            "done": len({line.get("source") for line in lines}),
            "stage": _stage(running, lines, wanted),
            "lines": [_in_words(line, labels) for line in lines[-_LINES:]],
            "said": _with_names(self._context.jobs.said("run"), labels),
        }


def _with_names(said: str, labels: Mapping[str, str]) -> str:
    """What a command printed, with the names of sources in the place of their ids; names of files stay."""
    return _ID.sub(lambda found: labels.get(found[0], found[0]), said)


def _stage(running: RunRecord | None, lines: list[JsonObject], sources: int) -> str:
    if running is None:
        return "starting"
    if len({line.get("source") for line in lines}) < sources:
        return "fetching, reading and coding"
    return "writing matrix, figures and report"


def _in_words(line: JsonObject, labels: Mapping[str, str]) -> str:
    had = f", {line['pages']} pages, {line['suggestions']} suggestions" if line.get("pages") else ""
    seconds = sum(line.get("seconds", {}).values())
    source = str(line.get("source"))
    state = str(line.get("state"))
    return f"{labels.get(source, source)}: {PLAIN_STATES.get(state, state)}{had} ({seconds:.1f} s)"
