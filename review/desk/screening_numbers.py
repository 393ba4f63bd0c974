"""How far screening is: all records, the numbers of the PRISMA diagram, when to stop, and how records are screened."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from annotations.screening.agreement import screening_agreement
from annotations.screening.verdicts import screened_by
from corpus.errors import JaizaError
from corpus.json_table import JsonTable
from corpus.settings.settings_file import change_settings
from pipeline.intake.missing_abstracts import lacking_abstracts
from pipeline.screening.prisma_numbers import flow_of
from pipeline.screening.record_order import in_words, stopping
from review.auth import Session
from review.context import ReviewContext
from review.desk.screening_forms import note_in, stage_of, verdict_of
from review.desk.screening_room import ScreeningRoom
from synthesis.humanize import counted
from synthesis.report.prisma import screened_boxes

_ON_A_PAGE = 200  # records
_MOST_LINES = 40  # criteria, and reasons


class ScreeningNumbers:
    """The pages on which screening is overseen."""

    def __init__(self, context: ReviewContext, room: ScreeningRoom) -> None:
        self._context, self._room = context, room

    def page(self, request: Request, session: Session) -> Response:
        """Numbers, stopping statement, agreement, and for an admin the settings."""
        state, settings = self._room.state(), self._context.workspace.review.screening
        told = {}
        for stage in ("abstract", "full text"):
            records = state.at(stage_of(stage))
            waiting = [one for one in records.values() if one.standing == "waiting"]
            estimate = stopping(records, target=settings.target, confidence=settings.confidence)
            halfway = sum(bool(one.said) for one in waiting)
            told[stage] = in_words(estimate, len(waiting), halfway) if records else ""
        flow = flow_of(self._context.workspace, state)
        return self._context.page(
            "screening_numbers.html",
            session,
            here="/screening",
            tab="/screening/numbers",
            boxes=screened_boxes(flow),
            flow=flow,
            told=told,
            agreement=screening_agreement(state.history),
            settings=settings,
            kept=request.query_params.get("kept"),
            wrong=request.query_params.get("wrong", "")[:500],
        )

    def records(self, request: Request, session: Session) -> Response:
        """Every record with where it stands, as far as this person may know."""
        query, state = request.query_params, self._room.state()
        stage, words = stage_of(query.get("stage")), query.get("words", "")[:200]
        standing = query.get("standing", "")
        found = [
            one
            for one in state.at(stage).values()
            if standing in ("", one.standing) and state.has_words(one.source_id, words)
        ]
        return self._context.page(
            "screening_records.html",
            session,
            here="/screening",
            tab="/screening/records",
            stage=stage,
            words=words,
            standing=standing,
            records=found[:_ON_A_PAGE],
            found=len(found),
            sources=state.sources,
            details=state.details,
            lacking=len(lacking_abstracts(state.sources.values(), state.details)) if session.may("admin") else 0,
            asking=self._context.jobs.last("abstracts"),
            answered=self._context.jobs.said("abstracts"),
            settings=self._context.workspace.review.screening,
            open=sum(one.waits_for(session.coder) for one in found[:_ON_A_PAGE]),
            said=query.get("said", "")[:300],
            wrong=query.get("wrong", "")[:500],
        )

    def decide(self, request: Request, session: Session) -> Response:
        """One verdict on all records that were ticked; it is taken back at once, like that on one record."""
        given = request.state.given
        stage = stage_of(given.get("stage"))
        where = {"stage": stage, "standing": str(given.get("standing", "")), "words": str(given.get("words", ""))[:200]}
        try:
            records = self._room.state().at(stage)
            ticked = [records[key[2:]] for key in given if key.startswith("r:") and key[2:] in records]
            if not ticked:
                raise JaizaError("tick the records that are meant")
            waiting = [one for one in ticked if one.waits_for(session.coder)]
            reasons = self._context.workspace.review.screening.reasons
            verdict, reason = verdict_of(str(given.get("what", "")), reasons)
            decided, note = datetime.now(UTC).isoformat(timespec="microseconds"), note_in(given)
            made = [
                screened_by(session.coder, one, verdict, stage=stage, reason=reason, note=note, decided=decided)
                for one in waiting
            ]
            self._context.review_state.log.record(screened=made)
            late = len(ticked) - len(made)
            left = f"; {counted(late, 'record')} no longer waited for you" if late else ""
            where["said"] = f"{counted(len(made), 'record')}: {verdict}{', ' + reason if reason else ''}{left}."
        except (JaizaError, ValueError) as error:
            where["wrong"] = str(error)
        return RedirectResponse(f"/screening/records?{urlencode(where, quote_via=quote)}", 303)

    def ask(self, _request: Request, session: Session) -> Response:
        """Ask the open indexes for the abstracts that are missing."""
        try:
            self._context.jobs.start("abstracts", ["sources", "abstracts"], by=session.coder)
        except JaizaError as error:
            return RedirectResponse(f"/screening/records?wrong={quote(str(error))}", 303)
        return RedirectResponse("/screening/records", 303)

    def change(self, request: Request, session: Session) -> Response:
        """Set criteria, reasons, number of screeners, and whether only what was included is read."""
        given = request.state.given
        try:
            self._set(given)
        except (JaizaError, ValueError) as error:
            return RedirectResponse(f"/screening/numbers?wrong={quote(str(error))}", 303)
        return RedirectResponse("/screening/numbers?kept=1", 303)

    def _set(self, given: JsonTable) -> None:
        screeners = str(given.get("screeners", "1"))
        if not screeners.isdecimal() or not 1 <= int(screeners) <= 5:
            raise JaizaError(f"{screeners[:10]!r} people can't screen a record: 1 to 5")
        reasons = _lines_of(given, "reasons")
        if not reasons:
            raise JaizaError("keep at least one reason for which a record is left out")
        changes: dict[tuple[str, str], float | str | list[str]] = {
            ("screening", "include"): _lines_of(given, "include"),
            ("screening", "reasons"): reasons,
            ("screening", "screeners"): int(screeners),
            ("screening", "first"): bool(given.get("first")),
        }
        self._context.workspace = change_settings(self._context.workspace, changes)


def _lines_of(given: JsonTable, name: str) -> list[str]:
    """The lines of a field, without what only parts or numbers them. JaizaError: there are too many."""
    found = [" ".join(line.split())[:300] for line in str(given.get(name, "")).splitlines()]
    lines = list(dict.fromkeys(line for line in found if line))
    if len(lines) > _MOST_LINES:
        raise JaizaError(f"{len(lines)} lines are more than anybody keeps in mind: up to {_MOST_LINES}")
    return lines
