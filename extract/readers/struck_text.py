"""Words with a thin line through them: struck out, as the deletions of tracked changes are shown.

LibreOffice draws a filled path .8 to 1.4 points high at 40 to 55 % of the height of the letters, Word one of half a
point, and both a line under what is inserted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np

from extract.pdfium.page_objects import Path
from extract.words import Words

_THICK = 0.16  # of the font size: a line through a word is thinner
_THICKEST = 2.5  # points
_SHORT = 2.0  # points: a shorter line is a dash or a part of a drawing
_WITHIN = (0.15, 0.5)  # of the font size above the base line: below are underlines, above the rules of a table
_FILLED = 0.6  # of its length: a line with less text on it is a grid line or a rule
_THROUGH = 0.8  # of the width of a word
_MOST_LINES = 400  # through words of one page; more is a drawing or a table


def struck_words(words: Words, paths: Iterable[Path]) -> list[int]:
    """The numbers of the upright words of a page that are struck out by one of its `paths`."""
    lines = [path for path in paths if path.x1 - path.x0 >= _SHORT and path.bottom - path.top <= _THICKEST]
    if not lines or len(lines) > _MOST_LINES or not len(words):
        return []
    x0, _, x1, _ = words.places
    bases, sizes, upright = words.bases, words.sizes, words.turns == 0
    covered = np.zeros(len(words))
    levels = np.unique(bases).tolist()
    low, high = _WITHIN[0] * float(sizes.min()), _WITHIN[1] * float(sizes.max())
    for line in lines:
        if bisect_left(levels, line.top + low) == bisect_left(levels, line.bottom + high):
            continue  # no base line is near
        rise = (bases - (line.top + line.bottom) / 2) / np.maximum(sizes, 1.0)
        hit = upright & (rise > _WITHIN[0]) & (rise < _WITHIN[1]) & (line.bottom - line.top <= _THICK * sizes)
        if hit.any():
            overlap = np.where(hit, np.maximum(0.0, np.minimum(x1, line.x1) - np.maximum(x0, line.x0)), 0.0)
            if overlap.sum() >= _FILLED * (line.x1 - line.x0):
                covered = np.maximum(covered, overlap)
    return np.flatnonzero(covered >= _THROUGH * (x1 - x0)).tolist()
