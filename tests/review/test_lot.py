"""Passages that come by lot: asked about as a whole, told as such, and what follows from them on the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.workspace import CodingSettings
from support.review_page import HOST, STUDIES, Served

KHAN, _ = STUDIES


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path, coding=CodingSettings(lot_share=1.0), themes=("GW",))
    yield made
    made.log.close()


def test_a_passage_by_lot_is_asked_about_as_a_whole_and_says_why(served: Served) -> None:
    page = served.browser().get("/code?by=lot").text
    assert "by lot: this measures what the machine misses" in page
    assert "Which themes are in this passage?" in page
    assert "% likely" not in page
    assert "1 of 8, 8 open" in page


def test_an_answer_to_a_suggestion_leaves_the_whole_passage_to_be_read(served: Served) -> None:
    browser, passage = served.browser(), served.passage(0)
    browser.act("value", KHAN, passage, "GW", value=1)
    assert "8 open" in browser.get("/code?by=lot").text
    browser.act("seen", KHAN, passage)
    assert "7 open" in browser.get("/code?by=lot").text
    browser.act("undo", KHAN, passage)
    assert "8 open" in browser.get("/code?by=lot").text


def test_the_page_of_trust_says_what_to_do_and_then_what_is_known(served: Served) -> None:
    browser = served.browser()
    assert "0 of 8 passages drawn by lot were read" in browser.get("/trust").text
    for study in STUDIES:
        for number in range(4):
            passage = served.passage(number, study)
            browser.act("value", study, passage, "GW", value=int(number < 2))
            if number == 3:
                browser.act("add", study, passage, to="FS", value=1)
            browser.act("seen", study, passage)
    page = browser.get("/trust").text
    assert "8 of 8 passages drawn by lot were read; 8 of them speak for all 2 studies" in page
    assert "Of its suggestions 8 were answered, and 4 of these (50%) were right." in page
    assert "50 % [50, 50]" in page  # precision of GW: all is known
    assert "2 of 8" in page  # FS, which it never proposes
    assert "25 % [25, 25]" in page


def test_an_admin_sets_how_many_come_by_lot(served: Served) -> None:
    browser = served.browser()
    (served.workspace.root / "review.toml").write_text('title = "Mine"  # ours\n')
    (served.workspace.root / "workspace.json").write_text('{"format": 1}')
    form = {"csrf": browser.csrf, "share": "0"}
    answer = browser.post("/trust", data=form, headers={"Origin": f"http://{HOST}"})
    assert "no passages are drawn by lot" in answer.text
    assert "# ours" in (served.workspace.root / "review.toml").read_text()
    assert "by lot: this measures" not in browser.get("/code?by=study").text
