"""The pictures of the tutorial: a review from nothing to its exports, in the browser alone (`make tutorial`).

It is also the trial of a new user's first hour: it clicks, types titles and themes, and presses keys, nothing else. The
reports are the sample's, which are invented, and so is the list of records. Needs chromium and playwright.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from review.serving.open_reviews import OpenReviews
from review.serving.server import LOCAL, listening_on, server_for
from review.serving.start_page import Launcher

HERE = Path(__file__).parent
PICTURES = HERE / "images"
SITE = HERE.parent / "corpus" / "sample" / "site"
BROWSER, SIZE = "/usr/bin/chromium", {"width": 1280, "height": 800}
COMMAND = (sys.executable, "-m", "cli.main")
REPORTS = 6  # dropped in
DECISIONS = 15
PATIENCE = 600_000  # milliseconds for a run or a training on a machine that has other things to do
LEARNING = 300  # seconds that are waited for a training; it goes on without us
THEMES = "Delays: payments that come late, and why\nWho is missed: people who should be on a list and are not"
TOPICS = ("grants for old people", "reading lessons in schools", "household allowances", "rust on maize leaves")
KEPT = ("old people", "household")


def records(count: int = 40) -> str:
    """A reference list with abstracts, as a database would give it out."""
    made = []
    for number in range(count):
        topic = TOPICS[number % len(TOPICS)]
        made.append(
            f"TY  - JOUR\nTI  - What became of {topic} in district {number}\nAU  - Writer{number}, Ada\n"
            f"PY  - {2000 + number % 25}\nJO  - Invented Letters\n"
            f"AB  - We looked at {topic} in {number + 3} villages and asked who got what, and when.\n"
            f"KW  - {topic}\nER  - \n"
        )
    return "".join(made)


class Story:
    """One walk through the pages, with the clock running."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder, self.begun, self.address = page, folder, time.monotonic(), ""

    def keep(self, name: str, said: str) -> None:
        """A picture, and what has been reached."""
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"tutorial-{name}.png")
        self.said(said)

    def said(self, said: str) -> None:
        """What has been reached, and after how long."""
        print(f"{time.monotonic() - self.begun:6.0f} s  {said}", flush=True)

    def go(self, path: str) -> None:
        """A page of the review."""
        self.page.goto(self.address + path)

    def begin(self) -> None:
        """A new review with two themes made by hand."""
        self.page.fill("[name=title]", "Who gets what, and when")
        self.page.fill("[name=question]", "What do reports say of late payments, and of who is missed?")
        self.page.fill("[name=themes]", THEMES)
        self.keep("begin", "the form of a new review")
        self.page.click("text=Begin")
        self.page.wait_for_url(lambda url: url.rstrip("/").count("/") == 2 and "#" not in url)
        self.page.wait_for_selector("nav[aria-label=Pages]")
        self.address = self.page.url.rstrip("/")

    def fill(self) -> None:
        """Six reports and a list of forty records dropped in, and every title looked at."""
        pdfs = sorted(SITE.rglob("*.pdf"), key=lambda path: path.stat().st_size)[:REPORTS]
        listed = self.folder / "records.ris"
        listed.write_text(records(), encoding="utf-8")
        self.go("/sources")
        self.page.set_input_files("#files", [str(path) for path in (*pdfs, listed)])
        busy = "() => !/waits|looked into|sent again/.test(document.getElementById('progress').innerText)"
        self.page.wait_for_function(busy, timeout=PATIENCE)
        self.go("/sources")
        self.keep("sources", "reports and records are dropped in")
        while self.page.locator("button[value=confirm]").count():
            title = self.page.locator("textarea[name=title] >> nth=0")
            if not title.input_value().strip():
                title.fill("A report without a title on its first pages")
            self.page.locator("button[value=confirm] >> nth=0").click()
            self.page.wait_for_selector(".done-note, .problem")

    def screen(self) -> None:
        """Criteria written, every record screened by keys."""
        self.go("/screening/numbers")
        self.page.fill("[name=include]", "About what people get from a scheme\nSays who gets it, or when")
        self.page.check("[name=first]")
        self.page.click("form.wide-form button")
        self.go("/screening")
        pictured = False
        for number in range(80):
            if not self.page.locator("#deciding").count():
                break
            text = self.page.inner_text("article")
            if number >= 12 and not pictured and "Invented Letters" in text:
                pictured = True
                self.keep("screening", "a dozen records are screened")
            wanted = any(word in text for word in KEPT) or "Invented Letters" not in text
            with self.page.expect_navigation():
                self.page.keyboard.press("i" if wanted else "1")
        self.go("/screening/numbers")
        self.keep("numbers", "every record is screened")

    def run(self) -> None:
        """A run from the page, watched to its end."""
        self.go("/runs")
        self.page.click("button[value=start]")
        self.page.wait_for_selector("text=The last run started here", timeout=PATIENCE)
        self.keep("run", "the run has ended")
        if self.page.locator("text=Show what it found").count():
            self.page.click("text=Show what it found")
            self.page.wait_for_selector("table.matrix")

    def code(self, page: Page) -> int:
        """Answers to what the machine suggests, by keys; how many there were, fifteen at most."""
        answers = 0
        page.goto(self.address + "/code")
        for number in range(DECISIONS):
            page.wait_for_selector("#panel h1", state="attached")
            if not page.locator("#panel [data-act=value], #panel [data-act=seen]").count():
                break
            turn = int(page.get_attribute("#panel", "data-turn") or 0)
            by_lot = page.locator("#panel [data-act=seen]").count()
            page.keyboard.press("x" if by_lot else "12x"[number % 3])
            page.wait_for_selector(f'#panel[data-turn="{turn + 1}"]', state="attached")
            answers += 1
        return answers

    def invite(self) -> str:
        """A second coder's link."""
        self.go("/people")
        self.page.fill("[name=name]", "bilal")
        self.page.click("text=Make a link")
        return self.page.inner_text(".link-once").strip()

    def learn(self) -> None:
        """The machine learns from what was decided."""
        self.go("/machine")
        self.page.click("button[value=retrain]")
        deadline = time.monotonic() + LEARNING
        while self.page.locator("button[value=stop]").count() and time.monotonic() < deadline:
            time.sleep(3)
            self.go("/machine")
        self.said("the machine has learned")

    def export(self) -> None:
        """Word, a QDA project and a backup, as downloads."""
        for name in ("docx", "qdpx"):
            self.go("/results")
            self.page.select_option("[name=format]", name)
            with self.page.expect_download(timeout=PATIENCE) as got:
                self.page.click("text=Download")
            got.value.save_as(self.folder / f"made.{name}")
        self.keep("results", "Word file and QDA project are downloaded")
        self.go("/upkeep")
        with self.page.expect_download(timeout=PATIENCE) as got:
            self.page.click("text=Make a backup")
        got.value.save_as(self.folder / "backup.zip")

    def restore(self, start: str) -> None:
        """The backup becomes a review in another folder."""
        self.page.goto(start)
        self.page.set_input_files("#restore [name=file]", str(self.folder / "backup.zip"))
        self.page.fill("#restore [name=folder]", "restored")
        self.page.click("#restore button")
        self.page.wait_for_selector("nav[aria-label=Pages]", timeout=PATIENCE)
        self.said("the backup is a review again")


def main() -> None:
    """Walk through it once."""
    with (
        tempfile.TemporaryDirectory() as folder,
        OpenReviews(coder="amina", command=COMMAND) as reviews,
        listening_on(LOCAL, 0) as listening,
        sync_playwright() as started,
    ):
        port = listening.getsockname()[1]
        launcher = Launcher(reviews, port=port, home=Path(folder) / "home", command=COMMAND)
        server = server_for(launcher.app())
        threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
        browser = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(120_000)
        start = f"http://{LOCAL}:{port}"
        page.goto(start + launcher.link)
        page.wait_for_selector("text=A new review")
        story = Story(page, Path(folder))
        story.begin()
        story.fill()
        story.screen()
        story.run()
        print(f"{story.code(page)} answers of the first coder")
        other = browser.new_context(viewport=SIZE).new_page()
        other.set_default_timeout(120_000)
        other.goto(story.invite())
        other.wait_for_selector("nav[aria-label=Pages]")
        story.code(other)
        story.learn()
        story.export()
        story.restore(start)
        browser.close()
        server.should_exit = True


if __name__ == "__main__":
    main()
