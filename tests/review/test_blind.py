"""Blind coding: a coder sees neither the other's work nor, where it is hidden, the machine's view. Nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotations.independence import independent
from corpus.workspace import CodingSettings
from support.review_page import STUDIES, Served

KHAN, NOOR = STUDIES
BOTH = ("bilal", "chen")


def _served(folder: Path, **coding: object) -> Served:
    made = Served(folder, coding=CodingSettings(coders=BOTH, **coding))  # type: ignore[arg-type]
    made.reviewers.ensure("amina", "admin")
    return made


@pytest.fixture
def double(tmp_path: Path) -> Iterator[Served]:
    made = _served(tmp_path, double_share=1.0)
    yield made
    made.log.close()


@pytest.fixture
def hidden(tmp_path: Path) -> Iterator[Served]:
    made = _served(tmp_path, double_share=1.0, blind_share=1.0)
    yield made
    made.log.close()


def _pages(served: Served, name: str, role: str = "coder") -> list[str]:
    """Everything that a person can be shown on a study."""
    browser, passage = served.browser(name, role), served.passage(0)
    paths = [
        "/",
        f"/cell/{KHAN}/GW",
        "/code",
        f"/code?by=conflict&study={KHAN}",
        f"/code?by=theme&study={KHAN}&theme=GW",
    ]
    items = [f"/item?study={KHAN}&step=1", f"/item?source={KHAN}&passage={passage}&at=GW&step=1&by=study"]
    items += [f"/item?source={KHAN}&passage={passage}&at=GW&move=-1&by=study", "/item?by=again&step=1"]
    return [browser.get(path).text for path in (*paths, *items, f"/pages/{KHAN}", f"/words/{KHAN}/1")]


def test_neither_coder_sees_what_the_other_decided(double: Served) -> None:
    for passage in range(4):
        double.browser("bilal", "coder").act("value", KHAN, double.passage(passage), "GW", value=0, note="bilal's note")
    before = _served(double.workspace.root / "untouched", double_share=1.0)
    for seen, untouched in zip(_pages(double, "chen"), _pages(before, "chen"), strict=True):
        assert "bilal" not in seen
        assert _same(seen) == _same(untouched)
    before.log.close()


def _same(text: str) -> str:
    """`text` without the sign of its session."""
    return re.sub(r"\b[0-9a-f]{32}\b", "", text)


def test_both_see_all_when_both_are_done(double: Served) -> None:
    double.browser("bilal", "coder").act("value", KHAN, double.passage(0), "GW", value=1, note="bilal's note")
    for name in BOTH:
        assert "bilal" not in _pages(double, "chen")[1]
        double.browser(name, "coder").act("done", KHAN, double.passage(0), sure=True)
    assert "bilal" in _pages(double, "chen")[1]


def test_a_guest_sees_what_was_coded_blindly_once_all_are_done(double: Served) -> None:
    guest, cell = double.browser("gul", "guest"), f"/cell/{KHAN}/GW"
    double.browser("bilal", "coder").act("value", KHAN, double.passage(0), "GW", value=2, note="bilal's note")
    double.browser("bilal", "coder").act("done", KHAN, double.passage(0), sure=True)
    paths = (cell, "/", f"/document/{KHAN}/codes", "/codebook", "/search?q=payments", "/memos")
    assert not any("bilal" in guest.get(path).text for path in paths)
    assert "once they are done" in guest.get("/results").text
    assert guest.get("/results/export?format=csv").status_code == 404
    double.browser("chen", "coder").act("done", KHAN, double.passage(0), sure=True)
    assert "bilal" in guest.get(cell).text
    for coder in BOTH:
        double.browser(coder, "coder").act("done", NOOR, double.passage(0, NOOR), sure=True)
    assert "once they are done" not in guest.get("/results").text


def test_an_adjudicator_who_does_not_code_sees_all(double: Served) -> None:
    double.browser("bilal", "coder").act("value", KHAN, double.passage(0), "GW", value=1, note="bilal's note")
    assert "bilal" in _pages(double, "dilnoza", "adjudicator")[1]


def test_where_the_machine_is_hidden_nothing_tells_what_it_says(hidden: Served, tmp_path: Path) -> None:
    # The same texts with quite another machine: a blind coder's pages must not differ by a letter.
    other = _served(tmp_path / "other", double_share=1.0, blind_share=1.0)
    proposals = {
        study: replace(proposed, suggestions=tuple(replace(s, score=1 - s.score) for s in proposed.suggestions[3:]))
        for study, proposed in other.review_items.proposals.items()
    }
    other.review_items = other.review_items.__class__(
        other.review_items.sources, other.review_items.documents, proposals, other.review_items.codebook
    )
    other.start()
    for seen, with_other in zip(_pages(hidden, "chen"), _pages(other, "chen"), strict=True):
        assert _same(seen) == _same(with_other)
        assert "GW.delay" not in seen
    other.log.close()


def test_a_decision_made_without_the_machines_view_says_so(hidden: Served) -> None:
    browser, passage = hidden.browser("chen", "coder"), hidden.passage(0)
    panel = browser.act("add", KHAN, passage, to="GW", value=2, shown=True, query="by=study").json()["panel"]
    assert "machine's view is hidden" in panel
    assert "likely" not in panel
    (decision,) = hidden.log.current()
    assert (decision.shown, decision.model_id) == (False, "m1")
    following = browser.act("seen", KHAN, passage, query="by=study").json()["panel"]
    assert f'data-passage="{hidden.passage(1)}"' in following


def test_a_forged_act_on_a_hidden_passage_gets_no_view_of_it(hidden: Served) -> None:
    answer = hidden.browser("chen", "coder").act("value", KHAN, hidden.passage(0), "GW", value=1, stay=True)
    assert "likely" not in answer.text
    assert "0.95" not in answer.text


def test_each_passage_goes_to_its_coder_only(tmp_path: Path) -> None:
    served = _served(tmp_path)
    own = {name: {item.key for item in served.context.coder_items.items(name)} for name in BOTH}
    assert own["bilal"] | own["chen"] == {item.key for item in served.review_items.suggested}
    assert not own["bilal"] & own["chen"]
    served.log.close()


def test_whoever_opens_a_revealed_study_again_is_told_and_recorded_as_having_seen(double: Served) -> None:
    for name in BOTH:
        double.browser(name, "coder").act("value", KHAN, double.passage(0), "GW", value=1, shown=False)
        double.browser(name, "coder").act("done", KHAN, double.passage(0), sure=True)
    chen = double.browser("chen", "coder")
    chen.get(f"/document/{KHAN}/codes")  # shows bilal's codes now
    asked = chen.act("reopen", KHAN, double.passage(0)).json()
    assert "no longer counts as independent" in asked["question"]
    chen.act("reopen", KHAN, double.passage(0), sure=True)
    chen.act("value", KHAN, double.passage(1), "GW", value=1, shown=False)
    made = [d for d in double.log.current() if d.coder == "chen" and d.anchor]
    assert {d.anchor.passage_id: d.shown for d in made if d.anchor}[double.passage(1)] is True
    before, _ = independent(double.log.entries())
    counted = [d.anchor.passage_id for d in before if d.coder == "chen" and d.anchor]
    assert counted == [double.passage(0)]  # agreement leaves out what came after
