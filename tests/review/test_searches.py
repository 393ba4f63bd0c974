"""Searches are saved, repeated and forgotten on a page of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.discovery.saved_searches import SearchRecord, load_searches, note_search
from corpus.workspace import write_atomic
from review.desk.jobs import Jobs
from support.review_page import HOST, Browser, Served

ORIGIN = {"Origin": f"http://{HOST}"}
ECHO = (sys.executable, "-c", "import sys; print(*sys.argv[1:])")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "mine")
    write_atomic(made.workspace.root / "sources.toml", b"# none yet\n")
    made.context.jobs = Jobs(made.workspace, ECHO)
    yield made
    made.log.close()


def _change(browser: Browser, **given: str) -> str:
    return browser.post("/searches", data={"csrf": browser.csrf, **given}, headers=ORIGIN).text


def test_a_search_is_saved_and_done_by_the_same_command(served: Served) -> None:
    browser = served.browser()
    page = _change(browser, what="add", name="meals", query='"school meals"', **{"from": "2015", "to": ""}, most="50")
    assert "&#34;school meals&#34; · publication_year:2015-" in page
    (saved,) = load_searches(served.workspace)
    assert (saved.query, saved.filter, saved.most) == ('"school meals"', "publication_year:2015-", 50)
    assert served.context.jobs.last("search").arguments == ("sources", "search", "--", "meals")  # type: ignore[union-attr]
    note_search(served.workspace, SearchRecord("2026-03-01T10:00:00+00:00", "meals", "x", 9, 9, 7, 2, note="a note"))
    page = browser.get("/searches").text
    assert "2026-03-01 10:00" in page
    assert "a note" in page
    _change(browser, what="forget", name="meals")
    assert load_searches(served.workspace) == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": " ", "query": "x"}, "needs a name"),
        ({"name": "a", "query": " "}, "needs either words"),
        ({"name": "a", "query": "x", "from": "20"}, "four digits"),
        ({"name": "a", "query": "x", "most": "many"}, "taken: 1 to 10,000"),
    ],
)
def test_a_search_that_can_not_be_done_is_not_saved(served: Served, given: dict[str, str], told: str) -> None:
    assert told in _change(served.browser(), what="add", **given)
    assert load_searches(served.workspace) == ()
