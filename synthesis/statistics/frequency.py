"""How many studies report each theme, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from synthesis.matrix.cell import Cell, View
from synthesis.matrix.symbols import graded_publication, is_tick

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Frequency:
    """One theme in one view. Shares are between 0 and 1.

    They are None where no cell is known, and where some are known by the machine alone: then only the bounds are told.
    """

    theme: str
    view: View
    present: int  # studies with a value above 0
    known: int  # studies with any value
    unknown: int  # studies without one: never counted as absent
    share: float | None  # present / known
    low: float | None  # Wilson 95 % interval of the share
    high: float | None
    least: float  # present / all studies: the share if the theme is absent from every unknown study; 0 for no study
    most: float  # (present + unknown) / all studies: the share if it is present in every one of them
    mean_strength: float | None  # mean value, 0 to 2, of the known studies; None where the coding is ticks only
    rank: int | None  # 1 = the largest share; equal shares have the same rank

    @property
    def total(self) -> int:
        """All studies of the review."""
        return self.known + self.unknown

    @property
    def percent(self) -> float | None:
        """The share in per cent."""
        return None if self.share is None else 100 * self.share


def frequencies(cells: Sequence[Cell], view: View, *, themes: Sequence[str] = ()) -> tuple[Frequency, ...]:
    """The frequency of every theme in `view`, in the order of the matrix; `themes` names the columns beforehand."""
    graded = graded_publication(cells)
    themes = themes or list(dict.fromkeys(cell.theme for cell in cells))
    counted = {theme: [cell for cell in cells if cell.theme == theme] for theme in themes}
    shares = {theme: _share(found, view) for theme, found in counted.items()}
    return tuple(_frequency(theme, counted[theme], view, shares=shares, published_is_graded=graded) for theme in themes)


def wilson(present: int, known: int) -> tuple[float, float] | None:
    """Wilson score interval of a proportion, without continuity correction; None for no observations.

    81 of 263 gives (.2553, .3662). Source: Wilson, E. B. (1927), Journal of the American Statistical Association 22.
    """
    if not known:
        return None
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share, spread = present / known, 1 + z * z / known
    centre = (share + z * z / (2 * known)) / spread
    half = z * math.sqrt(share * (1 - share) / known + z * z / (4 * known * known)) / spread
    return (0.0 if present == 0 else centre - half, 1.0 if present == known else centre + half)


def _frequency(
    theme: str, cells: Sequence[Cell], view: View, *, shares: dict[str, float | None], published_is_graded: bool
) -> Frequency:
    known = [cell for cell in cells if cell.value(view) is not None]
    values = [cell.value(view) or 0 for cell in known]
    present, unknown = sum(value > 0 for value in values), len(cells) - len(known)
    share = shares[theme]
    interval = (None, None) if share is None else wilson(present, len(known)) or (None, None)
    graded = bool(known) and not any(is_tick(cell, view, graded=published_is_graded) for cell in known)
    larger = sum(other is not None and share is not None and other > share for other in shares.values())
    return Frequency(
        theme=theme,
        view=view,
        present=present,
        known=len(known),
        unknown=unknown,
        share=share,
        low=interval[0],
        high=interval[1],
        least=present / max(len(cells), 1),
        most=(present + unknown) / max(len(cells), 1),
        mean_strength=sum(values) / len(values) if graded else None,
        rank=None if share is None else 1 + larger,
    )


def themes_without_share(cells: Sequence[Cell], view: View) -> frozenset[str]:
    """The themes of which some cells of `view` are known by the machine alone.

    It shows what is there and never what is not: a share of what it shows would be 1 by itself.
    """
    if view == "machine":
        return frozenset(cell.theme for cell in cells)
    return frozenset(cell.theme for cell in cells if view == "merged" and cell.basis == "proposed")


def _share(cells: Sequence[Cell], view: View) -> float | None:
    values = [value for cell in cells if (value := cell.value(view)) is not None]
    if not values or themes_without_share(cells, view):
        return None
    return sum(value > 0 for value in values) / len(values)
