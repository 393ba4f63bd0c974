"""Tables of references: CSV or tab-delimited text of Scopus, Rayyan, Covidence, Zotero, PubMed and many others.

Which column holds what is data: csv_columns.toml.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from corpus.reference_lists.fields import (
    doi_of,
    page_range,
    pmid_of,
    read_addresses,
    read_year,
    split_keywords,
    split_people,
)
from corpus.reference_lists.kinds import UNKNOWN, read_kind, read_language
from corpus.reference_lists.plain_text import from_markup
from corpus.reference_lists.prior_screening import read_decision, screenings_in
from corpus.reference_lists.records import Found, Refused, Remark
from corpus.registry.work import PriorScreening, Work

NAME = "table (CSV)"
_DELIMITERS = ",;\t|"
# One of these beside a title makes a table one of references: a table of codings has none of them.
_TELLING = frozenset(["authors", "year", "abstract", "container_title", "doi", "pmid", "decision"])
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # an abstract may be longer than 131,072 characters


def looks_like_table(text: str) -> bool:
    """Does the first line name a title and something else that only references have?"""
    return _columns(_header(text)[0]) is not None


def read_table(text: str) -> Iterator[Found]:
    """The rows of a table of references; empty rows are no records."""
    header, delimiter = _header(text)
    columns = _columns(header)
    if columns is None:
        return
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    next(rows)
    number = 0
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            number += 1
            place = f"row {number} (line {rows.line_num})"
            cells = {
                field: [row[at] for at in at_all if at < len(row) and row[at].strip()]
                for field, at_all in columns.items()
            }
            title = from_markup(_first(cells, "title"))
            yield _work(cells, place, title) if title else Refused(place, "has no title")
            if len(row) > len(header):
                yield Remark(place, f"has {len(row)} cells, the table {len(header)} columns: look at it")
    except csv.Error as error:
        yield Refused(f"row {number + 1} (line {rows.line_num})", f"can't be read ({error})")


def _header(text: str) -> tuple[list[str], str]:
    """The names of the columns and the sign between them; "sep=;" in front, as Excel wants it, is passed over."""
    text = text.lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        return next(csv.reader(io.StringIO(text[:100_000]), delimiter=delimiter), []), delimiter
    except csv.Error:
        return [], delimiter


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
    return re.sub(r"[^a-z0-9]", "", name.lower())


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
