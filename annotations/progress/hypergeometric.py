"""How many of a finite number of things have a property, from some of them drawn by lot.

The hypergeometric distribution with logarithms of factorials. SciPy has it too, and takes a second and a half to load.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CountRange:
    """A number of things, as estimated, with its interval. CountRange(12.0, 7, 21) says: 12, and 7 to 21."""

    estimate: float
    low: int
    high: int


def lower_tail(met: Integers, urn: Integers, codes: Integers, drawn: Integers) -> Floats:
    """Probability of at most `met` true codes among `drawn` from an urn of `urn` things, `codes` of them true codes."""
    logs = _log_factorials(int(np.max(urn, initial=1)).bit_length())

    def choose(n: Integers, k: Integers) -> Floats:
        inside = (k >= 0) & (k <= n)
        k = np.where(inside, k, 0)
        return np.where(inside, logs[n] - logs[k] - logs[n - k], -np.inf)

    counts = np.arange(int(np.max(met, initial=-1)) + 1)  # a third axis: every number that may be met
    urn, codes, drawn = urn[..., None], codes[..., None], drawn[..., None]
    log = choose(codes, counts) + choose(urn - codes, drawn - counts) - choose(urn, drawn)
    return np.asarray(np.minimum(np.sum(np.where(counts <= met[..., None], np.exp(log), 0.0), axis=-1), 1.0))


@lru_cache(maxsize=4)
def _log_factorials(bits: int) -> NDArray[np.float64]:
    """Logarithms of the factorials of 0 to 2 ** bits."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, 2**bits + 1)))])


@lru_cache(maxsize=4096)
def drawn_range(found: int, drawn: int, size: int, confidence: float) -> CountRange:
    """How many of `size` things have what `found` of `drawn` by lot have: the exact interval.

    Every number is in it that would give as few, or as many, as were found with more than half of what `confidence`
    leaves (Clopper and Pearson 1934, for draws without replacement: Konijn 1973). It holds for samples of any size and
    is rather too wide than too narrow. ValueError: more found than drawn, or drawn than there are.
    """
    if not 0 <= found <= drawn <= size:
        raise ValueError(f"{found} found of {drawn} drawn of {size}")
    tail = (1 - confidence) / 2
    high = _last(lambda codes: _at_most(found, drawn, size, codes) > tail, found, size - drawn + found)
    # As many as found, counted as things without it: at most drawn - found of these were met.
    without = _last(lambda codes: _at_most(drawn - found, drawn, size, codes) > tail, drawn - found, size - found)
    return CountRange(size * found / drawn if drawn else size / 2, size - without, high)


def _at_most(met: int, drawn: int, size: int, codes: int) -> float:
    met_, urn, codes_, drawn_ = (np.array([number]) for number in (met, size, codes, drawn))
    return float(lower_tail(met_, urn, codes_, drawn_)[0])


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The last number from `low`, for which it holds, to `high` for which it does."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
