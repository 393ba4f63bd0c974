"""Words that OCR took to be set sideways: kept where they read as words, read again the other way round, or left out.

Tesseract 5.3 tells a column beside upright text that reads downwards as one that reads upwards, and is up to 93 % sure
of the upside-down letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from extract.text.english_words import is_english
from extract.words import Word

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom, in points on the page as shown

_AROUND = 30.0  # points added around what was found, for the words at the ends that were not
_BETWEEN = 12.0  # points: but no nearer to upright words
_FEWEST_LETTERS = 3  # of a word that tells: of two letters nearly any two are one
_SURE = 0.6  # of the words that are English: nobody need look again
_LEAST = 0.35  # of the words that are English in a table of names; upside down next to none is
_WORD = re.compile(r"[^\W\d_]+")

# The words in a rectangle of the page that read so many quarter turns clockwise.
ReadTurned = Callable[[Rectangle, int], list[Word]]


def turned_words_read(words: Sequence[Word], read: ReadTurned) -> list[Word]:
    """`words` of a page, those that are turned once or thrice replaced by what `read` makes of their part of the page.

    What can't be read in either direction is left out.
    """
    turned = [word for word in words if word.turn % 2]
    if not turned or _share(turned) >= _SURE:
        return list(words)
    upright = [word for word in words if not word.turn % 2]
    box = _around(turned, upright)
    best = max((turned, read(box, 1), read(box, 3)), key=_share)
    return upright + (best if _share(best) >= _LEAST else [])


def turned_back(word: Word, box: Rectangle, turn: int) -> Word:
    """A word of the picture of `box`, which was turned so that text of `turn` quarter turns is upright, on the page."""
    left, top, right, bottom = box
    if turn == 1:
        x0, upper, x1, lower = right - word.bottom, top + word.x0, right - word.top, top + word.x1
        base = word.base - right
    else:
        x0, upper, x1, lower = left + word.top, bottom - word.x1, left + word.bottom, bottom - word.x0
        base = left + word.base
    x0, upper, x1, lower, base = (round(side, 2) for side in (x0, upper, x1, lower, base))
    return word._replace(x0=x0, top=upper, x1=x1, bottom=lower, base=base, turn=turn)


def _around(turned: Sequence[Word], upright: Sequence[Word]) -> Rectangle:
    """The part of the page that `turned` stand in, with some more around it where no `upright` words are."""
    x0, top = min(word.x0 for word in turned), min(word.top for word in turned)
    x1, bottom = max(word.x1 for word in turned), max(word.bottom for word in turned)
    level = [word for word in upright if word.bottom > top - _AROUND and word.top < bottom + _AROUND]
    left = max((word.x1 for word in level if word.x1 <= x0), default=0.0)
    right = min((word.x0 for word in level if word.x0 >= x1), default=x1 + 2 * _AROUND)
    return (
        max(0.0, x0 - _AROUND, min(x0, left + _BETWEEN)),
        max(0.0, top - _AROUND),
        min(x1 + _AROUND, max(x1, right - _BETWEEN)),
        bottom + _AROUND,
    )


def _share(words: Sequence[Word]) -> float:
    """The share of English words among those that tell; 1 for figures alone."""
    parts = [part for word in words for part in _WORD.findall(word.text) if len(part) >= _FEWEST_LETTERS]
    return sum(is_english(part.lower()) for part in parts) / len(parts) if parts else float(bool(words))
