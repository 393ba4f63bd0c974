"""A whole document: what stands in its margin, and words coded anywhere in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.workspace import CodingSettings
from extract.read import read_document
from review.anchoring.anchors import of_block
from review.anchoring.flowing_text import flowing_text
from review.review_items import ReviewItems
from support.pdf_pages import report
from support.review_page import STUDIES, TEXTS, Browser, Served

KHAN, NOOR = STUDIES


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    yield made
    made.log.close()


@pytest.fixture
def unsuggested(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    made.review_items = ReviewItems(
        made.review_items.sources, made.review_items.documents, {}, made.review_items.codebook
    )
    made.log.close()
    made.start()
    yield made
    made.log.close()


def _code(browser: Browser, first: str, last: str, *codes: tuple[str, int], note: str = "", page: int = 1) -> Any:
    """Code the words from `first` to `last`, told by how they begin, starting on `page`."""
    found = []
    for word in (first, last):
        for number in range(page, 3):
            words = [row[0] for row in browser.get(f"/words/{KHAN}/{number}").json()]
            at = next((at for at, one in enumerate(words) if one.startswith(word)), None)
            if at is not None:
                found.append({"page": number, "word": at})
                break
    given = {"from": found[0], "to": found[1], "codes": [{"to": to, "value": value} for to, value in codes]}
    return browser.act("code", KHAN, "", view="document", note=note, **given).json()


def _margin(browser: Browser) -> list[dict[str, Any]]:
    return list(browser.get(f"/document/{KHAN}/codes").json()["codes"])


def test_a_study_without_suggestions_is_read_coded_and_finished(unsuggested: Served) -> None:
    browser = unsuggested.browser()
    assert f'href="/document/{KHAN}"' in browser.get("/").text
    assert "This study is done" in browser.get(f"/document/{KHAN}").text
    answer = _code(browser, "delayed", "months", ("GW", 2), ("TI", 1), note="see the annex")
    assert answer["say"] == "GW: with evidence, TI: mentioned"
    assert {(d.theme, d.value, d.note) for d in unsuggested.log.current()} == {
        ("GW", 2, "see the annex"), ("TI", 1, "see the annex"),
    }  # fmt: skip
    unsuggested.show_all(browser)
    browser.act("done", KHAN, "", view="document", sure=True)
    assert {cell.theme: cell.human for cell in unsuggested.context.cells(KHAN)} == {"GW": 2, "FS": 0, "TI": 1}


def test_finishing_asks_where_much_is_open_and_stores_nothing(served: Served) -> None:
    browser = served.browser()
    browser.act("value", KHAN, served.passage(0), "GW", value=1)
    before = len(served.log.entries())
    asked = browser.act("done", KHAN, "", view="document").json()
    assert asked["question"].startswith("7 undecided, 1 of 4 passages seen.")
    assert len(served.log.entries()) == before


def test_words_over_a_page_break_are_one_quotation_that_names_the_first_passage(served: Served) -> None:
    browser = served.browser()
    _code(browser, "budget", "poor", ("GW", 1))
    (decision,) = served.log.current()
    assert decision.anchor is not None
    assert decision.anchor.quote == TEXTS[1].partition("The ")[2] + " Many poor"
    assert (decision.anchor.page, decision.anchor.passage_id) == (1, served.passage(1))
    (code,) = [one for one in _margin(browser) if one["layer"] == "mine"]
    assert {box[0] for box in code["boxes"]} == {1, 2}
    assert served.context.review_state.own("amina", KHAN).by_passage[served.passage(1)]


def test_of_a_word_that_stands_twice_in_a_passage_the_one_selected_is_kept(served: Served) -> None:
    browser = served.browser()
    words = [row[0] for row in browser.get(f"/words/{KHAN}/1").json()]
    first, second = [at for at, word in enumerate(words) if word == "the"][:2]
    place = {"page": 1, "word": second}
    browser.act("code", KHAN, "", view="document", **{"from": place, "to": place}, codes=[{"to": "GW", "value": 1}])
    (decision,) = served.log.current()
    assert first < second
    assert decision.anchor is not None
    assert decision.anchor.prefix.endswith("nobody at ")
    (code,) = [one for one in _margin(browser) if one["layer"] == "mine"]
    assert [round(box[1]) for box in code["boxes"]] == [round(browser.get(f"/words/{KHAN}/1").json()[second][1])]


def test_a_code_is_changed_and_taken_back_by_its_stripe(served: Served) -> None:
    browser = served.browser()
    added = _code(browser, "delayed", "months", ("GW", 1))["changed"]["added"]
    (mine,) = [code for code in added if code["layer"] == "mine"]
    browser.act("restrength", KHAN, "", view="document", id=mine["id"], value=2, note="twice")
    assert [(d.value, d.note) for d in served.log.current()] == [(2, "twice")]
    answer = browser.act("uncode", KHAN, "", view="document", id=mine["id"]).json()
    assert answer["changed"]["removed"] == [mine["id"]]
    assert served.log.current() == ()
    assert browser.act("undo", KHAN, "", view="document").json()["say"] == "Undone: GW taken back"
    assert [d.value for d in served.log.current()] == [2]


def test_a_suggestion_is_decided_in_the_margin_and_stops_waiting(served: Served) -> None:
    browser = served.browser()
    waiting = [one for one in _margin(browser) if one["layer"] == "machine" and not one["answered"]]
    assert len(waiting) == 8
    first = waiting[0]
    browser.act("value", KHAN, first["passage"], first["theme"], value=2, view="document")
    assert sum(one["layer"] == "machine" and not one["answered"] for one in _margin(browser)) == 7
    assert [one["value"] for one in _margin(browser) if one["layer"] == "mine"] == [2]


def test_what_was_on_the_screen_is_passed_over_and_no_act_to_undo(served: Served) -> None:
    browser = served.browser()
    browser.act("passed", KHAN, "", view="document", passages=[served.passage(0), served.passage(1)])
    assert [(mark.kind, mark.coder) for mark in served.log.marks()] == [("passed over", "amina")] * 2
    assert "of 4 passages 0 judged, 2 passed over, 2 not shown yet" in browser.get(f"/document/{KHAN}").text
    assert browser.act("undo", KHAN, "").json()["say"] == "There is nothing to undo"


def test_others_codes_stand_in_the_margin_only_of_those_who_may_see_them(tmp_path: Path) -> None:
    served = Served(tmp_path, coding=CodingSettings(coders=("bilal", "chen"), double_share=1.0, blind_share=1.0))
    bilal, chen = served.browser("bilal", "coder"), served.browser("chen", "coder")
    _code(bilal, "delayed", "months", ("GW", 2), note="bilal's note")
    for path in (f"/document/{KHAN}/codes", f"/document/{KHAN}"):
        assert "bilal" not in chen.get(path).text
        assert "likely" not in chen.get(path).text
    assert "bilal's note" in served.browser("dilnoza", "adjudicator").get(f"/document/{KHAN}/codes").text
    for browser in (bilal, chen):
        browser.act("done", KHAN, "", view="document", sure=True)
    layers = {one["layer"] for one in _margin(chen)}
    assert layers == {"others", "machine"}
    served.log.close()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"codes": []}, "one to 20 themes"),
        ({"codes": [{"to": "XX", "value": 1}]}, "no theme 'XX'"),
        ({"codes": [{"to": "GW", "value": 0}]}, "value must be one of 1, 2"),
        ({"codes": ["GW"]}, "a theme with its strength is expected"),
        ({"from": {"page": 1, "word": 4}, "to": {"page": 1, "word": 2}}, "Select them again"),
        ({"from": {"page": 1, "word": 4}, "to": {"page": 1, "word": 99999}}, "Select them again"),
        ({"from": {"page": 1, "word": -1}}, "told by page and number"),
        ({"from": "x"}, "told by page and number"),
        ({"from": {"page": 9, "word": 1}, "to": {"page": 9, "word": 2}}, "no page '9'"),
    ],
)
def test_a_selection_that_is_none_is_refused_and_nothing_recorded(served: Served, given: Any, why: str) -> None:
    place = {"page": 1, "word": 1}
    sent = {"from": place, "to": place, "codes": [{"to": "GW", "value": 1}], **given}
    answer = served.browser().act("code", KHAN, "", view="document", **sent)
    assert answer.status_code == 400
    assert why in answer.json()["error"]
    assert served.log.entries() == ()


def test_a_log_that_cant_be_written_is_answered_so_that_the_browser_keeps_the_act(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from corpus.errors import LogUnavailableError

    def full(*_: object, **__: object) -> None:
        raise LogUnavailableError("the decision log can't be written now: disk full")

    browser = served.browser()
    monkeypatch.setattr(served.log, "record", full)
    assert browser.act("value", KHAN, served.passage(0), "GW", value=1).status_code == 503


_WORDS = [("Payments", "villages"), ("delayed", "months"), ("The", "onwards."), ("treasury", "once"), ("year.", "The")]


@pytest.mark.parametrize(("first", "last"), _WORDS)
def test_words_of_the_flowing_text_are_kept_as_those_on_the_page_image(served: Served, first: str, last: str) -> None:
    browser = served.browser()
    _code(browser, first, last, ("GW", 1))
    passages = served.review_items.documents[KHAN].passages
    ends = []
    for word in (first, last):
        after = ends[0]["passage"] if ends else passages[0].id
        later = passages[[passage.id for passage in passages].index(after) :]
        found = next((p, number) for p in later for number, one in enumerate(p.text.split(" ")) if one.startswith(word))
        ends.append({"passage": found[0].id, "word": found[1]})
    codes = [{"to": "FS", "value": 1}]
    answer = browser.act("code", KHAN, "", view="document", codes=codes, **{"from": ends[0], "to": ends[1]})
    assert answer.json()["say"] == "FS: mentioned"
    on_page, in_text = sorted(served.log.current(), key=lambda one: one.theme == "FS")
    assert in_text.anchor == on_page.anchor


def test_headings_in_the_flowing_text_are_coded_by_their_words(tmp_path: Path) -> None:
    document = read_document(report(tmp_path / "made.pdf", pages=3), "0" * 64)
    pieces = flowing_text(document)
    headings = [one for one in pieces if one.kind == "heading"]
    assert [one.text for one in headings] == ["1 Introduction", "2 Data and methods", "3 Results"]
    assert [one.number for one in headings] == [0, 1, 2]
    assert pieces[1].passage == document.passages[0].id
    assert sum(one.kind == "passage" for one in pieces) == len(document.passages)
    assert not any("annual review" in one.text for one in pieces)  # running heads stay on the page images
    block = document.blocks[headings[1].block]
    anchor = of_block(document, block, headings[1].text, 1, 3)
    assert (anchor.quote, anchor.passage_id, anchor.page) == ("Data and methods", "", 2)
    assert anchor.offset is not None
    assert document.text[anchor.offset :].startswith("Data and methods")


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        (({"passage": 0, "word": 3}, {"passage": 0, "word": 1}), "behind the last"),
        (({"passage": 0, "word": 3}, {"passage": 0, "word": 999}), "select them again"),
        (({"passage": 0, "word": -1}, {"passage": 0, "word": 1}), "a number is expected"),
        (({"block": 999, "word": 0}, {"block": 999, "word": 1}), "by themselves"),
    ],
)
def test_words_that_are_not_in_the_text_are_refused(served: Served, ends: Any, why: str) -> None:
    for end in ends:
        if "passage" in end:
            end["passage"] = served.passage(0)
    codes = [{"to": "FS", "value": 1}]
    answer = served.browser().act("code", KHAN, "", view="document", codes=codes, **{"from": ends[0], "to": ends[1]})
    assert answer.status_code == 400
    assert why in answer.json()["error"]
    assert served.log.entries() == ()
