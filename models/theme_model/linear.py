"""The linear part of a model: one logistic regression a theme, and one for strength."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.theme_model.tfidf import Floats, Integers

THEME_C = 3.0  # inverse strength of regularisation; macro AP hardly moves from 1 to 10
STRENGTH_C = 1.0
FEWEST_OF_A_STRENGTH = 10  # labels of strength 1, and of strength 2
SEED = 0  # liblinear shuffles


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """Fitted regressions stacked, so that a batch of passages is one multiplication."""

    themes: tuple[str, ...]
    regressions: Mapping[str, LogisticRegression]  # by theme
    strength: LogisticRegression | None
    weights: Floats  # (columns, themes)
    intercepts: Floats  # (themes,)

    @classmethod
    def of(cls, regressions: Mapping[str, LogisticRegression], strength: LogisticRegression | None) -> Classifier:
        """From one fitted regression a theme."""
        weights = np.stack([fitted.coef_[0] for fitted in regressions.values()], axis=1)
        intercepts = np.array([fitted.intercept_[0] for fitted in regressions.values()])
        return cls(tuple(regressions), regressions, strength, weights, intercepts)

    def log_odds(self, rows: Any) -> Floats:
        """(passages, themes)"""
        return np.asarray(rows @ self.weights + self.intercepts)

    def is_strong(self, rows: Any) -> Any:
        """Whether each passage supports what it says with evidence: flags (passages,)."""
        if self.strength is None:
            return np.zeros(rows.shape[0], dtype=np.bool_)
        return np.asarray(rows @ self.strength.coef_[0] + self.strength.intercept_[0]) > 0


def fit_themes(rows: Any, labels: Integers, weights: Floats, themes: Sequence[str]) -> dict[str, LogisticRegression]:
    """One regression a theme: the theme is there (1 or 2) or not (0). Passages of which that is unknown (below 0) are
    left out."""
    fitted = {}
    for at, theme in enumerate(themes):
        known = labels[:, at] >= 0
        some = (rows, labels, weights) if known.all() else (rows[known], labels[known], weights[known])
        fitted[theme] = _fit(some[0], some[1][:, at] > 0, some[2], c=THEME_C)
    return fitted


def fit_strength(rows: Any, labels: Integers, weights: Floats) -> LogisticRegression | None:
    """One regression for all themes: a theme that is there has strength 2; None with too few examples of either."""
    passages, columns = np.nonzero(labels > 0)
    strong = labels[passages, columns] == 2
    if min(np.sum(strong), np.sum(~strong)) < FEWEST_OF_A_STRENGTH:
        return None
    return _fit(rows[passages], strong, weights[passages], c=STRENGTH_C)


def _fit(rows: Any, truth: Any, weights: Floats, *, c: float) -> LogisticRegression:
    regression = LogisticRegression(C=c, solver="liblinear", random_state=SEED)
    regression.fit(rows, truth, sample_weight=weights)
    return regression


def logistic(log_odds: Floats) -> Floats:
    """Log-odds as probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -40.0, 40.0))))
