"""The readers of PDFs: each gives a page's words in the same form, and one is asked after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.document import Reader
from extract.readers.page_readers import READERS, load_reader, reader_after
from support.pdf_pages import report


@pytest.mark.parametrize("name", READERS)
def test_every_reader_tells_how_many_pages_there_are_and_gives_those_asked_for(name: Reader, tmp_path: Path) -> None:
    path = report(tmp_path / "a.pdf", pages=3)
    found = list(load_reader(name).stream_pages(path, 2, 3))
    assert [count for count, _ in found] == [3, 3, 3]
    assert [page.number if page else None for _, page in found] == [None, 2, 3]
    assert all(page.words for _, page in found if page)


def test_the_second_reader_is_asked_where_the_first_fails_and_nobody_after_the_last() -> None:
    names = list(READERS)
    assert [reader_after(name) for name in names] == [*names[1:], None]
