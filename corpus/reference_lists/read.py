"""Reading a reference list, whatever program wrote it and whatever its file is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.errors import DataFileError
from corpus.reference_lists.formats import FORMATS, NAMES, format_of
from corpus.reference_lists.readers.csv_table import read_rows
from corpus.reference_lists.records import Found, ReferenceList, Refused, Remark
from corpus.registry.work import Work
from corpus.text_encoding import decode
from corpus.workbook import read_workbook

SUFFIXES = frozenset(suffix for one in FORMATS for suffix in one.suffixes) | {".xlsx", ".xlsm"}
_WORKBOOK = "table (Excel)"
_ZIPPED = b"PK\x03\x04"
_AS_TABLE = "Export the list as RIS, or save the table as .xlsx or CSV (UTF-8)"
# Files that are often meant to be a list and are none: how they begin, and what to do.
_NOT_LISTS = (
    (b"%PDF", "it is a PDF", "Give it the suffix .pdf"),
    (b"\xd0\xcf\x11\xe0", "it is an old Office file", "Save the table as .xlsx or CSV (UTF-8)"),
    (b"SQLite format 3", "it is a database", "Export the list as RIS from the program that made it"),
)
_PUBMED_XML = "<PubmedArticle"


def read_reference_list(path: Path) -> ReferenceList:
    """The records of a file, in its order: works, and those that can't be used, each with the reason.

    The format is told by the content (see `formats.FORMATS`), the encoding is guessed where it is not UTF-8.
    DataFileError: the file can't be read, or is in none of the formats.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
    return parse_reference_list(data, path)


def parse_reference_list(data: bytes, path: Path) -> ReferenceList:
    """The records in `data`, the content of a file; `path` names it in errors. See `read_reference_list`."""
    for beginning, problem, remedy in _NOT_LISTS:
        if data.startswith(beginning):
            raise DataFileError(path, "", f"no reference list: {problem}", remedy)
    if data.startswith(_ZIPPED):
        return _gathered(_WORKBOOK, _in_workbook(data, path))
    text, encoding = decode(data)
    format_ = format_of(text)
    if format_ is None:
        if _PUBMED_XML in text:
            raise DataFileError(path, "", "PubMed's XML is not read", "Save the list in the format PubMed (.nbib)")
        raise _no_list(path)
    return _gathered(format_.name, format_.read(text), encoding=encoding)


def _in_workbook(data: bytes, path: Path) -> Iterator[Found]:
    """The references on all sheets that have the headers of a list."""
    try:
        tables = read_workbook(data, path, computed=True)
    except DataFileError as error:
        raise DataFileError(path, error.where, f"no reference list: {error.problem}", _AS_TABLE) from None
    found = [one for table in tables for one in read_rows(table.rows)]
    if not found:
        raise _no_list(path)
    yield from found


def _gathered(name: str, found: Iterable[Found], *, encoding: str = "") -> ReferenceList:
    found = list(found)
    return ReferenceList(
        format=name,
        works=tuple(one for one in found if isinstance(one, Work)),
        refused=tuple(one for one in found if isinstance(one, Refused)),
        remarks=tuple(one for one in found if isinstance(one, Remark)),
        encoding=encoding,
    )


def _no_list(path: Path) -> DataFileError:
    return DataFileError(path, "", f"no record in it that is known ({NAMES})", "Export the list as RIS (.ris)")
