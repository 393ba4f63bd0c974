"""Which heading of the first pages is taken for the title of a work."""

from __future__ import annotations

import pytest

from extract.document import Block, Box, Document
from extract.title import title_of


def _document(*headings: tuple[str, int, int]) -> Document:
    """A document of headings: words, level, page."""
    blocks, text = [], ""
    for words, level, page in headings:
        blocks.append(Block("heading", (len(text), len(text) + len(words)), Box(page, 0, 0, 1, 1), level))
        text += words + "\n"
    return Document("0" * 64, "x", "read", blocks=tuple(blocks), text=text)


@pytest.mark.parametrize(
    "first",
    [
        "CENTRAL STATISTICAL AUTHORITY",
        "The Bureau of Statistics",
        "Ministry of Agriculture and Rural Development",
        "Government of the Northern Province",
        "National Institute for Labour Studies",
        "WIDER Working Paper 2020/167",
        "Policy Research Working Paper 8123",
        "Discussion Paper Series No. 12",
        "LIST OF FIGURES",
        "Outline of Presentation",
        "Annex 3 Tables of wages",
    ],
)
def test_a_name_of_an_institution_a_series_or_a_part_is_no_title(first: str) -> None:
    title = "Household survey programme: labour force survey 2005"
    assert title_of(_document((first, 1, 1), (title, 2, 2))) == title
    assert title_of(_document((first, 1, 1))) == ""


@pytest.mark.parametrize(
    "title",
    [
        "Central bank independence in small states",
        "The role of occupational task content",
        "Ministry of Finance: annual report 2010",
        "How government agencies answer complaints",
        "Labour offices and the young unemployed",
        "Working papers and who reads them",
    ],
)
def test_a_title_with_such_words_in_it_stays_one(title: str) -> None:
    assert title_of(_document((title, 1, 1), ("Another heading further down", 2, 2))) == title


def test_a_chapter_is_a_title_only_where_nothing_stands_before_it() -> None:
    chapter = "Chapter 1 Relations between centre and districts"
    assert title_of(_document((chapter, 1, 1))) == chapter
    assert title_of(_document((chapter, 1, 3))) == ""
