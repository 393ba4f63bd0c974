"""The headers of every answer: no request leaves the machine, and nothing but the pages' own files runs in them."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "form-action 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers send the answers with "Origin: null"
    "Cache-Control": "no-store",
}


class Careful:
    """Sets the headers, whatever gave the answer; those that it has are left."""

    def __init__(self, app: ASGIApp, *, form_action: str = "'self'") -> None:
        """`form_action`: where forms may lead, redirects included."""
        self._app = app
        policy = _HEADERS["Content-Security-Policy"].replace("form-action 'self'", f"form-action {form_action}")
        self._headers = {**_HEADERS, "Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)
