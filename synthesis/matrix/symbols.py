"""How the value of a cell is shown: ✓ for a tick, 1 and 2 for a strength, nothing for absent, ? for unknown."""

from __future__ import annotations

from collections.abc import Sequence

from synthesis.matrix.cell import Basis, Cell, Value, View

TICK, UNKNOWN = "✓", "?"
LEGEND = (
    (TICK, "ticked as present; a tick has no strength"),
    ("1", "mentioned"),
    ("2", "supported with evidence or detailed analysis"),
    (UNKNOWN, "not yet known"),
    ("blank", "judged absent"),
)
# A letter beside the value, so that whose judgement it is does not hang on colour. The published coding has none, so
# that its ticks look as they were printed.
LETTERS: dict[Basis, str] = {"adjudicated": "A", "agreed": "R", "published": "", "proposed": "M", "unknown": ""}
JUDGED_BY: dict[Basis, str] = {
    "adjudicated": "adjudicated",
    "agreed": "agreed by the reviewers who judged it",
    "published": "published coding",
    "proposed": "proposed by the machine, judged by nobody",
    "unknown": "judged by nobody",
}


def graded_publication(cells: Sequence[Cell]) -> bool:
    """Whether the published coding gives strengths: it does as soon as one value is 2."""
    return any(cell.published == 2 for cell in cells)


def is_tick(cell: Cell, view: View, *, graded: bool) -> bool:
    """Whether the value was a tick, which says present but not how strongly; `graded` is `graded_publication`."""
    published = view == "published" or (view == "merged" and cell.basis == "published")
    return published and not graded


def symbol(value: Value, *, tick: bool) -> str:
    """The sign for a value: 1 gives "✓" where it was a tick, else "1"."""
    if value is None:
        return UNKNOWN
    if value == 0:
        return ""
    return TICK if tick else str(value)


def in_words(value: Value, *, tick: bool) -> str:
    """The same for people who listen to the page, and for hints."""
    if value is None:
        return "not yet known"
    if value == 0:
        return "absent"
    return "ticked" if tick else ("mentioned (1)", "supported (2)")[value - 1]
