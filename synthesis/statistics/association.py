"""Which themes go together more, or less, often than chance: lift, Fisher's exact test, corrected for many tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from synthesis.matrix.cell import Cell, View


@dataclass(frozen=True, slots=True)
class Association:
    """Two themes in one view, counted over the studies in which both are known."""

    first: str
    second: str
    both: int  # studies that report both
    only_first: int
    only_second: int
    neither: int
    p: float  # Fisher's exact test, two-sided; 1 where a theme is in every study or in none
    q: float  # p after Benjamini and Hochberg (1995) over all pairs of the view

    @property
    def known(self) -> int:
        """Studies in which both themes are known."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def jaccard(self) -> float | None:
        """both / at least one; None where neither theme occurs."""
        either = self.both + self.only_first + self.only_second
        return self.both / either if either else None

    @property
    def lift(self) -> float | None:
        """How many times as often together as if they were independent: 1 is chance; None where one never occurs."""
        expected = (self.both + self.only_first) * (self.both + self.only_second)
        return self.both * self.known / expected if expected else None


def associations(cells: Sequence[Cell], view: View) -> tuple[Association, ...]:
    """Every pair of themes, in the order of the matrix. An unknown cell is never counted."""
    values: dict[str, dict[str, bool]] = {}
    for cell in cells:
        known = values.setdefault(cell.theme, {})
        if (value := cell.value(view)) is not None:
            known[cell.source_id] = value > 0
    tables = {(first, second): _table(values[first], values[second]) for first, second in combinations(values, 2)}
    if not tables:
        return ()
    from scipy.stats import false_discovery_control, fisher_exact  # a second of imports that most commands do without

    tests = [float(fisher_exact([[a, b], [c, d]])[1]) for a, b, c, d in tables.values()]
    corrected = [float(q) for q in false_discovery_control(tests, method="bh")]
    return tuple(
        Association(first, second, *counts, p=min(p, 1.0), q=min(q, 1.0))
        for ((first, second), counts), p, q in zip(tables.items(), tests, corrected, strict=True)
    )


def _table(one: dict[str, bool], other: dict[str, bool]) -> tuple[int, int, int, int]:
    """Studies with both, the first only, the second only, and neither."""
    pairs = [(one[source], other[source]) for source in one.keys() & other.keys()]
    return (
        pairs.count((True, True)),
        pairs.count((True, False)),
        pairs.count((False, True)),
        pairs.count((False, False)),
    )
