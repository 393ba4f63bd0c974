"""The review page as a web application: one suggestion at a time, its page image beside it, the matrix live."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import parse_qs, urlencode

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from corpus.errors import JaizaError
from corpus.store import pdf_path
from corpus.workspace import Workspace
from extract.picture import page_picture_isolated
from review.access import Access
from review.shelf import Question, Shelf

HERE = Path(__file__).parent
_VALUES: dict[str, Literal[0, 1, 2] | None] = {"0": 0, "1": 1, "2": 2, "": None}
# No request leaves the machine, and nothing but the page's own files runs in it.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "form-action 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers send the answers with "Origin: null"
    "Cache-Control": "no-store",
}


def make_app(workspace: Workspace, shelf: Shelf, access: Access, *, coder: str) -> Starlette:
    """The application for one coder."""
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True)

    def page(name: str, **values: Any) -> HTMLResponse:
        text = templates.get_template(name).render(review=workspace.review, coder=coder, shelf=shelf, **values)
        return HTMLResponse(text)

    def home(_request: Request) -> Response:
        cells = {(cell.source_id, cell.theme): cell for cell in shelf.cells()}
        return page("home.html", progress=shelf.progress(coder), cells=cells)

    def study(request: Request) -> Response:
        questions = shelf.questions(request.path_params["source_id"], coder)
        if not questions:
            return RedirectResponse("/", 303)
        number = _number(request, questions)
        question = questions[number]
        answered = sum(q.answer is not None for q in questions)
        return page(
            "study.html", question=question, number=number, total=len(questions), answered=answered,
            theme=shelf.codebook.theme(question.suggestion.theme),
            picture="/picture?" + urlencode({"source": question.source.id, "passage": question.passage.id}),
        )  # fmt: skip

    async def answer(request: Request) -> Response:
        form = {
            key: values[0] for key, values in parse_qs((await request.body()).decode(), keep_blank_values=True).items()
        }
        source_id, number = form.get("source", ""), form.get("number", "0")
        if form.get("value") not in _VALUES or not number.isdigit():
            return PlainTextResponse("value must be 0, 1, 2 or empty", 400)
        value = _VALUES[form["value"]]
        await run_in_threadpool(shelf.answer, source_id, form.get("passage", ""), form.get("theme", ""), value, coder)
        following = int(number) + (value is not None)
        return RedirectResponse(f"/study/{source_id}?n={following}", 303)

    def picture(request: Request) -> Response:
        source_id, passage_id = request.query_params.get("source", ""), request.query_params.get("passage", "")
        document = shelf.documents.get(source_id)
        found = [p for p in document.passages if p.id == passage_id] if document else []
        if not document or not found:
            return PlainTextResponse("no such passage", 404)
        drawn = page_picture_isolated(pdf_path(workspace, document.sha256), found[0].page, found[0].boxes)
        return Response(drawn, media_type="image/webp") if drawn else PlainTextResponse("can't be drawn", 404)

    guarded = [
        Route("/", _guarded(home, access)),
        Route("/study/{source_id}", _guarded(study, access)),
        Route("/answer", _guarded(answer, access), methods=["POST"]),
        Route("/picture", _guarded(picture, access)),
    ]
    return Starlette(
        routes=[Route("/enter", access.enter), *guarded, Mount("/static", StaticFiles(directory=HERE / "static"))]
    )


def _guarded(
    endpoint: Callable[[Request], Response] | Callable[[Request], Awaitable[Response]], access: Access
) -> Callable[[Request], Awaitable[Response]]:
    """`endpoint` for those who may; a mistake in the request is answered in one line."""

    async def answer(request: Request) -> Response:
        response = access.refusal(request)
        if response is None:
            try:
                made = await run_in_threadpool(cast(Callable[[Request], Any], endpoint), request)
                response = made if isinstance(made, Response) else await made
            except JaizaError as error:
                response = PlainTextResponse(str(error), 404)
        response.headers.update(_HEADERS)
        return response

    return answer


def _number(request: Request, questions: list[Question]) -> int:
    """Which suggestion to show: the one asked for; else the first without an answer."""
    asked = request.query_params.get("n", "")
    if asked.isdigit():
        return min(int(asked), len(questions) - 1)
    return next((i for i, question in enumerate(questions) if question.answer is None), 0)
