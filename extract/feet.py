"""What stands at the foot of a page is read last, even where the PDF streams it first, as Word does with footers."""

from __future__ import annotations

import itertools
import math

from extract.lines import Line

_OVER = 1.0  # points by which the last line above may reach into the first one of the foot
_MOST = 0.7  # of the lines of a page; where more come first, what comes last is a head, which does no harm there
_FREE = frozenset({"", "Artifact"})  # tags of a line whose place in the order the PDF does not tell


def foot_last(lines: list[Line]) -> list[Line]:
    """The lines of a page; those streamed first behind the rest where all of the rest stands above all of them.

    The order of what the PDF's tags hold is left as it is, and lines that are turned have no say in it.
    """
    heads = itertools.accumulate((math.inf if line.turn else line.top for line in lines), min)
    feet = itertools.accumulate((-math.inf if line.turn else line.bottom for line in reversed(lines)), max)
    below = list(feet)[-2::-1]  # where the lines behind each one end
    meet = enumerate(zip(heads, below, strict=False), start=1)
    count = max((number for number, (head, foot) in meet if math.inf > head >= foot - _OVER > -math.inf), default=0)
    if 0 < count <= _MOST * len(lines) and all(line.tag.kind in _FREE for line in lines[:count]):
        return [*lines[count:], *lines[:count]]
    return lines
