"""What can be counted in a review: the side of the audit that does not come from the claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.registry.sources import Source
from models.codebook.codebook import Codebook
from synthesis.matrix.cell import Cell, Value, View
from synthesis.statistics.frequency import Frequency, frequencies


@dataclass(frozen=True, slots=True)
class Facts:
    """One view of the matrix, counted, and what the registry says about its rows."""

    view: View
    studies: int  # rows of the matrix
    themes: Mapping[str, Frequency]  # by column
    values: frozenset[int]  # the values that occur in the view
    peer_reviewed: Mapping[str, int]  # "yes", "no", "unknown" -> studies
    years: Mapping[str, int | None]  # label of the study -> year of publication
    codebook: Codebook
    cells: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)  # by column: source id -> value

    @property
    def ticks(self) -> int:
        """Cells with a value above 0."""
        return sum(theme.present for theme in self.themes.values())

    @property
    def unknown(self) -> int:
        """Cells without a value."""
        return sum(theme.unknown for theme in self.themes.values())

    @property
    def coded(self) -> tuple[str, ...]:
        """The columns with at least one known value."""
        return tuple(code for code, theme in self.themes.items() if theme.known)

    def ranks(self, code: str) -> tuple[int, int]:
        """The best and the worst rank a theme can have; they differ only where cells are unknown."""
        mine = self.themes[code]
        others = [theme for theme in self.themes.values() if theme.theme != code]
        best = 1 + sum(theme.present > mine.present + mine.unknown for theme in others)
        worst = 1 + sum(theme.present + theme.unknown > mine.present for theme in others)
        return best, worst

    def in_order(self) -> list[Frequency]:
        """The themes by falling count; equal counts in the order of the matrix."""
        return sorted(self.themes.values(), key=lambda theme: -theme.present)


def gather(cells: Sequence[Cell], sources: Sequence[Source], codebook: Codebook, view: View) -> Facts:
    """The facts about `view`. `cells` holds one cell per source and column."""
    return Facts(
        view=view,
        studies=len(sources),
        themes={item.theme: item for item in frequencies(cells, view, themes=codebook.columns)},
        values=frozenset(value for cell in cells if (value := cell.value(view)) is not None),
        peer_reviewed=Counter(source.peer_reviewed for source in sources),
        years={source.label: source.year for source in sources},
        codebook=codebook,
        cells={
            code: {cell.source_id: cell.value(view) for cell in cells if cell.theme == code}
            for code in codebook.columns
        },
    )
