"""The views of a matrix: whose values it shows, on which scale, for how many themes; and how two views differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from annotations.decision import PUBLISHED
from corpus.errors import UnknownChoiceError
from models.codebook.codebook import Codebook
from synthesis.matrix.cell import BY_CODER, VIEWS, Cell, Value, View

Differ = Literal["same", "presence", "strength", "only first", "only second", "both unknown"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell under two views."""

    source_id: str
    theme: str
    first: Value
    second: Value

    @property
    def kind(self) -> Differ:
        """How they differ: on presence (0 against 1 or 2), in strength only (1 against 2), or in being known at all."""
        if self.first is None or self.second is None:
            if self.first is None and self.second is None:
                return "both unknown"
            return "only second" if self.first is None else "only first"
        if self.first == self.second:
            return "same"
        return "strength" if self.first and self.second else "presence"


def coders(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Everyone who judged a cell, adjudicators included, in the order of their names."""
    return tuple(sorted({name for cell in cells for name, _ in cell.coders}))


def view_named(cells: Sequence[Cell], name: str) -> View:
    """The view a person means by `name`, upper or lower case alike; UnknownChoiceError names those there are.

    "coder:amina khan" gives "coder:Amina Khan"; "coder:published" is the published coding.
    """
    own = [BY_CODER + coder for coder in coders(cells)]
    if name.strip().casefold() == BY_CODER + PUBLISHED:
        return PUBLISHED
    for view in (*VIEWS, *own):
        if view.casefold() == name.strip().casefold():
            return view
    raise UnknownChoiceError("view", name, (*VIEWS, *own), "" if own else "No reviewer has judged a study yet")


def differences(cells: Sequence[Cell], first: View, second: View) -> tuple[Difference, ...]:
    """Every cell under both views, in the order of `cells`."""
    return tuple(Difference(cell.source_id, cell.theme, cell.value(first), cell.value(second)) for cell in cells)


def shown(value: Value, *, presence: bool) -> Value:
    """The value on the scale asked for: with `presence` a 2 is a 1."""
    return value if value is None or not presence else 1 if value else 0


def unfolded(codebook: Codebook) -> Codebook:
    """The codebook with every theme a column of its own: COV beside TI, REC beside the rest."""
    themes = tuple(replace(theme, counts_under="", in_matrix=True) for theme in codebook.themes)
    return replace(codebook, themes=themes)


def columns_wanted(codebook: Codebook, themes: str) -> Codebook:
    """The codebook with the columns asked for: "8" or "all" every theme, "6" or "columns" those of the matrix.

    The numbers are those of the shipped codebook: another one has its own, and UnknownChoiceError names them.
    """
    folded, every = len(codebook.columns), len(codebook.themes)
    if themes in ("columns", str(folded)):
        return codebook
    if themes in ("all", str(every)):
        return unfolded(codebook)
    raise UnknownChoiceError("number of themes", themes, (str(folded), str(every), "columns", "all"))
