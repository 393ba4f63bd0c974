"""Numbers that stand apart from the text they belong to: those of the lines of a draft, and marks streamed apart.

A draft often counts its lines in the margin. These numbers are no part of any sentence: they are marked as artifacts
and come last. Other programs (Google Docs, Skia) stream the number of a heading or the mark of an item apart from its
text; such a mark is put in front of the words that stand right behind it.
"""

from __future__ import annotations

import re

import numpy as np

from extract.words import ARTIFACT, Bools, Floats, Places, Words

_FEWEST = 5  # numbers on a page
_STEPS = {1: 8, 5: 5}  # by which the numbers of a draft go up -> how many of them there must be
_COUNTED = 0.9  # of the numbers in the margin must count on
_ROWS = 0.6  # of the lines of text next to them must have a number, or every fifth of them
_WORDS_A_LINE = 4.0  # of text: rows of a table have fewer
_GOING_ON = 0.25  # of the lines that begin in lower case
_SAME_EDGE = 3.0  # points: the numbers stand below each other, flush left or right
_LEVEL = 0.25  # of the font size
_MOST_MARKS = 200  # on a page; more are a table or a drawing
_REACH = 4.0  # times the font size: a mark stands no farther in front of its text
_MARK = re.compile(
    r"[(\[]?(?:\d{1,2}(?:\.\d{1,2}){0,4}|[a-zA-Z]|[ivxIVX]{1,5})[.)\]]|\d{1,2}(?:\.\d{1,2}){0,4}|[•▪◦‣●○■□➢✓►\uf0b7\uf0a7\uf0d8]"
)


def line_numbers_last(words: Words) -> Words | None:
    """The words of a page with those that number its lines marked as artifacts, behind the rest; None without any."""
    numeric = [number for number, text in enumerate(words.texts) if text.isdigit() and len(text) <= 4]
    if len(numeric) < _FEWEST:
        return None
    left, _, right, _ = words.places
    bases, sizes = words.bases, words.sizes
    text = np.ones(len(words), dtype=bool)
    text[numeric] = False
    if not text.any() or words.turns.any():
        return None
    for outside in (_in_left_margin(left, right, text), _in_right_margin(left, right, text)):
        margin = np.array([number for number in numeric if outside[number]], dtype=np.intp)
        margin = _in_one_column(margin, left, right)
        if len(margin) < _FEWEST or not _counts_on(words, margin, bases):
            continue
        rest = np.ones(len(words), dtype=bool)
        rest[margin] = False
        if _numbers_text(words, rest, bases, sizes, margin):
            order = [*np.flatnonzero(rest).tolist(), *margin[np.argsort(bases[margin], kind="stable")].tolist()]
            return words.remarked(margin.tolist(), ARTIFACT).taken(order)
    return None


def _in_left_margin(left: Floats, right: Floats, text: Bools) -> Bools:
    """Is each word left of where nearly all words of text begin?"""
    found: Bools = right <= np.percentile(left[text], 1) + _SAME_EDGE
    return found


def _in_right_margin(left: Floats, right: Floats, text: Bools) -> Bools:
    """Is each word right of where nearly all words of text end?"""
    found: Bools = left >= np.percentile(right[text], 99) - _SAME_EDGE
    return found


def _in_one_column(margin: Places, left: Floats, right: Floats) -> Places:
    """Those of the numbers in a margin that stand below each other."""
    best = margin[:0]
    for edge in (left[margin], right[margin]):
        if len(edge):
            near = margin[np.abs(edge - np.median(edge)) <= _SAME_EDGE]
            best = near if len(near) > len(best) else best
    return best


def _counts_on(words: Words, margin: Places, bases: Floats) -> bool:
    down = margin[np.argsort(bases[margin], kind="stable")]
    values = np.array([int(words.texts[number]) for number in down.tolist()])
    steps = np.diff(values)
    return any(
        len(values) >= fewest and int((steps == step).sum()) >= _COUNTED * len(steps) for step, fewest in _STEPS.items()
    )


def _numbers_text(words: Words, rest: Bools, bases: Floats, sizes: Floats, margin: Places) -> bool:
    """Is it running text that is numbered, nearly line by line?"""
    tops, bottoms = bases[margin].min() - 1, bases[margin].max() + 1
    inside = np.flatnonzero(rest & (bases >= tops) & (bases <= bottoms))
    rows: dict[int, list[int]] = {}
    size = float(np.median(sizes))
    for number in inside.tolist():
        rows.setdefault(round(bases[number] / (2 * _LEVEL * size)), []).append(number)
    if not rows or len(inside) < _WORDS_A_LINE * len(rows):
        return False
    first = [min(row, key=lambda number: words.places[0, number]) for row in rows.values()]
    going_on = sum(words.texts[number][:1].islower() for number in first)
    values = sorted(int(words.texts[number]) for number in margin.tolist())
    step = max(1, round((values[-1] - values[0]) / (len(values) - 1)))
    return going_on >= _GOING_ON * len(rows) and len(margin) * step >= _ROWS * len(rows)


def marks_before_text(words: Words) -> Words:
    """The words of a page, a number or a bullet that is streamed apart put in front of the text it stands before."""
    texts, count = words.texts, len(words)
    # Nearly all words are of letters alone: they are passed over before the pattern is tried.
    marks = [n for n, text in enumerate(texts) if not text.isalpha() and len(text) <= 12 and _MARK.fullmatch(text)]
    if not 0 < len(marks) <= _MOST_MARKS:
        return words
    bases, sizes, turns = words.bases, words.sizes, words.turns
    left, _, right, _ = words.places
    moved: dict[int, int] = {}
    for mark in marks:
        level = _LEVEL * sizes[mark]
        if mark + 1 < count and abs(bases[mark + 1] - bases[mark]) <= sizes[mark] and left[mark + 1] >= left[mark]:
            continue  # its text follows it, raised ("1st") or not
        if mark and abs(bases[mark - 1] - bases[mark]) <= level and right[mark - 1] <= left[mark] + 1:
            continue  # it follows a text
        beside = np.flatnonzero((np.abs(bases - bases[mark]) <= level) & (turns == turns[mark]))
        behind = [n for n in beside.tolist() if left[n] >= right[mark] - 1 and n != mark]
        if not behind or any(right[n] <= left[mark] + 1 and n != mark for n in beside.tolist()):
            continue
        follower = min(behind, key=left.__getitem__)
        if (
            left[follower] - right[mark] <= _REACH * sizes[mark]
            and texts[follower][:1].isalpha()
            and len(texts[follower]) > 1
        ):
            moved[mark] = follower
    if not moved:
        return words
    order: list[int] = []
    before: dict[int, list[int]] = {}
    for mark, follower in moved.items():
        before.setdefault(follower, []).append(mark)
    for number in range(count):
        if number not in moved:
            order += [*before.get(number, []), number]
    return words.taken(order)
