"""Which themes are reported by the same studies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from synthesis.matrix.cell import Cell, View


@dataclass(frozen=True, slots=True)
class ThemePair:
    """Two themes in one view, counted over the studies in which both are known."""

    first: str
    second: str
    both: int  # studies that report both
    either: int  # studies that report at least one
    known: int  # studies in which both are known; the others are left out

    @property
    def jaccard(self) -> float | None:
        """both / either: 1 where the themes always go together, 0 where they never do; None where neither occurs."""
        return self.both / self.either if self.either else None


def cooccurrence(cells: Sequence[Cell], view: View) -> tuple[ThemePair, ...]:
    """Every pair of themes, in the order of the matrix: (GW, IF), (GW, TI), ... An unknown cell is never counted."""
    values: dict[str, dict[str, int]] = {}
    for cell in cells:
        known = values.setdefault(cell.theme, {})
        if (value := cell.value(view)) is not None:
            known[cell.source_id] = value
    return tuple(_pair(first, second, values[first], values[second]) for first, second in combinations(values, 2))


def _pair(first: str, second: str, one: dict[str, int], other: dict[str, int]) -> ThemePair:
    shared = one.keys() & other.keys()
    return ThemePair(
        first,
        second,
        both=sum(one[source] > 0 and other[source] > 0 for source in shared),
        either=sum(one[source] > 0 or other[source] > 0 for source in shared),
        known=len(shared),
    )
