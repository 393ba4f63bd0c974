"""A small web host on this computer for the tests of pulling, and invented PDFs for it to serve."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from corpus.outcome import FrontPages
from corpus.workspace import PullSettings, Review, Workspace

# No waiting between requests, no robots.txt; the time limits are wide enough for a busy machine.
QUICK = PullSettings(
    connect_seconds=5.0,
    stall_seconds=5.0,
    total_seconds=20.0,
    size_cap_mb=1.0,
    attempts=2,
    pause_seconds=0.0,
    robots=False,
)
TITLE = "Grain Vouchers and the Reform of Village Relief in Arvenia"
AUTHORS = ("Tollander, Ines",)

Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; the answer registered for its path writes the response."""

    server: Host

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.server.requests.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}))
        answer = self.server.answers.get(path)
        try:
            if answer is None:
                self.reply(404, b"nothing here")
            else:
                answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has had enough

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Write a whole response; `content_type="text/html"` gives the header Content-Type."""
        self.send_response(status)
        given = {"content_length": str(len(body)), **headers}
        for name, value in given.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test output clean."""


@dataclass
class Asked:
    """A request that came."""

    path: str
    headers: dict[str, str]


@dataclass
class Host(ThreadingHTTPServer):
    """The host; `answers` maps paths to what they give."""

    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what some tests are about."""

    @property
    def place(self) -> str:
        """Where the host listens, for example "127.0.0.1:8123"."""
        return f"127.0.0.1:{self.server_address[1]}"

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [asked.path for asked in self.requests]

    def serve(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        """Let `path` give `body`."""
        self.answers[path] = lambda request: request.reply(status, body, **headers)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Let `path` lead to the address `to`."""
        self.answers[path] = lambda request: request.reply(status, b"", location=to)


@contextmanager
def running_host() -> Iterator[Host]:
    """A host that answers until the block ends."""
    host = Host()
    host.daemon_threads = True
    thread = threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.shutdown()
        host.server_close()
        thread.join()


def hang_up(request: Request) -> None:
    """Reset the connection, as a host that crashes does."""
    request.wfile.flush()
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    request.connection.close()
    request.close_connection = True


def invented_pdf(title: str = TITLE, author: str = "Ines Tollander", extra: str = "") -> bytes:
    """Bytes that `read_front_pages` below takes for a PDF with this title page."""
    return f"%PDF-1.4\n{title}\n{author}\nAn invented report for tests. {extra}\n%%EOF\n".encode()


def read_front_pages(path: Path) -> FrontPages:
    """Stands in for the real reader: the text is in the bytes, and marks in it name the state."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    if "%%EOF" not in text:
        return FrontPages("damaged", "it ends too early")
    if "/Encrypt" in text:
        return FrontPages("password")
    if "/PictureOnly" in text:
        return FrontPages("no text layer", pages=1)
    return FrontPages("read", pages=1, text=text.removeprefix("%PDF-1.4"))


def workspace_at(root: Path, settings: PullSettings = QUICK) -> Workspace:
    """A workspace with an inbox, without review.toml."""
    (root / "inbox").mkdir(parents=True, exist_ok=True)
    return Workspace(root, Review(pull=settings))
