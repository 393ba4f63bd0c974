"""What people see of a Document: readable text, and a page with the blocks drawn over its pages."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from extract.document import Document
from extract.read import read_document
from extract.views.document_view import COLOURS, ranges, readable_text, render_view
from extract.views.evidence_image import page_pictures_isolated
from support.pdf_pages import PARAGRAPHS, Sheet, report

SHA = "d" * 64


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(tmp_path_factory.mktemp("view") / "a.pdf", pages=3)


@pytest.fixture(scope="module")
def document(path: Path) -> Document:
    return read_document(path, SHA)


def test_text_is_the_reading_order_without_furniture(document: Document) -> None:
    paragraphs = readable_text(document).strip().split("\n\n")
    assert paragraphs[:4] == ["1 Introduction", *PARAGRAPHS]
    assert len(paragraphs) == 12
    assert "Page 1 of 3" in document.text


def test_text_of_some_pages(document: Document) -> None:
    assert readable_text(document, [2]).startswith("2 Data and methods\n\n")
    assert len(readable_text(document, [2]).strip().split("\n\n")) == 4


def test_the_page_shows_every_block_and_every_line_of_a_passage(path: Path, document: Document) -> None:
    pictures = page_pictures_isolated(path, [1, 2, 3])
    html = render_view(document, pictures, title="a.pdf").decode()
    legend = len({block.role for block in document.blocks})
    assert html.count('class="block ') == len(document.blocks) + legend
    assert html.count('<rect class="line"') == sum(len(passage.boxes) for passage in document.passages)
    assert html.count("<article ") == len(document.passages)
    assert html.count("data:image/webp;base64,") == 3
    for passage in document.passages:
        assert passage.id in html


def test_the_page_loads_nothing(path: Path, document: Document) -> None:
    html = render_view(document, page_pictures_isolated(path, [1]), title="a.pdf").decode()
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"|url\(|@import|https?://', html) == []


def test_words_of_a_pdf_are_no_markup(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph("<script>alert(1)</script> " + PARAGRAPHS[0], 72, 90)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    html = render_view(document, {1: None}, title="<b>a</b>").decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<b>a</b>" not in html


def test_pages_left_out_are_named(document: Document) -> None:
    html = render_view(document, {1: None}, title="a.pdf", left_out=[2, 3]).decode()
    assert "Not shown: pages 2-3." in html
    assert 'id="page-2"' not in html


def test_every_role_looks_different() -> None:
    assert len(set(COLOURS.values())) == len(COLOURS)


@pytest.mark.parametrize(("numbers", "words"), [([], ""), ([4], "4"), ([3, 4, 5, 9], "3-5, 9"), ([1, 3], "1, 3")])
def test_numbers_in_words(numbers: list[int], words: str) -> None:
    assert ranges(numbers) == words


def test_pictures_are_small_even_of_a_photograph(tmp_path: Path) -> None:
    noise = io.BytesIO()
    Image.effect_noise((900, 1200), 90).save(noise, "PNG")
    (tmp_path / "noise.png").write_bytes(noise.getvalue())
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.canvas.drawImage(str(tmp_path / "noise.png"), 0, 0, width=595, height=842)
    sheet.page()
    sheet.save()
    pictures = page_pictures_isolated(tmp_path / "a.pdf", [1, 2])
    assert pictures[2] is None
    assert pictures[1] is not None
    assert len(pictures[1]) <= 60_000
    width, height = Image.open(io.BytesIO(pictures[1])).size
    assert abs(width / height - 595 / 842) < 0.02
    assert width > 200
