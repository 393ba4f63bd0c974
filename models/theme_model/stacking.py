"""Several scorers weighed against each other: a logistic regression a theme on their log-odds (stacked generalisation).

The weights are learned on passages whose documents no scorer has seen, and are never negative: a scorer that would
count backwards is left out, so that a reason for a theme never speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from models.metrics import Flags, Floats, Integers
from models.registry.model_card import StageCard
from models.theme_model.linear import logistic

PENALTY = 0.5  # half a squared weight costs as much as so many log-losses; with C = 1 in scikit-learn's terms: 1.0
_FEWEST_IN_FOLDS = 2  # folds in which a theme must occur for weights learned without one of them


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """How the log-odds of some voices become one probability a theme."""

    voices: tuple[str, ...]
    weights: Floats  # (themes, voices)
    offsets: Floats  # (themes,)

    def probabilities(self, log_odds: Sequence[Floats]) -> Floats:
        """(passages, themes) from one array of (passages, themes) a voice."""
        total = np.broadcast_to(self.offsets, log_odds[0].shape).copy()
        for at, scored in enumerate(log_odds):
            total += scored * self.weights[:, at]
        return logistic(total)


def stack_of(card: StageCard) -> Stack:
    """The stack that a stage's card tells of."""
    return Stack(card.voices, np.array(card.weights), np.array(card.offsets))


def fit_stack(
    voices: tuple[str, ...], log_odds: Sequence[Floats], truth: Flags, *, counts: Floats | None = None
) -> Stack:
    """Weights and offset of every theme; `log_odds` has one array of (passages, themes) a voice.

    `counts` (passages, themes): how much each label counts, 1 where it is not given.
    """
    stacked = np.stack(log_odds, axis=2)
    every = np.ones(truth.shape) if counts is None else counts
    fitted = [_fit_theme(stacked[:, at], truth[:, at], every[:, at]) for at in range(truth.shape[1])]
    return Stack(voices, np.array([one[1:] for one in fitted]), np.array([one[0] for one in fitted]))


def held_out_probabilities(
    voices: tuple[str, ...],
    log_odds: Sequence[Floats],
    truth: Flags,
    folds: Integers,
    *,
    counts: Floats | None = None,
) -> Floats:
    """(passages, themes): of each fold with weights learned on the others."""
    every = np.ones(truth.shape) if counts is None else counts
    found = np.zeros(truth.shape)
    for fold in np.unique(folds):
        away = folds == fold
        if away.all():
            return fit_stack(voices, log_odds, truth, counts=every).probabilities(log_odds)
        others = [scored[~away] for scored in log_odds]
        made = fit_stack(voices, others, truth[~away], counts=every[~away])
        found[away] = made.probabilities([scored[away] for scored in log_odds])
    return found


def _fit_theme(scored: Floats, truth: Flags, counts: Floats) -> Floats:
    """Offset and weights, none below 0: (1 + voices,)"""
    sign = np.where(truth, 1.0, -1.0)

    def loss(guess: Floats) -> tuple[float, Floats]:
        margin = sign * (guess[0] + scored @ guess[1:])
        pull = -sign * logistic(-margin) * counts
        value = float(counts @ np.logaddexp(0.0, -margin) + PENALTY * guess[1:] @ guess[1:])
        return value, np.concatenate([[pull.sum()], scored.T @ pull + 2 * PENALTY * guess[1:]])

    share = np.clip(np.average(truth, weights=counts), 1e-3, 1 - 1e-3)
    start = np.concatenate([[np.log(share / (1 - share))], np.full(scored.shape[1], 1.0 / scored.shape[1])])
    bounds = [(None, None), *([(0.0, None)] * scored.shape[1])]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)
