"""Coefficients of agreement between two or more raters, some of whose ratings may be missing, with intervals.

Every coefficient here is a function of sums over the units, so a bootstrap draw is a weighted sum, and units that were
rated alike are drawn together: 1,000 draws of 20,000 units cost about as much as of the few patterns they show.

Sources: Cohen 1960 and 1968 (kappa, weighted); Fleiss 1971; Gwet, Handbook of Inter-Rater Reliability, 4th ed. 2014
(AC1, AC2, and Fleiss's kappa where ratings are missing); Krippendorff, Content Analysis, 3rd ed. 2013, chapter 11
(alpha; "ordinal" in its form with marginal sums). Intervals: percentile bootstrap over units (Efron 1979).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rated = NDArray[np.int8]  # [rater, unit, item of the unit], 0 to categories - 1, or MISSING

MISSING = -1
DRAWS = 1000
LEVEL = 0.95
# An interval rests on draws in which the coefficient is defined. Where more than a tenth are not, it would be one of
# the friendlier draws only, so none is given.
DEFINED = 0.9
NO_UNITS, NO_VARIATION = "nothing that two of them judged", "no variation"
_ZERO = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient; `value` None means undefined, and `why` says why."""

    value: float | None
    low: float | None = None  # 95 % bootstrap interval; None where the draws don't vary or are often undefined
    high: float | None = None
    why: str = ""


