"""The review page as a web application."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.intake.take_files import UPLOADS
from review.auth import Access, Uploads
from review.context import HERE, ReviewContext
from review.desk.machine import MachinePage
from review.desk.results import ResultsPage
from review.desk.runs import RunsPage
from review.desk.schedule import SchedulePage
from review.desk.screening import ScreeningPage
from review.desk.searches import SearchesPage
from review.desk.sources import SourcesPage
from review.desk.upkeep import UpkeepPage
from review.help.words import WordsPage
from review.menu import MenuEntry
from review.pages.adjudication import AdjudicationPage
from review.pages.agreement import AgreementPage
from review.pages.codebook import CodebookPage
from review.pages.coding import CodingPage
from review.pages.decisions import DecisionRoutes
from review.pages.document import DocumentPage
from review.pages.matrix import MatrixPages
from review.pages.memos import MemoPage
from review.pages.page_route import ReviewPage
from review.pages.reviewers import ReviewersPage
from review.pages.search import SearchPage
from review.pages.study_values import StudyValues
from review.pages.trust import TrustPage
from review.serving.careful import Careful

# Each page tells its own paths and its name in the bar, where they stand in this order. A new page is a file and a row.
PAGES: tuple[Callable[[ReviewContext], ReviewPage], ...] = (
    MatrixPages,
    CodingPage,
    ScreeningPage,
    DecisionRoutes,
    DocumentPage,
    StudyValues,
    CodebookPage,
    MemoPage,
    SearchPage,
    AdjudicationPage,
    AgreementPage,
    TrustPage,
    SourcesPage,
    SearchesPage,
    RunsPage,
    SchedulePage,
    ResultsPage,
    MachinePage,
    ReviewersPage,
    UpkeepPage,
    WordsPage,
)


def make_app(context: ReviewContext, access: Access) -> Starlette:
    """The application: every path but the way in and the page's own files is for those who are logged in."""
    rows = [row for page in PAGES for row in page(context).routes()]
    context.menu = tuple(MenuEntry(row.path, row.menu, row.role, row.manage, row.guest) for row in rows if row.menu)
    uploads = Uploads(context.workspace.root / UPLOADS, int(context.workspace.review.pull.size_cap_mb * 1_000_000))

    def way_in(request: Request) -> Response:
        left = "left" in request.query_params
        return context.page("enter.html", access.session(request), wrong="", left=left)

    def denied(why: str) -> Response:
        page = context.page("enter.html", None, wrong=why, left=False)
        page.status_code = 403
        return page

    async def enter(request: Request) -> Response:
        return await access.enter(request, denied)

    guard = access.guard
    routes = [
        Route("/enter", way_in),
        Route("/enter", enter, methods=["POST"]),
        Route("/leave", guard(access.leave, guest=True), methods=["POST"]),
        *(
            Route(
                row.path,
                guard(
                    row.answer,
                    role=row.role,
                    guest=row.guest,
                    as_json=row.as_json,
                    upload=uploads if row.upload else None,
                ),
                methods=[row.method],
            )
            for row in rows
        ),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    app = Starlette(routes=routes)
    app.add_middleware(Careful)
    return app
