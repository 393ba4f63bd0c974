"""A Prefect server that only its owner can use: a secret for its API, and none but its own page and names.

Prefect's server answers every account of the machine, every web page and every Host header, and who may speak to it
can have commands run. With a secret it asks for that (`PREFECT_SERVER_API_AUTH_STRING`); this adds the rest. The secret
goes from process to process in the environment and lies in a file that only its owner can read, never in a command
line.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

SIGN_IN = "/jaiza"  # page that takes the secret behind `#`, keeps it for Prefect's page, and goes there
_REFUSED = b"This server answers its own page on this machine only.\n"
_SIGN_IN_PAGE = b"""<!doctype html><meta charset="utf-8"><title>Jaiza</title>
<p>One moment.</p>
<script>
  if (location.hash.length > 1) {
    localStorage.setItem("prefect-password", btoa(decodeURIComponent(location.hash.slice(1))));
  }
  location.replace("/");
</script>
"""


def make_secret() -> str:
    """A secret for one server, new at each start."""
    return f"jaiza:{secrets.token_urlsafe(24)}"


def secure_environment(secret: str, port: int) -> dict[str, str]:
    """Environment variables that close a server on this machine and let a client of it in."""
    return {
        "PREFECT_SERVER_API_AUTH_STRING": secret,
        "PREFECT_API_AUTH_STRING": secret,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",
    }


def write_private(path: Path, data: bytes) -> None:
    """Write a file that nobody but its owner can read, from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)
    made.replace(path)


class OwnPageOnly:
    """Refuses requests under another name than the server's, and those of other web pages, before Prefect sees them."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        names = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._app = app
        self._hosts = frozenset(name.encode() for name in names)
        self._origins = frozenset(f"http://{name}".encode() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif not self._is_own(scope):
            await _refuse(scope, send)
        elif scope["type"] == "http" and scope["path"] == SIGN_IN:
            await _answer(send, 200, _SIGN_IN_PAGE, b"text/html; charset=utf-8")
        else:
            await self._app(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        return len(hosts) == 1 and hosts[0] in self._hosts and all(origin in self._origins for origin in origins)


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before it is accepted: answered with 403
    else:
        await _answer(send, 403, _REFUSED, b"text/plain; charset=utf-8")


async def _answer(send: Send, status: int, body: bytes, kind: bytes) -> None:
    headers = [(b"content-type", kind), (b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
