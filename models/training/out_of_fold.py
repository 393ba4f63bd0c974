"""Scores of held-out passages, from which thresholds, calibration and every figure on a model's card come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.metrics import Flags, Floats
from models.theme_model.calibration import Calibration, calibrate
from models.theme_model.embedding_regression import EmbeddingRegression, fit_meaning
from models.theme_model.linear import Classifier, fit_strength, fit_themes
from models.training.feature_matrix import FOLDS, FeatureMatrix

__all__ = ["Calibration", "HeldOut", "calibrate", "fit_classifier", "score_held_out", "trainable"]

FEWEST_EXAMPLES = 10  # passages with a theme; with fewer the theme is left to the phrase rules


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What models that had not seen a passage's document said about it."""

    log_odds: Floats  # by words: (passages, trained themes)
    strong: Flags  # (passages,)
    meaning: Floats | None = None  # by the sentence encoder: (passages, trained themes)


def trainable(material: FeatureMatrix) -> tuple[int, ...]:
    """Positions of the themes with enough examples, in documents of more than one fold, to learn and to test."""
    return tuple(
        at
        for at in range(len(material.themes))
        if np.sum(material.labels[:, at] > 0) >= FEWEST_EXAMPLES
        and len(set(material.folds[material.labels[:, at] > 0].tolist())) >= 2
        and all(np.any(material.labels[material.folds != fold, at] == 0) for fold in np.unique(material.folds))
    )


def score_held_out(
    material: FeatureMatrix, columns: Sequence[int], *, step: Callable[[int], None] = lambda _: None
) -> HeldOut:
    """Score each fold with vocabulary and regressions learned from the others; `step` gets the folds done."""
    log_odds = np.zeros((len(material.folds), len(columns)))
    meaning = np.zeros_like(log_odds) if material.vectors is not None else None
    strong = np.zeros(len(material.folds), dtype=np.bool_)
    for fold in range(FOLDS):
        away = material.folds == fold
        if not away.any():
            continue
        _, rows = material.learn(~away)
        fitted = fit_classifier(material, rows, ~away, columns)
        log_odds[away] = fitted.log_odds(rows[away])
        strong[away] = fitted.is_strong(rows[away])
        if material.vectors is not None and meaning is not None:
            learned = fit_vectors(material, ~away, columns)
            meaning[away] = learned.log_odds(material.vectors[away])
        step(fold + 1)
    return HeldOut(log_odds, strong, meaning)


def fit_classifier(material: FeatureMatrix, rows: Any, chosen: Flags, columns: Sequence[int]) -> Classifier:
    """Regressions of the themes in `columns` on the `chosen` rows."""
    labels, weights = material.labels[chosen][:, list(columns)], material.weights[chosen]
    names = [material.themes[at] for at in columns]
    return Classifier.of(fit_themes(rows[chosen], labels, weights, names), fit_strength(rows[chosen], labels, weights))


def fit_vectors(
    material: FeatureMatrix, chosen: Flags, columns: Sequence[int], *, texts: Sequence[str] = ()
) -> EmbeddingRegression:
    """Regressions of the themes in `columns` on the vectors of the `chosen` passages."""
    if material.vectors is None:
        raise ValueError("the passages were gathered without vectors")
    labels = material.labels[chosen][:, list(columns)]
    names = [material.themes[at] for at in columns]
    return fit_meaning(material.vectors[chosen], labels, material.weights[chosen], names, texts)
