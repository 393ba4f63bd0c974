"""Who may see the page: whoever opened the one-time link on this machine, and nobody else."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

COOKIE = "jaiza"
_SAFE_METHODS = ("GET", "HEAD")


class Access:
    """A link that works once and gives the browser a cookie; requests need the cookie and must come from the page."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        """`hosts` are the values of the Host header that mean this server, for example "127.0.0.1:8010"."""
        self._hosts = hosts
        self._once: str | None = secrets.token_urlsafe(24)
        self._session = secrets.token_urlsafe(24)

    @property
    def link(self) -> str:
        """Path of the one-time link."""
        return f"/enter?token={self._once}"

    def enter(self, request: Request) -> Response:
        """Exchange the one-time token for the cookie."""
        given = request.query_params.get("token", "")
        if self._once is None or not secrets.compare_digest(given.encode(), self._once.encode()):
            return PlainTextResponse("This link has been used. Start `jaiza review` again for a new one.", 403)
        self._once = None
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, self._session, httponly=True, samesite="strict")
        return response

    def refusal(self, request: Request) -> Response | None:
        """Why this request is not answered; None where it may be."""
        if request.headers.get("host") not in self._hosts:  # another name for this machine: DNS rebinding
            return PlainTextResponse("Open the page under the address that `jaiza review` printed.", 400)
        if not secrets.compare_digest(request.cookies.get(COOKIE, "").encode(), self._session.encode()):
            return PlainTextResponse("Open the link that `jaiza review` printed.", 403)
        origin = request.headers.get("origin")
        if request.method not in _SAFE_METHODS and origin not in [f"http://{host}" for host in self._hosts]:
            return PlainTextResponse("This did not come from the review page.", 403)
        return None
