"""After so many new decisions a retraining is called for: once, whoever counts, through restarts and imports."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from annotations.decision import PUBLISHED, Anchor, Decision
from annotations.log.open_log import open_log
from corpus.workspace import Workspace
from pipeline.learning.training_calls import FILE, due_call, new_decisions, note_training
from support.small_review import review_of


@pytest.fixture
def review(tmp_path: Path) -> Workspace:
    return review_of(tmp_path / "mine", {"doc-0": b"%PDF-1.4"})


def decide(review: Workspace, count: int) -> None:
    """So many decisions more, on passages of their own."""
    with open_log(review) as log:
        known = len(log.history())
        quotes = [f"passage {number}" for number in range(known, known + count)]
        log.record([Decision("doc-0", "GW", 1, "amina", "coder", Anchor(quote, 1)) for quote in quotes])


def call(review: Workspace, after: int) -> str:
    with due_call(review, after) as name:
        return name


def test_it_is_due_after_so_many_and_again_after_as_many_more(review: Workspace) -> None:
    decide(review, 9)
    assert call(review, 10) == ""
    decide(review, 1)
    assert call(review, 10).endswith("decisions 1 to 10")
    assert call(review, 10) == "", "it has been called for"
    decide(review, 9)
    assert call(review, 10) == ""
    decide(review, 1)
    assert call(review, 10).endswith("decisions 11 to 20")


def test_an_import_of_250_at_once_calls_once(review: Workspace) -> None:
    decide(review, 250)
    assert call(review, 100)
    assert call(review, 100) == ""


def test_the_published_coding_counts_for_nothing_and_0_calls_never(review: Workspace) -> None:
    with open_log(review) as log:
        log.record([Decision("doc-0", "GW", 1, PUBLISHED, "published")])
    assert call(review, 1) == ""
    decide(review, 5)
    assert call(review, 0) == ""


def test_a_retraining_by_hand_begins_the_count_anew(review: Workspace) -> None:
    decide(review, 9)
    note_training(review, 9)
    decide(review, 9)
    assert (new_decisions(review), call(review, 10)) == (9, "")


def test_a_call_that_failed_is_made_again_under_the_same_name(review: Workspace) -> None:
    decide(review, 10)
    names = []

    def fail() -> None:
        with due_call(review, 10) as name:
            names.append(name)
            raise OSError("the server does not answer")

    for _ in range(2):
        with pytest.raises(OSError, match="does not answer"):
            fail()
    assert call(review, 10) == names[0] == names[1]


def test_of_several_that_count_one_calls(review: Workspace) -> None:
    decide(review, 100)
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(lambda _: call(review, 100), range(8)))
    assert len([name for name in names if name]) == 1


def test_a_line_cut_off_by_a_power_cut_is_passed_over(review: Workspace) -> None:
    note_training(review, 5)
    path = review.models / FILE
    path.write_bytes(path.read_bytes() + b'{"event": "tr')
    decide(review, 6)
    assert new_decisions(review) == 1
