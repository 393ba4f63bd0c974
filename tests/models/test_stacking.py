"""Voices weighed against each other, and passages that need not go on to the slower ones."""

from __future__ import annotations

import numpy as np
import pytest

from models.metrics import Flags, Floats, average_precision, calibration_error
from models.theme_model.cascade import HIGHEST_GATE, choose_gate, hold_back, through_gates
from models.theme_model.linear import logistic
from models.theme_model.stacking import fit_stack, held_out_probabilities

RANDOM = np.random.default_rng(7)
TRUTH: Flags = RANDOM.random((1200, 1)) < 0.2
WORDS: Floats = np.where(TRUTH, 1.0, -2.0) + RANDOM.normal(size=TRUTH.shape) * 1.5
MEANING: Floats = np.where(TRUTH, 1.0, -2.0) + RANDOM.normal(size=TRUTH.shape) * 1.5
FOLDS = np.arange(1200) % 5
BOTH = ("words", "meaning")


def test_two_voices_are_surer_than_one_and_calibrated() -> None:
    alone = held_out_probabilities(("words",), [WORDS], TRUTH, FOLDS)
    both = held_out_probabilities(BOTH, [WORDS, MEANING], TRUTH, FOLDS)
    assert average_precision(both[:, 0], TRUTH[:, 0]) > average_precision(alone[:, 0], TRUTH[:, 0]) + 0.05
    assert calibration_error(both[:, 0], TRUTH[:, 0]) < 0.03


def test_a_voice_that_would_count_backwards_is_left_out() -> None:
    made = fit_stack(BOTH, [WORDS, -MEANING], TRUTH)
    assert made.weights[0, 0] > 0
    assert made.weights[0, 1] == 0.0


def test_the_weights_of_a_fold_are_learned_on_the_others() -> None:
    truth = TRUTH.copy()
    before = held_out_probabilities(BOTH, [WORDS, MEANING], truth, FOLDS)
    truth[FOLDS == 0] = ~truth[FOLDS == 0]
    after = held_out_probabilities(BOTH, [WORDS, MEANING], truth, FOLDS)
    assert (before[FOLDS == 0] == after[FOLDS == 0]).all()


def test_a_gate_loses_next_to_no_proposal() -> None:
    by_words = fit_stack(("words",), [WORDS], TRUTH).probabilities([WORDS])
    by_both = fit_stack(BOTH, [WORDS, MEANING], TRUTH).probabilities([WORDS, MEANING])
    gate = choose_gate(by_words, by_both >= 0.5)
    assert gate.lost <= 0.003
    assert gate.probability <= HIGHEST_GATE
    found = through_gates([by_words, by_both], [gate.probability], np.array([0.5]))
    on = by_words.max(axis=1) >= gate.probability
    assert (found[on] == by_both[on]).all()
    assert (found[~on] < 0.5).all()


def test_what_did_not_go_on_stays_below_the_threshold() -> None:
    held = hold_back(logistic(np.array([[3.0], [-3.0]])), np.array([0.4]))
    assert (held < 0.4).all()
    assert held[1, 0] == pytest.approx(logistic(np.array(-3.0)))
