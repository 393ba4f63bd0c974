from __future__ import annotations

import gc
from itertools import pairwise
from pathlib import Path

import pytest

from extract import read
from extract.document import Passage
from extract.lines.packed_words import LineWords, packed
from extract.passages import passages_of
from extract.readers.pdfium_reader import each_page
from extract.words import Word, Words
from support.pdf_pages import PARAGRAPHS, Sheet

WORDS = [
    Word("Coverage³", 100.1, 90.2, 150.3, 101.4, 100.5, 11.0, False, 0, 4),
    Word("of", 153.0, 92.7, 160.9, 101.1, 100.5, 11.0, False, 0, 4),
    Word("the", 164.0, 91.0, 180.0, 101.4, 100.5, 9.0, True, 0, 5),
]


def line_of(words: list[Word]) -> LineWords:
    """A line with these words, the second on its page."""
    page = Words.of([WORDS[0], *words])
    styles = [word[5:] for word in words]
    return LineWords(page.texts[1:], packed(page.places), 1, styles[0] if len(set(styles)) == 1 else styles)


@pytest.mark.parametrize("words", [WORDS, WORDS[:2], WORDS[:1]], ids=["mixed styles", "one style", "one word"])
def test_a_line_gives_the_words_it_was_made_from(words: list[Word]) -> None:
    kept = line_of(words)
    assert list(kept) == words
    assert [kept[0], kept[-1]] == [words[0], words[-1]]
    assert len(kept) == len(words)


def test_a_part_of_a_line_has_a_span_and_a_rectangle() -> None:
    kept = line_of(WORDS)
    for first, end in [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)]:
        part = WORDS[first:end]
        start, stop = kept.span(first, end)
        assert kept.text[start:stop] == " ".join(word.text for word in part)
        assert kept.around(first, end) == (
            min(word.x0 for word in part),
            min(word.top for word in part),
            max(word.x1 for word in part),
            max(word.bottom for word in part),
        )


def long_report(path: Path, *, pages: int) -> None:
    sheet = Sheet(path)
    for number in range(pages):
        base = 120.0
        for text in PARAGRAPHS:
            base = sheet.paragraph(f"In district {number}, as elsewhere, this holds. {text}", 77, base)
        sheet.page()
    sheet.save()


def test_every_page_of_a_long_report_is_read_once_in_order(tmp_path: Path) -> None:
    long_report(tmp_path / "a.pdf", pages=120)
    found, _ = each_page(tmp_path / "a.pdf", lambda page: (page.number, page.words[2].text))
    assert found == [(number + 1, f"{number},") for number in range(120)]


def test_the_words_of_a_page_are_let_go_before_the_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long_report(tmp_path / "a.pdf", pages=3)
    alive = []

    def counted(*args: object, **options: object) -> tuple[Passage, ...]:
        alive.append(sum(type(one) in (Word, Words) for one in gc.get_objects()))
        return passages_of(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(read, "passages_of", counted)
    before = sum(type(one) in (Word, Words) for one in gc.get_objects())
    document = read.read_document(tmp_path / "a.pdf", "0" * 64)
    assert alive == [before]
    assert all(one.spans[0] < other.spans[0] for one, other in pairwise(document.passages))
