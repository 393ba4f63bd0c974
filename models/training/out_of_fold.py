"""Scores of held-out passages, from which weights, thresholds, calibration and every figure on a model's card come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.metrics import Flags, Floats
from models.theme_model.linear import StrengthRegression, fit_strength
from models.theme_model.passage_inputs import PassageInputs
from models.theme_model.theme_scorer import Lesson, ThemeScorer
from models.theme_model.voices import Voice
from models.training.feature_matrix import FOLDS, FeatureMatrix

FEWEST_EXAMPLES = 5  # passages with a theme; with fewer the theme is left to phrase rules and likeness
FEWEST_CALIBRATING = 10  # calibrating passages with a theme, for thresholds to be set on these alone


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What scorers that had not seen a passage's document said about it."""

    log_odds: Mapping[str, Floats]  # by voice: (passages, trained themes)
    strong: Flags  # (passages,)


def trainable(material: FeatureMatrix) -> tuple[int, ...]:
    """Positions of the themes with enough examples, in more than one fold, to learn and to test."""
    return tuple(
        at
        for at in range(len(material.themes))
        if np.sum(material.labels[:, at] > 0) >= FEWEST_EXAMPLES
        and len(set(material.folds[material.labels[:, at] > 0].tolist())) >= 2
        and _in_every_fold(material, material.labels[:, at] == 0)
    )


def calibration_rows(material: FeatureMatrix, columns: Sequence[int]) -> Flags:
    """The passages on which weights, thresholds and calibration are set: (passages,) flags.

    Those that are like the text of real reports, where every theme in `columns` has enough of them to be held out and
    counted; otherwise all. On 300 passages of real reports, thresholds set on all passages of an earlier seed found
    13 % of the labels; set on passages in their register, with the same precision, 26 %.
    """
    typical = material.calibrating
    labels = material.labels[:, list(columns)] > 0
    enough = all(
        np.sum(typical & labels[:, at]) >= FEWEST_CALIBRATING
        and len(set(material.folds[typical & labels[:, at]].tolist())) >= 2
        for at in range(len(columns))
    )
    return typical if enough and typical.any() else np.ones_like(typical)


def score_held_out(
    material: FeatureMatrix,
    columns: Sequence[int],
    voices: Sequence[Voice],
    *,
    step: Callable[[int], None] = lambda _: None,
) -> HeldOut:
    """Score each fold with vocabulary and scorers learned from the others; `step` gets the folds done."""
    log_odds = {voice.name: np.zeros((len(material.folds), len(columns))) for voice in voices}
    strong = np.zeros(len(material.folds), dtype=np.bool_)
    for fold in range(FOLDS):
        away = material.folds == fold
        if not away.any():
            continue
        inputs = material.learn(~away)
        asked = inputs.take(away)
        for name, scorer in fit_scorers(material, inputs, ~away, columns, voices).items():
            log_odds[name][away] = scorer.log_odds(asked)
        if strength := fit_strength_on(material, inputs, ~away, columns):
            strong[away] = strength.is_strong(asked.rows)
        step(fold + 1)
    return HeldOut(log_odds, strong)


def fit_scorers(
    material: FeatureMatrix, inputs: PassageInputs, chosen: Flags, columns: Sequence[int], voices: Sequence[Voice]
) -> dict[str, ThemeScorer]:
    """The scorers of `voices`, learned from the `chosen` passages, for the themes in `columns`; by name."""
    lesson = Lesson(
        labels=material.labels[chosen][:, list(columns)],
        weights=material.weights[chosen],
        themes=tuple(material.themes[at] for at in columns),
    )
    seen = inputs.take(chosen)
    return {voice.name: voice.scorer.fit(seen, lesson, reads=voice.reads) for voice in voices}


def fit_strength_on(
    material: FeatureMatrix, inputs: PassageInputs, chosen: Flags, columns: Sequence[int]
) -> StrengthRegression | None:
    """What tells evidence from assertion, learned from the `chosen` passages."""
    return fit_strength(inputs.rows[chosen], material.labels[chosen][:, list(columns)], material.weights[chosen])


def _in_every_fold(material: FeatureMatrix, flags: Flags) -> bool:
    """Whether some passage that is flagged is left when any fold is held out."""
    return all(np.any(flags & (material.folds != fold)) for fold in range(FOLDS))
