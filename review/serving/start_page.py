"""The start page: the reviews of this machine, a new one, the sample, and a backup to restore. For its user alone."""

from __future__ import annotations

import hmac
import secrets
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from corpus.errors import JaizaError
from corpus.json_table import JsonObject
from corpus.settings.settings_file import change_settings
from models.codebook.codebook import shipped_codebook
from pipeline.backup import restore_backup
from pipeline.intake.codebook_file import GivenCodebook, codebook_in
from pipeline.intake.new_review import begin_review, codebook_of, is_review, themes_in
from pipeline.sample_review import FOLDER as SAMPLE
from review.auth import Endpoint, Session, Uploads, read_given, same_origin, with_upload
from review.context import HERE
from review.serving.careful import Careful
from review.serving.open_reviews import OpenReviews
from review.serving.recent_reviews import recent_reviews, remember
from synthesis.humanize import counted

_ENTER = "/enter"
_MOST_CODEBOOK = 200_000_000  # bytes; a project may hold its PDFs
_MOST_BACKUP = 1 << 40  # bytes: what the disk holds is the limit


class Launcher:
    """Its requests. Whoever has the link that the command printed may use it, from its own page only."""

    def __init__(self, reviews: OpenReviews, *, port: int, home: Path, command: Sequence[str]) -> None:
        """`home`: folder for new reviews. `command` starts `jaiza`, for the sample."""
        self._reviews, self._home, self._command = reviews, home, tuple(command)
        self._hosts, self._cookie = (f"127.0.0.1:{port}", f"localhost:{port}"), f"jaiza-start-{port}"
        self._once, self._session = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._csrf = secrets.token_urlsafe(24)
        self._given: GivenCodebook | None = None  # the codebook that was chosen last
        self._making: subprocess.Popen[bytes] | None = None  # the sample
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, auto_reload=False
        )

    @property
    def link(self) -> str:
        """Path of the link for the one who started it; what stands behind # is sent to nobody."""
        return f"{_ENTER}#{self._once}"

    def app(self) -> Starlette:
        """The application."""
        routes = [
            Route(_ENTER, self._door),
            Route(_ENTER, self._enter, methods=["POST"]),
            Route("/", self._guarded(self._page)),
            Route("/open", self._guarded(self._open), methods=["POST"]),
            Route("/new", self._guarded(self._new), methods=["POST"]),
            Route("/sample", self._guarded(self._sample), methods=["POST"]),
            Route("/restore", self._guarded(self._restore), methods=["POST"]),
            Route("/restore/file", partial(self._sent, self._restore_sent, _MOST_BACKUP), methods=["POST"]),
            Route("/new/codebook", partial(self._sent, self._codebook_sent, _MOST_CODEBOOK), methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
        app = Starlette(routes=routes)
        app.add_middleware(Careful, form_action="'self' http://127.0.0.1:*")  # the review that it opens
        return app

    def _guarded(self, endpoint: Callable[[JsonObject], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if request.headers.get("host") not in self._hosts:
                return PlainTextResponse("Open the page under the address that `jaiza open` printed.", 400)
            if not hmac.compare_digest(request.cookies.get(self._cookie, "").encode(), self._session.encode()):
                return RedirectResponse(_ENTER, 303) if request.method == "GET" else PlainTextResponse("Not you.", 403)
            given: JsonObject = dict(request.query_params)
            if request.method != "GET":
                try:
                    given = await read_given(request)
                except ValueError as error:
                    return PlainTextResponse(str(error), 400)
                sign = str(given.get("csrf", ""))
                if not same_origin(request) or not hmac.compare_digest(sign.encode(), self._csrf.encode()):
                    return PlainTextResponse("This did not come from the start page: load it again.", 403)
            try:
                return await run_in_threadpool(endpoint, given)
            except (JaizaError, OSError) as error:
                return RedirectResponse(f"/?wrong={quote(str(error)[:400])}", 303)

        return answer

    async def _door(self, request: Request) -> Response:
        if request.headers.get("host") not in self._hosts:
            return PlainTextResponse("Open the page under the address that `jaiza open` printed.", 400)
        return self._html("start_enter.html")

    async def _enter(self, request: Request) -> Response:
        try:
            token = str((await read_given(request)).get("token", ""))
        except ValueError as error:
            return PlainTextResponse(str(error), 400)
        good = request.headers.get("host") in self._hosts and same_origin(request)
        if not good or not self._once or not hmac.compare_digest(token.encode(), self._once.encode()):
            return self._html("start_enter.html", wrong="this link is not good any more: it works once")
        self._once = ""
        response = RedirectResponse("/", 303)
        response.set_cookie(self._cookie, self._session, httponly=True, samesite="lax")
        return response

    def _page(self, given: JsonObject) -> Response:
        recent = recent_reviews()
        return self._html(
            "start.html",
            recent=recent,
            home=self._home,
            wrong=str(given.get("wrong", ""))[:400],
            said=str(given.get("said", ""))[:400],
            shipped=shipped_codebook(),
            making=self._making is not None and self._making.poll() is None,
            sample=is_review(self._sample_place) and (self._sample_place / "out" / "latest").exists(),
        )

    def _open(self, given: JsonObject) -> Response:
        folder = self._folder(str(given.get("folder", "")))
        link = self._reviews.link(folder)
        remember(folder)
        return RedirectResponse(link, 303)

    def _new(self, given: JsonObject) -> Response:
        title = str(given.get("title", "")).strip()
        folder = self._folder(str(given.get("folder", "")) or _folder_name(title))
        screeners = str(given.get("screeners") or "1")
        if not screeners.isdecimal() or not 1 <= int(screeners) <= 5:
            raise JaizaError(f"{screeners[:10]!r} people can't screen a record: 1 to 5")
        criteria = [" ".join(line.split()) for line in str(given.get("criteria", "")).splitlines() if line.strip()]
        question = str(given.get("question", ""))
        workspace = begin_review(folder, title=title, question=question, codebook=self._codebook(given, title))
        if criteria or int(screeners) > 1:
            settings: dict[tuple[str, str], float | str | Sequence[str]] = {
                ("screening", "include"): criteria,
                ("screening", "screeners"): int(screeners),
            }
            change_settings(workspace, settings)
        self._given = None
        return self._open({"folder": str(folder)})

    def _codebook(self, given: JsonObject, title: str) -> bytes | None:
        """The codebook.toml that is wanted; None: the shipped one. JaizaError: none was chosen or written."""
        wanted = given.get("codebook")
        if wanted == "shipped":
            return None
        if wanted == "file":
            if self._given is None:
                raise JaizaError("choose the file of the codebook again")
            return self._given.as_file(title)
        return codebook_of(title, themes_in(str(given.get("themes", ""))))

    def _codebook_sent(self, request: Request, _session: Session) -> Response:
        name = request.query_params.get("name", "")
        try:
            self._given = codebook_in(request.state.upload, name)
        except JaizaError as error:
            raise JaizaError(str(error).replace(str(request.state.upload), name)) from None
        names = "; ".join(theme.name for theme in self._given.themes)
        left = f". {self._given.left_out} under others are left out" if self._given.left_out else ""
        return JSONResponse({"said": f"{counted(len(self._given.themes), 'theme')}: {names}{left}."})

    def _sample(self, _given: JsonObject) -> Response:
        if (self._sample_place / "out" / "latest").exists():
            return self._open({"folder": str(self._sample_place)})
        if self._making is None or self._making.poll() is not None:
            self._sample_place.parent.mkdir(parents=True, exist_ok=True)
            self._making = subprocess.Popen(
                [*self._command, "run", "--sample", "--workspace", str(self._sample_place.parent)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd=Path(__file__).parents[2],
            )
        return RedirectResponse("/?said=" + quote("The sample is being made: that takes a minute or two."), 303)

    async def _sent(self, endpoint: Endpoint, most: int, request: Request) -> Response:
        """A file of up to `most` bytes that the page sends; what `endpoint` makes of it, or what is wrong, as JSON."""
        known = request.cookies.get(self._cookie, ""), request.headers.get("x-jaiza", "")
        wanted = self._session, self._csrf
        alike = [hmac.compare_digest(one.encode(), other.encode()) for one, other in zip(known, wanted, strict=True)]
        if request.headers.get("host") not in self._hosts or not same_origin(request) or not all(alike):
            return JSONResponse({"error": "This did not come from the start page: load it again."}, 403)
        uploads = Uploads(self._home, most)
        try:
            return await with_upload(endpoint, request, Session("", "admin", self._csrf), uploads)
        except (JaizaError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)

    def _restore_sent(self, request: Request, _session: Session) -> Response:
        """A link to the review made of a backup."""
        query = request.query_params
        folder = self._folder(query.get("folder", "") or _folder_name(Path(query.get("name", "")).stem))
        try:
            restore_backup(request.state.upload, folder)
        except JaizaError as error:
            raise JaizaError(str(error).replace(str(request.state.upload), query.get("name", ""))) from None
        link = self._reviews.link(folder)
        remember(folder)
        return JSONResponse({"link": link})

    def _restore(self, given: JsonObject) -> Response:
        backup = Path(str(given.get("backup", "")).strip()).expanduser()
        folder = self._folder(str(given.get("folder", "")))
        restore_backup(backup, folder)
        return self._open({"folder": str(folder)})

    @property
    def _sample_place(self) -> Path:
        return self._home / "try" / SAMPLE

    def _folder(self, given: str) -> Path:
        """A folder as somebody wrote it: a plain name lies in the usual place. JaizaError where nothing is written."""
        if not given.strip():
            raise JaizaError("name the folder")
        place = Path(given.strip()).expanduser()
        return place if place.is_absolute() else self._home / place

    def _html(self, name: str, **values: Any) -> HTMLResponse:
        values = {"csrf": self._csrf, "wrong": "", **values}
        return HTMLResponse(self._templates.get_template(name).render(**values))


def _folder_name(title: str) -> str:
    """A folder's name out of a title."""
    kept = "".join(letter if letter.isalnum() else " " for letter in title.lower())
    return "-".join(kept.split())[:60]
