"""How long a coder waits for the next suggestion, in the browser itself: from the key to the next passage painted.

`python -m bench.coding_felt`: the made review of `bench.review`, served to a chromium without a window, in which the
keys 1, 2 and x decide on suggestion after suggestion. Told are the time until the next passage stands in the page, and
until the browser has painted it; a screen of 60 pictures a second shows it up to 17 ms later, whatever the program
does. The server stores each decision meanwhile, and its answer is not waited for. The texts are invented.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

import uvicorn
from playwright.sync_api import Page, sync_playwright

from annotations.log.open_log import open_log
from annotations.log.reviewers import Reviewers
from bench.review import DECISIONS, decide, made_shelf
from corpus.workspace import Review, Workspace
from review.app import make_app
from review.auth import Access
from review.context import ReviewContext
from review.review_state import ReviewState

KEYS = 150
_PAUSE = 120  # milliseconds between two keys: faster than anybody reads
# Kept of each key, in milliseconds: until all was done that it does, until that was painted; is the next item there?
_WATCH = """() => {
  window.felt = [];
  const here = () => { const { passage, theme } = item(); return `${passage} ${theme}`; };
  addEventListener("keydown", () => {
    const before = here(), began = performance.now(), one = {};
    const painted = new MessageChannel();
    painted.port1.onmessage = () => { one.painted = performance.now() - began; window.felt.push(one); };
    document.addEventListener("keydown", () => { one.shown = performance.now() - began; }, { once: true });
    requestAnimationFrame(() => { one.next = here() !== before; painted.port2.postMessage(null); });
  }, true);
}"""


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listening:
        workspace = Workspace(Path(folder), Review(title="A made review"))
        review_items = made_shelf(workspace)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        with open_log(workspace) as log:
            decide(review_items, log, DECISIONS)
            context = ReviewContext(workspace, review_items, ReviewState(review_items, log))
            reviewers = Reviewers(log.engine)
            access = Access(reviewers, hosts=(host,), owner=reviewers.ensure("amina", "admin"))
            server = uvicorn.Server(uvicorn.Config(make_app(context, access), log_level="warning", lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                for order in ("study", "next"):
                    _told(order, _felt(f"http://{host}", access.renew_link(), f"/code?by={order}"))
            finally:
                server.should_exit = True
                thread.join()


def _felt(address: str, link: str, path: str) -> list[dict[str, float]]:
    with sync_playwright() as started:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address + link)
        page.wait_for_url(f"{address}/")
        page.goto(address + path)
        while not page.evaluate("Ahead.panels.length"):  # the page forbids the waiting that evaluates texts
            page.wait_for_timeout(50)
        found = _pressed(page)
        browser.close()
    return found


def _pressed(page: Page) -> list[dict[str, float]]:
    page.evaluate(_WATCH)
    for key in islice(cycle("12x"), KEYS):
        page.keyboard.press(key)
        page.wait_for_timeout(_PAUSE)
    found: list[dict[str, float]] = page.evaluate("window.felt")
    return found


def _told(order: str, felt: list[dict[str, float]]) -> None:
    at_once = [one for one in felt if one["next"]]
    print(f"order {order}: {len(at_once)} of {len(felt)} keys had the next passage in the next picture of the screen")
    for name in ("shown", "painted"):
        taken = [one[name] for one in at_once]
        high = quantiles(taken, n=20)[-1]
        print(f"  {name:8} median {median(taken):6.1f} ms, 95 % {high:6.1f} ms, least {min(taken):5.1f} ms", flush=True)


if __name__ == "__main__":
    main()
