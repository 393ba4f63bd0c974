"""The pages on which a review is run, in a real browser: files dropped in, titles confirmed, a run watched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.registry.registry_file import load_sources
from corpus.workspace import establish, write_atomic
from review.desk.jobs import Jobs
from support.browser import Reader, check_accessible, chromium, served_at
from support.review_page import Served
from support.small_review import sample_pdfs

PROGRESS = "document.getElementById('progress').innerText"
SLOW = (sys.executable, "-c", "import time; print('reading'); time.sleep(1.5); print('all is read')")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as made:
        yield made


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "mine")
    write_atomic(made.workspace.root / "review.toml", b'title = "Mine"\nshipped_sources = false\n')
    write_atomic(made.workspace.root / "sources.toml", b"# none yet\n")
    establish(made.workspace)
    yield made
    made.log.close()


def _files(folder: Path) -> list[str]:
    folder.mkdir()
    pdfs = sample_pdfs(2)
    given = {
        "one.pdf": pdfs["doc-0"], "two.pdf": pdfs["doc-1"], "again.pdf": pdfs["doc-0"], "broken.pdf": b"%PDF-1.7 cut",
        "list.ris": b"TY  - RPRT\nTI  - Wages in the hills\nAB  - Who earns what.\nER  - \n",
        "photo.png": b"\x89PNG nothing",
    }  # fmt: skip
    for name, data in given.items():
        (folder / name).write_bytes(data)
    return [str(folder / name) for name in given]


def test_files_are_dropped_in_confirmed_and_a_run_is_watched(browser: Any, served: Served, tmp_path: Path) -> None:
    served.context.jobs = Jobs(served.workspace, SLOW)
    with served_at(served) as address:
        reader = Reader(browser, address, served.access.link)
        page = reader.page
        reader.open("/sources")
        page.set_input_files("#files", _files(tmp_path / "given"))
        page.wait_for_function(
            "() => !/waits|looked into|sent again/.test(document.getElementById('progress').innerText)"
        )
        said = reader.text("#progress")
        assert "list.ris list: RIS, 1 record: 1 added" in said
        assert "broken.pdf damaged" in said
        assert "photo.png" in said
        reader.open("/sources")
        check_accessible(page, "sources")
        for number in range(2):
            page.locator("textarea[name=title] >> nth=0").fill(f"A title that was looked at {number}")
            page.locator("button[value=confirm] >> nth=0").click()
            page.wait_for_selector(".done-note")
        assert [source.title for source in load_sources(served.workspace)] == [
            "Wages in the hills", "A title that was looked at 0", "A title that was looked at 1",
        ]  # fmt: skip
        _screen_by_keys(reader, served)
        reader.open("/runs")
        page.click("button[value=start]")
        page.wait_for_selector("text=The last run started here: done")
        assert "all is read" in str(page.text_content("pre.log"))
        for path in ("/runs", "/searches", "/results", "/machine", "/people", "/upkeep"):
            reader.open(path)
            check_accessible(page, path)
        reader.close()


def _screen_by_keys(reader: Reader, served: Served) -> None:
    """All records are screened without the mouse; one verdict is taken back and given anew."""
    page = reader.page
    reader.open("/screening")
    check_accessible(page, "screening")
    page.keyboard.press("?")
    assert page.locator("#keys[open]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("in doubt; 1 2 i")  # in the field of the note keys are letters
    page.keyboard.press("Escape")
    for key in ("m", "u", "i", "1", "x"):
        title = page.inner_text("#record-title")
        with page.expect_navigation():
            page.keyboard.press(key)
        if key == "u":
            assert page.inner_text("#record-title") != title
    assert "Nothing is left for you to screen" in reader.text("h1")
    said = served.log.screening_history()
    assert [one.verdict for one in said] == ["maybe", "", "include", "exclude", "exclude"]
    assert (said[0].note, said[3].reason) == ("in doubt; 1 2 i", "another topic")
    for path in ("/screening/disputes", "/screening/records", "/screening/numbers"):
        reader.open(path)
        check_accessible(page, path)


def test_a_row_of_the_matrix_is_found_by_its_words_and_by_what_is_open(browser: Any, served: Served) -> None:
    with served_at(served) as address:
        reader = Reader(browser, address, served.access.link)
        reader.open("/")
        rows = reader.page.locator("table.matrix tbody tr:visible")
        assert rows.count() == 3
        reader.page.fill("#row-words", "noor 2019")
        assert [row.strip().startswith("Noor (2019)") for row in rows.all_inner_texts()] == [True]
        assert reader.text("#row-count") == "1 of 3 studies shown"
        reader.page.fill("#row-words", "")
        reader.page.select_option("#row-only", "disputed")
        assert rows.count() == 0
        for only in ("undone", "text"):
            reader.page.select_option("#row-only", only)
            assert rows.count() == 2
        reader.close()
