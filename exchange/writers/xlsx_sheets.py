"""Sheets of an Excel workbook, written row by row: values, formulas with their values, notes, and how they print.

Rows are written as they are made and are not kept, so that ten thousand studies need no more memory than a hundred.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format as XlsxFormat
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from synthesis.matrix.tables import FORMULA_STARTS

Look = tuple[tuple[str, object], ...]  # properties of a cell as XlsxWriter names them
FONT = "Calibri"
BOLD: Look = (("bold", True),)
WARNING: Look = (("bold", True), ("font_color", "#A00000"))
HEAD: Look = (("bold", True), ("bg_color", "#E8E8E8"), ("bottom", 1), ("bottom_color", "#808080"))
CENTRED: Look = (("align", "center"),)
_TOP: Look = (("valign", "top"),)
_WRAPPED: Look = (("text_wrap", True), *_TOP)
MEASURED = 2_000  # rows that a sheet's columns are made wide enough for
WIDEST, NARROWEST = 60, 7  # columns, in characters
ON_A_PAGE = 220  # characters across that can still be read when they are printed on one page
_LONGEST = 32_767  # characters that Excel takes in a cell
_LINE, _HIGHEST = 15.0, 408.75  # points: a line of Calibri 11, and what Excel takes for a row
_A4 = 9  # as Excel numbers sizes of paper
_PIECE = 1 << 20  # bytes that are handed on at a time
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML can't hold


class Book:
    """A workbook being written into a file."""

    def __init__(self, file: IO[bytes], *, title: str, made: datetime, warning: str = "") -> None:
        """`warning` stands above every table."""
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
        self._book.set_properties({"title": title, "author": "Jaiza", "created": made})
        self._looks: dict[Look, XlsxFormat] = {}
        self.warning = warning

    def close(self) -> None:
        """Finish the file."""
        self._book.close()

    def sheet(self, name: str) -> Sheet:
        """A new sheet, with the warning on its first row where there is one."""
        return Sheet(self._book.add_worksheet(name), self)

    def look(self, look: Look) -> XlsxFormat:
        """The format of cells that look so."""
        if look not in self._looks:
            self._looks[look] = self._book.add_format({"font_name": FONT, "font_size": 11, **dict(look)})
        return self._looks[look]


class Sheet:
    """One sheet, written from the top down."""

    def __init__(self, sheet: Worksheet, book: Book) -> None:
        self._sheet, self._book = sheet, book
        self.row = 0  # the next to be written, from 0
        if book.warning:
            self.put(0, book.warning, WARNING)
            self.row = 1

    def put(self, column: int, value: object, look: Look = ()) -> None:
        """A value as it is: text stays text, even where it begins like a formula."""
        if isinstance(value, str):
            text = _UNFIT.sub(" ", value)[:_LONGEST]
            if text.startswith(FORMULA_STARTS):
                look = (*look, ("quote_prefix", True))
            if len(text) > WIDEST:
                look = (*look, *_WRAPPED)
            self._sheet.write_string(self.row, column, text, self._book.look(look))
        elif isinstance(value, bool):
            self._sheet.write_boolean(self.row, column, value, self._book.look(look))
        elif isinstance(value, int | float) and math.isfinite(value):
            self._sheet.write_number(self.row, column, value, self._book.look(look))
        elif look:
            self._sheet.write_blank(self.row, column, None, self._book.look(look))

    def formula(self, column: int, formula: str, value: object, look: Look = ()) -> None:
        """A formula with the value it has now, which programs read that compute nothing: pandas, polars, R."""
        self._sheet.write_formula(self.row, column, formula, self._book.look(look), value)

    def note(self, column: int, text: str) -> None:
        """A note to a cell of this row."""
        text = _UNFIT.sub(" ", text)[:_LONGEST]
        size = {"width": 420, "height": min(60 + len(text) // 3, 400)}
        self._sheet.write_comment(self.row, column, text, {"author": "Jaiza", **size})

    def next_row(self) -> None:
        """Go on to the row below."""
        self.row += 1

    def width(self, column: int, characters: float) -> None:
        """Make a column so wide."""
        self._sheet.set_column(column, column, characters)

    def head(self, names: Sequence[str], *, frozen_columns: int = 0, wide: float = 0) -> None:
        """The row of headers, bold on grey, which stays in sight and stands on every printed page; `wide` is what the
        columns have across, in characters."""
        for column, name in enumerate(names):
            self.put(column, name, (*HEAD, *(CENTRED if frozen_columns and column else ())))
        self._sheet.freeze_panes(self.row + 1, frozen_columns)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(max(1, math.ceil(wide / ON_A_PAGE)), 0)
        self._sheet.repeat_rows(self.row)
        if wide > ON_A_PAGE:
            self._sheet.repeat_columns(0)
        self.next_row()

    def filter(self, first: int, last: int, columns: int) -> None:
        """A filter over the rows from the headers on row `first` to `last`, both from 0."""
        self._sheet.autofilter(first, 0, last, columns - 1)

    def table(
        self, names: Sequence[str], rows: Iterable[Iterable[object]], *, widths: Mapping[int, float] | None = None
    ) -> None:
        """Headers and rows that can be filtered, their columns as wide as what is in them."""
        every = iter(rows)
        measured = [tuple(row) for row in islice(every, MEASURED)]
        across, wides = 0.0, []
        for column, name in enumerate(names):
            longest = max([len(name) + 2, *(len(str(row[column])) for row in measured)])
            wide = (widths or {}).get(column, min(WIDEST, max(NARROWEST, longest)))
            self.width(column, wide)
            wides.append(wide)
            across += wide
        first = self.row
        self.head(names, wide=across)
        for row in chain(measured, every):
            self._as_high_as(row, wides)
            for column, value in enumerate(row):
                self.put(column, value, () if value is None else _TOP)
            self.next_row()
        self.filter(first, max(self.row - 1, first), len(names))

    def _as_high_as(self, row: Iterable[object], wides: Sequence[float]) -> None:
        """Make the row to be written as high as its longest text needs: LibreOffice does not do so by itself, and
        prints wrapped texts over each other."""
        texts = ((cell, wide) for cell, wide in zip(row, wides, strict=False) if isinstance(cell, str))
        lines = max((math.ceil(len(cell) / wide) for cell, wide in texts if len(cell) > WIDEST), default=1)
        if lines > 1:
            self._sheet.set_row(self.row, min(lines * _LINE, _HIGHEST))


def letter(column: int) -> str:
    """The letter of a column: 0 is "A"."""
    return str(xl_col_to_name(column))


def parts_of(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a file from its beginning, piece by piece."""
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece


def temporary_file() -> IO[bytes]:
    """A file that is gone once it is closed."""
    return tempfile.TemporaryFile()
