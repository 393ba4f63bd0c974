"""What was decided without a connection, sent when the text has become another: found again by its words, or kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotations.anchor import fold
from annotations.codebook_changes import Recoding
from extract.passage_id import passage_ids
from review.review_items import ReviewItems
from support.review_page import CODEBOOK, STUDIES, Served

STUDY = STUDIES[0]


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(tmp_path)


def _edition(served: Served, texts: list[str]) -> None:
    """The study has other words from now on, a passage each."""
    document = served.review_items.documents[STUDY]
    kept = [
        replace(document.passages[0], id=key, text=text) for key, text in zip(passage_ids(texts), texts, strict=True)
    ]
    now = replace(document, sha256="b" * 64, passages=tuple(kept), text="\n\n".join(texts))
    items = ReviewItems(served.review_items.sources, {STUDY: now}, {}, CODEBOOK)
    served.context.open_items(items)
    served.context.review_state.begin_again()


def test_a_decision_on_words_that_stand_otherwise_now_goes_to_the_passage_that_has_them(served: Served) -> None:
    browser, then = served.browser(), served.review_items.documents[STUDY].passages
    words = then[0].text
    _edition(served, [then[1].text, words.replace("many months", "some months")])
    answer = browser.act("value", STUDY, then[0].id, "GW", value=2, words=words, view="form")
    assert answer.status_code == 200
    (made,) = [decision for decision in served.log.current() if decision.theme == "GW"]
    assert made.anchor
    assert made.anchor.passage_id == served.context.review_items.documents[STUDY].passages[1].id


def test_what_stands_nowhere_any_more_is_kept_and_placed_by_its_coder(served: Served) -> None:
    browser, then = served.browser(), served.review_items.documents[STUDY].passages
    gone = then[3]
    _edition(served, [passage.text for passage in then[:3]])
    said = browser.act("add", STUDY, gone.id, to="FS", value=1, words=gone.text, view="form").json()["say"]
    assert "is no longer in the text" in said
    (made,) = served.log.current()
    assert made.anchor
    assert (fold(made.anchor.quote), made.anchor.passage_id, made.value) == (fold(gone.text), "", 1)
    assert [mark.kind for mark in served.log.marks()] == ["look again"]
    shown = browser.get(f"/document/{STUDY}/codes").json()["codes"]
    (lost,) = [code for code in shown if code["layer"] == "mine"]
    assert lost["gone"]
    browser.act("place", STUDY, then[1].id, id=lost["id"], view="form")
    (placed,) = served.log.current()
    assert placed.anchor
    assert (placed.anchor.passage_id, placed.theme, placed.value) == (then[1].id, "FS", 1)
    assert [mark.kind for mark in served.log.marks()] == ["seen"]


def test_a_theme_that_was_renamed_meanwhile_is_what_it_is_called_now(served: Served) -> None:
    browser, passage = served.browser(), served.passage(0)
    served.context.changes = (Recoding("merge", ("OLD",), ("FS",), "another name", "2026-06-01"),)
    browser.act("add", STUDY, passage, to="OLD", value=1, view="form")
    assert [decision.theme for decision in served.log.current()] == ["FS"]


def test_an_act_on_a_passage_that_nobody_knows_is_refused(served: Served) -> None:
    answer = served.browser().act("value", STUDY, "no such passage", "GW", value=1)
    assert (answer.status_code, served.log.current()) == (400, ())
