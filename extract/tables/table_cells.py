"""Which words of a page stand in which cell of a grid."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Sequence

import numpy as np

from extract.ruling.grid import Cell, around
from extract.words import Word, Words, along

_MOST_STRAY = 0.25  # of the words in cells; more within its outline that are in no cell are no part of it
_WORD_GAP = 0.6  # of the font size: no wider between the words of one text
NEXT_LINE = 0.5  # of the font size: a word whose baseline is this far off stands on another line

# Where a cell starts along the line and down the lines, for words that are turned.
READING: tuple[Callable[[Cell], tuple[float, float]], ...] = (
    lambda cell: (cell[0], cell[1]),
    lambda cell: (cell[1], -cell[2]),
    lambda cell: (-cell[2], -cell[3]),
    lambda cell: (-cell[3], cell[0]),
)


def _within(grid: Sequence[Cell], words: Words, left_out: Container[int]) -> list[tuple[int, float, float]]:
    """The words whose middle lies within the outline of a grid, in stream order: number and middle."""
    x0, top, x1, bottom = around(grid)
    lefts, tops, rights, bottoms = words.places
    xs, ys = (lefts + rights) / 2, (tops + bottoms) / 2
    (numbers,) = np.nonzero((x0 <= xs) & (xs < x1) & (top <= ys) & (ys < bottom))
    found = zip(numbers.tolist(), xs[numbers].tolist(), ys[numbers].tolist(), strict=True)
    return [one for one in found if one[0] not in left_out]


def words_in(grid: Sequence[Cell], words: Words, taken: set[int]) -> dict[Cell, list[int]]:
    """The numbers of the words whose middle lies in a cell, in stream order."""
    columns: dict[float, list[Cell]] = defaultdict(list)
    for cell in sorted(grid):
        columns[cell[0]].append(cell)
    lefts, tops = sorted(columns), {left: [cell[1] for cell in column] for left, column in columns.items()}
    found: dict[Cell, list[int]] = defaultdict(list)
    for number, x, y in _within(grid, words, taken):
        for left in reversed(lefts[: bisect_right(lefts, x)]):
            index = bisect_right(tops[left], y) - 1
            if index >= 0 and x < columns[left][index][2] and y < columns[left][index][3]:
                found[columns[left][index]].append(number)
                break
    return dict(found)


def add_overflow(words: dict[Cell, list[int]], of: Words, grid: Sequence[Cell], taken: set[int]) -> None:
    """The words that run out of their cell into one that is not drawn, such as those of a title, to the rest of it."""
    homes = {number: cell for cell, numbers in words.items() for number in numbers}
    for number, _, _ in _within(grid, of, taken):
        home = homes.get(number - 1)
        if number not in homes and home is not None and _carries_on(of.word(number - 1), of.word(number)):
            homes[number] = home
            words[home].append(number)


def _carries_on(before: Word, word: Word) -> bool:
    """Does `word` stand right behind another on its line?"""
    level = word.turn == before.turn and abs(word.base - before.base) <= NEXT_LINE * word.size
    return level and 0 <= along(word)[0] - along(before)[1] <= _WORD_GAP * word.size


def with_strays(
    rows: list[list[list[int]]], words: Words, grid: Sequence[Cell], turn: int, taken: set[int]
) -> list[list[list[int]]]:
    """`rows` with the few words that stand within the table but in none of its cells, where an edge is missing."""
    inside = {number for row in rows for cell in row for number in cell}
    strays = _within(grid, words, inside | taken)
    if not strays or len(strays) > _MOST_STRAY * len(inside):
        return rows
    tops = sorted({READING[turn](cell)[1] for cell in grid})
    added: dict[int, list[int]] = defaultdict(list)
    for number, x, y in strays:
        added[max(0, bisect_right(tops, READING[turn]((x, y, x, y))[1]) - 1)].append(number)
    return [_row_with(row, added[index], words) if index in added else row for index, row in enumerate(rows)]


def _row_with(row: list[list[int]], strays: list[int], words: Words) -> list[list[int]]:
    """A row with its strays as a cell of their own, where the first of them stands."""
    start = along(words.word(strays[0]))[0]
    place = sum(1 for cell in row if along(words.word(cell[0]))[0] < start)
    return [*row[:place], strays, *row[place:]]
