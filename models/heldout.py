"""Scores of held-out passages, from which thresholds, calibration and every figure on a model's card come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.classifier import Classifier, fit_strength, fit_themes, logistic
from models.evaluation import Flags, Floats, calibration_error
from models.material import FOLDS, Material

FEWEST_EXAMPLES = 10  # passages with a theme; with fewer the theme is left to the phrase rules
# Stretching is used where it lowers the calibration error by this much: .053 -> .006 on the shipped passages.
WORTHWHILE = 0.005
_CALIBRATION_C = 1e6  # practically without regularisation


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What models that had not seen a passage's document said about it."""

    log_odds: Floats  # (passages, trained themes)
    strong: Flags  # (passages,)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """How log-odds are stretched to match frequencies, theme by theme (Platt 1999), and whether it helped."""

    slopes: Floats  # (trained themes,)
    offsets: Floats
    used: bool  # False: slopes are 1, offsets 0
    error_before: float
    error_after: float

    def probabilities(self, log_odds: Floats) -> Floats:
        """(passages, themes)"""
        return logistic(log_odds * self.slopes + self.offsets)


def trainable(material: Material) -> tuple[int, ...]:
    """Positions of the themes with enough examples, in documents of more than one fold, to learn and to test."""
    return tuple(
        at
        for at in range(len(material.themes))
        if np.sum(material.labels[:, at] > 0) >= FEWEST_EXAMPLES
        and len(set(material.folds[material.labels[:, at] > 0].tolist())) >= 2
        and np.any(material.labels[:, at] == 0)
    )


def score_held_out(material: Material, columns: Sequence[int], *, step: Callable[[int], None]) -> HeldOut:
    """Score each fold with vocabulary and regressions learned from the others; `step` gets the folds done."""
    log_odds = np.zeros((len(material.folds), len(columns)))
    strong = np.zeros(len(material.folds), dtype=np.bool_)
    for fold in range(FOLDS):
        away = material.folds == fold
        if not away.any():
            continue
        _, rows = material.learn(~away)
        fitted = fit_classifier(material, rows, ~away, columns)
        log_odds[away] = fitted.log_odds(rows[away])
        strong[away] = fitted.is_strong(rows[away])
        step(fold + 1)
    return HeldOut(log_odds, strong)


def fit_classifier(material: Material, rows: Any, chosen: Flags, columns: Sequence[int]) -> Classifier:
    """Regressions of the themes in `columns` on the `chosen` rows."""
    labels, weights = material.labels[chosen][:, list(columns)], material.weights[chosen]
    names = [material.themes[at] for at in columns]
    return Classifier.of(fit_themes(rows[chosen], labels, weights, names), fit_strength(rows[chosen], labels, weights))


def calibrate(log_odds: Floats, material: Material, columns: Sequence[int]) -> Calibration:
    """Stretch held-out scores; the error after stretching is measured with slopes learned on the other folds."""
    truth = material.labels[:, list(columns)] > 0
    stretched = np.zeros_like(log_odds)
    for fold in range(FOLDS):
        away = material.folds == fold
        if away.any():
            slopes, offsets = _stretch(log_odds[~away], truth[~away])
            stretched[away] = log_odds[away] * slopes + offsets
    before, after = _error(logistic(log_odds), truth), _error(logistic(stretched), truth)
    used = before - after >= WORTHWHILE
    slopes, offsets = _stretch(log_odds, truth) if used else (np.ones(len(columns)), np.zeros(len(columns)))
    return Calibration(slopes, offsets, used, before, after)


def _stretch(log_odds: Floats, truth: Flags) -> tuple[Floats, Floats]:
    slopes, offsets = np.ones(log_odds.shape[1]), np.zeros(log_odds.shape[1])
    for at in range(log_odds.shape[1]):
        if truth[:, at].any():
            line = LogisticRegression(C=_CALIBRATION_C).fit(log_odds[:, [at]], truth[:, at])
            if line.coef_[0, 0] > 0:  # never turn an order round
                slopes[at], offsets[at] = line.coef_[0, 0], line.intercept_[0]
    return slopes, offsets


def _error(probabilities: Floats, truth: Flags) -> float:
    return float(np.mean([calibration_error(probabilities[:, at], truth[:, at]) for at in range(truth.shape[1])]))
