"""Highlights and comments of a PDF, read and written with pdfium in a process of its own.

Rectangles are in points from the top left of the page as it is shown, as everywhere in Jaiza; a PDF counts from the
lower left of the page as it was made, before it was cropped and turned.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.errors import DataFileError
from corpus.json_table import JsonTable
from extract.document import Box
from extract.isolation.run_isolated import IsolationError, run_isolated
from extract.pdfium.handles import PdfiumAnnotation, PdfiumPage, PdfiumTextPage

_SECONDS, _MEMORY = 120.0, 1500  # for one PDF
CONTINUED = "(continued from the page before)"  # comment of a highlight that goes on from another
_FACTS = b"JaizaFacts"  # a key of our own in an annotation: what its comment does not say
_KINDS = {
    pdfium.FPDF_ANNOT_HIGHLIGHT: "highlight",
    pdfium.FPDF_ANNOT_UNDERLINE: "underline",
    pdfium.FPDF_ANNOT_SQUIGGLY: "squiggly line",
    pdfium.FPDF_ANNOT_STRIKEOUT: "strikeout",
    pdfium.FPDF_ANNOT_TEXT: "note",
    pdfium.FPDF_ANNOT_FREETEXT: "note",
}
_HYPHENS = str.maketrans(dict.fromkeys("\x02\ufffe\xad", "-"))  # as pdfium writes them
# The ids in the trailer of a PDF: pdfium makes the second anew each time it writes.
_IDS = re.compile(rb"/ID\s*\[\s*<([0-9A-Fa-f]*)>\s*<([0-9A-Fa-f]*)>\s*\]")
_FINE = 100  # pdfium takes whole numbers: hundredths of a point
# Key of an annotation -> what of a mark stands there.
_TEXTS = {
    b"Contents": "comment",
    b"T": "author",
    b"NM": "name",
    b"M": "date",
    b"CreationDate": "date",
    _FACTS: "facts",
}
_LONGEST = 1 << 20  # bytes of a text in an annotation
_PIECE = 1 << 20
_TRAILER = 4096  # bytes at the end of the file among which its ids stand
_ALPHA = 0.4  # of a highlight: the words must stay readable in viewers that can't multiply colours
_NOTE_SIZE = 20.0  # points


@dataclass(frozen=True, slots=True)
class PdfMark:
    """One annotation of a person."""

    page: int  # 1-based
    kind: str  # "highlight", "underline", "squiggly line", "strikeout", "note"
    comment: str
    author: str
    words: str = ""  # under the highlight, its lines joined
    colour: tuple[int, int, int] = (255, 212, 0)
    date: str = ""  # as PDF has it: "D:20240205101100Z"
    name: str = ""  # its id in the PDF
    facts: str = ""  # JSON
    boxes: tuple[Box, ...] = ()  # a rectangle for each line; for writing


def read_marks(path: Path) -> list[PdfMark]:
    """The annotations of a PDF. DataFileError where it can't be read."""
    try:
        found = b"".join(run_isolated(_read, str(path), seconds=_SECONDS, memory_mb=_MEMORY))
    except IsolationError as error:
        raise DataFileError(
            path, "", f"can't be read as a PDF: {error}", "Open it in a viewer and save it again"
        ) from None
    return [PdfMark(**{**mark, "colour": tuple(mark["colour"]), "boxes": ()}) for mark in json.loads(found)]


def write_marks(path: Path, marks: Sequence[PdfMark]) -> bytes:
    """The PDF at `path` with `marks` added to it. DataFileError where it can't be read."""
    given = json.dumps([asdict(mark) for mark in marks])
    try:
        return b"".join(run_isolated(_write, str(path), given, seconds=_SECONDS, memory_mb=_MEMORY))
    except IsolationError as error:
        raise DataFileError(path, "", f"can't be written as a PDF: {error}") from None


def _read(path: str) -> Iterator[bytes]:
    document = pypdfium2.PdfDocument(path)
    marks = [asdict(mark) for number in range(len(document)) for mark in _marks_of(document[number], number + 1)]
    data = json.dumps(marks).encode()
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]


def _marks_of(page: PdfiumPage, number: int) -> Iterator[PdfMark]:
    count = pdfium.FPDFPage_GetAnnotCount(page)
    text_page = page.get_textpage() if count else None
    for place in range(count):
        annotation = pdfium.FPDFPage_GetAnnot(page, place)
        kind = _KINDS.get(pdfium.FPDFAnnot_GetSubtype(annotation), "")
        if kind:
            yield PdfMark(
                number,
                kind,
                _string(annotation, b"Contents"),
                _string(annotation, b"T"),
                "" if kind == "note" else _words_under(annotation, text_page),
                _colour(annotation),
                _string(annotation, b"CreationDate") or _string(annotation, b"M"),
                _string(annotation, b"NM"),
                _string(annotation, _FACTS),
            )
        pdfium.FPDFPage_CloseAnnot(annotation)


def _words_under(annotation: PdfiumAnnotation, text_page: PdfiumTextPage) -> str:
    """The words in the rectangles of a highlight, words broken at a line's end joined."""
    quads = pdfium.FS_QUADPOINTSF()
    said = ""
    for place in range(pdfium.FPDFAnnot_CountAttachmentPoints(annotation)):
        pdfium.FPDFAnnot_GetAttachmentPoints(annotation, place, quads)
        xs, ys = (quads.x1, quads.x2, quads.x3, quads.x4), (quads.y1, quads.y2, quads.y3, quads.y4)
        line = text_page.get_text_bounded(left=min(xs), bottom=min(ys), right=max(xs), top=max(ys))
        line = " ".join(line.translate(_HYPHENS).split())
        if said.endswith("-") and line[:1].islower():
            said = said[:-1] + line
        else:
            said = f"{said} {line}".strip()
    return said


