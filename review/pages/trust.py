"""What can be trusted here: how right the machine is in this review, and what it misses."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from annotations.progress.trust import WIDTH, ReviewTrust, trust_in_review
from corpus.settings.settings_file import change_setting
from models.model_list import ranked_themes
from pipeline.text_history import open_assignment, themes_judged
from review.auth import Session
from review.coder_items import CoderItems
from review.context import ReviewContext
from review.pages.page_route import PageRoute
from synthesis.statistics.trust_table import calibration_rows, headings, trust_rows, trust_sentences

WIDTHS = (0.4, 0.2, 0.1)  # of the interval of the recall, to choose from
SHARES = (0.02, 0.05, 0.1, 0.2)  # of the passages that come by lot


class TrustPage:
    """Its requests."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self._made: dict[float, tuple[int, ReviewTrust]] = {}  # width -> version of what people said, what follows

    def routes(self) -> tuple[PageRoute, ...]:
        """Its paths."""
        return (
            PageRoute("/trust", self.page, role="adjudicator", menu="Trust"),
            PageRoute("/trust", self.draw, role="admin", method="POST"),
        )

    def page(self, request: Request, session: Session) -> Response:
        """Sentences and tables, as it stands."""
        context = self._context
        context.review_state.catch_up()
        asked = request.query_params.get("width", "")
        width = next((width for width in WIDTHS if asked == f"{width:g}"), WIDTH)
        trust = self._trust(width)
        return context.page(
            "trust.html",
            session,
            here="/trust",
            trust=trust,
            said=trust_sentences(trust),
            headings=headings(trust),
            rows=trust_rows(trust),
            calibration=calibration_rows(trust),
            width=width,
            widths=WIDTHS,
            shares=sorted({*SHARES, trust.share} - {0.0}),
            themes={theme.code: theme.name for theme in context.review_items.codebook.themes},
        )

    def draw(self, request: Request, _session: Session) -> Response:
        """Another share of the passages comes by lot from now on; what was drawn at a smaller share stays drawn."""
        given = str(request.state.given.get("share", ""))
        share = next((share for share in SHARES if given == f"{share:g}"), 0.0)
        context = self._context
        with context.review_state.lock:
            context.workspace = change_setting(context.workspace, "coding", "lot_share", share)
            assignment = open_assignment(context.workspace, context.review_state.log)
            context.coder_items = CoderItems(context.review_items, context.review_state, assignment, context.changes)
            context.open_items(context.review_items)
        self._made.clear()
        return RedirectResponse("/trust", 303)

    def _trust(self, width: float) -> ReviewTrust:
        context = self._context
        version, known = self._made.get(width, (-1, None))
        if known is None or version != context.review_state.version:
            known = trust_in_review(
                context.review_state.decisions(),
                context.review_state.marks(),
                context.review_items.documents,
                context.review_items.proposals,
                assignment=context.coder_items.assignment,
                themes=themes_judged(context.workspace, context.review_items.codebook),
                ranks=ranked_themes(context.workspace),
                width=width,
            )
            self._made[width] = context.review_state.version, known
        return known
