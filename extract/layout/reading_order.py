"""What stands at the foot of a page is read last and its title first, even where the PDF streams them the other way.

Word streams its footers first, and the title of a slide often comes behind the text.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from extract.layout.lines import Line, weigh_sizes

_OVER = 0.1  # of the font size, by which the last line above may reach into the first one below
_MOST = 0.7  # of the lines of a page may be its foot; where more come first, what comes last is a head ...
_TITLE_LINES = 3  # ... and a title where it has no more lines than this ...
_TITLE = 1.15  # ... in type so many times as large as most of the rest; other heads do no harm where they are
_FREE = frozenset({"", "Artifact"})  # tags of a line whose place in the order the PDF does not tell


def foot_last(lines: list[Line]) -> list[Line]:
    """The lines of a page, those streamed first behind the rest where all of the rest stands above all of them.

    The order of what the PDF's tags hold is left as it is, and lines that are turned have no say in it.
    """
    heads = list(itertools.accumulate((math.inf if line.turn else line.top for line in lines), min))[:-1]
    feet = itertools.accumulate((-math.inf if line.turn else line.bottom for line in reversed(lines)), max)
    below = list(feet)[-2::-1]  # where the lines behind each one end
    breaks = [
        number
        for number, (head, foot) in enumerate(zip(heads, below, strict=True), start=1)
        if math.inf > head >= foot - _OVER * lines[number].size > -math.inf
    ]
    foot = max((number for number in breaks if number <= _MOST * len(lines)), default=0)
    if foot and _is_free(lines[:foot]):
        return [*lines[foot:], *lines[:foot]]
    title = min((number for number in breaks if number >= len(lines) - _TITLE_LINES), default=0)
    if title and _is_free(lines[title:]) and _is_larger(lines[title:], lines[:title]):
        return [*lines[title:], *lines[:title]]
    return lines


def _is_free(lines: Iterable[Line]) -> bool:
    return all(line.tag.kind in _FREE for line in lines)


def _is_larger(lines: Iterable[Line], than: Sequence[Line]) -> bool:
    size = weigh_sizes(than).most_common(1)[0][0]
    return all(line.size >= _TITLE * size for line in lines)
