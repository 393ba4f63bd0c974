"""How much the machine's view hangs on its thresholds: the same suggestions, counted more and less strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthesis.matrix.cell import Cell

PROBABILITIES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # a study counts if one suggestion is as probable as this
LEVELS = (0.1, 0.05, 0.01, 0.001)  # ... or if so many suggestions are chance with less than this probability


@dataclass(frozen=True, slots=True)
class Setting:
    """One way of counting, and how many studies each theme then has."""

    rule: str  # "one suggestion of at least", or "more suggestions than chance, at level"
    threshold: float
    present: dict[str, int]  # by theme
    studies: int  # with a text that was read


def sensitivity(cells: Sequence[Cell], themes: Sequence[str]) -> tuple[Setting, ...]:
    """The machine's counts under every threshold; empty where no text was read.

    Suggestions below the model's own threshold are not kept, so that settings below it give the same as it does.
    """
    read = [cell for cell in cells if cell.machine_chance is not None]
    studies = len({cell.source_id for cell in read})
    if not studies:
        return ()
    by_theme = {theme: [cell for cell in read if cell.theme == theme] for theme in themes}
    strict = [
        Setting(
            "one suggestion of at least",
            limit,
            {t: sum((cell.machine_best or 0) >= limit for cell in found) for t, found in by_theme.items()},
            studies,
        )
        for limit in PROBABILITIES
    ]
    chance = [
        Setting(
            "more suggestions than chance, at level",
            level,
            {
                theme: sum(cell.machine_chance is not None and cell.machine_chance < level for cell in found)
                for theme, found in by_theme.items()
            },
            studies,
        )
        for level in LEVELS
    ]
    return (*chance, *strict)
