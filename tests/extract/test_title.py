"""Which heading of the first pages is taken for the title of a work."""

from __future__ import annotations

import pytest

from extract.document import Block, Box, Document, Role
from extract.title import title_of


def _document(*headings: tuple[str, int, int]) -> Document:
    """A document of headings: words, level, page; level 0 is running text."""
    blocks, text = [], ""
    for words, level, page in headings:
        role: Role = "heading" if level else "body"
        blocks.append(Block(role, (len(text), len(text) + len(words)), Box(page, 0, 0, 1, 1), level))
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


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        (  # two lines of a title page with a small word between them
            "Handbook for enumerators and supervisors on Household budget survey",
            [("Handbook for enumerators and supervisors", 2, 1), ("on", 0, 1), ("Household budget survey", 1, 1)],
        ),
        (  # a circular says what it is about
            "Codes for the processing of households, 2014",
            [("Design section of work", 3, 1), ("Subject: Codes for the processing of households, 2014", 2, 1),
             ("STRUCTURE OF THE CODES", 1, 1)],
        ),
        (  # a text that begins with its numbered parts
            "Resolution on the classification of work, adopted in January",
            [("Resolution on the classification of work, adopted in January", 0, 1),
             ("I. The name of the classification", 1, 1), ("II. The groups of it", 1, 1)],
        ),
    ],
)  # fmt: skip
def test_a_title_that_is_set_in_another_way_is_found(title: str, headings: list[tuple[str, int, int]]) -> None:
    assert title_of(_document(*headings)) == title
