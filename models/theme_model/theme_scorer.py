"""What another classifier has to be: a scorer in one file, and a row in the table `models.theme_model.voices`.

A scorer learns from labelled passages and gives each theme a log-odds of its own. Scorers are not calibrated: the log-
odds of all are weighed against each other, theme by theme, on documents that none of them has seen
(`models.theme_model.stacking`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from models.metrics import Flags, Floats, Integers
from models.suggestion import Reason
from models.theme_model.passage_inputs import PassageInputs

Arrays = Mapping[str, NDArray[np.generic]]  # what is kept of a scorer, by name


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """The labels that a scorer learns from: which themes each passage has, and how much it counts."""

    labels: Integers  # (passages, themes): 0, 1 asserted, 2 with evidence; below 0 nobody knows
    weights: Floats  # (passages,)
    themes: tuple[str, ...]

    def take(self, chosen: Flags) -> Lesson:
        """The labels of the `chosen` passages only."""
        return Lesson(self.labels[chosen], self.weights[chosen], self.themes)


class ThemeScorer(Protocol):
    """Scores themes by what it learned from labelled passages. `reads` names the encoder it needs, "" for none."""

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes it scores, in their order."""

    @classmethod
    def fit(cls, inputs: PassageInputs, lesson: Lesson, *, reads: str) -> Self:
        """Learn from the passages of `inputs`, labelled as `lesson` says."""

    def log_odds(self, inputs: PassageInputs) -> Floats:
        """How likely each theme is in each passage: (passages, themes), not calibrated."""

    def parts(self, inputs: PassageInputs, row: int, theme: str, *, least: float = 0.0) -> Sequence[Reason]:
        """What moved the log-odds of `theme` in passage `row`; the weights add up to it, less what is constant.

        Words that moved it by less than `least` may be left out.
        """

    def to_arrays(self) -> Arrays:
        """Everything that `from_arrays` needs."""

    @classmethod
    def from_arrays(cls, arrays: Arrays, *, themes: tuple[str, ...], reads: str) -> Self:
        """The scorer whose `to_arrays` gave `arrays`; KeyError or ValueError where they are not of one."""
