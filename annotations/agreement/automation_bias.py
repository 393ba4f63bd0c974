"""Automation bias: do coders agree with the machine more where they saw what it says than where they did not?

If they do, some of the agreement is the machine's doing. Passages are shown or hidden by lot (assignment.py),
so that a difference is the showing and not the passages. Rates with Wilson's interval, differences with Newcombe's
(1998, method 10, from the two Wilson intervals). Both treat judgements as independent; those of one study are not
quite, so read them as the least uncertainty there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from annotations.agreement.assignment import Assignment
from annotations.agreement.coefficients import MISSING
from annotations.agreement.ratings import Ratings
from annotations.decision import Decision


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `of`, with Wilson's 95 % interval."""

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """Hits as a share; None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lowest and highest share that fit."""
        if not self.of:
            return None
        found = binomtest(self.hits, self.of).proportion_ci(method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True, slots=True)
class BiasComparison:
    """One rate where coders saw the suggestion, and where they did not."""

    question: str
    shown: Rate
    hidden: Rate

    @property
    def difference(self) -> tuple[float, float, float] | None:
        """Shown less hidden, with Newcombe's 95 % interval; None where one of them rests on nothing."""
        shown, hidden = self.shown.share, self.hidden.share
        around_shown, around_hidden = self.shown.interval, self.hidden.interval
        if shown is None or hidden is None or around_shown is None or around_hidden is None:
            return None
        apart = shown - hidden
        low = apart - hypot(shown - around_shown[0], around_hidden[1] - hidden)
        high = apart + hypot(around_shown[1] - shown, hidden - around_hidden[0])
        return apart, low, high


def automation_bias(
    coders: Ratings, machine: Ratings, decisions: Iterable[Decision], assignment: Assignment
) -> tuple[BiasComparison, ...]:
    """Agreement on presence with the machine, suggestion shown against hidden, over all coders and themes.

    Whether a coder saw a suggestion is what their decisions on the passage say. Where these judge no suggestion, and
    of a passage they saw and left uncoded, it is what the review's draw says. Imported decisions don't know and are
    left out.
    """
    saw = _saw(coders, decisions, assignment)[:, :, None]
    judged = (coders.values != MISSING) & (machine.values != MISSING)
    coded, proposed = coders.values > 0, np.broadcast_to(machine.values > 0, coders.values.shape)

    def rates(hits: NDArray[np.bool_], of: NDArray[np.bool_]) -> tuple[Rate, Rate]:
        shown, hidden = (
            Rate(int((hits & of & judged & (saw == way)).sum()), int((of & judged & (saw == way)).sum()))
            for way in (1, 0)
        )
        return shown, hidden

    everything = np.ones_like(judged)
    return (
        BiasComparison("of the machine's suggestions, coded by the coder", *rates(coded, proposed)),
        BiasComparison("of the coder's codes, suggested by the machine", *rates(proposed, coded)),
        BiasComparison("of all passages and themes, coder and machine agree", *rates(coded == proposed, everything)),
    )


def _saw(coders: Ratings, decisions: Iterable[Decision], assignment: Assignment) -> NDArray[np.int8]:
    """[coder, place]: 1 saw the suggestion, 0 did not, MISSING not known."""
    said: dict[tuple[str, str, str], bool | None] = {}
    for decision in decisions:
        if decision.role == "coder" and decision.anchor and decision.anchor.passage_id:
            where = (decision.coder, decision.source_id, decision.anchor.passage_id)
            if decision.shown is not None:
                said[where] = decision.shown
            elif decision.seconds is None:  # not timed, so not made on the page: imported
                said.setdefault(where, None)
    saw = np.full((len(coders.raters), len(coders.places)), MISSING, np.int8)
    for number, place in enumerate(coders.places):
        drawn = assignment.shows_machine(place.source_id, place.passage_id)
        for row, coder in enumerate(coders.raters):
            known = said.get((coder, place.source_id, place.passage_id), drawn) if place.passage_id else None
            saw[row, number] = MISSING if known is None else int(known)
    return saw
