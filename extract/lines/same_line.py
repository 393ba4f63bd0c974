"""Which words of a page stand on one line with the word before them, by the places of the two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.ruling.frames import Frame
from extract.words import ARTIFACT, Bools, Floats, Places, Word, Words, along, runs_right_to_left

_SAME_BASELINE = 0.25  # of the font size: words this close stand on one line
_ASCENT, _DESCENT = 0.95, 0.2  # of the font size: how far type reaches above and below its baseline
_BACKWARDS = 1.0  # of the font size: how far a word may step back and still be on the line (kerning, accents)
_TOO_WIDE = 6.0  # of the font size: two columns side by side with full lines of text are no single line
_COLUMN_WORDS = 4
_INTO_FRAME = 4.0  # points by which text beside a frame may reach into it
_AROUND = 1.5  # times the width of a frame: the text on its two sides is no farther apart


def behind_frames(words: Words, frames: Sequence[Frame]) -> set[int]:
    """The words that go on with the line of the one before them on the other side of a frame set into the text."""
    bases, sizes, turns = words.bases, words.sizes, words.turns
    level = (np.abs(np.diff(bases)) <= _SAME_BASELINE * sizes[1:]) & (turns[1:] == 0) & (turns[:-1] == 0)
    starts, ends = words.places[0, 1:], words.places[2, :-1]
    found: set[int] = set()
    for left, top, right, bottom in frames:
        beside = (
            level
            & (ends <= left + _INTO_FRAME)
            & (starts >= right - _INTO_FRAME)
            & (starts - ends <= _AROUND * (right - left))
        )
        beside &= (top <= bases[1:]) & (bases[1:] <= bottom + sizes[1:])
        found.update((np.flatnonzero(beside) + 1).tolist())
    return found


def _across(word: Word) -> tuple[float, float]:
    if word.turn == 0:
        return word.top, word.bottom
    if word.turn == 1:
        return -word.x1, -word.x0
    return (-word.bottom, -word.top) if word.turn == 2 else (word.x0, word.x1)


def all_along(words: Words) -> tuple[Floats, Floats]:
    """`along` of every word."""
    x0s, tops, x1s, bottoms = words.places
    turns = words.turns
    if not turns.any():
        return x0s, x1s
    return np.choose(turns, (x0s, tops, -x1s, -bottoms)), np.choose(turns, (x1s, bottoms, -x0s, -tops))


def joined_words(words: Words) -> Bools:
    """Does each word but the first stand on the line of the one before it?"""
    bases, sizes, turns, marks = words.bases, words.sizes, words.turns, words.marks
    starts, ends = all_along(words)
    start, end, size = starts[1:], ends[:-1], np.maximum(sizes[:-1], sizes[1:])
    near = np.abs(bases[1:] - bases[:-1]) <= _SAME_BASELINE * size
    apart = (turns[1:] != turns[:-1]) | (start < end - _BACKWARDS * size) | _outside(marks)
    wide = start > end + _TOO_WIDE * size
    joined: Bools = near & ~wide & ~apart
    unsure = np.where(near, wide, start < end + size) & ~apart
    if runs_right_to_left("".join(words.texts)):
        leftwards = np.array([runs_right_to_left(text) for text in words.texts])
        beside = leftwards[1:] | leftwards[:-1]
        level = near & (turns[1:] == turns[:-1]) & ~_outside(marks)
        joined = np.where(
            beside, level & _near_runs(starts, ends, size, level & leftwards[1:] & leftwards[:-1]), joined
        )
        unsure &= ~beside
    for index in np.flatnonzero(unsure).tolist():
        first = index
        while first > 0 and joined[first - 1] and index - first < _COLUMN_WORDS:
            first -= 1
        joined[index] = _same_line([words.word(n) for n in range(first, index + 1)], words.word(index + 1))
    return joined


def _outside(marks: Places) -> Bools:
    """Is only one of each word and the one before it marked as no part of the text?"""
    found: Bools = (marks[1:] != marks[:-1]) & (np.minimum(marks[1:], marks[:-1]) <= ARTIFACT)
    return found


def _near_runs(starts: Floats, ends: Floats, size: Floats, same: Bools) -> Bools:
    """Does each word but the first stand near the one before it, where each is as wide as its run of `same` words?

    The words of such a run are read from the right to the left, so the first of them is not the one that stands
    nearest to an English word before it.
    """
    begins = np.concatenate(([0], np.flatnonzero(~same) + 1))
    lengths = np.diff([*begins, len(starts)])
    left, right = (
        np.repeat(each.reduceat(sides, begins), lengths) for each, sides in ((np.minimum, starts), (np.maximum, ends))
    )
    gaps = np.maximum(left[1:] - right[:-1], left[:-1] - right[1:])
    found: Bools = same | ((-_BACKWARDS * size <= gaps) & (gaps <= _TOO_WIDE * size))
    return found


def _same_line(group: Sequence[Word], word: Word) -> bool:
    """Does `word` carry on a line whose last words are `group`, so many of them that they may be a column?"""
    last = group[-1]
    if word.turn != last.turn or (word.mark != last.mark and min(word.mark, last.mark) <= ARTIFACT):
        return False
    size = max(word.size, last.size)
    (start, _), (_, end) = along(word), along(last)
    near = abs(word.base - last.base) <= _SAME_BASELINE * size
    if start < end - _BACKWARDS * size:
        return False
    if start > end + _TOO_WIDE * size and len(group) >= _COLUMN_WORDS and not _figures(group):
        return False
    # A raised note mark, or what follows one.
    return near or (start < end + size and (_within(word, last) or _within(last, word)))


def _within(word: Word, other: Word) -> bool:
    """Does the middle of `word` stand between the top and the foot of the type `other` is set in?"""
    upper, lower = _across(word)
    return other.base - _ASCENT * other.size < (upper + lower) / 2 < other.base + _DESCENT * other.size


def _figures(group: Sequence[Word]) -> bool:
    return any(word.text[0].isdigit() for word in group[-3:])
