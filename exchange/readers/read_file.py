"""The kinds of files that codings can come in. A new one is a reader and a row in READERS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from corpus.errors import DataFileError
from corpus.safe_zip import DAMAGED
from exchange.readers.foreign_codings import Contents
from exchange.readers.tables.segments import IsCode


def _project(path: Path, is_code: IsCode) -> Contents:
    from exchange.readers.refi_project import read_project

    return read_project(path)


def _table(path: Path, is_code: IsCode) -> Contents:
    from exchange.readers.tables.layouts import read_table

    return read_table(path, is_code=is_code)


def _pdf(path: Path, is_code: IsCode) -> Contents:
    from exchange.readers.pdf_annotations import read_annotated_pdf

    return read_annotated_pdf(path, is_code=is_code)


# Ending of a file's name -> its reader.
READERS: dict[str, Callable[[Path, IsCode], Contents]] = {
    ".qdpx": _project,
    ".csv": _table,
    ".tsv": _table,
    ".txt": _table,
    ".xlsx": _table,
    ".xlsm": _table,
    ".pdf": _pdf,
}

_PDF = b"%PDF-"


def read_codings(path: Path, *, is_code: IsCode) -> Contents:
    """The codings in a file, told by its ending, or by its content where that tells nothing (".zip"). `is_code` tells
    whether a name is one of the review's themes."""
    kind = path.suffix.casefold()
    kind = kind if kind in READERS else _kind_by_content(path) or kind
    if kind not in READERS:
        named = kind or "a file without ending"
        raise DataFileError(path, "", f"{named} can't be imported", "There is .qdpx, .qdc, .csv, .xlsx, .pdf")
    return READERS[kind](path, is_code)


def _kind_by_content(path: Path) -> str:
    """The ending that a file should have; "" where its content does not tell."""
    try:
        with path.open("rb") as file:
            if file.read(len(_PDF)) == _PDF:
                return ".pdf"
        with ZipFile(path) as archive:
            names = archive.namelist()
    except DAMAGED:
        return ""
    if any(name.casefold().endswith(".qde") for name in names):
        return ".qdpx"
    return ".xlsx" if "xl/workbook.xml" in names else ""
