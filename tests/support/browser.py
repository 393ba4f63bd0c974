"""Debian's chromium for the tests of the review page, and the page served to it."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from review.app import make_app
from review.auth import Access
from support.review_page import Served

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
# Nothing to see, no sandbox where root runs it (a container), and little shared memory.
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; the test is skipped where there is none. Nothing is downloaded."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (apt install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served_at(served: Served, port: int = 0) -> Iterator[str]:
    """The address at which the review is served, by a real server in a thread."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen()
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        served.access = Access(served.reviewers, hosts=(host,), owner=served.owner)
        app = make_app(served.room, served.access)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://{host}"
        finally:
            server.should_exit = True
            thread.join()
