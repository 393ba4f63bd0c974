"""How far coders agree, theme by theme and over all of them, and where they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from annotations.agreement.coefficients import DRAWS, MISSING, Estimate, coefficients, confusion
from annotations.agreement.ratings import Level, Place, Ratings

Scale = Literal["presence", "strength"]
SCALES: tuple[Scale, ...] = ("presence", "strength")
_CATEGORIES = {"presence": 2, "strength": 3}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of some raters on one theme, or on all of them together."""

    raters: tuple[str, ...]
    level: Level
    scale: Scale  # presence: 0 or 1 and 2 as one; strength: 0, 1, 2
    theme: str  # empty: all themes; an interval then draws a passage with all its themes
    units: int  # passages or studies (of all themes: times themes) that at least two of the raters judged
    coefficients: dict[str, Estimate]
    confusion: tuple[tuple[int, ...], ...]  # first rater's value in the rows, second's in the columns


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A passage or study on which raters differ."""

    place: Place
    theme: str
    ratings: tuple[tuple[str, int], ...]  # (rater, value) of all who judged it
    scale: Scale  # the coarsest on which they differ: presence, or only strength


def agreements(ratings: Ratings, *, scale: Scale, draws: int = DRAWS, seed: int = 1) -> tuple[Agreement, ...]:
    """Agreement of all raters of `ratings` on all themes together, then on each."""
    values = np.minimum(ratings.values, 1) if scale == "presence" else ratings.values
    made = []
    for number, theme in enumerate(("", *ratings.themes)):
        rated = values if not theme else values[:, :, number - 1 : number]
        made.append(
            Agreement(
                raters=ratings.raters,
                level=ratings.level,
                scale=scale,
                theme=theme,
                units=int(((rated != MISSING).sum(axis=0) >= 2).sum()),
                coefficients=coefficients(rated, _CATEGORIES[scale], draws=draws, seed=seed),
                confusion=confusion(rated, _CATEGORIES[scale]),
            )
        )
    return tuple(made)


def pairs(ratings: Ratings) -> tuple[tuple[str, str], ...]:
    """The pairs of raters who judged at least one thing both, in the order of the raters."""
    judged = ratings.values != MISSING
    return tuple(
        (ratings.raters[a], ratings.raters[b])
        for a, b in combinations(range(len(ratings.raters)), 2)
        if (judged[a] & judged[b]).any()
    )


def disagreements(ratings: Ratings, *, themes: Sequence[str] = ()) -> Iterator[Disagreement]:
    """Every place and theme on which raters differ, in the order of the places; `themes` for only some of them."""
    values = ratings.values
    lowest = np.where(values == MISSING, 2, values).min(axis=0, initial=2)
    highest = values.max(axis=0, initial=MISSING)
    for place, theme in np.argwhere(highest > lowest):
        if themes and ratings.themes[theme] not in themes:
            continue
        own = values[:, place, theme]
        yield Disagreement(
            place=ratings.places[place],
            theme=ratings.themes[theme],
            ratings=tuple((r, int(v)) for r, v in zip(ratings.raters, own, strict=True) if v != MISSING),
            scale="presence" if lowest[place, theme] == 0 else "strength",
        )
