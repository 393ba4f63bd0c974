"""The machine beside people: in how many cells they agree that a theme is there, and which of them says more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthesis.matrix.cell import Cell
from synthesis.statistics.frequency import wilson


@dataclass(frozen=True, slots=True)
class MachineComparison:
    """One theme; cells which people (reviewers, else the publication) judged and the machine read."""

    theme: str  # empty: all of them
    both: int  # say present
    people_only: int
    machine_only: int
    neither: int

    @property
    def cells(self) -> int:
        """Cells compared."""
        return self.both + self.people_only + self.machine_only + self.neither

    @property
    def agreement(self) -> float | None:
        """Share of cells in which both say the same."""
        return (self.both + self.neither) / self.cells if self.cells else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson 95 % interval of it."""
        return wilson(self.both + self.neither, self.cells)

    @property
    def found(self) -> float | None:
        """Share of what people hold present that the machine proposes too."""
        people = self.both + self.people_only
        return self.both / people if people else None

    @property
    def right(self) -> float | None:
        """Share of what the machine proposes that people hold present too."""
        machine = self.both + self.machine_only
        return self.both / machine if machine else None


def compare(cells: Sequence[Cell], themes: Sequence[str]) -> tuple[MachineComparison, ...]:
    """All themes together, then each; empty where there is no cell to compare."""
    pairs = [
        (cell.theme, bool(judged), bool(cell.machine))
        for cell in cells
        if (judged := _people(cell)) is not None and cell.machine_chance is not None
    ]
    if not pairs:
        return ()
    return tuple(
        MachineComparison(
            theme,
            *(
                sum((code == theme or not theme) and (people, machine) == wanted for code, people, machine in pairs)
                for wanted in ((True, True), (True, False), (False, True), (False, False))
            ),
        )
        for theme in ("", *themes)
    )


def _people(cell: Cell) -> int | None:
    return cell.human if cell.human is not None else cell.published
