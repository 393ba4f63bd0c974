"""Lines that stand between the rules of a table without uprights, told by its title or by the columns of its head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.lines.captions import is_caption
from extract.lines.lines import Line
from extract.ruling.rule_tables import Rules

_TALLEST_HEAD = 75.0  # points from the rule above a head to the one below it: a few lines
_TITLE_ABOVE, _TITLE_BELOW = 45.0, 30.0  # points from a table to its title
_COLUMNS, _COLUMNS_TITLED = 3, 2  # in a head; fewer are enough where a title says that it is a table
_NARROW = 0.62  # of the width of the rules: a line of running text is longer
_MOST_WIDE = 0.25  # of the lines of a table that may be as long, such as its notes
_OVER = 3.0  # points by which a line may reach over the ends of the rules


def mark_between_rules(lines: Sequence[Line], rules: Sequence[Rules]) -> None:
    """Mark the lines of a page that stand between the rules of a table."""
    for left, right, heights in rules:
        inside = [
            line
            for line in lines
            if not line.turn and line.table == 0 and left - _OVER <= line.x0 and line.x1 <= right + _OVER
        ]
        titles = [line for line in inside if is_caption(line)]
        for top, bottom in _tables(inside, titles, heights, right - left):
            for line in _between(inside, top, bottom):
                line.ruled = True


def _tables(
    lines: Sequence[Line], titles: Sequence[Line], heights: Sequence[float], width: float
) -> Iterator[tuple[float, float]]:
    """Where each table begins and ends: a head, and the strips between rules below it that are no running text."""
    number = 0
    while number + 2 < len(heights):
        top, end = heights[number], number + 1
        head = _between(lines, top, heights[end])
        if heights[end] - top <= _TALLEST_HEAD and head:
            while end + 1 < len(heights) and _is_rows(_between(lines, heights[end], heights[end + 1]), width):
                end += 1
            columns = max(sum(one.cells for one in head if abs(one.base - line.base) <= line.size) for line in head)
            needed = _COLUMNS_TITLED if _is_titled(titles, top, heights[end]) else _COLUMNS
            if end > number + 1 and columns >= needed:
                yield top, heights[end]
                number = end - 1
        number += 1


def _is_titled(titles: Sequence[Line], top: float, bottom: float) -> bool:
    return any(
        0 <= top - line.bottom + _OVER <= _TITLE_ABOVE or 0 <= line.top - bottom + _OVER <= _TITLE_BELOW
        for line in titles
    )


def _is_rows(lines: Sequence[Line], width: float) -> bool:
    wide = sum(line.cells == 1 and line.x1 - line.x0 > _NARROW * width for line in lines)
    return bool(lines) and wide <= _MOST_WIDE * len(lines)


def _between(lines: Sequence[Line], top: float, bottom: float) -> list[Line]:
    return [line for line in lines if top < (line.top + line.bottom) / 2 < bottom]
