"""Who may see and do what: sessions, the roles, and the signs by which a request proves that it comes from the page."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import secrets
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from annotations.log.reviewers import SESSION_SECONDS, Reviewer, ReviewerRole, Reviewers
from corpus.errors import AccessError, JaizaError, LogUnavailableError
from corpus.json_table import JsonObject

# What a person with the first role may do: what is for these.
MAY: dict[ReviewerRole, tuple[ReviewerRole, ...]] = {
    "coder": ("coder",),
    "adjudicator": ("coder", "adjudicator"),
    "admin": ("coder", "adjudicator", "admin"),
    "guest": (),  # looks only, at the paths that say so
}
STALL_SECONDS = 60.0  # without one byte of a request that is half sent
_MOST_BODY = 64_000  # bytes of a form or an act
_SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Session:
    """A person in a browser."""

    coder: str
    role: ReviewerRole
    csrf: str  # what a request that changes something must carry

    def may(self, role: ReviewerRole) -> bool:
        """May they do what is for `role`?"""
        return role in MAY[self.role]

    @property
    def guest(self) -> bool:
        """Are they here to look, and change nothing?"""
        return self.role == "guest"


@dataclass(frozen=True, slots=True)
class Uploads:
    """Where files that a page sends are written, and how large they may be."""

    folder: Path
    most_bytes: int


Endpoint = Callable[[Request, Session], Response]
Answered = Callable[[Request], Awaitable[Response]]


class Access:
    """Lets requests through that come from somebody who is logged in, and from the page."""

    def __init__(
        self, reviewers: Reviewers, *, hosts: tuple[str, ...] = (), owner: Reviewer | None = None, cookie: str = "jaiza"
    ) -> None:
        """`hosts` are the values of the Host header that mean this server; none: any, for a server behind a proxy.

        `owner` is whoever started the server: `link` logs them in, once.
        """
        self.reviewers, self._hosts, self.cookie, self._owner = reviewers, hosts, cookie, owner
        self._once: str | None = secrets.token_urlsafe(32)
        self._guard = threading.Lock()

    @property
    def link(self) -> str:
        """Path of the owner's one-time link. What stands behind # is sent to no server and gets into no log."""
        return f"/enter#{self._once}"

    def renew_link(self) -> str:
        """A new one-time link of the owner's; the one before no longer works."""
        with self._guard:
            self._once = secrets.token_urlsafe(32)
        return self.link

    def guard(
        self,
        endpoint: Endpoint,
        *,
        role: ReviewerRole = "coder",
        guest: bool = False,
        as_json: bool = False,
        upload: Uploads | None = None,
    ) -> Answered:
        """`endpoint` for those who may; a mistake in the request is answered in one line.

        `guest`: those who only look reach it too.
        `upload`: the body is a file, written to disk before `endpoint` is asked, which finds its path in
        `request.state.upload`; the file is gone afterwards.
        """

        def refused(status: int, why: str) -> Response:
            return JSONResponse({"error": why}, status) if as_json else PlainTextResponse(why, status)

        async def answer(request: Request) -> Response:
            if self._hosts and request.headers.get("host") not in self._hosts:  # another name for this machine
                return refused(400, "Open the page under the address that `jaiza review` printed.")
            try:
                session = await run_in_threadpool(self.session, request)
            except LogUnavailableError as error:
                return refused(503, str(error))
            if session is None:
                if not as_json and request.method in _SAFE_METHODS:
                    return RedirectResponse("/enter", 303)
                return refused(403, "You are not logged in: open your link again.")
            if not (session.may(role) or (guest and session.guest)):
                return refused(403, refusal(request.method, session, role))
            if request.method not in _SAFE_METHODS:
                try:
                    request.state.given = {} if upload else await read_given(request)
                except ValueError as error:
                    return refused(400, str(error))
                if not self._from_the_page(request, session):
                    return refused(403, "This did not come from the review page: load it again.")
            try:
                if upload:
                    return await with_upload(endpoint, request, session, upload)
                return await run_in_threadpool(endpoint, request, session)
            except LogUnavailableError as error:  # the page keeps what it sent, and sends it again
                return refused(503, str(error))
            except OSError as error:
                why = error.strerror or type(error).__name__
                return refused(503, f"the folder of the review can't be read or written now ({why}): look at the disk")
            except JaizaError as error:
                return refused(404 if request.method in _SAFE_METHODS else 400, str(error))
            except ValueError as error:
                return refused(400, str(error))

        return answer

    def session(self, request: Request) -> Session | None:
        """The session that a request belongs to."""
        secret = request.cookies.get(self.cookie, "")
        if not secret or len(secret) > 200:
            return None
        person = self.reviewers.session(secret)
        return Session(person.name, person.role, csrf_of(secret)) if person else None

    async def enter(self, request: Request, denied: Callable[[str], Response]) -> Response:
        """Exchange a token for a new session, whatever cookie the browser had: nobody can fix it beforehand.

        `denied` makes the answer to a token that is not good.
        """
        if self._hosts and request.headers.get("host") not in self._hosts:
            return PlainTextResponse("Open the page under the address that `jaiza review` printed.", 400)
        if not same_origin(request):
            return PlainTextResponse("This did not come from the review page: load it again.", 403)
        try:
            token = str((await read_given(request)).get("token", ""))[:200]
        except ValueError as error:
            return PlainTextResponse(str(error), 400)
        client = request.client.host if request.client else ""
        try:
            secret = await run_in_threadpool(self._entered, token, client)
        except AccessError as error:
            return denied(str(error))
        except LogUnavailableError as error:
            return PlainTextResponse(str(error), 503)
        await run_in_threadpool(self._end, request)
        response = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        response.set_cookie(
            self.cookie, secret, httponly=True, samesite="lax", secure=secure, max_age=int(SESSION_SECONDS)
        )
        return response

    def leave(self, request: Request, _session: Session) -> Response:
        """End the session."""
        self._end(request)
        response = RedirectResponse("/enter?left=1", 303)
        response.delete_cookie(self.cookie, httponly=True, samesite="lax")
        return response

    def _end(self, request: Request) -> None:
        secret = request.cookies.get(self.cookie, "")
        if secret:
            self.reviewers.close_session(secret[:200])

    def _entered(self, token: str, client: str) -> str:
        """The secret of a new session; AccessError where the token is not good."""
        with self._guard:
            once = self._owner if self._once and secrets.compare_digest(token.encode(), self._once.encode()) else None
            if once:
                self._once = None
        return self.reviewers.open_session(once or self.reviewers.verify_invitation(token, client=client))

    def _from_the_page(self, request: Request, session: Session) -> bool:
        given = request.headers.get("x-jaiza") or str(request.state.given.get("csrf", ""))
        return hmac.compare_digest(given.encode(), session.csrf.encode()) and same_origin(request)


