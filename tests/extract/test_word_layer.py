"""The words of a page for selecting them on its picture: each where it stands, a broken word mended in a quote."""

from __future__ import annotations

from pathlib import Path

from extract.views.word_layer import PlacedWord, quoted, words_from_json, words_isolated, words_to_json
from support.pdf_pages import Sheet


def test_every_word_stands_where_it_is_set(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    start, end = sheet.line("Payments were late.", 72, 100, size=12)
    sheet.save()
    words = words_isolated(tmp_path / "a.pdf", 1)
    assert words is not None
    assert [word.text for word in words] == ["Payments", "were", "late."]
    assert abs(words[0].x0 - start) < 1
    assert abs(words[-1].x1 - end) < 2
    assert all(88 < word.top < word.bottom < 106 for word in words)
    assert words_from_json(words_to_json(words)) == words


def test_a_word_broken_at_a_line_end_is_one_in_the_quote() -> None:
    parts = ("unemploy\u00ad", "ment", "rose")
    assert quoted(tuple(PlacedWord(text, 0, 0, 1, 1) for text in parts)) == "unemployment rose"


def test_a_file_or_page_that_is_not_there_gives_no_words(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"no PDF")
    assert not words_isolated(tmp_path / "bad.pdf", 1)
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.save()
    assert words_isolated(tmp_path / "a.pdf", 7) == ()
