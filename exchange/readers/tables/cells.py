"""CSV files and the sheets of Excel workbooks as rows of text, with the place of every row for messages."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from corpus.errors import DataFileError
from corpus.workbook import CellTable, TableRow, read_workbook
from exchange.readers.tables.columns import column_of

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own hint, which is no row of the table
_DELIMITERS = ",;\t"
_LOOKED_AT = 10  # rows, to tell the delimiter by
_LONGEST_FIELD = 10_000_000  # characters; the csv module's own limit, 131,072, is less than a report
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs what begins like this


def load_tables(path: Path) -> list[CellTable]:
    """The tables of a file, told by its content: a zip file is a workbook, all else is CSV. DataFileError where it
    is neither."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
    zipped = start.startswith(b"PK") or path.suffix.casefold() in (".xlsx", ".xlsm")
    return read_workbook(path.read_bytes(), path) if zipped else [_csv(path)]


def _csv(path: Path) -> CellTable:
    text, encoding = _decoded(path.read_bytes(), path)
    delimiter = ""
    if found := _SEPARATOR_LINE.match(text):
        delimiter, text = found[1], text[found.end() :]
    csv.field_size_limit(_LONGEST_FIELD)
    delimiter = delimiter or _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[TableRow] = []
    try:
        for row in reader:
            cells = tuple([cell.strip() for cell in row])
            if any(cells):
                rows.append(TableRow(f"line {reader.line_num + bool(found)}", cells))
    except csv.Error as error:
        raise DataFileError(path, f"line {reader.line_num}", f"not a proper CSV row ({error})") from None
    return CellTable(rows, encoding=encoding)


def _delimiter(text: str) -> str:
    """The sign between the cells: the one by which a row has most headers that are known, else the one by which the
    first rows have as many cells as each other. Counting it would not do: texts are full of commas."""

    def fit(sign: str) -> tuple[int, int, int]:
        rows = list(islice(_loose_rows(text, sign), _LOOKED_AT))
        widths = Counter(len(row) for row in rows if len(row) > 1)
        known = max((sum(bool(column_of(cell.strip())) for cell in row) for row in rows), default=0)
        return (known if known > 1 else 0), max(widths.values(), default=0), sum(len(row) > 1 for row in rows[:1])

    return max(_DELIMITERS, key=fit)


def _loose_rows(text: str, sign: str) -> Iterator[list[str]]:
    """The rows of a text as far as they can be read with `sign` between the cells; empty ones are none."""
    with suppress(csv.Error):
        yield from filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=sign))


def _decoded(data: bytes, path: Path) -> tuple[str, str]:
    """The text, and its encoding where that had to be guessed: Excel writes UTF-16 as "Unicode text", and Windows'
    own code page as "CSV"."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise DataFileError(path, "", "is cut off in the middle of a character", "Save it again") from None
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    if b"\0" in data:
        raise DataFileError(path, "", "is no table: it holds bytes that are no text", "Save it as CSV UTF-8 or .xlsx")
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        raise DataFileError(path, "", "not UTF-8 text", 'In Excel, save it as "CSV UTF-8 (comma delimited)"') from None


def unguarded(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text
