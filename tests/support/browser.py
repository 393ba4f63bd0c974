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
        app = make_app(served.context, served.access)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://{host}"
        finally:
            server.should_exit = True
            thread.join()


class Reader:
    """A page of the browser, and what went wrong on it."""

    def __init__(self, browser: Any, address: str, link: str, **context: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, **context)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.problems.append(said.text))
        self.address = address
        self.page.goto(address + link)
        self.page.wait_for_url(f"{address}/")

    def open(self, path: str) -> None:
        """Go to a page; of the coding page wait until its passage is marked."""
        self.page.goto(self.address + path)
        if path.startswith("/code"):
            self.page.wait_for_selector(".marks rect", state="attached")

    def press(self, key: str) -> str:
        """Press a key that decides; what the page says once it is stored."""
        turn = int(self.page.get_attribute("#panel", "data-turn") or 0)
        self.page.keyboard.press(key)
        self.page.wait_for_selector(f'#panel[data-turn="{turn + 1}"]')
        return str(self.page.inner_text("#say"))

    def text(self, selector: str) -> str:
        """The text shown there."""
        return str(self.page.inner_text(selector))

    def close(self) -> None:
        """Close it; there must have been no error in it."""
        self.context.close()
        assert self.problems == []


def check_accessible(page: Any, what: str) -> None:
    """No fault that axe calls serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe
    found = axe().run(page).response["violations"]
    serious = [
        (one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == [], what
