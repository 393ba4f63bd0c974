"""Columns of running text that a PDF draws row by row, across the gutter: told apart, and read one after the other.

Nearly every program streams one column and then the next, and that order is kept. Where it draws the first line of
the left column, the first of the right one, the second of the left one and so on, the stream changes sides at every
line; the sides are parted by a strip that no word of these lines reaches into.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from extract.words import Floats, Words

_SAME_BASELINE = 0.25  # of the font size
_GAP = 0.8  # of the font size: no narrower between two columns
# Of the font size: lines of two columns that are drawn one after the other stand no farther apart in height.
_NEAR = 1.3
_FEWEST_CHANGES = 8  # of side, in the lines of a region
_CHANGES_A_LINE = 0.5  # and in proportion to its lines
_FEWEST_WORDS = 3.0  # of a line of a column, on average: cells have fewer
_GOING_ON = 0.4  # of the lines of each side begin in lower case: they go on with the line above, as cells do not
_FIGURES = 0.25  # of the words of each side may be numbers
_DEEPEST = 3  # columns within columns: four side by side need two steps


def columns_in_order(words: Words, *, depth: int = 0) -> Words:
    """The words of a page, those of columns that are drawn row by row one column after the other."""
    if depth >= _DEEPEST or len(words) < 2 * _FEWEST_CHANGES * _FEWEST_WORDS:
        return words
    bases, sizes, turns = words.bases, words.sizes, words.turns
    if turns.any():
        return words
    starts, ends = words.places[0], words.places[2]
    level = np.abs(np.diff(bases)) <= _SAME_BASELINE * np.maximum(sizes[1:], sizes[:-1])
    gaps = starts[1:] - ends[:-1]
    new = np.concatenate(([True], ~level | (gaps > _GAP * sizes[1:]) | (gaps < -sizes[1:])))
    firsts = np.flatnonzero(new)
    left, right = np.minimum.reduceat(starts, firsts), np.maximum.reduceat(ends, firsts)
    base, size = bases[firsts], sizes[firsts]
    gutter = _gutter(left, right, base, size)
    if gutter is None:
        return words
    stops = [*firsts[1:].tolist(), len(words)]
    order: list[int] = []
    for region in _regions(left, right, gutter):
        pieces = [range(firsts[n], stops[n]) for n in region]
        sides = [bool(left[n] >= gutter) for n in region]
        if _is_drawn_by_row(sides) and all(_is_running(words, pieces, sides, side=side) for side in (False, True)):
            pieces = [pieces[n] for n in sorted(range(len(region)), key=sides.__getitem__)]
        order += [number for piece in pieces for number in piece]
    if order == list(range(len(words))):
        return words
    return columns_in_order(words.taken(order), depth=depth + 1)


def _gutter(left: Floats, right: Floats, base: Floats, size: Floats) -> float | None:
    """Where most of the lines that are drawn beside each other, one after the other, leave a strip free."""
    beside = (left[1:] > right[:-1]) & (np.abs(np.diff(base)) <= _NEAR * size[1:])
    begins, ends = right[:-1][beside], left[1:][beside]
    if len(begins) < max(_FEWEST_CHANGES, _CHANGES_A_LINE * len(left)) / 2:
        return None
    places = (begins + ends) / 2
    counts = np.searchsorted(np.sort(begins), places) - np.searchsorted(np.sort(ends), places, side="right")
    best = int(counts.argmax())
    if counts[best] < _FEWEST_CHANGES // 2:
        return None
    chosen = (begins < places[best]) & (places[best] < ends)
    return float((begins[chosen].max() + ends[chosen].min()) / 2)


def _regions(left: Floats, right: Floats, gutter: float) -> list[list[int]]:
    """The lines in runs: those that keep clear of the gutter together, each that crosses it by itself."""
    regions: list[list[int]] = []
    clear = False
    for number, crosses in enumerate(((left < gutter) & (right > gutter)).tolist()):
        if regions and clear and not crosses:
            regions[-1].append(number)
        else:
            regions.append([number])
        clear = not crosses
    return regions


def _is_drawn_by_row(sides: Sequence[bool]) -> bool:
    changes = sum(one != other for one, other in itertools.pairwise(sides))
    return changes >= max(_FEWEST_CHANGES, _CHANGES_A_LINE * len(sides))


def _is_running(words: Words, pieces: Sequence[range], sides: Sequence[bool], *, side: bool) -> bool:
    """Do the lines of one side read on from one to the next, as a column of text does and cells do not?"""
    lines = [[words.texts[number] for number in piece] for piece, on in zip(pieces, sides, strict=True) if on == side]
    texts = [text for line in lines for text in line]
    figures = sum(text[0].isdigit() for text in texts)
    going_on = sum(line[0][0].islower() for line in lines)
    return (
        len(texts) >= _FEWEST_WORDS * len(lines)
        and figures <= _FIGURES * len(texts)
        and going_on >= _GOING_ON * len(lines)
    )
