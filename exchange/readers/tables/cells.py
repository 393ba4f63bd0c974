"""CSV files and the sheets of Excel workbooks as rows of text, with the place of every row for messages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

from corpus.errors import DataFileError
from exchange.readers.safe_zip import Archive

Cell = object  # what a workbook has in one: text, number, date, truth, or None
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+\d+):([A-Z]+\d+)"')
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own hint, which is no row of the table
_DELIMITERS = ",;\t"
_LOOKED_AT = 10  # lines, to tell the delimiter by
_LONGEST_FIELD = 10_000_000  # characters; the csv module's own limit, 131,072, is less than a report
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs what begins like this


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its place for messages, "line 3" or "sheet 'Codings', row 3", and its cells as text."""

    where: str
    cells: tuple[str, ...]
    odd: Mapping[int, str] = field(default_factory=dict)  # column (from 0) -> why its cell has no value of its own


@dataclass(frozen=True, slots=True)
class CellTable:
    """A CSV file, or one sheet of a workbook; empty rows are left out."""

    rows: Sequence[TableRow]
    sheet: str = ""
    merged: Sequence[str] = ()  # ranges of cells that are one, such as "A2:A3"
    encoding: str = ""  # as which a CSV file was read, where it is not UTF-8


def load_tables(path: Path) -> list[CellTable]:
    """The tables of a file, told by its content: a zip file is a workbook, all else is CSV. DataFileError where it
    is neither."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
    zipped = start.startswith(b"PK") or path.suffix.casefold() in (".xlsx", ".xlsm")
    return _workbook(path) if zipped else [_csv(path)]


def _csv(path: Path) -> CellTable:
    text, encoding = _decoded(path.read_bytes(), path)
    delimiter = ""
    if found := _SEPARATOR_LINE.match(text):
        delimiter, text = found[1], text[found.end() :]
    head = "\n".join(text.split("\n", _LOOKED_AT)[:_LOOKED_AT])
    delimiter = delimiter or max(_DELIMITERS, key=head.count)
    csv.field_size_limit(_LONGEST_FIELD)
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


def _workbook(path: Path) -> list[CellTable]:
    with Archive(path) as archive:  # refuses a zip bomb, and what is no zip file
        archive.check()
        merged = {name: _merged(archive.read(name)) for name in archive.names if name.startswith("xl/worksheets/")}
    try:
        return list(_sheets(path, merged))
    except DataFileError:
        raise
    except Exception as error:  # openpyxl hands on whatever its XML reader and its own look-ups stumble over
        told = " ".join(str(error).split())[:120] or type(error).__name__
        raise DataFileError(path, "", f"is no Excel workbook, or a damaged one ({told})", _SAVE_AGAIN) from None


_SAVE_AGAIN = "Open it in Excel or LibreOffice and save it again as .xlsx"


def _sheets(path: Path, merged: Mapping[str, Sequence[str]]) -> Iterator[CellTable]:
    book = load_workbook(path, read_only=True)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its size is often wrong
            rows = [row for row in _rows(sheet.iter_rows(), f"sheet {sheet.title!r}") if any(row.cells)]
            yield CellTable(rows, sheet.title, merged.get(str(sheet._worksheet_path).lstrip("/"), ()))
    finally:
        book.close()


def _rows(rows: Iterator[Sequence[object]], sheet: str) -> Iterator[TableRow]:
    for number, row in enumerate(rows, start=1):
        kinds = [getattr(cell, "data_type", "") for cell in row]
        odd: dict[int, str] = {}
        if "f" in kinds or "e" in kinds:
            for place, (cell, kind) in enumerate(zip(row, kinds, strict=True)):
                if kind in ("f", "e"):
                    what = "a formula" if kind == "f" else f"the error {getattr(cell, 'value', '')}"
                    odd[place] = f"{getattr(cell, 'coordinate', '')} holds {what}"
        yield TableRow(f"{sheet}, row {number}", tuple([_text(getattr(cell, "value", None)) for cell in row]), odd)


def _text(value: object) -> str:
    """A value as CSV would hold it: 1.0 is "1", a date is ISO."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value).strip()


def _merged(data: bytes) -> list[str]:
    return [f"{first.decode()}:{last.decode()}" for first, last in _MERGED.findall(data)]


def rows_of(merged: str) -> tuple[int, int]:
    """The first and last row of a range of cells: "A2:B3" gives (2, 3)."""
    first, last = (int(re.sub(r"\D", "", corner)) for corner in merged.split(":"))
    return first, last


def unguarded(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text
