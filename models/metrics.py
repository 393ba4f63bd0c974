"""How well scores fit labels: average precision, F1 at a threshold, calibration error, false positive rates.

Scores are those of held-out passages: no passage is scored by a model that saw its document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

BINS = 10  # of equal numbers of passages, for the calibration error
# Of F. On held-out passages in the register of reports, recall, precision and passages without a theme that get some
# proposal were .74, .74, 18 % at 0, and .70, .79, 12 % at .02.
NEAR_BEST = 0.01
CONFIDENCE = 0.95  # of the upper limit on a false positive rate


@dataclass(frozen=True, slots=True)
class Counts:
    """A threshold's hits and misses."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def precision(self) -> float:
        """Share of the proposed that are right; 0 where nothing is proposed."""
        proposed = self.true_positives + self.false_positives
        return self.true_positives / proposed if proposed else 0.0

    @property
    def recall(self) -> float:
        """Share of the right that are proposed."""
        right = self.true_positives + self.false_negatives
        return self.true_positives / right if right else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        either = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / either if either else 0.0


def count(proposed: Flags, truth: Flags) -> Counts:
    """Hits and misses of `proposed` against `truth`."""
    return Counts(
        int(np.sum(proposed & truth)),
        int(np.sum(proposed & ~truth)),
        int(np.sum(~proposed & truth)),
        int(np.sum(~proposed & ~truth)),
    )


def average_precision(scores: Floats, truth: Flags) -> float:
    """Area under precision over recall, as a step function; 0 where nothing is true."""
    if not truth.any():
        return 0.0
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(truth[order])
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # passages of equal score come in together
    precision, recall = hits[ends] / (ends + 1), hits[ends] / hits[-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def best_threshold(scores: Floats, truth: Flags, *, beta: float = 1.0, near: float = NEAR_BEST) -> float:
    """The highest score from which on proposing gives an F measure within `near` of the best.

    With `beta` 1 it is F1; with 2 a missed passage counts more than a wrong one, with .5 less (van Rijsbergen 1979).

    F1 hardly changes around its best; the higher end is chosen because themes are rarer in real reports than in
    training passages. The threshold lies half-way to the next lower score, so that rounding can't move a passage.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(truth[order])
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    measure = (1 + beta**2) * hits[ends] / (ends + 1 + beta**2 * hits[-1])
    good = np.flatnonzero(measure >= measure.max() * (1 - near))
    return _between(ranked, int(ends[good[0]]))


def threshold_for_rate(scores: Floats, truth: Flags, rate: float) -> float:
    """The lowest score at which at most `rate` of the passages without the theme are proposed."""
    without = np.sort(scores[~truth])[::-1]
    allowed = int(rate * len(without))
    return _between(without, allowed - 1) if 0 < allowed < len(without) else float(without[0]) + 1e-6


def threshold_for_recall(scores: Floats, truth: Flags, recall: float) -> float:
    """The highest score from which on at least `recall` of the passages with the theme are proposed."""
    wanted = int(np.ceil(recall * truth.sum()))
    if wanted == 0:
        return float(scores.max()) + 1e-6
    last = np.sort(scores[truth])[::-1][wanted - 1]
    ranked = np.sort(scores)[::-1]
    return _between(ranked, int(np.searchsorted(-ranked, -last, side="right")) - 1)


def upper_rate(hits: int, trials: int) -> float:
    """The rate that `hits` of `trials` do not exceed with 95 % confidence (Clopper and Pearson 1934)."""
    return 1.0 if hits >= trials else float(beta.ppf(CONFIDENCE, hits + 1, trials - hits))


def calibration_error(probabilities: Floats, truth: Flags) -> float:
    """Expected calibration error: mean distance of probability and frequency over ten bins of equal size."""
    order = np.argsort(probabilities, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    gaps = [abs(probabilities[part].mean() - truth[part].mean()) * len(part) for part in bins]
    return float(sum(gaps) / len(order))


def split_groups(groups: Sequence[str], folds: int) -> Integers:
    """A fold for each passage, so that no group is in two folds and folds are about equally large.

    The largest groups are placed first, each into the fold that is smallest so far; names break ties.
    """
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    filled = [0] * folds
    fold_of: dict[str, int] = {}
    for group in sorted(sizes, key=lambda name: (-sizes[name], name)):
        fold = filled.index(min(filled))
        fold_of[group] = fold
        filled[fold] += sizes[group]
    return np.array([fold_of[group] for group in groups], dtype=np.int64)


def _between(ranked: Floats, last: int) -> float:
    """A threshold below ranked[last] and above the next lower score."""
    lower = ranked[last + 1] if last + 1 < len(ranked) else ranked[last] / 2
    return float((ranked[last] + lower) / 2)