def told(estimate: Estimate, name: str) -> str:
    """A coefficient with its interval, or why there is none."""
    if estimate.value is None:
        return f"undefined: {estimate.why}"
    form = ".1f" if name == "per cent" else ".3f"
    around = f" [{estimate.low:{form}}, {estimate.high:{form}}]" if estimate.low is not None else ""
    return f"{estimate.value:{form}}{around}"


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over the units that at least two raters judged; the first axis is the draw, the first draw the data."""

    pairs: Floats  # [draw, k, l]: share of a unit's ordered pairs of ratings that say k and l
    coincidences: Floats  # [draw, k, l]: the same, a unit weighing as many as it has ratings
    shares: Floats  # [draw, k]: share of a unit's ratings that say k
    table: Floats  # [draw, k, l]: first rater says k, second l; only for two raters
    units: Floats  # [draw]


def coefficients(
    rated: Rated, categories: int, *, draws: int = DRAWS, seed: int = 1, numbers: Floats | None = None
) -> dict[str, Estimate]:
    """All coefficients that fit the data, by name; a bootstrap draw takes a unit with all its items.

    `rated` has the shape (raters, units, items): a passage is a unit, the themes its items. With two categories only
    the nominal ones, for the others would be the same; with more than two raters Fleiss's kappa instead of Cohen's.
    `numbers` are what the categories stand for, where they are not 0, 1, 2.
    """
    two, ordered = len(rated) == 2, categories > 2
    chosen: dict[str, Callable[[_Sums], Floats]] = {"per cent": lambda s: 100 * _agreeing(s, _identity(categories))}
    if two:
        chosen["kappa"] = lambda s: _cohen(s, _identity(categories))
    else:
        chosen["Fleiss kappa"] = _fleiss
    if two and ordered:
        chosen["kappa linear"] = lambda s: _cohen(s, _linear(categories))
        chosen["kappa quadratic"] = lambda s: _cohen(s, _quadratic(categories))
    chosen["AC1"] = lambda s: _gwet(s, _identity(categories))
    if ordered:
        chosen["AC2 quadratic"] = lambda s: _gwet(s, _quadratic(categories))
    values = np.arange(categories, dtype=float) if numbers is None else numbers
    chosen["alpha nominal"] = lambda s: _alpha(s, "nominal", values)
    if ordered:
        chosen["alpha ordinal"] = lambda s: _alpha(s, "ordinal", values)
        chosen["alpha interval"] = lambda s: _alpha(s, "interval", values)
    if numbers is not None and numbers.min() > 0:
        chosen["alpha ratio"] = lambda s: _alpha(s, "ratio", values)
    sums = _sums(rated, categories, draws=draws, seed=seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {name: _estimate(made(sums), sums.units[0]) for name, made in chosen.items()}


def confusion(rated: Rated, categories: int) -> tuple[tuple[int, ...], ...]:
    """How often the first of two raters said k (row) and the second l (column); for more, summed over all pairs."""
    table = np.zeros((categories, categories), int)
    for first in range(len(rated)):
        for second in range(first + 1, len(rated)):
            a, b = rated[first].ravel(), rated[second].ravel()
            both = (a != MISSING) & (b != MISSING)
            table += np.bincount(a[both] * categories + b[both], minlength=categories**2).reshape(table.shape)
    return tuple(tuple(int(n) for n in row) for row in table)


def _sums(rated: Rated, categories: int, *, draws: int, seed: int) -> _Sums:
    raters, _, items = rated.shape
    alike = np.where((rated != MISSING).sum(axis=0) >= 2, rated, MISSING)
    alike = alike[:, (alike != MISSING).any(axis=(0, 2))]  # units with something to compare
    patterns, times = np.unique(alike.transpose(1, 0, 2).reshape(-1, raters * items), axis=0, return_counts=True)
    total = int(times.sum())
    weights = times[None, :].astype(float)
    if total:
        drawn = np.random.default_rng(seed).multinomial(total, times / total, size=draws)
        weights = np.concatenate([weights, drawn])
    rows = patterns.reshape(-1, raters, items)
    says = (rows[..., None] == np.arange(categories)).astype(float)  # [pattern, rater, item, k]
    counts = says.sum(axis=1)  # [pattern, item, k]
    given = counts.sum(axis=2)  # ratings of the item, 0 or at least 2
    some = np.maximum(given, 2)
    ordered = counts[..., :, None] * counts[..., None, :] - counts[..., None] * np.eye(categories)
    ordered /= (some - 1)[..., None, None]
    table = np.einsum("pik,pil->pkl", says[:, 0], says[:, 1])

    def summed(of_pattern: Floats) -> Floats:
        return np.tensordot(weights, of_pattern, axes=1)

    return _Sums(
        pairs=summed((ordered / some[..., None, None]).sum(axis=1)),
        coincidences=summed(ordered.sum(axis=1)),
        shares=summed((counts / some[..., None]).sum(axis=1)),
        table=summed(table),
        units=summed((given > 0).sum(axis=1).astype(float)),
    )


def _estimate(values: Floats, units: float) -> Estimate:
    value, drawn = values[0], values[1:][np.isfinite(values[1:])]
    if not units:
        return Estimate(None, why=NO_UNITS)
    if not np.isfinite(value):
        return Estimate(None, why=NO_VARIATION)
    if len(drawn) < DEFINED * (len(values) - 1) or len(drawn) == 0 or np.ptp(drawn) < _ZERO:
        return Estimate(float(value))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(value), float(low), float(high))


def _over_chance(observed: Floats, expected: Floats) -> Floats:
    return np.where(1 - expected > _ZERO, (observed - expected) / (1 - expected), np.nan)


def _agreeing(sums: _Sums, weights: Floats) -> Floats:
    return np.asarray((sums.pairs * weights).sum(axis=(1, 2)) / sums.units)


def _cohen(sums: _Sums, weights: Floats) -> Floats:
    table = sums.table / sums.units[:, None, None]
    expected = table.sum(axis=2)[:, :, None] * table.sum(axis=1)[:, None, :]
    return _over_chance((table * weights).sum(axis=(1, 2)), (expected * weights).sum(axis=(1, 2)))


def _fleiss(sums: _Sums) -> Floats:
    shares = sums.shares / sums.units[:, None]
    return _over_chance(_agreeing(sums, _identity(shares.shape[1])), (shares**2).sum(axis=1))


def _gwet(sums: _Sums, weights: Floats) -> Floats:
    shares = sums.shares / sums.units[:, None]
    categories = len(weights)
    expected = weights.sum() / (categories * (categories - 1)) * (shares * (1 - shares)).sum(axis=1)
    return _over_chance(_agreeing(sums, weights), expected)


def _alpha(sums: _Sums, metric: str, numbers: Floats) -> Floats:
    marginal = sums.coincidences.sum(axis=2)
    distance = _DISTANCES[metric](marginal, numbers)
    total = marginal.sum(axis=1)
    observed = (sums.coincidences * distance).sum(axis=(1, 2))
    expected = (marginal[:, :, None] * marginal[:, None, :] * distance).sum(axis=(1, 2)) / (total - 1)
    return np.where(expected > _ZERO, 1 - observed / expected, np.nan)


def _ordinal(marginal: Floats, _: Floats) -> Floats:
    """Squared number of ratings between two categories, those of the two themselves counted half."""
    middle = np.cumsum(marginal, axis=1) - marginal / 2
    return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2)


_DISTANCES: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "nominal": lambda _, numbers: 1 - np.eye(len(numbers)),
    "ordinal": _ordinal,
    "interval": lambda _, numbers: np.subtract.outer(numbers, numbers) ** 2,
    "ratio": lambda _, numbers: (np.subtract.outer(numbers, numbers) / np.add.outer(numbers, numbers)) ** 2,
}


def _identity(categories: int) -> Floats:
    return np.eye(categories)


def _linear(categories: int) -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(categories), np.arange(categories)))
    return np.asarray(1 - apart / (categories - 1))


def _quadratic(categories: int) -> Floats:
    return np.asarray(1 - (1 - _linear(categories)) ** 2)
