"""Recall and the number of passages with a theme, from what people answered and what they found by lot."""

from __future__ import annotations

from dataclasses import dataclass

from annotations.progress.hypergeometric import CountRange, drawn_range
from models.interval import Interval


@dataclass(frozen=True, slots=True)
class Stratum:
    """One kind of passages, of which some were drawn by lot."""

    size: int
    drawn: int  # by lot
    found: int  # of the drawn, with the theme
    present: int  # known to have the theme, drawn or not
    absent: int  # known not to have it

    def count(self, confidence: float) -> CountRange:
        """How many have the theme."""
        low, high = self.present, self.size - self.absent
        if low == high:
            return CountRange(float(low), low, high)
        exact = drawn_range(self.found, self.drawn, self.size, confidence)
        low, high = max(low, exact.low), min(high, exact.high)
        if low > high:  # the lot was unlucky: what is known counts
            low, high = self.present, self.size - self.absent
        return CountRange(min(max(exact.estimate, low), high), low, high)


def both_counts(by_machine: Stratum, silent: Stratum, confidence: float) -> tuple[CountRange, CountRange]:
    """How many passages have the theme among those it is proposed for, and among the others: both at once with
    `confidence`. What is known to the last passage needs no part of what the confidence leaves."""
    unsure = sum(one.present + one.absent < one.size for one in (by_machine, silent))
    each = 1 - (1 - confidence) / max(1, unsure)
    return by_machine.count(each), silent.count(each)


def recall_of(right: CountRange, missed: CountRange) -> Interval | None:
    """Share of the passages with the theme for which it is proposed; None where there may be none with it at all."""
    if not right.high + missed.high:
        return None
    value = right.estimate / (right.estimate + missed.estimate) if right.estimate + missed.estimate else 1.0
    low = right.low / (right.low + missed.high) if right.low + missed.high else 0.0
    high = right.high / (right.high + missed.low) if right.high + missed.low else 1.0
    return Interval(min(max(value, low), high), low, high)


def more_by_lot(by_machine: Stratum, silent: Stratum, *, width: float, confidence: float) -> int | None:
    """How many more passages to read by lot until the interval of the recall is no wider than `width`, if as many are
    found as so far (one half more, so that none found does not promise too much) and every suggestion is answered.
    None where reading all of them would not do."""
    proposed = by_machine.count(confidence)
    right = CountRange(proposed.estimate, round(proposed.estimate), round(proposed.estimate))
    rate = (silent.found + 0.5) / (silent.drawn + 1)

    def wide(drawn: int) -> float:
        missed = drawn_range(min(drawn, round(rate * drawn)), drawn, silent.size, confidence)
        recall = recall_of(right, missed)
        return recall.high - recall.low if recall else 1.0

    low, high = silent.drawn, silent.size
    if wide(high) > width:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if wide(middle) <= width else (middle + 1, high)
    return low - silent.drawn