def _string(annotation: PdfiumAnnotation, key: bytes) -> str:
    size = min(pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0), _LONGEST)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _colour(annotation: PdfiumAnnotation) -> tuple[int, int, int]:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    found = pdfium.FPDFAnnot_GetColor(annotation, pdfium.FPDFANNOT_COLORTYPE_Color, red, green, blue, alpha)
    return (red.value, green.value, blue.value) if found else (255, 212, 0)


def _write(path: str, given: str) -> Iterator[bytes]:
    document = pypdfium2.PdfDocument(path)
    by_page: dict[int, list[JsonTable]] = {}
    for mark in json.loads(given):
        by_page.setdefault(mark["page"], []).append(mark)
    for number, marks in by_page.items():
        if not 1 <= number <= len(document):
            continue
        page = document[number - 1]
        for place, mark in enumerate(marks):
            _add(page, mark, place)
        page.close()
    buffer = BytesIO()
    document.save(buffer)
    data = _repeatable(buffer.getvalue())
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]


def _repeatable(data: bytes) -> bytes:
    """The file with ids that follow from its content, so that the same marks give the same bytes."""
    every = list(_IDS.finditer(data, max(0, len(data) - _TRAILER)))
    if not every:
        return data
    found = every[-1]
    # Where the PDF had no id before, the first is as new as the second.
    parts = [found.span(1), found.span(2)] if found[1] == found[2] else [found.span(2)]
    for start, end in parts:
        data = data[:start] + b"0" * (end - start) + data[end:]
    digest = hashlib.sha256(data).hexdigest().encode()
    for start, end in parts:
        data = data[:start] + (digest * (1 + (end - start) // len(digest)))[: end - start] + data[end:]
    return data


def _add(page: PdfiumPage, mark: JsonTable, place: int) -> None:
    lines = [_on_page(page, Box(**box)) for box in mark["boxes"]]
    note = mark["kind"] == "note" or not lines
    if note:
        left, _, _, top = _on_page(page, Box(mark["page"], 8 + _NOTE_SIZE * (place % 20), 8, 0, 0))
        lines = [(left, top - _NOTE_SIZE, left + _NOTE_SIZE, top)]
    annotation = pdfium.FPDFPage_CreateAnnot(page, pdfium.FPDF_ANNOT_TEXT if note else pdfium.FPDF_ANNOT_HIGHLIGHT)
    lefts, lows, rights, highs = zip(*lines, strict=True)
    around = pdfium.FS_RECTF(left=min(lefts), bottom=min(lows), right=max(rights), top=max(highs))
    pdfium.FPDFAnnot_SetRect(annotation, around)
    alpha = 255 if note else round(255 * _ALPHA)
    pdfium.FPDFAnnot_SetColor(annotation, pdfium.FPDFANNOT_COLORTYPE_Color, *mark["colour"], alpha)
    pdfium.FPDFAnnot_SetFlags(annotation, pdfium.FPDF_ANNOT_FLAG_PRINT)
    for key, name in _TEXTS.items():
        if mark[name]:
            pdfium.FPDFAnnot_SetStringValue(annotation, key, _wide(mark[name]))
    if not note:
        _colour_lines(annotation, lines, mark["colour"])
    pdfium.FPDFPage_CloseAnnot(annotation)


def _colour_lines(
    annotation: PdfiumAnnotation, lines: Sequence[tuple[float, float, float, float]], colour: tuple[int, int, int]
) -> None:
    """The corners of every line, for viewers that draw highlights themselves, and the drawing, for those that don't."""
    for x0, low, x1, high in lines:
        corners = {"x1": x0, "y1": high, "x2": x1, "y2": high, "x3": x0, "y3": low, "x4": x1, "y4": low}
        pdfium.FPDFAnnot_AppendAttachmentPoints(annotation, pdfium.FS_QUADPOINTSF(**corners))
    red, green, blue = (part / 255 for part in colour)
    drawn = " ".join(f"{x0:.2f} {low:.2f} {x1 - x0:.2f} {high - low:.2f} re" for x0, low, x1, high in lines)
    look = f"/GS gs {red:.3f} {green:.3f} {blue:.3f} rg {drawn} f"
    pdfium.FPDFAnnot_SetAP(annotation, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, _wide(look))


def _on_page(page: PdfiumPage, box: Box) -> tuple[float, float, float, float]:
    """A rectangle on the page as shown in the page's own coordinates: left, low, right, high."""
    width, height = page.get_size()
    x, y = ctypes.c_double(), ctypes.c_double()
    corners = []
    for across, down in ((box.x0, box.top), (box.x1, box.bottom)):
        pdfium.FPDF_DeviceToPage(
            page, 0, 0, round(width * _FINE), round(height * _FINE), 0, round(across * _FINE), round(down * _FINE), x, y
        )
        corners.append((x.value, y.value))
    (ax, ay), (bx, by) = corners
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _wide(text: str) -> Any:
    """Text as pdfium takes it: UTF-16, ending in a zero."""
    data = text.encode("utf-16-le", "replace") + b"\0\0"
    return ctypes.cast(ctypes.create_string_buffer(data, len(data)), ctypes.POINTER(ctypes.c_ushort))
