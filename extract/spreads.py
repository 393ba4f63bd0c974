"""Two pages printed side by side on one sheet: the left one is read first, whatever the PDF streams first."""

from __future__ import annotations

from collections.abc import Sequence

from extract.language import runs_right_to_left
from extract.words import Word

_WIDE = 1.2  # times the height: a sheet of one page is no wider
_FEWEST = 30  # words on either page; fewer are a cover or a picture
_FIRST = 0.9  # of the words streamed first that must stand on the right for the sheet to have been streamed so


def left_page_first(words: Sequence[Word], width: float, height: float) -> list[Word]:
    """The words of a sheet, those of its left page first where all of the right one is streamed before them.

    Only where nothing crosses the middle, so a wide page or a slide stays as it is; and not where the text runs from
    right to left.
    """
    words = list(words)
    if width < _WIDE * height or len(words) < 2 * _FEWEST:
        return words
    middle = width / 2
    if any(word.x0 < middle < word.x1 for word in words):
        return words
    on_right = [word.x0 >= middle for word in words]
    count = sum(on_right)
    if min(count, len(words) - count) < _FEWEST or sum(on_right[:count]) < _FIRST * count:
        return words
    if sum(runs_right_to_left(word.text) for word in words) > len(words) / 2:
        return words
    return sorted(words, key=lambda word: word.x0 >= middle)
