"""How many letters of other lines stand inside the rectangle of a line: a passage is quoted by its rectangles."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from extract.lines.lines import Line
from extract.lines.packed_words import PER_POINT

_EDGE = 0.5  # points by which the middle of a word must lie inside
_MOST = 4_000_000  # lines times words of a page; more is a drawing, and is not looked at


def count_other_letters(lines: Sequence[Line]) -> None:
    """Set `other_letters` of the lines of one page: letters of the words of other lines whose middles lie inside."""
    counts = [len(line.words) for line in lines]
    if len(lines) < 2 or len(lines) * sum(counts) > _MOST:
        return
    boxes = [(number, box) for number, line in enumerate(lines) for box in _boxes(line)]
    homes = np.array([number for number, _ in boxes])
    x0, top, x1, bottom = np.array([box for _, box in boxes]).T[:, :, None]
    lefts, tops, rights, bottoms = np.concatenate([line.words.places for line in lines], axis=1)
    x, y = (lefts + rights) / (2 * PER_POINT), (tops + bottoms) / (2 * PER_POINT)
    owners = np.repeat(np.arange(len(lines)), counts)
    inside = (x0 + _EDGE < x) & (x < x1 - _EDGE) & (top + _EDGE < y) & (y < bottom - _EDGE)
    inside &= owners[None, :] != homes[:, None]
    if not inside.any():
        return
    seen = np.repeat([line.tag.kind != "Hidden" for line in lines], counts)
    letters = np.array([len(text) for line in lines for text in line.words.texts]) * seen
    for number, others in zip(homes.tolist(), (inside @ letters).tolist(), strict=True):
        lines[number].other_letters += others


def _boxes(line: Line) -> list[tuple[float, float, float, float]]:
    """The rectangle of a line; one on each side of a frame that stands in its way."""
    if not line.resumes:
        return [(line.x0, line.top, line.x1, line.bottom)]
    borders = [0, *line.resumes, len(line.words)]
    return [line.words.around(first, end) for first, end in itertools.pairwise(borders)]
