"""Words and meaning added up, and read in two steps."""

from __future__ import annotations

import numpy as np
import pytest

from models.metrics import Flags, Floats, calibration_error
from models.theme_model.calibration import LOST, calibrate, hold_back, read_in_two_steps
from models.theme_model.linear import logistic

RANDOM = np.random.default_rng(7)
TRUTH: Flags = RANDOM.random((1200, 1)) < 0.2
WORDS: Floats = np.where(TRUTH, 1.0, -2.0) + RANDOM.normal(size=TRUTH.shape) * 1.5
MEANING: Floats = np.where(TRUTH, 1.0, -2.0) + RANDOM.normal(size=TRUTH.shape) * 1.5
FOLDS = np.arange(1200) % 5


def test_a_blend_of_two_views_is_surer_than_one_and_calibrated() -> None:
    made = calibrate(WORDS, TRUTH, FOLDS, meaning=MEANING)
    alone, both = made.by_words(WORDS), made.probabilities(WORDS, MEANING)
    assert np.mean(both[TRUTH]) > np.mean(alone[TRUTH]) + 0.05
    assert calibration_error(both[:, 0], TRUTH[:, 0]) < 0.03


def test_a_meaning_that_would_count_backwards_is_left_out() -> None:
    made = calibrate(WORDS, TRUTH, FOLDS, meaning=-MEANING)
    assert made.blends is not None
    assert made.blends[0, 1] == 0.0


def test_two_steps_lose_next_to_no_proposal_and_encode_few() -> None:
    made = calibrate(WORDS, TRUTH, FOLDS, meaning=MEANING)
    by_words, by_both = made.by_words(WORDS), made.probabilities(WORDS, MEANING)
    steps = read_in_two_steps(by_words, by_both, TRUTH)
    assert steps.lost <= LOST
    assert steps.encoded < 1
    encoded = by_words.max(axis=1) >= steps.gate
    assert encoded.mean() == pytest.approx(steps.encoded)
    assert (steps.scores[encoded] == by_both[encoded]).all()


def test_what_was_not_encoded_stays_below_the_threshold() -> None:
    held = hold_back(logistic(np.array([[3.0], [-3.0]])), np.array([0.4]))
    assert (held < 0.4).all()
    assert held[1, 0] == pytest.approx(logistic(np.array(-3.0)))
