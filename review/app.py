"""The review page as a web application."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.auth import Access
from review.context import HERE, ReviewContext
from review.pages.adjudication import Disputing
from review.pages.agreement import Agreeing
from review.pages.codebook import CodebookPage
from review.pages.coding import CodingPage
from review.pages.decisions import Deciding
from review.pages.document import DocumentPage
from review.pages.matrix import MatrixPages
from review.pages.memos import MemoPage
from review.pages.page_route import ReviewPage
from review.pages.reviewers import People
from review.pages.search import SearchPage
from review.pages.study_values import StudyValues

# Each page tells its own paths and its name in the bar, where they stand in this order. A new page is a file and a row.
PAGES: tuple[Callable[[ReviewContext], ReviewPage], ...] = (
    MatrixPages,
    CodingPage,
    Deciding,
    DocumentPage,
    StudyValues,
    CodebookPage,
    MemoPage,
    SearchPage,
    Disputing,
    Agreeing,
    People,
)

# No request leaves the machine, and nothing but the page's own files runs in it.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "form-action 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers send the answers with "Origin: null"
    "Cache-Control": "no-store",
}


def make_app(room: ReviewContext, access: Access) -> Starlette:
    """The application: every path but the way in and the page's own files is for those who are logged in."""
    rows = [row for page in PAGES for row in page(room).routes()]
    room.menu = tuple((row.path, row.menu, row.role) for row in rows if row.menu)

    def way_in(request: Request) -> Response:
        left = "left" in request.query_params
        return room.page("enter.html", access.session(request), wrong="", left=left)

    def denied(why: str) -> Response:
        page = room.page("enter.html", None, wrong=why, left=False)
        page.status_code = 403
        return page

    async def enter(request: Request) -> Response:
        return await access.enter(request, denied)

    guard = access.guard
    routes = [
        Route("/enter", way_in),
        Route("/enter", enter, methods=["POST"]),
        Route("/leave", guard(access.leave), methods=["POST"]),
        *(Route(row.path, guard(row.answer, role=row.role, as_json=row.as_json), methods=[row.method]) for row in rows),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    app = Starlette(routes=routes)
    app.add_middleware(_Careful)
    return app


class _Careful:
    """The headers of every answer, whatever gave it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)
