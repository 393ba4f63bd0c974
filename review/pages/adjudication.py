"""Where coders differ, side by side; rulings with their reason; and where one was overruled, and why."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from annotations.agreement.adjudication import Dispute, ruling
from corpus.errors import UnknownChoiceError
from corpus.json_table import JsonObject
from review.auth import Session
from review.coder_events import value_of
from review.context import ReviewContext
from review.pages.page_route import PageRoute

_AT_ONCE = 25  # on one page: each has a page image


class AdjudicationPage:
    """The page on which an adjudicator rules where coders differ: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/adjudicate", self.page, role="adjudicator", menu="Adjudicate"),
            PageRoute("/adjudicate", self.rule, role="adjudicator", method="POST"),
            PageRoute("/overruled", self.overruled, menu="Overruled"),
        )

    def page(self, request: Request, session: Session) -> Response:
        """What is open, those on presence first; or what is settled."""
        context, query = self._context, request.query_params
        context.review_state.catch_up()
        study, theme, settled = query.get("study", ""), query.get("theme", ""), query.get("settled") == "1"
        if study:
            context.review_items.source(study)
        if theme and theme not in context.review_items.codebook.codes:
            raise UnknownChoiceError("theme", theme[:20], context.review_items.codebook.codes)
        # A cell of the matrix leads here by its column; COV is counted in TI.
        themes = [
            code
            for code in context.review_items.codebook.codes
            if theme in (code, context.review_items.codebook.column_of(code))
        ]
        mine = [one for one in self._visible(session) if study in ("", one.place.source_id)]
        mine = [one for one in mine if not theme or one.theme in themes]
        found = [one for one in mine if (one.ruling is not None) is settled]
        found.sort(key=lambda one: one.scale != "presence")
        counts = {settled: len(found), not settled: len(mine) - len(found)}
        return context.page(
            "adjudicate.html",
            session,
            here="/adjudicate",
            disputes=[self._shown(one) for one in found[:_AT_ONCE]],
            more=max(0, len(found) - _AT_ONCE),
            open=counts[False],
            settled=counts[True],
            showing_settled=settled,
            study=study,
            wanted_theme=theme,
            told=query.get("told", "")[:8],
        )

    def rule(self, request: Request, session: Session) -> Response:
        """Store a ruling. What the coders decided stays."""
        context, given = self._context, request.state.given
        with context.review_state.lock:
            context.review_state.catch_up()
            visible = {one.id: one for one in self._visible(session)}
            asked = str(given.get("dispute", ""))
            if asked not in visible:
                raise UnknownChoiceError("disagreement", asked[:20], list(visible)[:3])
            value = str(given.get("value", ""))
            made = ruling(
                visible[asked],
                value_of(int(value) if value in ("0", "1", "2") else value),
                because=str(given.get("because", ""))[:4000],
                by=session.coder,
                codebook=context.review_items.codebook.revision,
            )
            context.review_state.log.record([made])
            context.review_state.catch_up()
        back = {name: str(given.get(name, ""))[:60] for name in ("study", "theme", "settled")}
        return RedirectResponse(f"/adjudicate?{urlencode({**back, 'told': asked})}", 303)

    def overruled(self, _request: Request, session: Session) -> Response:
        """Every ruling that is not what this coder had said, with its reason; never what the others had said."""
        self._context.review_state.catch_up()
        found = [
            (self._shown(one), next(side for side in one.overruled if side.coder == session.coder))
            for one in self._context.matrix.disputes()
            if session.coder in [side.coder for side in one.overruled]
            and self._context.coder_items.may_see_all(session, one.place.source_id)
        ]
        return self._context.page("overruled.html", session, here="/overruled", found=found)

    def _visible(self, session: Session) -> list[Dispute]:
        """The disputes on studies that this person does not code blindly."""
        coder_items = self._context.coder_items
        return [one for one in self._context.matrix.disputes() if coder_items.may_see_all(session, one.place.source_id)]

    def _shown(self, dispute: Dispute) -> JsonObject:
        review_items, place = self._context.review_items, dispute.place
        shown: JsonObject = {
            "one": dispute,
            "source": review_items.source(place.source_id),
            "theme": review_items.codebook.theme(dispute.theme),
            "page": None,
            "boxes": [],
            "sha256": "",
        }
        if review_items.has(place.source_id, place.passage_id):
            document = review_items.document(place.source_id)
            boxes = review_items.passage(place.source_id, place.passage_id).boxes
            first = boxes[0].page
            shown["page"], shown["sha256"] = document.pages[first - 1], document.sha256
            shown["boxes"] = [[b.page, b.x0, b.top, b.x1, b.bottom] for b in boxes if b.page == first]
        return shown
