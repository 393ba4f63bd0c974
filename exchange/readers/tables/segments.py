"""Lists of coded segments, a row each: Jaiza's own, MAXQDA's, ATLAS.ti's, Dedoose's, Taguette's, QualCoder's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, cast

from corpus.workbook import CellTable, TableRow, rows_of
from exchange.readers.foreign_codings import Contents, ForeignCoding, Origin
from exchange.readers.tables.cells import unguarded
from exchange.readers.tables.columns import NEEDED, column_of, columns_of
from exchange.readers.tables.dates import iso_dates

IsCode = Callable[[str], bool]
# Of our own exports: what a coder was shown comes back; the others follow from the rest, or are for the reader.
_SHOWN: Mapping[str, Callable[[str], object]] = {
    "model_id": str,
    "score": float,
    "seconds": float,
    "shown": lambda text: text.casefold() == "true",
}
_FOLLOWS = frozenset(
    ["label", "column", "codebook", "passage_id", "start", "end", "heading", "pdf_sha256", "why", "in_text"]
)
# Header -> what stands between several codes in one of its cells.
_SEVERAL = {"codes": "\n", "tag": ",", "tags": ",", "codes applied combined": ",", "códigos": "\n"}
_CODE_APPLIED = re.compile(r"Code: (.+) (Applied|Weight)", re.IGNORECASE)  # a column for each code, in Dedoose
_BULLET = re.compile(r"^[●○•◦]\s*")  # before a code, in ATLAS.ti
_PAGE = re.compile(r"(?:pp?\.?|S\.)\s*(\d{1,6})\b.*", re.DOTALL)  # "p 2", "p 2 - 3": where ATLAS.ti names a page
_LONGEST_PAGE = 6  # digits
_DECIDED = {"machine": "suggestions of a machine", "published": "of the published coding (see published.csv)"}


def fits_segments(headers: Sequence[str]) -> bool:
    """Has a row of headers the columns that every list of segments needs?"""
    return set(NEEDED) <= set(map(column_of, headers))


def read_segments(table: CellTable, head: int, *, path: Path, is_code: IsCode) -> Contents:
    """The codings below the row of headers. What is wrong in a row of Jaiza's own table is a problem that stops the
    import, since a person can mend it; DataFileError for the headers."""
    headers = table.rows[head].cells
    meant = columns_of(headers, path=path, where=table.rows[head].where)
    own = "value" in meant.values()
    contents = Contents(rows=own, problems=_doubtful(table, head, meant), unused=_unused(headers, meant))
    if contents.problems:
        return contents
    rows = table.rows[head + 1 :]
    decided = _decided(rows, meant, own=own)
    split = next((_SEVERAL.get(headers[place].casefold(), "") for place, c in meant.items() if c == "theme"), "")
    for number, row in enumerate(rows):
        if len(row.cells) > len(headers) and any(row.cells[len(headers) :]):
            contents.problems.append(f"{row.where}: {len(row.cells)} cells where the header has {len(headers)}")
            continue
        cells = {column: row.cells[place] for place, column in meant.items() if place < len(row.cells)}
        if cells.get("role") in _DECIDED:
            contents.left_out[_DECIDED[cells["role"]]] += 1
        elif wrong := _wrong(cells):
            contents.problems.append(f"{row.where}: {wrong}")
        else:
            names = _codes(cells["theme"], headers, row, split, is_code)
            contents.codings += [_found(row.where, name, cells, own, decided[number], headers, row) for name in names]
    if own is False and "decided" in meant.values() and (lost := sum(not iso for iso in decided)):
        contents.left_out["dates that could be one of two days (their codings came in without a date)"] += lost
    return contents


def _found(
    where: str, name: str, cells: Mapping[str, str], own: bool, decided: str, headers: Sequence[str], row: TableRow
) -> ForeignCoding:
    value, page, weight = cells.get("value", ""), cells.get("page", ""), cells.get("weight", "")
    if not page and (named := _PAGE.fullmatch(cells.get("reference", ""))):
        page = named[1]
    weight = next((row.cells[n] for n, h in enumerate(headers) if h == f"Code: {name} Weight"), weight)
    return ForeignCoding(
        where,
        Origin(cells["source"]),
        (name,),
        value=(cast(Literal[0, 1, 2], int(value)) if value else None) if own else 1,
        weight="" if weight in ("", "0") else weight,
        coder=unguarded(cells.get("coder", "")),
        role="adjudicator" if cells.get("role") == "adjudicator" else "coder",
        quote=unguarded(cells.get("quote", "")),
        page=int(page) if page and cells.get("quote") else None,
        note=unguarded(cells.get("note", "")),
        decided=decided,
        facts=_shown(headers, row),
    )


def _codes(cell: str, headers: Sequence[str], row: TableRow, split: str, is_code: IsCode) -> list[str]:
    """The codes of a row: those with a column of their own that are applied, else those in the cell."""
    applied = [
        found[1]
        for header, text in zip(headers, row.cells, strict=False)
        if (found := _CODE_APPLIED.fullmatch(header))
        and found[2].casefold() == "applied"
        and text.casefold() in ("true", "1", "yes")
    ]
    if applied:
        return applied
    if not split or is_code(cell):
        return [_BULLET.sub("", cell)]
    parts = cell.split("\n") if "\n" in cell else cell.split(split)
    return list(dict.fromkeys(name for part in parts if (name := _BULLET.sub("", part.strip()))))


def _doubtful(table: CellTable, head: int, meant: Mapping[int, str]) -> list[str]:
    """Merged cells, formulas and errors below the headers: what they mean for a row is a guess."""
    sheet = f"sheet {table.sheet!r}"
    first = int(table.rows[head].where.rpartition(" ")[2]) if table.sheet else 0
    problems = [
        f"{sheet}: the cells {merged} are merged, and only the first has the value. Unmerge them and fill in every row"
        for merged in table.merged
        if rows_of(merged)[1] > first
    ]
    for row in table.rows[head + 1 :]:
        for place, odd in row.odd.items():
            if place in meant:
                problems.append(f"{sheet}: {odd}. Put its value there (Paste Special, Values)")
    return problems


def _wrong(cells: Mapping[str, str]) -> str:
    """What is wrong in a row, and what to do; empty where nothing is."""
    value, page, role = cells.get("value", ""), cells.get("page", ""), cells.get("role", "")
    if value not in ("0", "1", "2", ""):
        return f"value is {value[:40]!r}. Write 0, 1 or 2, or leave it empty to take it back"
    if role not in ("", "coder", "adjudicator"):
        return f"no role {role[:40]!r}: there is coder, adjudicator"
    if page and not is_page(page):
        return f"page is {page[:40]!r}. Write the page of the PDF as a number from 1"
    if page and not cells.get("quote"):
        return "a page without a quote. Give the words you coded, or leave both empty"
    missing = [column for column in NEEDED if not cells.get(column)]
    return f"{missing[0]} is empty" if missing else ""


def is_page(text: str) -> bool:
    """Is it the number of a page? "²" is a digit for Python and no number; 6,000 digits are one, and no page."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_PAGE and int(text) > 0


def _decided(rows: Sequence[TableRow], meant: Mapping[int, str], *, own: bool) -> list[str]:
    place = next((place for place, column in meant.items() if column == "decided"), None)
    texts = [row.cells[place] if place is not None and place < len(row.cells) else "" for row in rows]
    return texts if own else iso_dates(texts)


def _unused(headers: Sequence[str], meant: Mapping[int, str]) -> list[str]:
    return [
        header
        for place, header in enumerate(headers)
        if header
        and place not in meant
        and header not in _FOLLOWS
        and header not in _SHOWN
        and not _CODE_APPLIED.fullmatch(header)
    ]


def _shown(headers: Sequence[str], row: TableRow) -> dict[str, object]:
    return dict(_facts(headers, row))


def _facts(headers: Sequence[str], row: TableRow) -> Iterator[tuple[str, object]]:
    for header, text in zip(headers, row.cells, strict=False):
        if text and header in _SHOWN:
            with suppress(ValueError):
                yield header, _SHOWN[header](text)
