"""All grids that the ruling of a page draws, held against pdfplumber's `find_tables` on the same file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest
from pypdf import PdfReader, PdfWriter

from extract.document import Document
from extract.read import document_of, read_document
from extract.readers.pdfplumber_reader import read_pages
from extract.views.document_view import render_view
from support.pdf_pages import PARAGRAPHS, Sheet

SHA = "e" * 64


def thick(sheet: Sheet) -> None:
    """Small boxes with strokes as wide as a tenth of them."""
    sheet.canvas.setLineWidth(2.4)
    for across in range(3):
        sheet.canvas.rect(100 + 22 * across, 600, 22, 11)


def dense(sheet: Sheet) -> None:
    """Rules so close to each other that they are moved onto one line."""
    for number in range(12):
        sheet.canvas.line(x := 90 + 20 * (number // 3) + 2 * (number % 3), 400, x, 500)
        sheet.canvas.line(90, 400 + 9 * number, 300, 400 + 9 * number)


def slanted(sheet: Sheet) -> None:
    """A line chart in pieces: each piece counts as upright at its left end."""
    for x in (100, 250, 400):
        sheet.canvas.line(x, 400, x, 520)
    for number in range(5):
        sheet.canvas.line(100, 400 + 30 * number, 400, 400 + 30 * number)
        sheet.canvas.line(100 + 60 * number, 410 + 20 * number, 160 + 60 * number, 490 - 15 * number)


def outlines(sheet: Sheet) -> None:
    """A cross, a box with round corners, one cut at a corner, all in one path."""
    path = sheet.canvas.beginPath()
    for x, y in [(100, 500), (140, 500), (140, 540), (180, 540), (180, 580), (100, 580)]:
        (path.lineTo if (x, y) != (100, 500) else path.moveTo)(x, y)
    path.lineTo(100, 500)
    path.roundRect(180, 500, 80, 80, 8)
    path.moveTo(260, 500)
    for x, y in [(330, 500), (340, 510), (340, 580), (260, 580)]:
        path.lineTo(x, y)
    sheet.canvas.drawPath(path, stroke=0, fill=1)
    sheet.canvas.line(100, 540, 340, 540)


def in_forms(sheet: Sheet) -> None:
    sheet.canvas.beginForm("row")
    for across in range(4):
        sheet.canvas.rect(10 + 40 * across, 10, 40, 12)
    sheet.canvas.endForm()
    for down in range(5):
        sheet.canvas.saveState()
        sheet.canvas.transform(1.5, 0, 0, 1.2, 80, 700 - 14.4 * down)
        sheet.canvas.doForm("row")
        sheet.canvas.restoreState()


def out_of_sight(sheet: Sheet) -> None:
    """White on white, and cut away."""
    sheet.canvas.setStrokeGray(1)
    sheet.canvas.grid([100, 150, 200], [600, 620, 640])
    path = sheet.canvas.beginPath()
    path.rect(0, 0, 10, 10)
    sheet.canvas.clipPath(path, stroke=0)
    sheet.canvas.grid([100, 150, 200], [400, 420, 440])


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize(
    "draw", [thick, dense, slanted, outlines, in_forms, out_of_sight], ids=lambda draw: draw.__name__
)
def test_the_grids_of_a_document_are_those_pdfplumber_finds(
    tmp_path: Path, draw: Callable[[Sheet], None], turn: int
) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(PARAGRAPHS[0], 72, 90)
    draw(sheet)
    sheet.save()
    writer = PdfWriter()
    writer.add_page(PdfReader(tmp_path / "a.pdf").pages[0].rotate(turn))
    writer.write(tmp_path / "b.pdf")
    with pdfplumber.open(tmp_path / "b.pdf") as pdf:
        theirs = [(*table.bbox, len(table.cells)) for table in pdf.pages[0].find_tables()]
    ours = read_document(tmp_path / "b.pdf", SHA).grids
    assert theirs
    assert len(ours) == len(theirs)
    for grid, (x0, top, x1, bottom, cells) in zip(ours, theirs, strict=True):
        assert (grid.box.x0, grid.box.top, grid.box.x1, grid.box.bottom) == pytest.approx(
            (x0, top, x1, bottom), abs=0.02
        )
        assert grid.cells == cells


def crossed(sheet: Sheet, *, rows: int, columns: int) -> None:
    sheet.canvas.grid([100 + 90 * n for n in range(columns + 1)], [642 - 30 * n for n in range(rows + 1)])


def written(sheet: Sheet, *, rows: int, columns: int) -> None:
    for down in range(rows):
        for across in range(columns):
            sheet.line(f"{down}.{across}", 110 + 90 * across, 220 + 30 * down)


def table(sheet: Sheet) -> None:
    crossed(sheet, rows=4, columns=3)
    written(sheet, rows=4, columns=3)


def one_row(sheet: Sheet) -> None:
    crossed(sheet, rows=1, columns=3)
    written(sheet, rows=1, columns=3)


def titled(sheet: Sheet) -> None:
    crossed(sheet, rows=2, columns=2)
    sheet.line("Box 1", 110, 220)


def empty(sheet: Sheet) -> None:
    crossed(sheet, rows=4, columns=3)


def form(sheet: Sheet) -> None:
    crossed(sheet, rows=4, columns=3)
    written(sheet, rows=1, columns=3)
    sheet.line("4", 110, 310)


def points(sheet: Sheet) -> None:
    """A chart with the names of its quarters and many points."""
    table(sheet)
    for number in range(60):
        sheet.canvas.circle(105 + 4 * number, 540 + number * 37 % 90, 2)


@pytest.mark.parametrize(
    ("draw", "kind", "reason"),
    [
        (table, "table", ""),
        (one_row, "box", "one row or one column"),
        (titled, "frame", "text in 1 of 4 cells"),
        (empty, "plot", "text in 0 of 12 cells"),
        (form, "sparse", "text in 4 of 12 cells"),
        (points, "plot", "60 marks"),
    ],
)
def test_a_grid_tells_what_it_is_and_why(tmp_path: Path, draw: Callable[[Sheet], None], kind: str, reason: str) -> None:
    document = drawn(tmp_path / "a.pdf", draw)
    (grid,) = document.grids
    assert (grid.kind, grid.reason) == (kind, reason)
    assert len(document.tables) == (kind == "table")
    assert grid.cells == grid.rows * grid.columns


def test_a_running_head_in_a_ruled_box_is_told_as_furniture(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for number in range(4):
        sheet.canvas.grid([72, 272, 472], [812, 790, 768])
        for text, x, base in [
            ("Ministry of Welfare", 77, 45),
            ("Review", 277, 45),
            ("Audit", 77, 67),
            ("Page", 277, 67),
        ]:
            sheet.line(f"{text} {number + 1}" if text == "Page" else text, x, base, size=10)
        sheet.paragraph(PARAGRAPHS[number % 3], 72, 130)
        sheet.page()
    sheet.save()
    assert [grid.kind for grid in read_document(tmp_path / "a.pdf", SHA).grids] == ["furniture"] * 4


def test_what_is_ruled_but_no_table_is_drawn_lightly_with_the_reason(tmp_path: Path) -> None:
    document = drawn(tmp_path / "a.pdf", titled)
    html = render_view(document, {1: None}, title="a.pdf").decode()
    assert "<title>frame: text in 1 of 4 cells</title>" in html
    assert "ruled, but no table (1)" in html
    assert 'class="cell"' not in html


def test_the_second_reader_finds_the_same_table(tmp_path: Path) -> None:
    document = drawn(tmp_path / "a.pdf", table)
    again = document_of(read_pages(tmp_path / "a.pdf"), SHA)
    assert [one.rows for one in again.tables] == [one.rows for one in document.tables]
    assert [(grid.kind, grid.cells) for grid in again.grids] == [("table", 12)]


def drawn(path: Path, draw: Callable[[Sheet], None]) -> Document:
    sheet = Sheet(path)
    sheet.paragraph(PARAGRAPHS[0], 72, 90)
    draw(sheet)
    sheet.save()
    return read_document(path, SHA)
