"""The built handbook in a browser: what axe finds, which hosts are asked, whether the search works without a server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

BROWSER = Path("/usr/bin/chromium")
PATIENCE = 60_000  # milliseconds, on a machine that has other things to do
SOUGHT, FOUND = "Krippendorff", re.compile(r"^\d+ results?$")  # what stands above the hits


def problems_in_browser(site: Path) -> Iterator[str]:
    """One line for each; none where there is no chromium, which is said."""
    if not BROWSER.exists():
        print("no chromium: pages were not looked at")
        return
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield from _look_at_pages(browser, site)
        browser.close()


def _look_at_pages(browser: Browser, site: Path) -> Iterator[str]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in sorted(site.rglob("*.html")) if scheme == "light" else [site / "index.html"]:
            if path.name != "404.html":
                page.goto(path.as_uri())
                yield from (f"{path.relative_to(site)} ({scheme}): {said}" for said in _violations(page))
    if not _finds(page, site):
        yield f"the search of pages opened as files does not find {SOUGHT!r}"
    yield from (
        f"{address} is asked of another host" for address in sorted(set(asked)) if not address.startswith("file:")
    )


def _violations(page: Page) -> Iterator[str]:
    for found in Axe().run(page).response["violations"]:
        yield f"{found['id']} ({found['impact']}): {found['nodes'][0]['html'][:100]}"


def _finds(page: Page, site: Path) -> bool:
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type(SOUGHT, delay=20)
    try:
        page.get_by_text(FOUND).first.wait_for()
    except TimeoutError:
        return False
    return True
