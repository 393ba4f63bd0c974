"""Tables of studies by codes: ticks, yes and no, 0, 1 and 2; and the counts of NVivo, ATLAS.ti and MAXQDA."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from corpus.workbook import CellTable, TableRow
from exchange.readers.foreign_codings import Contents, ForeignCoding, Origin
from exchange.readers.tables.columns import column_of
from exchange.readers.tables.segments import IsCode

# What a cell says. Nothing, "?" and "-" say nothing: an empty cell may be one nobody has looked at yet.
_SAID: Mapping[str, Literal[0, 1, 2]] = {
    **dict.fromkeys(("1", "✓", "✔", "☑", "√", "x", "✗x", "yes", "y", "true", "ja", "oui", "sí", "si", "wahr"), 1),
    **dict.fromkeys(("0", "no", "n", "false", "nein", "non", "falsch", "☐", "✗", "✘"), 0),
    "2": 2,
}
_UNKNOWN = frozenset(["", "?", "-", "–", "—", "n/a", "na", "unknown", "unclear"])
_NUMBERED = re.compile(r"^(?:\d+|[A-Z]{1,3})\s?:\s+")  # "1 : torrand-2021", "A : GW" in NVivo; "1: a.pdf" in ATLAS.ti
_GROUNDED = re.compile(r"\s*\bGr=\d+.*", re.DOTALL)  # below a name, in ATLAS.ti
_BULLET = re.compile(r"^[●○•◦]\s*")
_SUMS = frozenset(["totals", "total", "sum", "summe", "gesamt", "suma", "somme", "n"])
_CODE_SYSTEM = frozenset(["code system", "codesystem", "sistema de códigos", "liste de codes"])  # MAXQDA's first cell
_COUNT = re.compile(r"\d{1,9}")


def fits_matrix(headers: Sequence[str], rows: Sequence[TableRow], is_code: IsCode) -> bool:
    """Is it a row of headers above a table of studies by codes, or of codes by studies?"""
    first, names = headers[0].casefold(), [_plain(name) for name in headers[1:] if name]
    if not names or "theme" in map(column_of, headers):
        return False
    if first in _CODE_SYSTEM or _is_counted(headers, rows):
        return True
    return (not first or column_of(headers[0]) == "source") and any(map(is_code, names))


def read_matrix(table: CellTable, head: int, *, path: Path, is_code: IsCode) -> Contents:
    """A judgement of a whole study for every cell that says one. A count says that a code was given; a count of 0
    does not say that somebody judged the theme not to be there, and is left out."""
    headers, rows = table.rows[head].cells, [row for row in table.rows[head + 1 :] if not _is_sum(row.cells[0])]
    counted = _is_counted(headers, rows) or headers[0].casefold() in _CODE_SYSTEM
    coder = next((place for place, name in enumerate(headers) if place and column_of(name) == "coder"), None)
    places = [n for n, name in enumerate(headers) if n and name and n != coder and not _is_sum(name)]
    turned = _codes_in_rows(headers, rows, places, is_code)
    if not turned:
        places = [n for n in places if counted or is_code(_plain(headers[n])) or _only_signs(rows, n)]
    contents = Contents(
        unused=[name for n, name in enumerate(headers) if n and n not in places and n != coder and name]
    )
    for row in rows:
        for place in places:
            text = row.cells[place] if place < len(row.cells) else ""
            value = _value(text, row, place, headers, contents, counted=counted)
            if value is None:
                continue
            code, study = (row.cells[0], headers[place]) if turned else (headers[place], row.cells[0])
            given = row.cells[coder] if coder is not None and coder < len(row.cells) else ""
            contents.codings.append(
                ForeignCoding(row.where, Origin(_plain(study)), (_plain(code),), value=value, coder=given)
            )
    return contents


def _value(
    text: str, row: TableRow, place: int, headers: Sequence[str], contents: Contents, *, counted: bool
) -> Literal[0, 1, 2] | None:
    plain = text.casefold()
    where = f"{row.where}, column {_plain(headers[place])!r}"
    if place in row.odd:
        contents.problems.append(f"{where}: {row.odd[place]}. Put its value there (Paste Special, Values)")
    elif plain in _UNKNOWN:
        contents.left_out["empty cells and “?”, which say nothing (write 0 or no where a theme is not there)"] += 1
    elif counted and _COUNT.fullmatch(plain):
        if int(plain):
            return 1
        contents.left_out["counts of 0, which do not say that somebody judged the theme not to be there"] += 1
    elif not counted and plain in _SAID:
        return _SAID[plain]
    else:
        wanted = "the number of codings" if counted else "a tick, yes or no, or 0, 1, 2"
        contents.problems.append(f"{where}: {text[:40]!r} is not {wanted}")
    return None


def _is_counted(headers: Sequence[str], rows: Sequence[TableRow]) -> bool:
    """Do the names have the form that NVivo and ATLAS.ti give them in a table of counts?"""
    names = [*headers[1:], *(row.cells[0] for row in rows)]
    names = [name for name in names if name and not _is_sum(name)]
    return bool(names) and all(_NUMBERED.match(name) or _GROUNDED.search(name) for name in names)


def _codes_in_rows(headers: Sequence[str], rows: Sequence[TableRow], places: Sequence[int], is_code: IsCode) -> bool:
    if headers[0].casefold() in _CODE_SYSTEM:
        return True
    names = [row.cells[0] for row in rows]
    if any(map(_BULLET.match, names)):
        return True
    across = sum(is_code(_plain(headers[place])) for place in places)
    return sum(is_code(_plain(name)) for name in names) > across


def _only_signs(rows: Sequence[TableRow], place: int) -> bool:
    texts = [row.cells[place].casefold() for row in rows if place < len(row.cells)]
    return any(text in _SAID for text in texts) and all(text in _SAID or text in _UNKNOWN for text in texts)


def _is_sum(name: str) -> bool:
    return _plain(name).casefold() in _SUMS


def _plain(name: str) -> str:
    """A name without what NVivo and ATLAS.ti put around it."""
    return _BULLET.sub("", _NUMBERED.sub("", _GROUNDED.sub("", name).strip())).strip()
