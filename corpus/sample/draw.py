"""Drawing set pages as a PDF: plain, or with the marked content that a tagged PDF needs."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from corpus.sample.lines import MARK_SIZE
from corpus.sample.page import PAGE_HEIGHT, PAGE_WIDTH, Front, RuledLine, Text, TreePath, TypesetPage

ARTIFACT = "/Artifact <</Type /Pagination>> BDC"


@dataclass(frozen=True, slots=True)
class TagMark:
    """A marked stretch of the content of a page, and the structure element it belongs to."""

    page: int  # 0-based
    mcid: int
    path: TreePath


def draw_pdf(
    sheets: Sequence[TypesetPage], front: Front, *, first_page: int, tagged: bool
) -> tuple[bytes, list[TagMark]]:
    """The PDF with the same bytes on every call, and its marks (none unless `tagged`)."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1, pageCompression=1)
    canvas.setTitle(front.title)
    canvas.setAuthor(front.byline)
    canvas.setCreator("corpus.sample.make")
    canvas.setSubject("Sample: invented for Jaiza")
    if first_page != 1:
        canvas.addPageLabel(0, "ARABIC", first_page)
    marks: list[TagMark] = []
    for number, sheet in enumerate(sheets):
        if tagged:
            marks += _draw_tagged(canvas, sheet, number)
        else:
            for item in sheet.items:
                _draw(canvas, item)
        canvas.showPage()
    canvas.save()
    return target.getvalue(), marks


def _draw_tagged(canvas: Canvas, sheet: TypesetPage, page: int) -> Iterator[TagMark]:
    mcid = 0
    for path, items in groupby(sheet.items, key=lambda item: item.path if isinstance(item, Text) else ()):
        if path:
            # reportlab has no call for marked content: the operators go into its list of operators as they are.
            canvas._code.append(f"/{path[-1][0]} <</MCID {mcid}>> BDC")
            yield TagMark(page, mcid, path)
            mcid += 1
        else:
            canvas._code.append(ARTIFACT)
        for item in items:
            _draw(canvas, item)
        canvas._code.append("EMC")


def _draw(canvas: Canvas, item: Text | RuledLine) -> None:
    if isinstance(item, RuledLine):
        canvas.setLineWidth(0.5)
        canvas.line(item.x0, item.y0, item.x1, item.y1)
        return
    text = canvas.beginText(item.x, item.y)
    text.setWordSpace(item.spread)
    for part, is_mark in item.line.runs:
        text.setFont(item.font, item.size * (MARK_SIZE if is_mark else 1.0))
        text.setRise(item.size * 0.35 if is_mark else 0)
        text.textOut(part)
    text.setRise(0)
    canvas.drawText(text)
