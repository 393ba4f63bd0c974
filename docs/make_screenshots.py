"""The pictures of the handbook, made anew from the sample review: `make screenshots`. Needs chromium and playwright.

Given the folder of a sample that was run already, it takes that one.

Everything on them is invented, as the sample says of itself.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from pipeline.open_review import open_review
from review.serving.server import LOCAL, listening_on, opened_review, server_for

HERE = Path(__file__).parent
ROOT, PICTURES = HERE.parent, HERE / "images"
BROWSER = "/usr/bin/chromium"
SIZE = {"width": 1280, "height": 800}
# Name of the picture, path of the page, and what has to be there before it is taken.
PAGES = (
    ("matrix", "/", "table.matrix"),
    ("code", "/code", ".marks rect"),
    ("document", "/document/torrand-2021", ".page img"),
    ("sources", "/sources", "#drop"),
)


def main(made: Path | None) -> None:
    """Photograph the pages and the report of the sample in `made`, or of one that is run in a folder of its own."""
    if made:
        photograph(made)
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "cli.main", "run", "--sample", "--without-prefect", "--workspace", folder],
            check=True,
            cwd=ROOT,
        )
        photograph(Path(folder) / "sample")


def photograph(folder: Path) -> None:
    """The pages of the review in `folder`, served for the time of it, and its report."""
    workspace, _ = open_review(folder)
    PICTURES.mkdir(exist_ok=True)
    with (
        listening_on(LOCAL, 0) as listening,
        opened_review(workspace, coder="amina", host=LOCAL, listening=listening, command=()) as review,
        sync_playwright() as started,
    ):
        server = server_for(review.app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        browser = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(120_000)  # the first page of a review is drawn when it is asked for
        page.goto(review.link)
        page.wait_for_url(f"{review.address}/")
        for name, path, sign in PAGES:
            page.goto(review.address + path)
            page.wait_for_selector(sign, state="attached")
            page.wait_for_load_state("networkidle")
            _keep(page, name)
        page.goto((workspace.out / "latest" / "report.html").resolve().as_uri())
        _keep(page, "report")
        browser.close()
        server.should_exit = True
        thread.join()


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")
    print(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
