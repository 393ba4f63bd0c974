"""Uncertainty of quality figures: documents are drawn again with replacement, and the figures computed anew.

Passages of one document resemble each other, so whole documents are drawn (the cluster bootstrap: Field and Welsh,
Bootstrapping clustered data, J. R. Stat. Soc. B 69, 2007). A draw is a weight per passage: how often its document was
drawn, times the passage's own weight. All draws are computed together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.interval import Interval

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROUNDS = 1000
SEED = 20201125  # the same passages give the same intervals
LEVEL = 0.95


def draws(groups: Sequence[str], *, weights: Floats | None = None, rounds: int = ROUNDS) -> Floats:
    """Weights (rounds + 1, passages): the first row is the sample as it is, each other one a draw of documents."""
    if not groups:
        return np.ones((rounds + 1, 0))
    names, which = np.unique(np.array(groups, dtype=np.str_), return_inverse=True)
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=rounds)
    times = np.vstack([np.ones(len(names)), drawn])[:, which]
    return times * (np.ones(len(which)) if weights is None else weights)


def average_precisions(scores: Floats, truth: Flags, weights: Floats) -> Floats:
    """Average precision of each row of `weights`; nan in rows in which nothing is true. Ties come in together."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    weighed = weights[:, order]
    seen = np.cumsum(weighed, axis=1)[:, ends]
    hits = np.cumsum(weighed * truth[order], axis=1)[:, ends]
    every = hits[:, -1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(seen > 0, hits / seen, 0.0)
        recall = hits / every
    steps = np.diff(recall, axis=1, prepend=0.0)
    return np.asarray(np.sum(steps * precision, axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Precision, recall and F1 of each draw; nan where a draw does not allow one."""

    precision: Floats
    recall: Floats
    f1: Floats


def rates(proposed: Flags, truth: Flags, weights: Floats) -> Rates:
    """Of what is proposed, in each row of `weights`."""
    both, said, right = weights @ (proposed & truth), weights @ proposed, weights @ truth
    with np.errstate(invalid="ignore", divide="ignore"):
        return Rates(both / said, both / right, 2 * both / (said + right))


def interval(values: Floats) -> Interval:
    """The figure (first) with the middle 95 % of its draws; draws without a figure are left out."""
    known = values[1:][~np.isnan(values[1:])]
    if np.isnan(values[0]) or not len(known):
        return Interval(float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(values[0]), float(low), float(high))
