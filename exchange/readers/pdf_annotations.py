"""Highlights and comments that people made in a PDF viewer, as codings of their authors.

The first line of a comment is the code, "GW" or "GW: the post was vacant", where it is one that is known here; else the
colour is, "yellow highlight", and the whole comment is a note.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from exchange.coded_review import MACHINE
from exchange.pdf_marks import CONTINUED, PdfMark, read_marks
from exchange.readers.foreign_codings import Contents, ForeignCoding, Origin
from exchange.readers.tables.segments import IsCode

_COLOURS = {
    "yellow": (255, 220, 0), "green": (80, 220, 80), "blue": (80, 150, 255), "pink": (255, 130, 200),
    "red": (240, 40, 40), "orange": (255, 150, 30), "purple": (150, 80, 220), "grey": (150, 150, 150),
}  # fmt: skip
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?")
_SHOWN = 60  # characters of a comment in a message
_FROM_A_REVIEW = {"machine": "suggestions of a machine", "published": "of the published coding (see published.csv)"}


def read_annotated_pdf(path: Path, *, is_code: IsCode) -> Contents:
    """The codings in a PDF, whose name tells the source. A note beside the text is a coding of the whole study where
    it begins with a code; DataFileError where the file can't be read."""
    contents = Contents()
    origin = Origin(path.stem)
    for mark in read_marks(path):
        if mark.comment == CONTINUED:
            continue
        kind = _kind_of(mark)
        if kind in _FROM_A_REVIEW:
            contents.left_out[_FROM_A_REVIEW[kind]] += 1
            continue
        code, note = _code_of(mark.comment, is_code)
        where = f"page {mark.page}, {mark.kind}"
        if mark.kind == "note" and not code:
            said = " ".join(mark.comment.split())[:_SHOWN]
            contents.passed_over.append(f"{where}: “{said}” does not begin with a code")
            continue
        if mark.kind != "note" and not mark.words and not mark.facts:
            contents.passed_over.append(f"{where}: there are no words under it")
            continue
        contents.codings.append(_found(mark, where, origin, code or _colour_name(mark), note))
    contents.by_jaiza = bool(contents.codings) and all(found.facts for found in contents.codings)
    return contents


def _found(mark: PdfMark, where: str, origin: Origin, code: str, note: str) -> ForeignCoding:
    facts = _facts_of(mark)
    quote = facts.get("quote")
    return ForeignCoding(
        where,
        origin,
        (code,),
        coder=mark.author.removesuffix(" (adjudicator)"),
        role="adjudicator" if mark.author.endswith(" (adjudicator)") else "coder",
        quote=quote if isinstance(quote, str) else mark.words,
        page=mark.page if mark.words else None,
        note=told if isinstance(told := facts.get("note"), str) else note,
        decided=str(facts.get("decided") or ("" if facts else _iso(mark.date))),
        facts=facts,
    )


def _code_of(comment: str, is_code: IsCode) -> tuple[str, str]:
    """The code a comment begins with, and the rest; "" and the whole of it where there is none."""
    first, _, rest = comment.strip().partition("\n")
    if is_code(first.strip()):
        return first.strip(), rest.strip()
    before, colon, after = first.partition(":")
    if colon and is_code(before.strip()):
        return before.strip(), f"{after.strip()}\n{rest.strip()}".strip()
    return "", comment.strip()


def _kind_of(mark: PdfMark) -> str:
    if mark.author.startswith(MACHINE) and mark.author.endswith("(suggestions)"):
        return "machine"
    return "published" if mark.author == "published" else "person"


def _facts_of(mark: PdfMark) -> dict[str, object]:
    try:
        facts = json.loads(mark.facts) if mark.facts else {}
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _colour_name(mark: PdfMark) -> str:
    """The colour as people call it: the nearest of a few."""

    def distance(name: str) -> int:
        return sum((a - b) ** 2 for a, b in zip(mark.colour, _COLOURS[name], strict=True))

    return f"{min(_COLOURS, key=distance)} {mark.kind}"


def _iso(date: str) -> str:
    """A date of a PDF as ISO 8601; "" where it is none."""
    found = _DATE.match(date)
    if not found:
        return ""
    year, month, day, hour, minute, second, utc, sign, ahead, minutes = found.groups()
    zone = "+00:00" if utc else f"{sign}{ahead}:{minutes or '00'}" if sign else ""
    return f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}"
