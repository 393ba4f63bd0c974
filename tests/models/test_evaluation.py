"""Measures of quality, on cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.metrics import (
    average_precision,
    best_threshold,
    calibration_error,
    count,
    split_groups,
    threshold_for_rate,
    threshold_for_recall,
    upper_rate,
)


@pytest.mark.parametrize(
    ("scores", "truth", "expected"),
    [
        pytest.param([0.9, 0.8, 0.7], [1, 0, 0], 1.0, id="perfect"),
        pytest.param([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0], 0.5 * 1 + 0.5 * 2 / 3, id="one too early"),
        pytest.param([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0], 0.25, id="all tied: the base rate"),
        pytest.param([0.9, 0.1], [0, 0], 0.0, id="nothing to find"),
    ],
)
def test_average_precision(scores: list[float], truth: list[int], expected: float) -> None:
    assert average_precision(np.array(scores), np.array(truth, dtype=bool)) == pytest.approx(expected)


def test_the_best_threshold_lies_between_the_last_hit_and_the_next_score() -> None:
    scores, truth = np.array([0.9, 0.8, 0.4, 0.1]), np.array([True, True, False, False])
    assert best_threshold(scores, truth) == pytest.approx(0.6)


def test_the_threshold_for_a_rate_lets_no_more_through() -> None:
    scores, truth = np.arange(1000) / 1000, np.zeros(1000, dtype=bool)
    assert count(scores >= threshold_for_rate(scores, truth, 0.005), truth).false_positives == 5


def test_the_threshold_for_a_rate_too_small_to_see_lets_none_through() -> None:
    scores, truth = np.arange(100) / 100, np.zeros(100, dtype=bool)
    assert count(scores >= threshold_for_rate(scores, truth, 0.005), truth).false_positives == 0


def test_the_threshold_for_a_recall_finds_so_many() -> None:
    scores, truth = np.arange(100) / 100, np.arange(100) % 2 == 0
    found = count(scores >= threshold_for_recall(scores, truth, 0.9), truth)
    assert (found.true_positives, found.false_positives) == (45, 45)


def test_counts_give_precision_recall_and_f1() -> None:
    found = count(np.array([1, 1, 1, 0, 0], dtype=bool), np.array([1, 1, 0, 1, 0], dtype=bool))
    assert (found.precision, found.recall) == pytest.approx((2 / 3, 2 / 3))
    assert (found.false_positives, found.true_negatives) == (1, 1)
    assert found.f1 == pytest.approx(2 / 3)


def test_upper_rate_of_no_hit_in_59_trials_is_one_in_twenty() -> None:
    assert upper_rate(0, 59) == pytest.approx(0.0495, abs=1e-4)  # 1 - .05 ** (1 / 59): the rule of three
    assert upper_rate(3, 3) == 1.0


def test_calibration_error_is_the_distance_of_probability_and_frequency() -> None:
    truth = np.array([True, False] * 50)
    assert calibration_error(np.full(100, 0.5), truth) == pytest.approx(0.0)
    assert calibration_error(np.full(100, 0.8), truth) == pytest.approx(0.3)


def test_no_document_is_split_between_folds_and_folds_are_even() -> None:
    groups = [f"doc-{number % 17}" for number in range(170)]
    folds = split_groups(groups, 5)
    assert len({(group, fold) for group, fold in zip(groups, folds.tolist(), strict=True)}) == 17
    assert max(np.bincount(folds)) - min(np.bincount(folds)) <= 10


def test_of_thresholds_that_are_nearly_as_good_the_highest_is_taken() -> None:
    scores = np.concatenate([np.full(992, 0.9), np.full(8, 0.4), np.full(500, 0.1)])
    truth = np.concatenate([np.ones(1000, dtype=np.bool_), np.zeros(500, dtype=np.bool_)])
    assert 0.4 < best_threshold(scores, truth) < 0.9  # the eight cost .4 % of F1
    assert 0.1 < best_threshold(scores, truth, near=0.0) < 0.4
