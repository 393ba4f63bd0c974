"""Notes at the foot of a page."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from extract.lines.body_style import BodyStyle
from extract.lines.lines import Line

_SMALL = 0.93  # of the size of the body: a footnote is set smaller
# The mark of a note ends: "12 See", "3) The", "12See", "* The", but neither "in every" nor "2019 households".
_MARK = re.compile(
    r"(?:\(?\d{1,3}[.)]+\s*\S|\(?\d{1,3}\s*(?=[A-Z\"'“‘«(]|https?:|www\.|[a-z]+\.\s)|[*†‡§¶∗]{1,3}\s*\S"
    r"|[ivx]{1,4}[.)]\s*\S|[ivx]{1,4}\s+(?=[A-Z\"'“‘(])|[a-z]\)\s*\S)"
)
_LEADING_NUMBER = re.compile(r"\(?(\d{1,3})(?!\d)")
_RAISED = 0.8  # of the font size of its line
_LOWER_PART = 0.55  # a footnote starts below this share of the page


def footnotes(
    lines: Sequence[Line], indices: Sequence[int], measure: BodyStyle, *, boxed: Container[int] = ()
) -> list[int]:
    """Small type at the foot of a page, from the first line with a note mark below the last line of body type.

    Of the lines that are `boxed`, those that stand in a frame with text, only a raised mark makes a note.
    """
    small = _SMALL * measure.page_body(lines, indices)
    found: list[int] = []
    upright = [index for index in indices if lines[index].turn == 0 and lines[index].cells == 1]
    for place, index in enumerate(upright):
        line, before = lines[index], lines[upright[place - 1]] if place else None
        follows_note = bool(found) and found[-1] == upright[place - 1] and line.base > lines[found[-1]].base
        low = line.depth > _LOWER_PART and len(line.words) > 1
        if line.size > small:
            # Nearly as large as the body: the raised mark and the gap above tell.
            below = before is not None and measure.follows(before, line)
            goes_on = follows_note and below and before is not None and before.size == line.size
            if goes_on or (
                low and not below and _raised_mark(line) and not _above_body(lines, upright, line, line.size)
            ):
                found.append(index)
            continue
        starts = low and (_raised_mark(line) if index in boxed else begins_note(line))
        if (follows_note or starts) and not _above_body(lines, upright, line, small):
            found.append(index)
    return found


def begins_note(line: Line) -> bool:
    """Does the line begin with the mark of a note?"""
    return _MARK.match(line.text) is not None or _raised_mark(line)


def is_next_note(first: Line, line: Line) -> bool:
    """Does `line` begin the note after the one that begins with `first`?"""
    if not begins_note(line):
        return False
    one, other = _LEADING_NUMBER.match(first.text), _LEADING_NUMBER.match(line.text)
    return int(other[1]) == int(one[1]) + 1 if one and other else not other


def _raised_mark(line: Line) -> bool:
    """Does the line begin with the number of a note, set smaller than the rest?"""
    first = line.words[0]
    return first.text.isdigit() and first.size <= _RAISED * line.size


def _above_body(lines: Sequence[Line], indices: Sequence[int], note: Line, small: float) -> bool:
    """Is there a line of body type below `note` in its column?"""
    return any(
        lines[i].size > small
        and lines[i].base > note.base
        and min(lines[i].x1, note.x1) - max(lines[i].x0, note.x0) > 0
        and len(lines[i].text) > 3
        for i in indices
    )
