from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from extract.pdfium.open_document import opened, page_count
from extract.readers.pdfium_reader import PageWords, read_page
from support.pdf_pages import HEIGHT, WIDTH, Sheet

TEXT, X, BASE, SIZE = "Coverage of the register fell", 100.0, 200.0, 12.0


def pages_of(path: Path) -> list[PageWords]:
    with opened(path) as document:
        return [read_page(document, number) for number in range(1, page_count(document) + 1)]


def one_line(path: Path) -> tuple[float, float]:
    sheet = Sheet(path)
    ends = sheet.line(TEXT, X, BASE, size=SIZE)
    sheet.save()
    return ends


def turned(source: Path, path: Path, degrees: int) -> Path:
    writer = PdfWriter(clone_from=source)
    writer.pages[0].rotate(degrees)
    writer.write(path)
    return path


def test_boxes_stand_where_the_words_were_set(tmp_path: Path) -> None:
    start, end = one_line(tmp_path / "a.pdf")
    words = pages_of(tmp_path / "a.pdf")[0].words
    assert [word.text for word in words] == TEXT.split()
    assert words[0].x0 == pytest.approx(start, abs=1.0)
    assert words[-1].x1 == pytest.approx(end, abs=1.0)
    for word in words:
        assert BASE - SIZE < word.top < word.bottom < BASE + 0.3 * SIZE
        assert word.base == pytest.approx(BASE, abs=0.01)
        assert word.size == SIZE


@pytest.mark.parametrize(
    ("degrees", "turn", "place"),
    [
        (90, 1, lambda x, y: (HEIGHT - y, x)),
        (180, 2, lambda x, y: (WIDTH - x, HEIGHT - y)),
        (270, 3, lambda x, y: (y, WIDTH - x)),
    ],
)
def test_boxes_follow_the_rotation_of_the_page(tmp_path: Path, degrees: int, turn: int, place) -> None:
    one_line(tmp_path / "a.pdf")
    upright = pages_of(tmp_path / "a.pdf")[0].words
    page = pages_of(turned(tmp_path / "a.pdf", tmp_path / "b.pdf", degrees))[0]
    assert (page.width, page.height) == ((HEIGHT, WIDTH) if degrees in (90, 270) else (WIDTH, HEIGHT))
    for before, after in zip(upright, page.words, strict=True):
        xs, ys = zip(place(before.x0, before.top), place(before.x1, before.bottom), strict=True)
        assert (after.x0, after.x1) == pytest.approx((min(xs), max(xs)), abs=0.5)
        assert (after.top, after.bottom) == pytest.approx((min(ys), max(ys)), abs=0.5)
        assert after.turn == turn


def test_a_crop_box_shifts_the_boxes_and_hides_what_lies_outside(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line(TEXT, X, BASE, size=SIZE)
    sheet.line("printer's mark", 10, 20)
    sheet.save()
    writer = PdfWriter(clone_from=PdfReader(tmp_path / "a.pdf"))
    writer.pages[0].cropbox = RectangleObject((50, 100, WIDTH - 50, HEIGHT - 60))
    writer.write(tmp_path / "b.pdf")
    page = pages_of(tmp_path / "b.pdf")[0]
    assert (page.width, page.height) == (WIDTH - 100, HEIGHT - 160)
    assert [word.text for word in page.words] == TEXT.split()
    assert page.words[0].x0 == pytest.approx(X - 50, abs=1.0)
    assert page.words[0].base == pytest.approx(BASE - 60, abs=0.01)


def test_page_labels_are_read_as_printed(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for number in range(3):
        sheet.line(f"Sheet {number}", 72, 72)
        sheet.page()
    sheet.save()
    writer = PdfWriter(clone_from=tmp_path / "a.pdf")
    writer.set_page_label(0, 1, style="/r")
    writer.set_page_label(2, 2, style="/D")
    writer.write(tmp_path / "b.pdf")
    assert [page.label for page in pages_of(tmp_path / "b.pdf")] == ["i", "ii", "1"]


def test_text_set_sideways_is_told_from_upright_text(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("Upright", 72, 100)
    sheet.canvas.rotate(90)
    sheet.canvas.drawString(300, -40, "Downloaded from a library")
    sheet.save()
    assert [(word.text, word.turn) for word in pages_of(tmp_path / "a.pdf")[0].words] == [
        ("Upright", 0), ("Downloaded", 3), ("from", 3), ("a", 3), ("library", 3),
    ]  # fmt: skip
