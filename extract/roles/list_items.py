"""Which lines begin an item of a list, rather than go on with a paragraph that happens to break before "(43)"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extract.document import Role
from extract.lines.body_style import BodyStyle
from extract.lines.lines import Line
from extract.text.numbering import BULLETED, ITEM
from extract.text.prose import ends_sentence

_SAME_EDGE = 0.6  # of the font size: lines of one paragraph start this close below each other
_FULL = 0.8  # of the width of a paragraph: a line this long was broken for want of room
_LINES = 6  # above, among which an item of the same list is looked for


def begins_item(lines: Sequence[Line], index: int, roles: Mapping[int, Role], style: BodyStyle) -> bool:
    """Does the line at `index` begin with the mark of an item? `roles` are those of the lines before it."""
    line = lines[index]
    if not ITEM.match(line.text):
        return False
    return bool(BULLETED.match(line.text)) or not _is_wrapped(lines, index, roles, style)


def _is_wrapped(lines: Sequence[Line], index: int, roles: Mapping[int, Role], style: BodyStyle) -> bool:
    """Is the line the rest of the unfinished one right above it, broken at the width of the paragraph?"""
    if not index:
        return False
    line, before = lines[index], lines[index - 1]
    if roles.get(index - 1, "body") != "body" or ITEM.match(before.text) or not style.follows(before, line):
        return False
    if ends_sentence(before.text) or not style.same_size(before.size, line.size):
        return False
    if abs(before.left - line.left) > _SAME_EDGE * line.size and not _is_first(lines, index - 1, style):
        return False
    width = max(line.right, before.right) - min(line.left, before.left)
    return before.right - min(line.left, before.left) >= _FULL * width and not _in_list(lines, index, roles, style)


def _is_first(lines: Sequence[Line], index: int, style: BodyStyle) -> bool:
    """Is this the first line of a paragraph, which may be set in?"""
    return index == 0 or not style.follows(lines[index - 1], lines[index]) or ends_sentence(lines[index - 1].text)


def _in_list(lines: Sequence[Line], index: int, roles: Mapping[int, Role], style: BodyStyle) -> bool:
    """Does an item that starts where this line does stand a few lines above, in the same run of lines?"""
    for above in range(index - 1, max(-1, index - 1 - _LINES), -1):
        if roles.get(above) == "list item":
            return abs(lines[above].left - lines[index].left) <= _SAME_EDGE * lines[index].size
        if not style.follows(lines[above], lines[above + 1]):
            return False
    return False
