"""Hierarchical synthesis: codes under categories under themes under columns of the matrix, counted at each level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.codebook.codebook import Codebook
from synthesis.matrix.coding_columns import CodingSelection
from synthesis.patterns.subthemes import Subtheme

Level = Literal["column", "theme", "category", "code"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of the tree. A passage counts once at each level it reaches."""

    level: Level
    name: str
    code: str  # "TI", or the id of a first-level code; empty for a category
    passages: int
    studies: int
    branches: tuple[Branch, ...] = ()


def hierarchy(groups: Sequence[Subtheme], codebook: Codebook) -> tuple[Branch, ...]:
    """The columns of the matrix, then what is coded but no column; those without a passage are left out.

    column TI > theme COV > category "informal, workers, covered" > code COV.workers-uncovered
    """
    columns = dict.fromkeys(codebook.column_of(code) or code for code in codebook.codes)
    return tuple(branch for column in columns if (branch := _column(column, groups, codebook)).passages)


def pruned(branches: Sequence[Branch]) -> tuple[Branch, ...]:
    """The tree to look at: a column whose only theme is its own has that theme's categories at once."""
    return tuple(
        replace(column, branches=column.branches[0].branches)
        if [theme.code for theme in column.branches] == [column.code]
        else column
        for column in branches
    )


def walk(branches: Iterable[Branch], depth: int = 0) -> Iterable[tuple[int, Branch]]:
    """Every node with its depth, a branch before its twigs."""
    for branch in branches:
        yield depth, branch
        yield from walk(branch.branches, depth + 1)


def _column(column: str, groups: Sequence[Subtheme], codebook: Codebook) -> Branch:
    codes = [code for code in codebook.codes if (codebook.column_of(code) or code) == column]
    themes = tuple(theme for code in codes if (theme := _theme(code, groups, codebook)).passages)
    inside = [group.passages for group in groups if group.theme in codes]
    return Branch("column", codebook.theme(column).name, column, *_counts(inside), themes)


def _theme(code: str, groups: Sequence[Subtheme], codebook: Codebook) -> Branch:
    own = [group for group in groups if group.theme == code]
    inside = [group.passages for group in own]
    return Branch("theme", codebook.theme(code).name, code, *_counts(inside), tuple(_category(group) for group in own))


def _category(group: Subtheme) -> Branch:
    codes = tuple(
        Branch(
            "code",
            code.partition(".")[2].replace("-", " ") or code,
            code,
            *_counts([group.passages.pick(np.intersect1d(group.passages.places, group.passages.columns.having(code)))]),
        )
        for code, _ in group.codes
    )
    return Branch("category", group.name, "", *_counts([group.passages]), codes)


def _counts(parts: Sequence[CodingSelection]) -> tuple[int, int]:
    """Passages and studies; a passage with two themes of a column counts once."""
    if not parts:
        return 0, 0
    together = parts[0].pick(np.concatenate([part.places for part in parts]))
    return together.passages, len(together.studies)
