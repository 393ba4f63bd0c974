"""The models of a review: what each learned from, which one counts, and learning anew."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import JaizaError
from corpus.settings.settings_file import change_setting
from models.model_list import catalogue, find_model, model_in_use_or_none
from models.registry.model_id import coding_id
from models.registry.promotion import history, promote, roll_back
from pipeline.documents.calibration import load_calibration
from pipeline.learning.sound_model import require_sound
from pipeline.learning.training_calls import count_decisions, new_decisions
from review.auth import Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute

# What suggestions can be for, in words. "recall95" keeps other suggestions, which the next run makes: it is set in
# review.toml or by `jaiza models aim`.
AIMS = {"balanced": "balanced", "find more": "find more, with more wrong ones", "sure": "be sure, and miss more"}


class MachinePage:
    """The page on the machine: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/machine", self.page, role="admin", menu="Machine", manage=True),
            PageRoute("/machine", self.change, role="admin", method="POST"),
        )

    def page(self, request: Request, session: Session) -> Response:
        """Every model, newest first, and what happened to them."""
        workspace = self._context.workspace
        used = model_in_use_or_none(workspace)
        coding = coding_id(used, workspace.review.models.aim) if used else ""
        return self._context.page(
            "machine.html",
            session,
            here="/machine",
            models=catalogue(workspace),
            events=list(reversed(history(workspace))),
            job=self._context.jobs.last("retrain"),
            said=self._context.jobs.said("retrain"),
            decisions=count_decisions(workspace),
            new=new_decisions(workspace),
            aim=workspace.review.models.aim,
            aims=AIMS,
            calibration=load_calibration(workspace, coding),
            wrong=request.query_params.get("wrong", "")[:400],
        )

    def change(self, request: Request, session: Session) -> Response:
        """Learn anew, let another model count, go back to the one before, or show suggestions under another aim."""
        try:
            self._change(request, session)
        except JaizaError as error:
            return RedirectResponse(f"/machine?wrong={quote(str(error)[:400])}", 303)
        return RedirectResponse("/machine", 303)

    def _change(self, request: Request, session: Session) -> None:
        workspace, given = self._context.workspace, request.state.given
        what, why = str(given.get("what", "")), str(given.get("why", "")).strip()[:300]
        if what == "retrain":
            self._context.jobs.start("retrain", ["retrain"], by=session.coder)
        elif what == "stop":
            self._context.jobs.stop("retrain")
        elif what == "promote":
            model_id = find_model(workspace, str(given.get("model", "")))
            require_sound(workspace, model_id)
            promote(workspace, model_id, by=session.coder, why=why or "promoted by hand")
        elif what == "rollback":
            roll_back(workspace, by=session.coder, why=why or "rolled back by hand")
        elif what == "aim" and given.get("aim") in AIMS:
            self._context.workspace = change_setting(workspace, "models", "aim", str(given["aim"]))
            self._context.load_again()
        else:
            raise JaizaError("this page does not know what is wanted: load it again")