async def with_upload(endpoint: Endpoint, request: Request, session: Session, uploads: Uploads) -> Response:
    """Write the body into a file of its own, then answer. ValueError: it broke off; JaizaError: the disk is full."""
    path, written = Path(), 0
    try:
        uploads.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=uploads.folder, prefix=".upload-")
        path = Path(name)
        with os.fdopen(handle, "wb") as stream:
            async for piece in _pieces(request):
                written += len(piece)
                if written > uploads.most_bytes:
                    raise ValueError(
                        f"it is larger than {uploads.most_bytes // 1_000_000} MB, the limit of this review"
                    )
                await run_in_threadpool(stream.write, piece)
        expected = request.headers.get("content-length")
        if expected and expected.isdecimal() and int(expected) != written:
            raise ValueError("the connection broke before the whole file was here: send it again")
        if not written:
            raise ValueError("the file is empty")
        request.state.upload = path
        return await run_in_threadpool(endpoint, request, session)
    except ClientDisconnect:
        raise ValueError("the connection broke before the whole file was here: send it again") from None
    except OSError as error:
        raise JaizaError(f"the file can't be kept ({error.strerror}): make room on the disk") from None
    finally:
        if path.name:
            path.unlink(missing_ok=True)


def refusal(method: str, session: Session, role: ReviewerRole) -> str:
    """What somebody is told who may not do what is for `role`."""
    if session.guest and method not in _SAFE_METHODS:
        return "You are a guest: you can look at everything here, and change nothing."
    return f"This is for {'an' if role[0] == 'a' else 'a'} {role}; you are a {session.role}."


def csrf_of(secret: str) -> str:
    return hashlib.sha256(f"from the page {secret}".encode()).hexdigest()[:32]


def same_origin(request: Request) -> bool:
    """Browsers send the origin with everything that is not a plain GET; a request of another page carries its own."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. ValueError where nothing more comes: a request that is half sent holds nobody up."""
    stream = request.stream().__aiter__()
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), STALL_SECONDS)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise ValueError(f"nothing more came for {STALL_SECONDS:g} s: send it again") from None
        yield piece


async def read_given(request: Request) -> JsonObject:
    """The fields of a form, or the object in a JSON body. ValueError: neither, or too long."""
    body = b""
    try:
        async for piece in _pieces(request):
            body += piece
            if len(body) > _MOST_BODY:
                raise ValueError("more was sent than a decision can hold")
    except ClientDisconnect:
        raise ValueError("the connection broke") from None
    if request.headers.get("content-type", "").partition(";")[0] == "application/json":
        try:
            given = json.loads(body)
        except RecursionError:
            raise ValueError("what was sent is nested too deeply") from None
        if not isinstance(given, dict):
            raise ValueError("an object is expected")
        return given
    try:
        return {key: values[0] for key, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    except UnicodeDecodeError:
        raise ValueError("the form is not UTF-8") from None
