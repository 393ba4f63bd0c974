"""The reporting checklist says what the record says, and asks the authors for the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.review_result import review
from synthesis.report.entreq import ChecklistItem, entreq
from synthesis.report.report import render_report
from synthesis.result import ReviewResult


def _by_name(result: ReviewResult) -> dict[str, ChecklistItem]:
    return {one.name: one for one in entreq(result)}


def test_the_21_items_stand_in_their_order_and_none_is_without_words() -> None:
    found = entreq(review())
    assert [one.number for one in found] == list(range(1, 22))
    assert all(one.done or one.yours for one in found)
    assert (found[0].name, found[-1].name) == ("Aim", "Synthesis output")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Data extraction", "The whole text of 1 study was read by program and cut into 3 passages"),
        ("Coding", "3 decisions of people, 150 taken over from a publication"),
        ("Study characteristics", "Of 25 studies the registry knows"),
        ("Study selection results", "Studies in the matrix: 25"),
        ("Study screening methods", "no person screened titles and abstracts here"),
        ("Software", "its model m-1"),
    ],
)
def test_what_was_done_is_counted_from_the_record(name: str, said: str) -> None:
    assert said in _by_name(review())[name].done


@pytest.mark.parametrize("name", ["Electronic search strategy", "Appraisal results", "Rationale for appraisal"])
def test_what_nobody_recorded_is_asked_of_the_authors_and_not_made_up(name: str) -> None:
    item = _by_name(review())[name]
    assert item.done == ""
    assert item.yours


def test_without_texts_and_decisions_the_checklist_says_so() -> None:
    found = _by_name(replace(review(), documents=(), decisions={}, coders=(), patterns=None, holdings=()))
    assert found["Data extraction"].done == "No text of a study was read in this review."
    assert found["Number of reviewers"].done.startswith("Nobody made decisions")
    assert found["Study comparison"].section == ""


def test_every_place_that_the_checklist_names_is_in_the_report() -> None:
    page = render_report(review(), {}).decode()
    for one in entreq(review()):
        assert not one.section or f'<section id="{one.section}"' in page
    assert "Not recorded." in page
