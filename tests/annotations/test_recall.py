"""How far a review is, from decisions and marks."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.decision import Anchor, Decision, Mark
from annotations.progress.recall import ReviewProgress, coverage
from models.suggestion import Suggestion


def asked(*scores: float) -> list[Suggestion]:
    return [Suggestion(f"p{n}", "GW", score, 1, (), "m", "c") for n, score in enumerate(scores)]


def decision(
    at: int, value: Any, *, coder: str = "Amina", theme: str = "GW", decided: str = "", **more: Any
) -> Decision:
    return Decision("s", theme, value, coder, anchor=Anchor("q", 1, f"p{at}"), decided=decided, **more)


def whole(suggestions: list[Suggestion], *said: Decision | Mark) -> ReviewProgress:
    decisions = [one for one in said if isinstance(one, Decision)]
    return coverage({"s": suggestions}, decisions, [one for one in said if isinstance(one, Mark)])[0]


@pytest.mark.parametrize(
    ("said", "reviewed", "accepted"),
    [
        pytest.param([], 0, 0, id="nothing"),
        pytest.param([decision(0, 2), decision(1, 0)], 2, 1, id="one accepted, one rejected"),
        pytest.param([decision(0, 1, theme="TI")], 0, 0, id="another theme of the passage"),
        pytest.param([decision(0, 1, role="published")], 0, 0, id="published coding"),
        pytest.param([decision(0, 1), decision(0, 0, coder="B")], 1, 1, id="disputed: counts as found"),
        pytest.param([decision(0, 1), decision(0, 0, coder="C", role="adjudicator")], 1, 0, id="overruled"),
        pytest.param([Mark("s", "seen", "A", anchor=Anchor("q", 1, "p1"))], 1, 0, id="seen"),
        pytest.param([Mark("s", "done", "A"), decision(0, 1)], 3, 1, id="study finished"),
        pytest.param([Mark("s", "done", "A", on=False)], 0, 0, id="finished, and opened again"),
        pytest.param([Mark("s", "unsure", "A", anchor=Anchor("q", 1, "p1"))], 0, 0, id="unsure"),
    ],
)
def test_what_counts_as_reviewed_and_accepted(said: list[Decision | Mark], reviewed: int, accepted: int) -> None:
    found = whole(asked(0.9, 0.8, 0.7), *said)
    assert (found.suggestions, found.reviewed, found.accepted) == (3, reviewed, accepted)


def test_the_order_of_review_is_that_of_the_decisions() -> None:
    said = [decision(n, int(n >= 5), number=20 - n) for n in range(10)]  # made in reverse
    curve = whole(asked(*[0.5] * 20), *said).recall.curve
    assert [point.found for point in curve] == [0, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5]


@pytest.mark.parametrize(
    ("scores", "holds"), [((0.9, 0.8, 0.3), True), ((0.3, 0.4, 0.9), False), ((0.5, 0.5, 0.5), True)]
)
def test_the_bound_holds_only_while_what_is_left_is_no_likelier(scores: tuple[float, ...], holds: bool) -> None:
    assert whole(asked(*scores), decision(0, 1), decision(1, 1)).holds is holds


def test_studies_are_told_one_by_one_and_together() -> None:
    both = {"s": asked(0.9, 0.8), "t": asked(0.7)}
    together, studies = coverage(both, [decision(0, 1)], [])
    assert [(study.source_id, study.suggestions, study.reviewed) for study in studies] == [("s", 2, 1), ("t", 1, 0)]
    assert (together.suggestions, together.reviewed, together.accepted) == (3, 1, 1)
