"""Decisions made elsewhere: reading decisions.csv, and the published coding as a table of ticks."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, cast, get_args

from annotations.codebook_changes import load_recoding
from annotations.decision import PUBLISHED, Anchor, Decision, Role, place
from corpus.errors import DataFileError, UnknownChoiceError
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook

REQUIRED = ("source", "theme", "value", "coder")
OPTIONAL = ("role", "quote", "page", "note", "decided")
_TICKS = {"1": 1, "0": 0, "": 0, "✓": 1, "2": 2, "?": None}  # in published.csv; "?" = the synthesis does not say


def read_decisions(path: Path, *, sources: Collection[str], codebook: Codebook) -> tuple[Decision, ...]:
    """The decisions in a CSV file (comma, semicolon or tab; UTF-8, as Excel saves "CSV UTF-8").

    Columns: source, theme, value (0, 1, 2, or empty to take a judgement back), coder; and, if wanted, role (coder or
    adjudicator), quote and page (a judgement on that passage; without a quote it is on the whole study), note,
    decided (ISO date). DataFileError names the line; nothing is returned unless every line is right.
    """
    decisions: list[Decision] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, row in _rows(path, required=REQUIRED, known=(*REQUIRED, *OPTIONAL)):
        decision = _decision(row, file=path, line=line, sources=sources, codebook=codebook)
        earlier = seen.setdefault(place(decision), line)
        if earlier != line:
            raise DataFileError(
                path, f"line {line}", f"judges the same as line {earlier} by the same coder", "Keep one of the two"
            )
        decisions.append(decision)
    return tuple(decisions)


def published_decisions(workspace: Workspace, codebook: Codebook, *, sources: Collection[str]) -> tuple[Decision, ...]:
    """The published coding as decisions of coder `published`; empty where the review has none.

    The workspace's own published.csv (columns source and theme codes; 1 or ✓ = ticked, 0 or empty = not ticked,
    ? = not known) comes before the shipped one, which holds the 25 x 6 ticks of the paper. A publication keeps its
    themes: columns of themes that were merged or split since are read as they stand, for `recoded` to map.
    """
    own = workspace.own_file("published.csv")
    if own is None and not workspace.review.shipped_sources:
        return ()
    path = own or Path(str(files("annotations").joinpath("published.csv")))
    earlier = [code for change in load_recoding(workspace) for code in change.themes]
    codes = tuple(dict.fromkeys((*codebook.codes, *earlier)))
    decisions = []
    for line, row in _rows(path, required=("source",), known=("source", "label", *codes)):
        if row["source"] not in sources:
            raise DataFileError(path, f"line {line}", str(UnknownChoiceError("source", row["source"], sources)))
        for theme in codes:
            if theme not in row:
                continue
            if row[theme] not in _TICKS:
                raise DataFileError(path, f"line {line}", f"{theme} is {row[theme]!r}", "Write 1, 0, 2 or ?")
            value = _TICKS[row[theme]]
            if value is not None:
                decisions.append(
                    Decision(
                        row["source"],
                        theme,
                        cast(Literal[0, 1, 2], value),
                        PUBLISHED,
                        "published",
                        codebook=codebook.revision,
                        origin=path.name,
                    )
                )
    return tuple(decisions)


def _decision(row: dict[str, str], *, file: Path, line: int, sources: Collection[str], codebook: Codebook) -> Decision:
    where = f"line {line}"
    if row["source"] not in sources:
        raise DataFileError(file, where, str(UnknownChoiceError("source", row["source"], sources)))
    if row["theme"] not in codebook.codes:
        raise DataFileError(file, where, str(UnknownChoiceError("theme", row["theme"], codebook.codes)))
    if row["value"] not in ("0", "1", "2", ""):
        raise DataFileError(
            file, where, f"value is {row['value']!r}", "Write 0, 1 or 2, or leave it empty to take it back"
        )
    if not row["coder"]:
        raise DataFileError(file, where, "coder is empty", "Every decision needs the name of who made it")
    role = row.get("role") or "coder"
    if row["coder"] == PUBLISHED or role == PUBLISHED:
        raise DataFileError(file, where, "the published coding is not a coder's decision", "Put it in published.csv")
    if role not in get_args(Role):
        raise DataFileError(file, where, str(UnknownChoiceError("role", role, ("coder", "adjudicator"))))
    page = row.get("page", "")
    if page and not (page.isdigit() and int(page) > 0):
        raise DataFileError(file, where, f"page is {page!r}", "Write the page of the PDF as a number from 1")
    quote = row.get("quote", "")
    if page and not quote:
        raise DataFileError(file, where, "a page without a quote", "Give the words you coded, or leave both empty")
    return Decision(
        source_id=row["source"],
        theme=row["theme"],
        value=cast(Literal[0, 1, 2] | None, int(row["value"]) if row["value"] else None),
        coder=row["coder"],
        role=cast(Role, role),
        anchor=Anchor(quote, int(page) if page else None) if quote else None,
        note=row.get("note", ""),
        decided=row.get("decided", ""),
        codebook=codebook.revision,
        origin=file.name,
    )


def _rows(path: Path, *, required: Collection[str], known: Collection[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) of a CSV file whose header names known columns only."""
    names, rows = csv_rows(path, columns=known)
    for name in required:
        if name not in names:
            raise DataFileError(path, "line 1", f"column {name!r} is missing", f"The columns are {', '.join(known)}")
    for name in names:
        if name not in known:
            raise DataFileError(path, "line 1", str(UnknownChoiceError("column", name, known)))
    return rows


def csv_rows(path: Path, *, columns: Collection[str]) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """The header of a CSV file (comma, semicolon or tab; UTF-8, with or without a byte-order mark), and its rows with
    their line numbers; cells stripped, blank lines left out. `columns` are named where the file is empty."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataFileError(path, "", "not UTF-8 text", 'In Excel, save it as "CSV UTF-8 (comma delimited)"') from None
    except OSError as error:
        raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader)]
    except StopIteration:
        raise DataFileError(
            path, "", "the file is empty", f"Its first line names the columns: {', '.join(columns)}"
        ) from None
    except csv.Error as error:
        raise DataFileError(path, "line 1", f"not a proper CSV row ({error})") from None
    return names, _body(path, reader, names)


def _body(path: Path, reader: Any, names: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(names):
                raise DataFileError(
                    path, f"line {reader.line_num}", f"{len(row)} cells where the header has {len(names)}"
                )
            yield reader.line_num, dict(zip(names, (cell.strip() for cell in row), strict=True))
    except csv.Error as error:
        raise DataFileError(path, f"line {reader.line_num}", f"not a proper CSV row ({error})") from None
