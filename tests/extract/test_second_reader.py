from __future__ import annotations

from pathlib import Path

from extract.read import read_document
from extract.readers.pdfplumber_reader import read_pages

DATA = Path(__file__).parent / "data"


def test_words_that_a_small_gap_parts_are_apart_for_the_second_reader_too() -> None:
    (page, *_) = read_pages(DATA / "plumber_merges_words.pdf")
    assert page.words.texts[:5] == ["Cash", "transfers", "reached", "the", "poorest"]


def test_role_maps_are_followed_to_their_end() -> None:
    document = read_document(DATA / "rolemap_chain.pdf", "0" * 64)
    headings = [document.text[slice(*block.span)] for block in document.blocks if block.role == "heading"]
    assert headings[0] == "A chained heading"
