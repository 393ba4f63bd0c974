"""The sheets of Excel workbooks as rows of text, with the place of every row for messages."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

from corpus.errors import DataFileError
from corpus.safe_zip import Archive

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+\d+):([A-Z]+\d+)"')
_SAVE_AGAIN = "Open it in Excel or LibreOffice and save it again as .xlsx"


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


def read_workbook(data: bytes, path: Path, *, computed: bool = False) -> list[CellTable]:
    """The sheets of the workbook in `data`; `path` names it in errors.

    A formula counts as its last value if `computed`, else its cell is marked as odd. DataFileError: it is no workbook,
    is damaged, or would unpack without end.
    """
    with Archive(path, data) as archive:  # refuses a zip bomb, and what is no zip file
        archive.check()
        merged = {name: _merged(archive.read(name)) for name in archive.names if name.startswith("xl/worksheets/")}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of what it leaves out, which is nobody's concern here
            return list(_sheets(data, merged, computed=computed))
    except DataFileError:
        raise
    except Exception as error:  # openpyxl hands on whatever its XML reader and its own look-ups stumble over
        told = " ".join(str(error).split())[:120] or type(error).__name__
        raise DataFileError(path, "", f"is no Excel workbook, or a damaged one ({told})", _SAVE_AGAIN) from None


def _sheets(data: bytes, merged: Mapping[str, Sequence[str]], *, computed: bool) -> Iterator[CellTable]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=computed)
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
