"""Screening in the browser: a record at a time, its criteria beside it, a key for each answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from annotations.decision import ScreeningStage
from annotations.screening.verdicts import ScreenedRecord, last_of, screened_by, taking_back
from corpus.errors import JaizaError
from corpus.json_table import JsonTable
from corpus.registry.screening import load_criteria, screen
from corpus.store.pdf_store import Holdings, pdf_path
from pipeline.screening.record_order import stopping
from pipeline.screening.screening_state import ScreeningState
from review.auth import Session
from review.context import ReviewContext
from review.desk.screening_disputes import ScreeningDisputes
from review.desk.screening_forms import note_in, stage_of, verdict_of
from review.desk.screening_numbers import ScreeningNumbers
from review.desk.screening_room import ScreeningRoom
from review.pages.page_route import PageRoute

KEYS = (
    (("i",), "include"),
    (("m",), "maybe: let it in, and look at its full text"),
    (("1", "…", "9"), "exclude, for the reason of that number"),
    (("x",), "exclude without a reason"),
    (("u",), "take back your last verdict"),
    (("n",), "write a note"),
    (("?",), "these keys"),
)
_MOST_SECONDS = 3600.0  # after which somebody was away


class ScreeningPage:
    """The page on which records are screened: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context, self._room = context, ScreeningRoom(context)
        self._disputes, self._numbers = ScreeningDisputes(context, self._room), ScreeningNumbers(context, self._room)

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/screening", self.page, menu="Screening"),
            PageRoute("/screening", self.change, method="POST"),
            PageRoute("/screening/first-page/{record}", self.first_page),
            PageRoute("/screening/disputes", self._disputes.page),
            PageRoute("/screening/disputes", self._disputes.change, method="POST"),
            PageRoute("/screening/records", self._numbers.records),
            PageRoute("/screening/records", self._numbers.decide, method="POST"),
            PageRoute("/screening/abstracts", self._numbers.ask, role="admin", method="POST"),
            PageRoute("/screening/numbers", self._numbers.page, guest=True),
            PageRoute("/screening/settings", self._numbers.change, role="admin", method="POST"),
        )

    def page(self, request: Request, session: Session) -> Response:
        """The record that is asked for, or the next that waits for this person."""
        query = request.query_params
        stage, words = stage_of(query.get("stage")), query.get("words", "")[:200]
        state = self._room.state()
        queue = self._room.queue(state, session.coder, stage, words)
        asked = query.get("record", "")
        record = state.record(asked, stage) if asked else state.at(stage)[queue[0]] if queue else None
        settings = self._context.workspace.review.screening
        own = sum(one.of(session.coder) is not None for one in state.at(stage).values())
        return self._context.page(
            "screening.html",
            session,
            here="/screening",
            tab="/screening",
            stage=stage,
            words=words,
            record=record,
            own=record.of(session.coder) if record else None,
            others=record.others(session.coder) if record else (),
            source=state.sources[record.source_id] if record else None,
            details=state.details.get(record.source_id) if record else None,
            has_text=bool(record and record.source_id in self._context.review_items.documents),
            pictured=self._is_pictured(state, record),
            halfway=sum(
                one.standing == "waiting" and one.of(session.coder) is not None for one in state.at(stage).values()
            ),
            onward=stage == "abstract" and bool(state.full_texts),
            findings=self._findings(state, record),
            settings=settings,
            left=len(queue),
            screened=own,
            records=len(state.at(stage)),
            conflicts=sum(one.standing == "conflict" for one in state.at(stage).values()),
            estimate=stopping(state.at(stage), target=settings.target, confidence=settings.confidence),
            shown=datetime.now(UTC).isoformat(timespec="milliseconds"),
            said=query.get("said", "")[:300],
            wrong=query.get("wrong", "")[:500],
            keys=KEYS,
        )

    def first_page(self, request: Request, _session: Session) -> Response:
        """The first page of the file of a record that came without an abstract."""
        record = self._room.state().record(request.path_params["record"], "abstract")
        held = Holdings(self._context.workspace).get(record.source_id)
        pdf = held and pdf_path(self._context.workspace, held.sha256)
        data = self._context.pictures.first_page(pdf, held.sha256) if held and pdf and pdf.exists() else None
        if data is None:
            raise JaizaError("this page can't be drawn")
        return Response(data, media_type="image/png")

    def change(self, request: Request, session: Session) -> Response:
        """Keep one verdict, or take the last one back, and go on to the next record."""
        given = request.state.given
        stage = stage_of(given.get("stage"))
        where = {"stage": stage, "words": str(given.get("words", ""))[:200]}
        try:
            if given.get("what") == "undo":
                taken_back = self._undo(session, stage)
                where["record"] = taken_back[-1]
                several = f"The last {len(taken_back)} verdicts are taken back" if len(taken_back) > 1 else "Taken back"
                where["said"] = f"{several}: decide again."
            else:
                self._decide(given, session, stage)
        except (JaizaError, ValueError) as error:
            where["wrong"] = str(error)
        filled = {key: value for key, value in where.items() if value and value != "abstract"}
        return RedirectResponse(f"/screening?{urlencode(filled, quote_via=quote)}", 303)

    def _decide(self, given: JsonTable, session: Session, stage: ScreeningStage) -> None:
        state = self._room.state()
        record = state.record(str(given.get("record", "")), stage)
        verdict, reason = verdict_of(str(given.get("what", "")), self._context.workspace.review.screening.reasons)
        scores = self._room.order.scores(state) or {}
        decided = datetime.now(UTC).isoformat(timespec="microseconds")
        made = screened_by(
            session.coder, record, verdict, stage=stage, reason=reason, note=note_in(given), decided=decided
        )
        score = round(scores[record.source_id], 4) if record.source_id in scores else None
        made = replace(made, score=score, seconds=_seconds_since(str(given.get("shown", ""))))
        self._context.review_state.log.record(screened=[made])

    def _undo(self, session: Session, stage: ScreeningStage) -> list[str]:
        """The records of which a verdict was taken back: one, or all that were screened at once."""
        log = self._context.review_state.log
        last = last_of(log.screening_history(), session.coder, stage)
        if not last:
            raise JaizaError("there is nothing of yours to take back")
        decided = datetime.now(UTC).isoformat(timespec="microseconds")
        log.record(screened=[taking_back(one, decided=decided) for one in last])
        return [one.source_id for one in last]

    def _is_pictured(self, state: ScreeningState, record: ScreenedRecord | None) -> bool:
        """Is the first page of its file shown in the place of an abstract that is missing?"""
        if record is None:
            return False
        more = state.details.get(record.source_id)
        return not (more and more.abstract) and Holdings(self._context.workspace).get(record.source_id) is not None

    def _findings(self, state: ScreeningState, record: ScreenedRecord | None) -> list[tuple[str, str, str]]:
        """The criteria that facts of the registry decide: statement, answer and reason of each."""
        criteria = load_criteria(self._context.workspace)
        if record is None or not criteria:
            return []
        statements = {one.id: one.statement for one in criteria}
        found = screen(state.sources[record.source_id], criteria).findings
        return [(statements[one.criterion], one.verdict, one.reason) for one in found if one.criterion in statements]


def _seconds_since(shown: str) -> float | None:
    try:
        passed = (datetime.now(UTC) - datetime.fromisoformat(shown)).total_seconds()
    except (ValueError, TypeError):
        return None
    return round(passed, 1) if 0 <= passed <= _MOST_SECONDS else None
