"""Rows of ruled tables that a page end cuts: the rest of a cell stands in the first row of the next page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from extract.document import Table
from extract.text.prose import ends_sentence

_SAME_EDGE = 3.0  # points by which the columns of one table may differ from page to page

Row = tuple[str | None, ...]


def with_rows_whole(tables: Iterable[Table]) -> tuple[Table, ...]:
    """The tables of a document in the order of its pages, each row that goes on over page ends told once, in its first
    place. The head of a table, where it is told again, stays.
    """
    whole: list[Table] = []
    holder = 0  # the table that holds the last row; one of which only the head is left holds none
    for table in tables:
        if whole and table.box.page == whole[-1].box.page + 1 and _edges(whole[-1]) == _edges(table, whole[-1]):
            head, last = int(table.rows[0] == whole[-1].rows[0]), whole[holder].rows[-1]
            if len(table.rows) > head and _goes_on(last, table.rows[head]):
                rest = table.rows[head]
                whole[holder] = replace(whole[holder], rows=(*whole[holder].rows[:-1], _joined(last, rest)))
                table = _without_row(table, head)
            if len(table.rows) > head:
                holder = len(whole)
        else:
            holder = len(whole)
        whole.append(table)
    return tuple(whole)


def _without_row(table: Table, number: int) -> Table:
    rows, cells = list(table.rows), list(table.cells)
    del rows[number], cells[number]
    return replace(table, rows=tuple(rows), cells=tuple(cells))


def _edges(table: Table, other: Table | None = None) -> list[float]:
    """Where the columns begin, as in `other` where they do so within a few points."""
    own = sorted({cell.x0 for row in table.cells for cell in row if cell})
    near = sorted({cell.x0 for row in other.cells for cell in row if cell}) if other else []
    same = len(own) == len(near) and all(abs(a - b) <= _SAME_EDGE for a, b in zip(own, near, strict=True))
    return near if same else own


def _goes_on(row: Row, rest: Row) -> bool:
    """Does `rest` hold no cell but those that go on with an unfinished one of `row`, and not its label?"""
    if len(row) != len(rest) or rest[0] or not any(rest):
        return False
    return all(text and not ends_sentence(text) for text, more in zip(row, rest, strict=True) if more)


def _joined(row: Row, rest: Row) -> Row:
    return tuple(f"{text} {more}" if more else text for text, more in zip(row, rest, strict=True))
