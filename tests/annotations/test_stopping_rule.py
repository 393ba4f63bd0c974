"""The stopping rule: bounds that hold, in random and in ranked order, and what they say at the ends."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import hypergeom

from annotations.progress.recall_curve import recall_curve
from annotations.progress.stopping_rule import WINDOWS, recall_estimate

REVIEWS = 300
TOO_OFTEN = 24  # of 300 at 5 %: fewer than 1 in 100 sound rules miss more often (binomial)


def review(codes: int, total: int, *, ranked: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """True codes in the order of review; `ranked` is how far scores tell them from the rest (0: not at all)."""
    true = np.arange(total) < codes
    order: NDArray[np.int64] = np.argsort(-(true * ranked + rng.normal(size=total)))
    return true[order]


@pytest.mark.parametrize(
    ("codes", "total", "reviewed", "ranked"),
    [
        pytest.param(40, 300, 150, 0.0, id="random order, half reviewed"),
        pytest.param(150, 300, 60, 0.0, id="random order, one in two is true"),
        pytest.param(5, 300, 270, 0.0, id="random order, few true"),
        pytest.param(40, 300, 150, 1.5, id="likeliest first"),
    ],
)
def test_the_bound_lies_above_the_truth_no_more_often_than_stated(
    codes: int, total: int, reviewed: int, ranked: float
) -> None:
    rng = np.random.default_rng(20261125)
    missed = 0
    for _ in range(REVIEWS):
        found = review(codes, total, ranked=ranked, rng=rng)[:reviewed]
        missed += recall_estimate(found.tolist(), total=total, points=0).bound > found.sum() / codes + 1e-9
    assert missed <= TOO_OFTEN


def test_that_check_would_notice_a_rule_that_looks_at_every_window() -> None:
    rng = np.random.default_rng(20261125)
    missed = 0
    for _ in range(REVIEWS):
        found = review(40, 300, ranked=0.0, rng=rng)[:150]
        met, sizes = np.cumsum(found[::-1]), np.arange(1, 151)
        left = 40 - (found.sum() - met)
        missed += hypergeom.cdf(met, 300 - (150 - sizes), left, sizes).min() < 0.05
    assert missed > TOO_OFTEN


def test_a_ranked_review_reaches_its_target_long_before_the_end() -> None:
    found = review(60, 1000, ranked=3.0, rng=np.random.default_rng(1))
    estimate = recall_estimate(found[:800].tolist(), total=1000)
    assert estimate.reached
    assert estimate.bound >= 0.95


def test_p_value_of_one_window_is_the_hypergeometric_tail() -> None:
    found = [True] * 20 + [False] * 60  # half of them: the last 40, without a code
    smallest = min(
        hypergeom.cdf(sum(found[-size:]), 100 - (80 - size), 22 - sum(found[:-size]), size)
        for size in (int(80 * share) for share in WINDOWS)
    )
    assert recall_estimate(found, total=100).p_value == pytest.approx(len(WINDOWS) * smallest)


@pytest.mark.parametrize("found", [[True, False] * 40, [True] * 30 + [False] * 90, [False] * 100])
@pytest.mark.parametrize("target", [0.5, 0.8, 0.95, 1.0])
def test_bound_and_p_value_say_the_same(found: list[bool], target: float) -> None:
    estimate = recall_estimate(found, total=130, target=target)
    assert estimate.reached == (estimate.bound >= target - 1e-12)


def test_more_confidence_gives_a_lower_bound() -> None:
    found = [True] * 30 + [False] * 90
    bounds = [recall_estimate(found, total=150, confidence=level).bound for level in (0.5, 0.9, 0.95, 0.99)]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[0] > bounds[-1]


@pytest.mark.parametrize(
    ("found", "total", "bound", "reached"),
    [
        pytest.param([], 10, 0.0, False, id="nothing reviewed"),
        pytest.param([], 0, 1.0, True, id="nothing to review"),
        pytest.param([True, False], 2, 1.0, True, id="all reviewed"),
        pytest.param([False] * 4, 4, 1.0, True, id="all reviewed, no code"),
        pytest.param([False] * 4, 10, 0.0, False, id="no code yet"),
    ],
)
def test_at_the_ends(found: list[bool], total: int, bound: float, reached: bool) -> None:
    estimate = recall_estimate(found, total=total)
    assert (estimate.bound, estimate.reached) == (bound, reached)


def test_the_curve_ends_now_and_has_a_point_per_reviewed_while_they_are_few() -> None:
    estimate = recall_estimate([True, False, True], total=9)
    assert [(point.reviewed, point.found) for point in estimate.curve] == [(0, 0), (1, 1), (2, 1), (3, 2)]
    assert estimate.curve[-1].bound == estimate.bound


@pytest.mark.parametrize(
    "wrong", [{"total": 1}, {"total": 9, "confidence": 1.0}, {"total": 9, "target": 0.0}, {"total": 9, "target": 1.1}]
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"of only|must lie"):
        recall_estimate([True, False], **wrong)  # type: ignore[arg-type]


def test_the_curve_is_drawn_with_its_message_in_words() -> None:
    drawn = ET.fromstring(recall_curve(recall_estimate([True] * 9 + [False] * 60, total=80)))
    words = " ".join(drawn.itertext())
    assert "69 of 80 reviewed" in words
    assert "target 95%" in words
    assert "9 codes met" in words


def test_a_curve_without_any_review_is_drawn() -> None:
    assert "0 of 12 reviewed" in recall_curve(recall_estimate([], total=12))
