"""Sheets with two pages side by side: which of them is read first."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.pdfium.open_document import opened
from extract.readers.facing_pages import left_page_first
from extract.readers.pdfium_reader import read_page
from extract.words import Word, Words
from support.pdf_pages import HEIGHT, PARAGRAPHS, WIDTH, Sheet

LEFT, RIGHT = PARAGRAPHS[0], PARAGRAPHS[2]


def first_words(path: Path, *, starts: list[tuple[str, float]], width: float = 2 * WIDTH, title: bool = False) -> str:
    sheet = Sheet(path, width=width, height=HEIGHT)
    for text, x in starts:
        sheet.paragraph(text, x, 100, width=0.38 * width)
    if title:
        sheet.line("A title over the middle of the sheet", width / 2 - 80, 40)
    sheet.save()
    with opened(path) as document:
        return " ".join(word.text for word in read_page(document, 1).words[:4])


def test_the_left_page_of_a_sheet_comes_first_whatever_is_streamed_first(tmp_path: Path) -> None:
    right_first = [(RIGHT, WIDTH + 60), (LEFT, 60.0)]
    assert first_words(tmp_path / "a.pdf", starts=right_first) == " ".join(LEFT.split()[:4])
    assert first_words(tmp_path / "b.pdf", starts=right_first[::-1]) == " ".join(LEFT.split()[:4])


@pytest.mark.parametrize(("width", "title"), [(WIDTH, False), (2 * WIDTH, True)])
def test_columns_of_one_page_and_a_slide_with_a_title_stay_as_streamed(
    tmp_path: Path, width: float, title: bool
) -> None:
    starts = [(RIGHT, width / 2 + 20), (LEFT, 40.0)]
    assert first_words(tmp_path / "a.pdf", starts=starts, width=width, title=title) == " ".join(RIGHT.split()[:4])


def test_sheets_read_from_right_to_left_stay_as_streamed() -> None:
    words = [Word("کتاب", x, 10.0, x + 20, 20.0, 19.0, 10.0, False, 0) for x in (700.0, 100.0) for _ in range(40)]
    assert list(left_page_first(Words.of(words), 1000.0, 500.0)) == words
