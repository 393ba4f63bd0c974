"""Words and phrases: one logistic regression a theme on the passages' TF-IDF rows, and one for strength."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.metrics import Flags, Floats, Integers
from models.suggestion import Reason
from models.theme_model.passage_inputs import PassageInputs
from models.theme_model.reasons import take_apart
from models.theme_model.tfidf import SparseMatrix
from models.theme_model.theme_scorer import Arrays, Lesson

THEME_C = 3.0  # inverse strength of regularisation; macro AP hardly moves from 1 to 10
STRENGTH_C = 1.0
FEWEST_OF_A_STRENGTH = 10  # labels of strength 1, and of strength 2
SEED = 0  # liblinear shuffles


@dataclass(frozen=True, slots=True, eq=False)
class WordRegression:
    """Fitted regressions stacked, so that a batch of passages is one multiplication."""

    themes: tuple[str, ...]
    weights: Floats  # (columns, themes)
    intercepts: Floats  # (themes,)

    @classmethod
    def fit(cls, inputs: PassageInputs, lesson: Lesson, *, reads: str = "") -> Self:
        """One regression a theme: the theme is there (1 or 2) or not."""
        fitted = []
        for labels in lesson.labels.T:
            known = np.flatnonzero(labels >= 0)
            rows = inputs.rows if len(known) == len(labels) else inputs.rows[known]
            fitted.append(_fit(rows, labels[known] > 0, lesson.weights[known], c=THEME_C))
        return cls(
            lesson.themes,
            np.stack([one.coef_[0] for one in fitted], axis=1),
            np.array([one.intercept_[0] for one in fitted]),
        )

    def log_odds(self, inputs: PassageInputs) -> Floats:
        """(passages, themes)"""
        return np.asarray(inputs.rows @ self.weights + self.intercepts)

    def parts(self, inputs: PassageInputs, row: int, theme: str, *, least: float = 0.0) -> Sequence[Reason]:
        """Every word, pair of words and phrase with its part; with the intercept they add up to the log-odds."""
        weights = self.weights[:, self.themes.index(theme)]
        at = inputs.rows[[row]]
        return take_apart(inputs.texts[row], at, weights, inputs.vectoriser, inputs.hits[row], least=least)

    def to_arrays(self) -> Arrays:
        """Weights and intercepts."""
        return {"weights": self.weights, "intercepts": self.intercepts}

    @classmethod
    def from_arrays(cls, arrays: Arrays, *, themes: tuple[str, ...], reads: str = "") -> Self:
        """From what `to_arrays` gave."""
        weights = np.asarray(arrays["weights"], dtype=np.float64)
        if weights.ndim != 2 or weights.shape[1] != len(themes):
            raise ValueError("weights of another number of themes")
        return cls(themes, weights, np.asarray(arrays["intercepts"], dtype=np.float64))


@dataclass(frozen=True, slots=True, eq=False)
class StrengthRegression:
    """Tells evidence (strength 2) from assertion (1), for all themes alike."""

    weights: Floats  # (columns,)
    intercept: float

    def is_strong(self, rows: SparseMatrix) -> Flags:
        """Whether each passage supports what it says with evidence: flags (passages,)."""
        return np.asarray(rows @ self.weights + self.intercept) > 0


def fit_strength(rows: SparseMatrix, labels: Integers, weights: Floats) -> StrengthRegression | None:
    """Learn from every label of a passage; None with too few examples of either strength."""
    passages, columns = np.nonzero(labels > 0)
    strong = labels[passages, columns] == 2
    if min(np.sum(strong), np.sum(~strong)) < FEWEST_OF_A_STRENGTH:
        return None
    fitted = _fit(rows[passages], strong, weights[passages], c=STRENGTH_C)
    return StrengthRegression(fitted.coef_[0], float(fitted.intercept_[0]))


def logistic(log_odds: Floats) -> Floats:
    """Log-odds as probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -40.0, 40.0))))


def _fit(rows: SparseMatrix, truth: Flags, weights: Floats, *, c: float) -> LogisticRegression:
    # The dual form: there are far more columns than passages. .5 instead of 2.7 CPU seconds a theme.
    regression = LogisticRegression(C=c, solver="liblinear", dual=True, random_state=SEED)
    regression.fit(rows, truth, sample_weight=weights)
    return regression
