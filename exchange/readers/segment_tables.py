"""Codings in tables: CSV files and Excel workbooks, Jaiza's own or lists of segments from other programs."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, cast

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from annotations.decisions_csv import OPTIONAL, REQUIRED, csv_rows
from corpus.errors import DataFileError
from exchange.readers.foreign_codings import Contents, ForeignCodings, Origin
from exchange.readers.safe_zip import Archive

# Our column -> what MAXQDA, ATLAS.ti, NVivo, QualCoder and people call it.
_ALSO = {
    "source": ("study", "document", "document name", "file", "file name", "filename"),
    "theme": ("code", "codes", "codename", "code name", "node", "label_code"),
    "value": ("strength", "rating"),
    "coder": ("created by", "coded by", "user", "owner", "annotator", "author"),
    "quote": ("segment", "coded segment", "quotation content", "quotation", "coded text", "text", "seltext"),
    "page": ("page number",),
    "note": ("comment", "memo"),
    "decided": ("created", "creation date", "date", "coded on"),
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs what begins like this
_COLUMNS = (*REQUIRED, *OPTIONAL)
# Of our own exports: what a coder was shown comes back; the others follow from the rest, or are for the reader.
_SHOWN: dict[str, Callable[[str], Any]] = {
    "model_id": str,
    "score": float,
    "seconds": float,
    "shown": lambda text: text.casefold() == "true",
}
_FOLLOWS = frozenset(["label", "column", "codebook", "passage_id", "start", "end", "heading", "pdf_sha256", "why"])
_HEADER_WITHIN = 10  # rows: above it may stand a title
_ALIKE = 0.75  # a header this near to a column's name is a slip, not another column
_SHEET = "Codings"  # of our own workbook
_NEED = ("source", "theme")


def read_csv(path: Path) -> Contents:
    """The codings in a CSV file. DataFileError where it is no such table; what is wrong in a row is a problem."""
    names, rows = csv_rows(path, columns=_COLUMNS)
    meant = _meant(names, path, "line 1")
    return _contents(((f"line {number}", row) for number, row in rows), meant, names)


def read_workbook(path: Path) -> Contents:
    """The codings in an Excel workbook: those of the sheet "Codings", or of the first that has the columns.

    DataFileError where there is none, or where cells are merged or hold formulas: what they mean for a row is a guess.
    """
    with Archive(path) as archive:  # refuses a zip bomb, and what is no zip file
        archive.check()
    try:
        book = load_workbook(path)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise DataFileError(path, "", f"is no Excel workbook ({error})", "Save it as .xlsx in Excel") from None
    sheets = sorted(book.worksheets, key=lambda sheet: sheet.title != _SHEET)
    nearest: tuple[int, Worksheet, int] | None = None
    for sheet in sheets:
        for number, row in enumerate(sheet.iter_rows(max_row=_HEADER_WITHIN), start=1):
            known = {column for name in map(_text, row) if (column := _column(name))}
            if set(_NEED) <= known:
                return _read_sheet(path, sheet, number)
            if known and (nearest is None or len(known) > nearest[0]):
                nearest = len(known), sheet, number
    if nearest:
        _, sheet, number = nearest
        _meant([_text(cell) for cell in sheet[number]], path, f"sheet {sheet.title!r}, row {number}")
    raise DataFileError(
        path, "", f"no sheet has a row of headers with the columns {' and '.join(_NEED)} among its first "
        f"{_HEADER_WITHIN} rows", f"The columns are {', '.join(_COLUMNS)}",
    )  # fmt: skip


def _read_sheet(path: Path, sheet: Worksheet, head: int) -> Contents:
    names = [_text(cell) for cell in sheet[head]]
    where = f"sheet {sheet.title!r}"
    meant = _meant(names, path, f"{where}, row {head}")
    problems = [
        f"{where}: the cells {merged.coord} are merged, and only the first has the value. Unmerge them and fill in "
        "every row"
        for merged in sheet.merged_cells.ranges
        if merged.max_row > head
    ]
    rows = []
    for row in sheet.iter_rows(min_row=head + 1, max_col=len(names)):
        for name, cell in zip(names, row, strict=False):
            if name in meant and cell.data_type in ("f", "e"):
                what = "a formula" if cell.data_type == "f" else f"the error {cell.value}"
                problems.append(f"{where}: {cell.coordinate} holds {what}. Put its value there (Paste Special, Values)")
        values = dict(zip(names, map(_text, row), strict=False))
        if any(values.values()):
            rows.append((f"{where}, row {row[0].row}", values))
    if problems:
        return Contents(problems=problems)
    return _contents(rows, meant, names)


def _contents(rows: Iterable[tuple[str, dict[str, str]]], meant: Mapping[str, str], names: Sequence[str]) -> Contents:
    contents = Contents(rows=True)
    valued = "value" in meant.values()
    for where, row in rows:
        cells = {column: row.get(name, "") for name, column in meant.items()}
        if cells.get("role") in ("machine", "published"):
            contents.left_out[_NO_DECISIONS[cells["role"]]] += 1
            continue
        wrong = _wrong(cells)
        if wrong:
            contents.problems.append(f"{where}: {wrong}")
            continue
        page, value = cells.get("page", ""), cells.get("value", "")
        contents.codings.append(
            ForeignCodings(
                where, Origin(cells["source"]), (cells["theme"],),
                value=(cast(Literal[0, 1, 2], int(value)) if value else None) if valued else 1,
                coder=cells.get("coder", ""), role="adjudicator" if cells.get("role") == "adjudicator" else "coder",
                quote=_unguarded(cells.get("quote", "")), page=int(page) if page else None,
                note=_unguarded(cells.get("note", "")), decided=cells.get("decided", ""), facts=_shown(row),
            )
        )  # fmt: skip
    contents.unused = [
        name for name in names if name and name not in meant and name not in _FOLLOWS and name not in _SHOWN
    ]
    return contents


_NO_DECISIONS = {
    "machine": "suggestions of a machine",
    "published": "of the published coding (see published.csv)",
}


def _wrong(cells: Mapping[str, str]) -> str:
    """What is wrong in a row, and what to do; empty where nothing is."""
    value, page, role = cells.get("value", ""), cells.get("page", ""), cells.get("role", "")
    if value not in ("0", "1", "2", ""):
        return f"value is {value!r}. Write 0, 1 or 2, or leave it empty to take it back"
    if role not in ("", "coder", "adjudicator"):
        return f"no role {role!r}: there is coder, adjudicator"
    if page and not (page.isdigit() and int(page) > 0):
        return f"page is {page!r}. Write the page of the PDF as a number from 1"
    if page and not cells.get("quote"):
        return "a page without a quote. Give the words you coded, or leave both empty"
    missing = [column for column in _NEED if not cells.get(column)]
    return f"{missing[0]} is empty" if missing else ""


def _meant(names: Sequence[str], path: Path, where: str) -> dict[str, str]:
    """Header -> our column. DataFileError where a needed one is missing, twice there, or misspelt."""
    meant: dict[str, str] = {}
    for name in names:
        column = _column(name)
        if column in meant.values():
            first = next(header for header, known in meant.items() if known == column)
            raise DataFileError(
                path, where, f"the headers {first!r} and {name!r} both mean {column}", "Rename or delete one of them"
            )  # fmt: skip
        if column:
            meant[name] = column
    for name in names:
        open_columns = [column for column in _COLUMNS if column not in meant.values()]
        near = difflib.get_close_matches(name.casefold(), open_columns, n=1, cutoff=_ALIKE)
        if name not in meant and near:
            raise DataFileError(path, where, f"no column {name!r}: did you mean {near[0]!r}?", _LISTED)
    for column in _NEED:
        if column not in meant.values():
            raise DataFileError(path, where, f"column {column!r} is missing", _LISTED)
    return meant


_LISTED = f"The columns are {', '.join(_COLUMNS)}"


def _column(name: str) -> str:
    plain = " ".join(name.casefold().split())
    if plain in _COLUMNS:
        return plain
    return next((column for column, others in _ALSO.items() if plain in others), "")


def _shown(row: Mapping[str, str]) -> dict[str, Any]:
    facts = {}
    for name, convert in _SHOWN.items():
        if row.get(name):
            with suppress(ValueError):
                facts[name] = convert(row[name])
    return facts


def _text(cell: Any) -> str:
    """A cell as CSV would hold it: 1.0 is "1", a date is ISO."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value).strip()


def _unguarded(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text
