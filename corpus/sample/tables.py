"""Setting a table with a rule round every cell."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.sample.lines import Style, break_lines, text_width
from corpus.sample.manuscript import SampleBlock
from corpus.sample.page import Layout, RuledLine, Text, TreePath

CELL = 4.0  # white space inside a cell
_SIZE = 0.9  # of the type, as a part of the size of the text


def set_table(
    block: SampleBlock, layout: Layout, number: int, *, x: float, top: float, width: float
) -> tuple[list[Text | RuledLine], float]:
    """The items of a table whose top left corner is at (x, top), and its height; figures stand to the right."""
    size = layout.size * _SIZE
    leading = size * 1.25
    edges = [x]
    for column in _column_widths(block.rows, layout.bold, size, width):
        edges.append(edges[-1] + column)
    items: list[Text | RuledLine] = []
    y = top
    for row_number, row in enumerate(block.rows):
        font, tag = (layout.bold, "TH") if row_number == 0 else (layout.regular, "TD")
        items.append(RuledLine(edges[0], y, edges[-1], y))
        deepest = 0
        for column_number, cell in enumerate(row):
            left, right = edges[column_number] + CELL, edges[column_number + 1] - CELL
            path: TreePath = (("Table", number), ("TR", row_number), (tag, column_number))
            lines = break_lines(cell, Style(font, size, leading), right - left, {})
            for position, line in enumerate(lines):
                start = left if not column_number else right - text_width(line.plain, font, size)
                items.append(Text(start, y - CELL - leading * (position + 0.8), line, font, size, path))
            deepest = max(deepest, len(lines))
        y -= deepest * leading + 2 * CELL
    items.append(RuledLine(edges[0], y, edges[-1], y))
    items += [RuledLine(edge, top, edge, y) for edge in edges]
    return items, top - y


def _column_widths(rows: Sequence[Sequence[str]], font: str, size: float, width: float) -> list[float]:
    """The first column as wide as its text, the others as their longest word and a share of what is left."""

    def widest(parts: Sequence[str]) -> float:
        return max(text_width(part, font, size) for part in parts) + 2 * CELL + 1

    columns = list(zip(*rows, strict=True))
    least = [widest([word for cell in column for word in cell.split()]) for column in columns]
    wanted = [widest(column) for column in columns]
    least[0] = wanted[0]  # names of rows stay on one line
    left = width - sum(least)
    missing = [want - need for want, need in zip(wanted, least, strict=True)]
    shares = missing if sum(missing) > left else [left / len(columns)] * len(columns)
    return [need + left * share / sum(shares) for need, share in zip(least, shares, strict=True)]
