"""From log-odds to probabilities: words and meaning added up, stretched to be frequencies, and read in two steps.

The first step is cheap: words and phrases. Only passages in which some theme is likely enough by words alone go to
the sentence encoder; the others keep the score of their words and get no proposal. From where on a passage is read
twice is chosen on held-out passages, so that next to no proposal is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.metrics import Flags, Floats, Integers, calibration_error, proposing_threshold
from models.theme_model.linear import logistic

Labels = Flags | Integers  # (passages, themes): above 0 it is there, 0 it is not, below 0 nobody knows

# Stretching is used where it lowers the calibration error by this much: .053 -> .006 on the shipped passages.
WORTHWHILE = 0.005
LOST = 0.005  # share of the proposals that may be lost by not encoding every passage
JUST_BELOW = 1e-4  # a passage that was not encoded stays so far below the threshold
_CALIBRATION_C = 1e6  # practically without regularisation


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """How log-odds become probabilities, theme by theme (Platt 1999), and whether that helped."""

    slopes: Floats  # of words alone: (trained themes,)
    offsets: Floats
    used: bool  # False: slopes are 1, offsets 0
    error_before: float
    error_after: float
    blends: Floats | None = None  # weight of words, weight of meaning, offset: (trained themes, 3)

    def by_words(self, log_odds: Floats) -> Floats:
        """Probabilities by words alone: (passages, themes)"""
        return logistic(log_odds * self.slopes + self.offsets)

    def probabilities(self, log_odds: Floats, meaning: Floats | None = None) -> Floats:
        """(passages, themes), by words and meaning where `meaning` is given."""
        if meaning is None or self.blends is None:
            return self.by_words(log_odds)
        return blend(log_odds, meaning, self.blends)


@dataclass(frozen=True, slots=True, eq=False)
class TwoSteps:
    """What reading in two steps does to held-out scores."""

    gate: float  # from this probability by words, of the likeliest theme, a passage is encoded
    scores: Floats  # (passages, trained themes)
    encoded: float  # share of the passages
    lost: float  # share of the proposals


def blend(log_odds: Floats, meaning: Floats, blends: Floats) -> Floats:
    """Probabilities from the log-odds of words and of meaning: (passages, themes)"""
    return logistic(log_odds * blends[:, 0] + meaning * blends[:, 1] + blends[:, 2])


def calibrate(log_odds: Floats, truth: Labels, folds: Integers, *, meaning: Floats | None = None) -> Calibration:
    """Stretch held-out scores to fit `truth`, of which what is below 0 is unknown. The errors are measured with what
    was learned on the other folds."""
    stretched, blended = np.zeros_like(log_odds), np.zeros_like(log_odds)
    for fold in np.unique(folds):
        away = folds == fold
        slopes, offsets = _stretch(log_odds[~away], truth[~away])
        stretched[away] = log_odds[away] * slopes + offsets
        if meaning is not None:
            weights = _weigh(log_odds[~away], meaning[~away], truth[~away])
            blended[away] = blend(log_odds[away], meaning[away], weights)
    before, after = _error(logistic(log_odds), truth), _error(logistic(stretched), truth)
    used = before - after >= WORTHWHILE
    slopes, offsets = _stretch(log_odds, truth) if used else (np.ones(truth.shape[1]), np.zeros(truth.shape[1]))
    if meaning is None:
        return Calibration(slopes, offsets, used, before, after)
    return Calibration(slopes, offsets, used, before, _error(blended, truth), _weigh(log_odds, meaning, truth))


def read_in_two_steps(by_words: Floats, by_both: Floats, truth: Labels) -> TwoSteps:
    """Choose from where on a passage is encoded, and score the held-out passages accordingly."""
    thresholds = [
        proposing_threshold(by_both[known, at], truth[known, at] > 0)
        for at in range(truth.shape[1])
        for known in [truth[:, at] >= 0]
    ]
    likeliest = by_words.max(axis=1)
    proposals = (by_both >= np.array(thresholds)).sum(axis=1)
    order = np.argsort(likeliest, kind="stable")
    missed = np.cumsum(proposals[order])
    allowed = LOST * proposals.sum()
    skipped = int(np.searchsorted(missed, allowed, side="right"))  # so many passages can go unread
    gate = float(likeliest[order[skipped]]) if skipped < len(order) else 1.0
    encoded = likeliest >= gate
    scores = np.where(encoded[:, None], by_both, hold_back(by_words, np.array(thresholds)))
    lost = float(proposals[~encoded].sum() / max(1, proposals.sum()))
    return TwoSteps(gate, scores, float(encoded.mean()), lost)


def hold_back(by_words: Floats, thresholds: Floats) -> Floats:
    """Scores of passages that were not encoded: those of their words, below every threshold."""
    return np.minimum(by_words, np.maximum(thresholds - JUST_BELOW, 0.0))


def _stretch(log_odds: Floats, truth: Labels) -> tuple[Floats, Floats]:
    slopes, offsets = np.ones(log_odds.shape[1]), np.zeros(log_odds.shape[1])
    for at in range(log_odds.shape[1]):
        known, present = truth[:, at] >= 0, truth[:, at] > 0
        if present.any() and not present[known].all():
            line = LogisticRegression(C=_CALIBRATION_C).fit(log_odds[known][:, [at]], present[known])
            if line.coef_[0, 0] > 0:  # never turn an order round
                slopes[at], offsets[at] = line.coef_[0, 0], line.intercept_[0]
    return slopes, offsets


def _weigh(log_odds: Floats, meaning: Floats, truth: Labels) -> Floats:
    """Weights of words and meaning, and the offset: (themes, 3). One that would count backwards is left out."""
    slopes, offsets = _stretch(log_odds, truth)
    weights = np.stack([slopes, np.zeros_like(slopes), offsets], axis=1)
    for at in range(log_odds.shape[1]):
        known, present = truth[:, at] >= 0, truth[:, at] > 0
        if present.any() and not present[known].all():
            both = np.stack([log_odds[:, at], meaning[:, at]], axis=1)
            plane = LogisticRegression(C=_CALIBRATION_C).fit(both[known], present[known])
            if plane.coef_[0, 0] > 0 and plane.coef_[0, 1] > 0:
                weights[at] = (*plane.coef_[0], plane.intercept_[0])
    return weights


def _error(probabilities: Floats, truth: Labels) -> float:
    gaps: Sequence[float] = [
        calibration_error(probabilities[known, at], truth[known, at] > 0)
        for at in range(truth.shape[1])
        for known in [truth[:, at] >= 0]
    ]
    return float(np.mean(gaps))
