"""What a Document needs of a page: its lines and tables. Its words are a hundred times as many, and are let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from extract.document import Grid
from extract.lines.between_rules import mark_between_rules
from extract.lines.garbled_text import FEWEST_OF_SUSPECTS, is_garbled
from extract.lines.line_overlap import count_other_letters
from extract.lines.lines import Line, lines_of
from extract.lines.reading_order import foot_last, strays_in_place
from extract.pdfium.structure_tree import ARTIFACT_TAG
from extract.readers.column_rows import columns_in_order
from extract.readers.line_numbers import line_numbers_last, marks_before_text
from extract.readers.pdfium_reader import PageWords
from extract.tables.ruled_tables import Ruled, ruled_tables
from extract.words import ARTIFACT, Words

_NONE = Words.of([])
_FORM_CELLS = 40  # of a sparse grid that is a form to fill in; smaller ones may be boxes around text


class PageLines(NamedTuple):
    """A page with its words told as lines."""

    page: PageWords  # without words; with all the rest where there may be something to read that is not text
    lines: list[Line]
    ruled: list[Ruled]  # without the numbers of their words
    grids: list[Grid]
    garbled: bool = False  # it has characters, but others than the ones shown, and is without lines


def read_page_lines(page: PageWords) -> PageLines:
    """The lines and tables of a page; none where its font gives other letters than the ones shown."""
    garbled = page.reader != "OCR" and is_garbled(page.words.texts)
    if garbled:
        page = page._replace(words=_NONE, drawn=True)
    page = _in_reading_order(page)
    ruled, grids = ruled_tables(page)
    lines = strays_in_place(foot_last(lines_of(page, ruled)))
    count_other_letters(lines)
    _mark_forms(lines, grids)
    if page.rules:
        mark_between_rules(lines, page.rules)
    kept = (
        page._replace(words=_NONE) if page.drawn else page._replace(words=_NONE, tags={}, grids=(), marks=(), rules=())
    )
    return PageLines(kept, lines, [replace(one, rows=()) for one in ruled], grids, garbled)


def without_garbled(sheets: Sequence[PageLines]) -> list[PageLines]:
    """`sheets`, those without lines that are too short to be judged by themselves and are garbled as others are."""
    if not any(sheet.garbled for sheet in sheets):
        return list(sheets)
    return [_without_lines(sheet) if _is_garbled_too(sheet) else sheet for sheet in sheets]


def _is_garbled_too(sheet: PageLines) -> bool:
    texts = [text for line in sheet.lines for text in line.words.texts]
    return sheet.page.reader != "OCR" and is_garbled(texts, fewest=FEWEST_OF_SUSPECTS)


def _without_lines(sheet: PageLines) -> PageLines:
    return PageLines(sheet.page._replace(words=_NONE, drawn=True), [], [], [], garbled=True)


def _mark_forms(lines: Sequence[Line], grids: Sequence[Grid]) -> None:
    """Mark the lines that stand in a form: on 731 pages of real reports no running text stands in such a grid."""
    for grid in grids:
        if grid.kind == "sparse" and grid.cells >= _FORM_CELLS:
            x0, top, x1, bottom = grid.box.x0, grid.box.top, grid.box.x1, grid.box.bottom
            for line in lines:
                x, y = (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2
                line.form |= x0 < x < x1 and top < y < bottom


def _in_reading_order(page: PageWords) -> PageWords:
    """The page with its words where geometry says that they are read: tags give an order of their own."""
    if page.reader == "OCR" or not len(page.words):
        return page
    if page.tags:
        return page
    if (numbered := line_numbers_last(page.words)) is not None:
        return page._replace(words=numbered, tags={ARTIFACT: ARTIFACT_TAG})
    return page._replace(words=columns_in_order(marks_before_text(page.words)))
