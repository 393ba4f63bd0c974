"""Lines that stand inside the rectangle of another line: a passage is quoted by its rectangles."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from extract.lines.lines import Line
from extract.lines.packed_words import LineWords, packed
from extract.words import Words

_EDGE = 0.5  # points by which the middle of a word must lie inside
_SCRAP_LETTERS = 4  # a word of an index or a sign of a formula has no more, over all its words
_NEAR = 4  # lines between the halves of a formula
_UNSEEN = frozenset({"Hidden", "Struck"})  # tags of words that are left out
_LEVEL = 0.25  # of the font size between two baselines
_MOST = 4_000_000  # lines times words of a page; more is a drawing, and is not looked at


def with_scraps(lines: list[Line]) -> list[Line]:
    """The lines of one page, those that stand wholly inside another one as part of it: the indices of a formula."""
    if len(lines) < 2 or len(lines) * sum(len(line.words) for line in lines) > _MOST:
        return lines
    x0, top, x1, bottom = np.array([(line.x0, line.top, line.x1, line.bottom) for line in lines]).T
    inside = (x0[:, None] - _EDGE <= x0) & (x1 <= x1[:, None] + _EDGE)
    inside &= (top[:, None] - _EDGE < (top + bottom) / 2) & ((top + bottom) / 2 < bottom[:, None] + _EDGE)
    gone: set[int] = set()
    for home, scrap in np.argwhere(inside).tolist():
        if home != scrap and not gone & {home, scrap} and _is_scrap(lines[scrap], lines[home]):
            _take_in(lines[home], lines[scrap])
            gone.add(scrap)
    kept = [line for number, line in enumerate(lines) if number not in gone]
    joined = kept[:1]
    for line in kept[1:]:
        before = next((near for near in joined[: -_NEAR - 1 : -1] if _overlaps(near, line)), None)
        if before is None:
            joined.append(line)
        else:
            _take_in(before, line)
    return joined


def _overlaps(before: Line, line: Line) -> bool:
    """Do they stand on one baseline, one in the other, as the halves of a formula whose signs are drawn in between?"""
    if line.turn or before.turn or line.table or before.table or before.resumes or line.resumes:
        return False
    level = abs(before.base - line.base) <= _LEVEL * before.size and before.tag.kind == line.tag.kind
    return level and min(before.x1, line.x1) - max(before.x0, line.x0) > before.size and _is_clear(before, line)


def _is_scrap(line: Line, home: Line) -> bool:
    if line.turn or home.turn or line.table or home.table or home.resumes or (line.tag.kind != home.tag.kind):
        return False
    letters = sum(map(len, line.words.texts))
    if letters > _SCRAP_LETTERS * len(line.words):
        return False
    x, y = line.words.middles()
    within = (home.x0 - _EDGE < x) & (x < home.x1 + _EDGE) & (home.top - _EDGE < y) & (y < home.bottom + _EDGE)
    return bool(within.all()) and _is_clear(home, line)


def _is_clear(line: Line, other: Line) -> bool:
    """Does no word of one stand on a word of the other, as a copy drawn over it does?"""
    if line.tag.kind in _UNSEEN:
        return False
    x, y = other.words.middles()
    return not any(((w.x0 < x) & (x < w.x1) & (w.top < y) & (y < w.bottom)).any() for w in line.words)


def _take_in(line: Line, scrap: Line) -> None:
    """The words of both as one line, from the left to the right."""
    words = sorted([*line.words, *scrap.words], key=lambda word: word.x0)
    own = Words.of(words)
    line.words = LineWords(own.texts, packed(own.places), 0, [own.styles[number] for number in own.style.tolist()])
    line.text = line.words.text
    line.x0, line.x1 = min(line.x0, scrap.x0), max(line.x1, scrap.x1)
    line.top, line.bottom = min(line.top, scrap.top), max(line.bottom, scrap.bottom)
    line.left, line.right = min(line.left, scrap.left), max(line.right, scrap.right)


def count_other_letters(lines: Sequence[Line]) -> None:
    """Set `other_letters` of the lines of one page: letters of the words of other lines whose middles lie inside."""
    counts = [len(line.words) for line in lines]
    if len(lines) < 2 or len(lines) * sum(counts) > _MOST:
        return
    boxes = [(number, box) for number, line in enumerate(lines) for box in _boxes(line)]
    homes = np.array([number for number, _ in boxes])
    x0, top, x1, bottom = np.array([box for _, box in boxes]).T[:, :, None]
    x, y = np.concatenate([line.words.middles() for line in lines], axis=1)
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
