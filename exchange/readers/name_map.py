"""What the names of a file are here, as a list that a person fills in: codes.csv, for Excel or any editor.

kind,in the file,here,value,codings,why
code,Ghost workers,GW,,12,a code above it
code,Trust,,,7,
document,Interview 3.docx,leave out,,4,

`here` is a theme, a source or a coder's name of ours, "leave out", or, for a code, "new": a theme of that name is added
to the codebook. Nothing there is still to be told.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotations.decisions_csv import csv_rows
from corpus.errors import DataFileError, UnknownChoiceError
from exchange.readers.code_matching import CodeBookOfOthers, CodeMatch, Sources
from exchange.readers.foreign_codings import Contents
from exchange.readers.tables.cells import FORMULA_STARTS, unguarded

HEAD = ("kind", "in the file", "here", "value", "codings", "why")
_NEEDED = HEAD[:3]
NEW, LEFT_OUT = "new", "leave out"
_KINDS = ("code", "document", "person", "weight")


@dataclass(slots=True)
class NameMap:
    """A list that was filled in. Names of the file are keys; "" as a value leaves what has the name out."""

    codes: dict[str, str] = field(default_factory=dict)  # -> "GW", or "GW=2" with a value
    documents: dict[str, str] = field(default_factory=dict)  # -> source id
    people: dict[str, str] = field(default_factory=dict)  # -> coder's name
    weights: dict[str, str] = field(default_factory=dict)  # "50" -> "2"
    new: list[str] = field(default_factory=list)  # codes of which themes are to be made


def read_name_map(path: Path) -> NameMap:
    """The list in a CSV file; DataFileError names the line."""
    names, rows = csv_rows(path, columns=HEAD)
    for name in _NEEDED:
        if name not in names:
            raise DataFileError(path, "line 1", f"column {name!r} is missing", f"The columns are {', '.join(HEAD)}")
    found = NameMap()
    for line, row in rows:
        kind, theirs, ours = row["kind"].casefold(), unguarded(row["in the file"]), row["here"]
        if kind not in _KINDS:
            raise DataFileError(path, f"line {line}", str(UnknownChoiceError("kind", kind, _KINDS)))
        if not ours:
            continue  # still to be told
        if kind == "code" and ours.casefold() == NEW:
            found.new.append(theirs)
            continue
        meant = "" if ours.casefold() == LEFT_OUT else ours
        if kind == "code" and meant and row.get("value"):
            meant = f"{meant}={row['value']}"
        if kind == "weight" and meant not in ("0", "1", "2", ""):
            raise DataFileError(path, f"line {line}", f"a weight can't be {ours!r} here", "Write 0, 1 or 2")
        {"code": found.codes, "document": found.documents, "person": found.people, "weight": found.weights}[kind][
            theirs
        ] = meant
    return found


def draft_name_map(contents: Contents, codes: CodeBookOfOthers, sources: Sources, given: NameMap) -> bytes:
    """The list to be filled in, with what is known already, and how many codings have each name; UTF-8 with the mark
    by which Excel knows it."""
    counts = {kind: Counter[str]() for kind in _KINDS}
    meant: dict[str, CodeMatch | None] = {}
    documents: dict[str, str | None] = {}
    for coding in contents.codings:
        name = coding.codes[0]
        counts["code"][name] += 1
        counts["document"][coding.origin.name] += 1
        if coding.coder:
            counts["person"][coding.coder] += 1
        if coding.weight not in ("", "1", "2"):
            counts["weight"][coding.weight] += 1
        if name not in meant:
            meant[name] = codes.meaning(coding.codes, coding.guid)
        documents.setdefault(coding.origin.name, sources.find(coding.origin))
    rows = [_code_row(name, meant[name], count, given) for name, count in counts["code"].items()]
    for name, count in counts["document"].items():
        here = documents[name]
        rows.append(("document", name, LEFT_OUT if here == "" else here or "", "", str(count), ""))
    for name, count in counts["person"].items():
        rows.append(("person", name, given.people.get(name, name) or LEFT_OUT, "", str(count), ""))
    for name, count in counts["weight"].items():
        rows.append(("weight", name, given.weights.get(name, "1"), "", str(count), "1 mentioned, 2 with evidence"))
    return _as_csv(rows)


def _code_row(name: str, match: CodeMatch | None, count: int, given: NameMap) -> tuple[str, ...]:
    if name in given.new:
        return "code", name, NEW, "", str(count), "given"
    if match is None:
        return "code", name, "", "", str(count), ""
    value = "" if match.value is None else str(match.value)
    return "code", name, match.theme or LEFT_OUT, value, str(count), match.by


def _as_csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(HEAD)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def merged(maps: Sequence[NameMap]) -> NameMap:
    """Several lists as one; the later count."""
    made = NameMap()
    for one in maps:
        pairs: tuple[tuple[dict[str, str], Mapping[str, str]], ...] = (
            (made.codes, one.codes),
            (made.documents, one.documents),
            (made.people, one.people),
            (made.weights, one.weights),
        )
        for into, more in pairs:
            into.update(more)
        made.new += one.new
    return made
