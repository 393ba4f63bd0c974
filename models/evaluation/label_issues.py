"""Labels that a model which has not seen their document finds implausible: confident learning, in a few lines.

After Northcutt, Jiang and Chuang (Confident learning: estimating uncertainty in dataset labels, J. Artificial
Intelligence Research 70, 2021), theme by theme. A passage is *confidently* in a class when its probability for it is
at least the mean probability of the passages that carry that label. A label is implausible when the passage is
confidently in the other class, and in its own it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.bootstrap import Flags, Floats

FEWEST = 10  # passages with, and without, a theme; with fewer its means say nothing


@dataclass(frozen=True, slots=True)
class Doubt:
    """One label to look at again."""

    row: int  # of the passage
    theme: str
    given: bool  # was the theme given?
    probability: float  # of the theme, held out
    margin: float  # how far beyond the mean of the other class; larger: more implausible


def implausible(scores: Floats, truth: Flags, themes: Sequence[str]) -> tuple[Doubt, ...]:
    """Every implausible label, the most implausible first.

    `scores` (passages, themes) are probabilities of models that have not seen the passage's document.
    """
    doubts: list[Doubt] = []
    for column, theme in enumerate(themes):
        given, p = truth[:, column], scores[:, column]
        if min(np.sum(given), np.sum(~given)) < FEWEST:
            continue
        present, absent = float(p[given].mean()), float((1 - p)[~given].mean())
        doubts += _doubts(theme, np.flatnonzero(given & (1 - p >= absent) & (p < present)), True, p, 1 - p - absent)
        doubts += _doubts(theme, np.flatnonzero(~given & (p >= present) & (1 - p < absent)), False, p, p - present)
    return tuple(sorted(doubts, key=lambda doubt: (-doubt.margin, doubt.row, doubt.theme)))


def _doubts(theme: str, rows: NDArray[np.int64], given: bool, p: Floats, margin: Floats) -> list[Doubt]:
    return [Doubt(row, theme, given, float(p[row]), float(margin[row])) for row in rows.tolist()]
