"""What columns of codings are called in Jaiza, in other programs, and in their German, Spanish and French versions."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path

from annotations.decisions_csv import OPTIONAL, REQUIRED
from corpus.errors import DataFileError

COLUMNS = (*REQUIRED, *OPTIONAL)
LISTED = f"The columns are {', '.join(COLUMNS)}"
NEEDED = ("source", "theme")
# Our column -> its other names. The first that a table has counts; those of SECOND_BEST only where it has no other.
_ALSO: Mapping[str, tuple[str, ...]] = {
    "source": (
        "study", "document", "document name", "file", "file name", "filename", "media title", "name of document",
        "dokumentname", "dokument", "nombre del documento", "documento", "nom du document",
    ),
    "theme": (
        "code", "codes", "codename", "code name", "node", "label_code", "tag", "tags", "codes applied combined",
        "código", "códigos", "kode", "codes assigned",
    ),
    "value": ("strength", "rating"),
    "weight": ("weight score", "weight", "gewicht", "peso", "poids"),
    "coder": (
        "created by", "coded by", "user", "owner", "annotator", "author", "excerpt creator", "coded by initials",
        "erstellt von", "autor", "autor/in", "creado por", "créé par", "auteur",
    ),
    "quote": (
        "segment", "coded segment", "quotation content", "quotation", "coded text", "text", "seltext", "content",
        "excerpt copy", "excerpt", "highlight", "text content", "codiertes segment", "zitatinhalt", "segmento",
        "contenido de la cita", "segment codé",
    ),
    "page": ("page number", "seite", "página"),
    "reference": ("referenz", "referencia"),
    "note": ("comment", "memo", "comments", "kommentar", "comentario", "commentaire"),
    "decided": (
        "created", "creation date", "date", "coded on", "excerpt date", "erstellt am", "erstellt", "erstellungsdatum",
        "creado el", "creado", "date de création",
    ),
}  # fmt: skip
_SECOND_BEST: Mapping[str, tuple[str, ...]] = {
    "coder": ("modified by", "bearbeitet von", "geändert von", "modificado por", "modifié par"),
    "decided": ("modified", "modified on", "bearbeitet am", "geändert am", "geändert", "modificado"),
}
_ALIKE = 0.75  # a header this near to a column's name is a slip, not another column


def column_of(header: str) -> str:
    """Our column for a header; "" where it is none."""
    plain = " ".join(header.casefold().split())
    if plain in COLUMNS or plain == "reference":
        return plain
    return next((column for column, others in _ALSO.items() if plain in others), "")


def columns_of(headers: Sequence[str], *, path: Path, where: str) -> dict[int, str]:
    """Place of a header -> our column. DataFileError where two headers mean the same, or a needed one is missing or
    misspelt."""
    meant: dict[int, str] = {}
    for place, header in enumerate(headers):
        column = column_of(header)
        if column and column in meant.values():
            first = next(headers[other] for other, known in meant.items() if known == column)
            raise DataFileError(
                path, where, f"the headers {first!r} and {header!r} both mean {column}", "Rename or delete one of them"
            )
        if column:
            meant[place] = column
    for place, header in enumerate(headers):
        column = next((c for c, others in _SECOND_BEST.items() if header.casefold() in others), "")
        if column and column not in meant.values():
            meant[place] = column
    _refuse_slips(headers, meant, path, where)
    return meant


def _refuse_slips(headers: Sequence[str], meant: Mapping[int, str], path: Path, where: str) -> None:
    still_open = [column for column in COLUMNS if column not in meant.values()]
    for place, header in enumerate(headers):
        near = difflib.get_close_matches(header.casefold(), still_open, n=1, cutoff=_ALIKE)
        if place not in meant and near:
            raise DataFileError(path, where, f"no column {header!r}: did you mean {near[0]!r}?", LISTED)
    for column in NEEDED:
        if column not in meant.values():
            raise DataFileError(path, where, f"column {column!r} is missing", remedy_for(headers))


# A header that gives a program away -> what to save there instead, where the table as it is can't be read.
_SAVE_INSTEAD: Mapping[str, str] = {
    "coded by initials": "This report of NVivo does not name the documents: export the project as REFI-QDA (.qdpx), or "
    "add a column 'source' with the document of each row",
    "number of coding references": "This report of NVivo has no coded text: export the project as REFI-QDA (.qdpx)",
    "quotation name": "In ATLAS.ti's quotation manager, export the columns Document, Codes and Quotation Content, or "
    "the project as REFI-QDA (.qdpx)",
    "dokumentgruppe": "In MAXQDA, save the list of coded segments with the columns Dokumentname, Code and Segment",
    "document group": "In MAXQDA, save the list of coded segments with the columns Document name, Code and Segment",
    "excerpt range": "In Dedoose, export the excerpts with the columns Media Title, Excerpt Copy and Codes Applied",
    "codename": "In QualCoder, save the report of codings with its columns Filename, Codename and Coded text",
}


def remedy_for(headers: Sequence[str]) -> str:
    """What to save instead of a table with these headers, by the program that they give away."""
    plain = [" ".join(header.casefold().split()) for header in headers]
    return next((remedy for header, remedy in _SAVE_INSTEAD.items() if header in plain), LISTED)
