"""A frame with running text in it is a sidebar; a white ground, a table and a frame around the page are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract.read import read_document
from support.pdf_pages import PARAGRAPHS, Sheet

SHA = "7" * 64


def outlined(canvas: Canvas) -> None:
    canvas.rect(64, 560, 460, 80)


def tinted(canvas: Canvas) -> None:
    canvas.setFillGray(0.9)
    canvas.rect(64, 560, 460, 80, stroke=0, fill=1)


def ruled(canvas: Canvas) -> None:
    for x0, y0, x1, y1 in ((64, 560, 524, 560), (64, 640, 524, 640), (64, 560, 64, 640), (524, 560, 524, 640)):
        canvas.line(x0, y0, x1, y1)


def white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    canvas.rect(64, 560, 460, 80, stroke=0, fill=1)


def around_all(canvas: Canvas) -> None:
    canvas.rect(40, 40, 515, 762)


def divided(canvas: Canvas) -> None:
    outlined(canvas)
    canvas.line(300, 560, 300, 640)


@pytest.mark.parametrize(
    ("draw", "sidebars"),
    [(outlined, 1), (tinted, 1), (ruled, 1), (white, 0), (around_all, 0), (divided, 0)],
)
def test_a_frame_makes_a_sidebar(tmp_path: Path, draw: Callable[[Canvas], None], sidebars: int) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(PARAGRAPHS[0], 72, 90)
    draw(sheet.canvas)
    sheet.canvas.setFillGray(0)
    sheet.paragraph(PARAGRAPHS[1], 72, 220)
    sheet.paragraph(PARAGRAPHS[2], 72, 330)
    sheet.page()
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    found = [document.text[slice(*block.span)] for block in document.blocks if block.role == "sidebar"]
    assert [" ".join(text.split()) for text in found] == [PARAGRAPHS[1]] * sidebars
    assert [passage.text for passage in document.passages] == list(PARAGRAPHS)


def test_the_title_of_a_box_ends_where_its_text_begins(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(PARAGRAPHS[0], 72, 90)
    outlined(sheet.canvas)
    sheet.line("Box 2. How families learn of the fund", 72, 216, size=9)
    sheet.paragraph(PARAGRAPHS[1], 72, 228, size=9)
    sheet.paragraph(PARAGRAPHS[2], 72, 330)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    roles = {" ".join(document.text[slice(*block.span)].split()): block.role for block in document.blocks}
    assert roles["Box 2. How families learn of the fund"] == "caption"
    assert roles[PARAGRAPHS[1]] == "sidebar"


def test_a_box_with_the_heading_of_a_section_is_one_and_the_text_around_it_is_not(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("2 Data and methods", 72, 80, font="Times-Bold", size=14)
    sheet.paragraph(PARAGRAPHS[0], 72, 104)
    outlined(sheet.canvas)
    sheet.line("Key messages", 72, 216, font="Times-Bold", size=10)
    sheet.paragraph(PARAGRAPHS[1], 72, 232, size=10)
    sheet.paragraph(PARAGRAPHS[2], 72, 330)
    sheet.save()
    passages = read_document(tmp_path / "a.pdf", SHA).passages
    assert [(passage.heading, passage.section) for passage in passages] == [
        ("2 Data and methods", "methods"), ("Key messages", "abstract"), ("2 Data and methods", "methods"),
    ]  # fmt: skip
    assert [passage.text for passage in passages] == list(PARAGRAPHS)
