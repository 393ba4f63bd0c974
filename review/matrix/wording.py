"""Values of passages, studies and cells in words."""

from __future__ import annotations

from synthesis.matrix.cell import Cell

_SPOKEN = {0: "rejected", 1: "mentioned", 2: "with evidence", None: "not known"}


def spoken(value: int | None) -> str:
    """A value in words."""
    return _SPOKEN[value]


def spoken_value(value: int | None) -> str:
    """A value of a study in words."""
    return {0: "0, not discussed", 1: "1, mentioned", 2: "2, with evidence", None: "not known"}[value]


def spoken_cell(cell: Cell) -> str:
    """A cell's value in words, with what it rests on."""
    told = spoken_value(cell.merged)
    if cell.merged is not None:
        told += f" ({cell.basis})"
    if cell.disputed:
        told += ", coders differ"
    return told + (", machine and people differ" if cell.conflict else "")
