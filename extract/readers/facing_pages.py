"""Two pages printed side by side on one sheet: the left one is read first, whatever the PDF streams first."""

from __future__ import annotations

import numpy as np

from extract.words import Words, runs_right_to_left

_WIDE = 1.2  # times the height: a sheet of one page is no wider
_FEWEST = 30  # words on either page; fewer are a cover or a picture
_FIRST = 0.9  # of the words streamed first that must stand on the right for the sheet to have been streamed so


def left_page_first(words: Words, width: float, height: float) -> Words:
    """The words of a sheet, those of its left page first where all of the right one is streamed before them.

    Only where nothing crosses the middle, so a wide page or a slide stays as it is; and not where the text runs from
    right to left.
    """
    if width < _WIDE * height or len(words) < 2 * _FEWEST:
        return words
    middle, (x0s, _, x1s, _) = width / 2, words.places
    if ((x0s < middle) & (middle < x1s)).any():
        return words
    on_right = x0s >= middle
    count = int(on_right.sum())
    if min(count, len(words) - count) < _FEWEST or on_right[:count].sum() < _FIRST * count:
        return words
    if sum(map(runs_right_to_left, words.texts)) > len(words) / 2:
        return words
    return words.taken(np.argsort(on_right, kind="stable").tolist())
