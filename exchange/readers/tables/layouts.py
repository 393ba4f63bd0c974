"""The kinds of tables that can be read, in the order in which they are tried. A new one is a file and a row here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import DataFileError
from corpus.workbook import CellTable, TableRow
from exchange.readers.foreign_codings import Contents
from exchange.readers.tables.cells import load_tables
from exchange.readers.tables.columns import COLUMNS, NEEDED, column_of, columns_of
from exchange.readers.tables.matrices import fits_matrix, read_matrix
from exchange.readers.tables.segments import IsCode, fits_segments, read_segments

_HEADER_WITHIN = 10  # rows: above it may stand a title
_SHEET = "Codings"  # of our own workbook


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One kind of table."""

    name: str
    fits: Callable[[Sequence[str], Sequence[TableRow], IsCode], bool]  # headers, the rows below them
    read: Callable[..., Contents]


LAYOUTS = (
    TableLayout("a list of coded segments", lambda headers, _rows, _is_code: fits_segments(headers), read_segments),
    TableLayout("a table of studies by codes", fits_matrix, read_matrix),
)


def read_table(path: Path, *, is_code: IsCode = lambda name: False) -> Contents:
    """The codings in a CSV file or an Excel workbook: those of the sheet "Codings", or of the first that has a table
    of a known kind. `is_code` tells whether a name is one of the review's themes.

    DataFileError where there is no such table, with what is missing and what to save instead.
    """
    tables = sorted(load_tables(path), key=lambda table: table.sheet != _SHEET)
    if not any(table.rows for table in tables):
        raise DataFileError(path, "", "the file is empty", f"Its first line names the columns: {', '.join(COLUMNS)}")
    for table in tables:
        for head, row in enumerate(table.rows[:_HEADER_WITHIN]):
            for layout in LAYOUTS:
                if layout.fits(row.cells, table.rows[head + 1 :], is_code):
                    contents = layout.read(table, head, path=path, is_code=is_code)
                    contents.encoding = table.encoding
                    return contents
    raise _no_table(path, tables)


def _no_table(path: Path, tables: Sequence[CellTable]) -> DataFileError:
    """Why none of the tables can be read, told of the row that looks most like headers."""
    rows = [row for table in tables for row in table.rows[:_HEADER_WITHIN]]
    nearest = max(rows, key=lambda row: sum(bool(column_of(cell)) for cell in row.cells))
    known = any(map(column_of, nearest.cells))
    if known or not tables[0].sheet:
        try:
            columns_of(nearest.cells, path=path, where=nearest.where)
        except DataFileError as error:
            return error
    return DataFileError(
        path,
        "",
        f"no sheet has a row of headers with the columns {' and '.join(NEEDED)} among its first {_HEADER_WITHIN} rows",
        f"The columns are {', '.join(COLUMNS)}; or, for a table of studies by themes, a header for each theme",
    )
