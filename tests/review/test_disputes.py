"""Adjudication: both sides, a reason, the originals kept; and each coder reads where they were overruled and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.review_page import HOST, STUDIES, Browser, Served

KHAN = STUDIES[0]
ORIGIN = {"Origin": f"http://{HOST}"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    made.browser().act("value", KHAN, made.passage(0), "GW", value=2, note="a figure <b>is</b> given")
    made.browser("bilal", "coder").act("value", KHAN, made.passage(0), "GW", value=0)
    yield made
    made.log.close()


def _rule(browser: Browser, **given: str) -> str:
    page = browser.get("/adjudicate").text
    dispute = page.partition('<h2 id="d')[2][:8]
    sent = {"csrf": browser.csrf, "dispute": dispute, "value": "1", "because": "only mentioned", **given}
    return browser.post("/adjudicate", data=sent, headers=ORIGIN).text


def test_both_sides_stand_beside_each_other_with_their_notes(served: Served) -> None:
    page = served.browser("dilnoza", "adjudicator").get("/adjudicate").text
    assert "1 open, 0 settled" in page
    assert "<b>amina</b>: 2, with evidence" in page
    assert "<b>bilal</b>: 0, not discussed" in page
    assert "a figure &lt;b&gt;is&lt;/b&gt; given" in page


def test_a_ruling_is_added_and_what_the_coders_said_stays(served: Served) -> None:
    browser = served.browser("dilnoza", "adjudicator")
    assert "0 open, 1 settled" in _rule(browser)
    assert [(d.coder, d.role, d.value) for d in served.log.current()] == [
        ("amina", "coder", 2), ("bilal", "coder", 0), ("dilnoza", "adjudicator", 1),
    ]  # fmt: skip
    assert next(cell.human for cell in served.context.cells(KHAN) if cell.theme == "GW") == 1
    assert "dilnoza ruled" in browser.get("/adjudicate?settled=1").text


@pytest.mark.parametrize(("name", "value"), [("because", "  "), ("value", "3"), ("value", ""), ("dispute", "../../x")])
def test_without_a_reason_or_a_value_nothing_is_ruled(served: Served, name: str, value: str) -> None:
    before = served.log.entries()
    answer = _rule(served.browser("dilnoza", "adjudicator"), **{name: value})
    assert "settled" not in answer
    assert served.log.entries() == before


def test_nobody_rules_on_their_own_case(served: Served) -> None:
    assert "is one of those who differ" in _rule(served.browser())
    assert "You are one of those who differ" in served.browser().get("/adjudicate").text


def test_each_reads_where_they_were_overruled_and_why_and_nothing_of_the_other(served: Served) -> None:
    _rule(served.browser("dilnoza", "adjudicator"))
    page = served.browser("bilal", "coder").get("/overruled").text
    assert "You said: <b>0, not discussed</b>" in page
    assert "only mentioned" in page
    assert "amina" not in page
    assert "Nowhere so far" in served.browser("carol", "coder").get("/overruled").text


def test_the_agreement_page_shows_what_was_judged_twice(served: Served) -> None:
    page = served.browser("dilnoza", "adjudicator").get("/agreement").text
    assert "amina, bilal" in page
    assert "undefined: no variation" in page  # on FS and TI both said no
    assert f"/adjudicate?study={KHAN}&amp;theme=GW" in page
    assert "people, machine" in served.browser("dilnoza", "adjudicator").get("/agreement?with=machine").text
    assert "No two have judged the same studies" not in page
