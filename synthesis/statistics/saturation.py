"""Saturation: how many themes, or codes, are known after so many studies, whatever the order in which they are read.

The mean over all orders has a closed form (rarefaction; Hurlbert 1971, Ecology 52): a theme of m in n studies is missed
by k of them with probability C(n-m, k) / C(n, k). The band comes from orders drawn at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from synthesis.matrix.cell import Cell, View
from synthesis.statistics.frequency import CONFIDENCE
from synthesis.statistics.robustness import SEED

ORDERS = 500  # drawn for the band


@dataclass(frozen=True, slots=True)
class SaturationStep:
    """After `studies` studies."""

    studies: int
    mean: float  # things known by then, over all orders
    low: float  # the middle 95 % of the orders drawn
    high: float
    new: float  # what the last of these studies added on average
    in_order: int  # things known by then in the order of the registry


def themes_by_study(cells: Sequence[Cell], view: View) -> dict[str, set[str]]:
    """The themes present in each study with a known value; a study of which nothing is known is left out."""
    found: dict[str, set[str]] = {}
    for cell in cells:
        value = cell.value(view)
        if value is not None:
            found.setdefault(cell.source_id, set()).update({cell.theme} if value else ())
    return found


def saturation(studies: Mapping[str, Set[str]]) -> tuple[SaturationStep, ...]:
    """One step per study added. `studies` maps each study to the things it has, in the order of the registry."""
    things = sorted(set().union(*studies.values())) if studies else []
    count = len(studies)
    if not count:
        return ()
    has = np.array([[thing in found for thing in things] for found in studies.values()], dtype=bool).reshape(
        count, len(things)
    )
    mean = _expected(has.sum(axis=0), count)
    generator = np.random.default_rng(SEED)
    orders = (generator.permutation(count) for _ in range(ORDERS))
    known = np.min_scalar_type(len(things))
    curves = np.array([np.logical_or.accumulate(has[order], axis=0).sum(axis=1, dtype=known) for order in orders])
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(curves, [tail, 1 - tail], axis=0, method="inverted_cdf")
    straight = np.logical_or.accumulate(has, axis=0).sum(axis=1)
    return tuple(
        SaturationStep(
            studies=k + 1,
            mean=float(mean[k]),
            low=float(low[k]),
            high=float(high[k]),
            new=float(mean[k] - (mean[k - 1] if k else 0)),
            in_order=int(straight[k]),
        )
        for k in range(count)
    )


def _expected(holders: Sequence[int], count: int) -> list[float]:
    """Things known after 1, 2, ... studies, over all orders; `holders` is in how many studies each thing is."""
    missed = np.ones(len(holders))
    lacking = count - np.asarray(holders, dtype=float)
    mean = []
    for k in range(count):
        missed = missed * np.clip(lacking - k, 0, None) / (count - k)
        mean.append(float(len(missed) - missed.sum()))
    return mean
