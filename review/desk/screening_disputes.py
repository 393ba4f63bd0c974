"""Records on which their screeners differ: what each said, side by side, to be ruled on or thought over again."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from annotations.decision import Screened
from corpus.errors import JaizaError
from review.auth import Session
from review.context import ReviewContext
from review.desk.screening_forms import note_in, stage_of, verdict_of
from review.desk.screening_room import ScreeningRoom


class ScreeningDisputes:
    """The page of the disputes. Everybody sees those they are part of; adjudicators and admins see all."""

    def __init__(self, context: ReviewContext, room: ScreeningRoom) -> None:
        self._context, self._room = context, room

    def page(self, request: Request, session: Session) -> Response:
        """Every dispute that this person may see, those that were ruled on below."""
        state, stage = self._room.state(), stage_of(request.query_params.get("stage"))
        rules = session.may("adjudicator")
        seen = [one for one in state.at(stage).values() if rules or one.of(session.coder)]
        return self._context.page(
            "screening_disputes.html",
            session,
            here="/screening",
            tab="/screening/disputes",
            stage=stage,
            open=[one for one in seen if one.standing == "conflict"],
            ruled=[one for one in seen if one.ruling],
            sources=state.sources,
            details=state.details,
            rules=rules,
            settings=self._context.workspace.review.screening,
            wrong=request.query_params.get("wrong", "")[:500],
        )

    def change(self, request: Request, session: Session) -> Response:
        """Rule on a dispute, or, for one of those who differ, say something else than before, knowing the others."""
        given = request.state.given
        stage = stage_of(given.get("stage"))
        where = f"/screening/disputes?stage={quote(stage)}"
        try:
            record = self._room.state().record(str(given.get("record", "")), stage)
            if record.standing != "conflict":
                raise JaizaError("this record is settled already")
            verdict, reason = verdict_of(str(given.get("what", "")), self._context.workspace.review.screening.reasons)
            party = record.of(session.coder) is not None
            if not party and not session.may("adjudicator"):
                raise JaizaError("an adjudicator or one of those who differ settles this")
            own = record.of(session.coder)
            if own and (own.verdict, own.reason) == (verdict, reason):
                raise JaizaError("that is what you said before: say something else, or let somebody else rule")
            made = Screened(
                record.source_id,
                verdict,
                session.coder,
                stage,
                role="coder" if party else "adjudicator",
                reason=reason,
                note=note_in(given),
                informed=True,
                decided=datetime.now(UTC).isoformat(timespec="microseconds"),
            )
            self._context.review_state.log.record(screened=[made])
        except (JaizaError, ValueError) as error:
            where += f"&wrong={quote(str(error))}"
        return RedirectResponse(where, 303)
