"""Tables of references (CSV, text with tabs, sheets) of Scopus, Rayyan, Covidence, Zotero, PubMed and many others.

Which column holds what is data: csv_columns.toml.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.reference_lists.fields import (
    doi_of,
    page_range,
    pmid_of,
    read_addresses,
    read_files,
    read_year,
    split_keywords,
    split_people,
)
from corpus.reference_lists.kinds import UNKNOWN, read_kind, read_language
from corpus.reference_lists.plain_text import from_markup
from corpus.reference_lists.prior_screening import read_decision, screenings_in
from corpus.reference_lists.records import Found, Refused, Remark
from corpus.registry.work import PriorScreening, Work
from corpus.workbook import TableRow

NAME = "table (CSV)"
_DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r"sep=(.)\n", re.IGNORECASE)  # Excel's own hint, which is no row of the table
_HEADER_WITHIN = 10  # rows; what was searched for and when may stand above the headers
# One of these beside a title makes a table one of references: a table of codings has none of them.
_TELLING = frozenset(["authors", "year", "abstract", "container_title", "doi", "pmid", "decision"])
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # an abstract may be longer than 131,072 characters


@dataclass(frozen=True, slots=True)
class _Head:
    """The row of headers of a table."""

    place: int  # of the row, counted from 0 in the rows that are not empty
    names: Sequence[str]
    columns: Mapping[str, Sequence[int]]  # field -> the places of its columns, surest first


def looks_like_table(text: str) -> bool:
    """Does one of the first lines name a title and something else that only references have?"""
    rows, _ = _rows_of(text[:100_000])
    return _head(rows) is not None


def read_table(text: str) -> Iterator[Found]:
    """The rows of a table of references; empty rows are no records."""
    rows, problem = _rows_of(text)
    yield from read_rows([TableRow(f"line {line}", cells) for line, cells in rows])
    if problem:
        yield Refused(*problem)


def read_rows(rows: Sequence[TableRow]) -> Iterator[Found]:
    """The references in the rows below the first row that has the headers of a list; none where no row has."""
    head = _head([(0, row.cells) for row in rows[:_HEADER_WITHIN]])
    if head is None:
        return
    for number, row in enumerate(rows[head.place + 1 :], start=1):
        place = f"row {number} ({row.where})"
        cells = {
            field: [row.cells[at] for at in at_all if at < len(row.cells) and row.cells[at].strip()]
            for field, at_all in head.columns.items()
        }
        title = from_markup(_first(cells, "title"))
        yield _work(cells, place, title) if title else Refused(place, "has no title")
        if len(row.cells) > len(head.names) and any(row.cells[len(head.names) :]):
            yield Remark(place, f"has {len(row.cells)} cells, the table {len(head.names)} columns: look at it")


def _rows_of(text: str) -> tuple[list[tuple[int, tuple[str, ...]]], tuple[str, str] | None]:
    """The rows of a CSV text that are not empty, each with the line it ends on, and what can't be read of it."""
    told = _SEPARATOR_LINE.match(text)
    text = text[told.end() :] if told else text
    rows: list[tuple[int, tuple[str, ...]]] = []
    reader = csv.reader(io.StringIO(text), delimiter=told[1] if told else _delimiter(text))
    try:
        rows.extend((reader.line_num + bool(told), tuple(row)) for row in reader if any(cell.strip() for cell in row))
    except csv.Error as error:
        return rows, (f"row {len(rows)} (line {reader.line_num})", f"can't be read ({error})")
    return rows, None


def _delimiter(text: str) -> str:
    """The sign that parts the first of the first lines which has the headers of a list, else the commonest."""
    lines = [line for line in text[:100_000].split("\n", 3 * _HEADER_WITHIN)[: 3 * _HEADER_WITHIN] if line.strip()]
    for line in lines:
        for sign in sorted(_DELIMITERS, key=line.count, reverse=True):
            if line.count(sign) and _columns(next(csv.reader([line], delimiter=sign), [])):
                return sign
    return max(_DELIMITERS, key="\n".join(lines[:_HEADER_WITHIN]).count)


def _head(rows: Sequence[tuple[int, Sequence[str]]]) -> _Head | None:
    for place, (_, names) in enumerate(rows[:_HEADER_WITHIN]):
        if columns := _columns(names):
            return _Head(place, names, columns)
    return None


@cache
def _known_columns() -> Mapping[str, Sequence[str]]:
    table = tomllib.loads((files(__package__) / "csv_columns.toml").read_text(encoding="utf-8"))
    return {field: [_plain(name) for name in names] for field, names in table.items()}


def _columns(header: Sequence[str]) -> Mapping[str, Sequence[int]] | None:
    """Field -> the places of its columns, surest first; None for a table of something else."""
    names = [_plain(name) for name in header]
    found = {
        field: [names.index(name) for name in dict.fromkeys(known) if name in names]
        for field, known in _known_columns().items()
    }
    if not found["title"] or not any(found[field] for field in _TELLING):
        return None
    return found


def _plain(name: str) -> str:
    """A name in small Latin letters and digits: "Título" is "titulo"."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name.lower()))


def _work(cells: Mapping[str, Sequence[str]], place: str, title: str) -> Work:
    links = read_addresses(cells["url"])
    kinds = (read_kind(name, format_) for name in cells["kind"] for format_ in ("other", "zotero", "csl", "ris"))
    first_pages = page_range(_first(cells, "first_page"), _first(cells, "last_page"))
    return Work(
        place=place,
        title=title,
        authors=_people(cells["authors"]),
        year=read_year(*cells["year"]),
        publisher=from_markup(_first(cells, "publisher")),
        kind=next((kind for kind in kinds if kind != UNKNOWN), UNKNOWN),
        doi=doi_of(_first(cells, "doi"), links),
        urls=links,
        language=read_language(_first(cells, "language")),
        container_title=from_markup(_first(cells, "container_title")),
        volume=_first(cells, "volume"),
        issue=_first(cells, "issue"),
        pages=_first(cells, "pages") or first_pages,
        pmid=_number(_first(cells, "pmid")) or pmid_of(*cells["notes"], *cells["url"]),
        abstract=from_markup(_first(cells, "abstract")),
        keywords=tuple(dict.fromkeys(word for cell in cells["keywords"] for word in split_keywords(from_markup(cell)))),
        screenings=_screenings(cells),
        files=read_files(cells["files"]),
    )


def _people(cells: Sequence[str]) -> tuple[str, ...]:
    """The people of the first column that names any; Scopus writes "Khan, Amina (57190000000)" into one of them."""
    given = next(iter(cells), "")
    return tuple(dict.fromkeys(split_people(from_markup(re.sub(r"\s*\(\d{8,}\)", "", given).replace("\n", "; ")))))


def _screenings(cells: Mapping[str, Sequence[str]]) -> tuple[PriorScreening, ...]:
    noted = screenings_in(cells["notes"])
    decision = read_decision(_first(cells, "decision"))
    if noted or decision is None:
        return noted
    reasons = split_keywords(_first(cells, "reason")) if decision == "exclude" else ()
    return (PriorScreening(decision, reasons=reasons),)


def _number(text: str) -> str:
    found = re.search(r"\d{1,9}(?=\.0$|$)", text.strip().rstrip("/"))
    return found[0] if found else ""


def _first(cells: Mapping[str, Sequence[str]], field: str) -> str:
    return next((" ".join(cell.split()) for cell in cells[field]), "")
