"""Pattern recognition: arguments that come back in several studies, with the words of every study that makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from synthesis.matrix.coding import Coding
from synthesis.matrix.coding_columns import CodingColumns, CodingSelection
from synthesis.patterns.subthemes import Subtheme

FEWEST_STUDIES = 2  # an argument of one study is no pattern


@dataclass(frozen=True, slots=True)
class Argument:
    """One recurring argument."""

    kind: Literal["sub-theme", "link", "code"]  # a group of passages; two themes in one passage; a first-level code
    name: str
    themes: tuple[str, ...]
    passages: CodingSelection  # the one that shows it best first

    @property
    def studies(self) -> tuple[str, ...]:
        """Source ids of the studies that make it."""
        return self.passages.studies

    @property
    def by_study(self) -> CodingSelection:
        """The best passage of each study."""
        return self.passages.first_of_each_study()


def recurring(codings: Sequence[Coding], groups: Sequence[Subtheme]) -> tuple[Argument, ...]:
    """Arguments of at least FEWEST_STUDIES studies, those of most studies first."""
    columns = CodingColumns.of(codings)
    found = [Argument("sub-theme", group.name, (group.theme,), group.passages) for group in groups]
    found += [*_links(columns), *_codes(columns)]
    spread = [(len(argument.studies), argument) for argument in found]
    several = [(studies, argument) for studies, argument in spread if studies >= FEWEST_STUDIES]
    several.sort(key=lambda row: (-row[0], -len(row[1].passages), row[1].kind, row[1].name))
    return tuple(argument for _, argument in several)


def _links(columns: CodingColumns) -> list[Argument]:
    """Two themes in one passage: where a study ties one problem to another."""
    of_theme = {theme: columns.of_theme(theme).places for theme in columns.themes}
    passages = columns.column("passage")
    found = []
    for one, other in combinations(columns.themes, 2):
        both = of_theme[one][np.isin(passages[of_theme[one]], passages[of_theme[other]])]
        if len(both):
            found.append(
                Argument("link", f"{one} with {other}", (one, other), CodingSelection(columns, both).strongest_first())
            )
    return found


def _codes(columns: CodingColumns) -> list[Argument]:
    found = []
    for code in columns.codes:
        theme, _, name = code.partition(".")
        places = np.intersect1d(columns.having(code), columns.of_theme(theme).places)
        if len(places):
            picked = CodingSelection(columns, places).strongest_first()
            found.append(Argument("code", name.replace("-", " "), (theme,), picked))
    return found
