"""Search over the full text: what the signs mean, what is found where, and coding all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from review.search.full_text import query_of
from support.review_page import HOST, STUDIES, Served

KHAN, NOOR = STUDIES


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    yield made
    made.log.close()


@pytest.mark.parametrize(
    ("sought", "expression"),
    [
        ("payment delay", '"payment" AND "delay"'),
        ('"cash transfer" OR stipend', '"cash transfer" OR "stipend"'),
        ("pension NOT (military OR police)", '"pension" NOT ( "military" OR "police" )'),
        ("register NEAR/5 district", 'NEAR("register" "district", 5)'),
        ("register NEAR district fund", 'NEAR("register" "district", 10) AND "fund"'),
        ("decentral*", '"decentral"*'),
        ("Bait-ul-Mal don't", '"Bait ul Mal" AND "don t"'),
        ("and or not", '"and" AND "or" AND "not"'),
        ("words:secret", '"words secret"'),
        ('"unclosed', '"unclosed"'),
    ],
)
def test_a_search_is_read_as_its_writer_means_it(sought: str, expression: str) -> None:
    assert query_of(sought) == expression


@pytest.mark.parametrize(
    ("sought", "count"),
    [
        ("delays", 2), ('"test of means"', 2), ("payments OR budget", 4), ("payments NOT villages", 0),
        ("households NEAR/3 poor", 2), ("officer complaint", 2), ("regist*", 2), ("nowhere", 0), ("script", 2),
    ],
)  # fmt: skip
def test_words_are_found_in_all_their_forms(served: Served, sought: str, count: int) -> None:
    page = served.browser().get("/search", params={"q": sought}).text
    assert f"<p>{count} {'place' if count == 1 else 'places'}" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("sought", ["(", '"', "NOT", "AND AND", "a AND", "NEAR(", "*"])
def test_a_search_that_is_none_is_answered_in_one_line(served: Served, sought: str) -> None:
    answer = served.browser().get("/search", params={"q": sought})
    assert answer.status_code == 200
    assert 'class="problem"' in answer.text


def test_all_hits_are_coded_at_once_and_undone_at_once(served: Served) -> None:
    browser = served.browser()
    places = [[study, served.passage(0, study)] for study in STUDIES]
    said = browser.act("codeall", "", "", view="form", to="TI", value=1, places=places).json()["say"]
    assert said == "TI given to 2 passages"
    assert {(d.source_id, d.theme, d.value, d.shown) for d in served.log.current()} == {
        (study, "TI", 1, None) for study in STUDIES
    }
    assert "0 places" in browser.get("/search", params={"q": "delayed", "without": "TI"}).text
    assert browser.act("undo", "", "", view="form").json()["say"] == "Undone: TI mentioned (2 places)"
    assert served.log.current() == ()


def test_a_search_is_saved_and_forgotten(served: Served) -> None:
    browser = served.browser()
    for what, there in (("keep", True), ("forget", False)):
        given = {"csrf": browser.csrf, "q": "poor households", "what": what}
        browser.post("/search", data=given, headers={"Origin": f"http://{HOST}"})
        assert ("Saved:" in browser.get("/search").text) is there


def test_a_text_that_was_read_anew_is_found_by_its_new_words_alone(served: Served) -> None:
    from dataclasses import replace

    browser = served.browser()
    assert "2 places" in browser.get("/search?q=delayed").text
    document = served.review_items.documents[KHAN]
    first, *rest = document.passages
    changed = replace(first, text=first.text.replace("delayed", "postponed"))
    anew = replace(document, sha256="f" * 64, passages=(changed, *rest))
    served.review_items.documents = {**served.review_items.documents, KHAN: anew}
    assert "1 place" in browser.get("/search?q=delayed").text
    assert "1 place" in browser.get("/search?q=postponed").text
