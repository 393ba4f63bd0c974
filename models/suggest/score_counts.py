"""How many passages of a text have which score: all that is needed to set thresholds on it, in a few numbers.

Scores are counted by their log-odds, in steps of STEP from LOWEST on; what lies beyond either end is counted there.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

import numpy as np
from numpy.typing import NDArray

LOWEST, STEP, BINS = -7.0, 0.2, 70
_NEAREST = 1e-4  # to 0 and 1: scores are kept with four digits
Counts = tuple[int, ...]  # of one theme, BINS long


def to_log_odds(probability: float) -> float:
    """.5 is 0, .73 is 1."""
    inside = min(max(probability, _NEAREST), 1 - _NEAREST)
    return log(inside / (1 - inside))


def to_probability(log_odds: float) -> float:
    """The other way."""
    return 1 / (1 + exp(-log_odds))


def bin_of(probability: float) -> int:
    """Where a score is counted."""
    return min(max(int((to_log_odds(probability) - LOWEST) / STEP + 1e-9), 0), BINS - 1)


def middle(at: int) -> float:
    """The log-odds that the scores counted at `at` have, about."""
    return LOWEST + STEP * (at + 0.5)


def lower_edge(at: int) -> float:
    """The log-odds from which on a score is counted at `at` or above."""
    return LOWEST + STEP * at


def count_scores(scores: NDArray[np.float64]) -> tuple[Counts, ...]:
    """Of each theme; `scores` are (passages, themes)."""
    inside = np.clip(scores, _NEAREST, 1 - _NEAREST)
    at = np.clip(((np.log(inside / (1 - inside)) - LOWEST) / STEP + 1e-9).astype(np.int64), 0, BINS - 1)
    return tuple(tuple(np.bincount(column, minlength=BINS).tolist()) for column in at.T)


def add_counts(some: Sequence[Counts]) -> Counts:
    """Of several texts together."""
    return tuple(map(sum, zip(*some, strict=True))) if some else (0,) * BINS
