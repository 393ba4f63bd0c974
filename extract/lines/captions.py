"""Captions: what stands above or below a table, a figure or a box and names it, its source or its notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.lines.body_style import BodyStyle
from extract.lines.lines import Line
from extract.text.prose import ends_sentence
from extract.words import along

_CAPTION = re.compile(
    r"(?:annex |appendix )?(?:table|figure|fig\.?|box|chart|graph|map|exhibit|panel|diagram|photo)\s?"
    # "Table A2" and "Figure3", but neither "Charter" nor "Tables".
    r"(?:[\-–]|(?=\d)|(?<=\s))(?P<number>(?-i:[IVX]{1,5}|[A-Z]{1,3}(?=\d)|[A-Z])?[.\-]?\d{0,3}(?:[.\-–]\d{1,3})*[a-z]?(?:-?\([a-z]\))?)"
    r"(?P<mark>\s*[:.\-–—|]|\s)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_BOX = re.compile(r"(?:text )?box\b", re.IGNORECASE)
_COLUMN_LINES = 5  # that tell how wide a box or a column is
_SPACE = 0.25  # of the font size
_SOURCE_LINE = re.compile(r"(?:sources?|notes?|n\.b\.)\s?:|see notes? at end of (?:the )?table\b", re.IGNORECASE)
_NOTE_LINE = re.compile(r"(?:notes?|n\.b\.)\s?:", re.IGNORECASE)
_TITLE_WORDS = 14  # of a title that ends with a stop; "Table 3 United Nations ..." within a sentence goes on for longer
_TEXT_WORDS = 4  # of the line above a note in running text; the last row of a table without rules may have fewer


def captions(lines: Sequence[Line], indices: Sequence[int], measure: BodyStyle) -> list[int]:
    """Lines such as "Table 3: Coverage" and "Source: Labour Force Survey", with the lines that carry them on."""
    found: list[int] = []
    for place, index in enumerate(indices):
        line, before = lines[index], lines[indices[place - 1]] if place else None
        if before is not None and found and found[-1] == indices[place - 1]:
            last = lines[found[-1]]
            same = line.size == last.size and line.bold == last.bold and line.cells == 1
            if same and measure.follows(last, line):
                below = [lines[i] for i in indices[place : place + _COLUMN_LINES]]
                ended = _had_room(last, below)
                source = not (ended or ends_sentence(last.text)) and _tells_source(lines, found)
                if source or not (measure.is_body(line) or (ended and _BOX.match(last.text))):
                    found.append(index)
                    continue
        within = before is not None and measure.follows(before, line) and before.size == line.size
        within = within and (not line.bold or _breaks_off(before, line))
        # Within a paragraph "Table 3" is the start of a line by chance.
        noted = is_source(line) and not (measure.is_body(line) and _notes_text(lines, index, found))
        if noted or (is_caption(line) and not within):
            found.append(index)
    return found


def _breaks_off(before: Line | None, line: Line) -> bool:
    """Does the line above end in the middle of a sentence, so that "Table 3" in bold is a reference in it?"""
    if before is None or before.bold or ends_sentence(before.text) or is_caption(before):
        return False
    return abs(before.left - line.left) <= line.size and before.right >= line.right


def _had_room(line: Line, below: Sequence[Line]) -> bool:
    """Would the first word of the lines below have fit behind `line`, so that this one ends something?"""
    first, last = along(below[0].words[0])
    width = max((one.right for one in below if one.left < line.right and one.page == line.page), default=line.right)
    return line.right + _SPACE * line.size + last - first < width


def _notes_text(lines: Sequence[Line], index: int, found: Sequence[int]) -> bool:
    """Does "Note: ..." stand in running text rather than below a table or a figure?"""
    if not _NOTE_LINE.match(lines[index].text) or not index or lines[index - 1].page != lines[index].page:
        return False
    before = lines[index - 1]
    return not before.table and before.cells == 1 and index - 1 not in found and len(before.words) >= _TEXT_WORDS


def _tells_source(lines: Sequence[Line], found: Sequence[int]) -> bool:
    """Does the last of the captions `found`, of one line or more, tell a source?"""
    for place in reversed(range(len(found))):
        if is_source(lines[found[place]]):
            return True
        if not place or found[place - 1] != found[place] - 1 or is_caption(lines[found[place]]):
            break
    return False


def is_caption(line: Line) -> bool:
    """Does a line begin with "Table 3", "Figure A.2" or the like, and go on as a title?"""
    match = _CAPTION.match(line.text)
    if not match or not match["number"] or len(line.words) < 2:
        return False
    rest = match["rest"].strip()
    if match["mark"].strip():
        return True
    return not rest or (rest[0].isupper() and (line.bold or not rest.endswith(".") or len(line.words) <= _TITLE_WORDS))


def is_source(line: Line) -> bool:
    """Does a line begin with "Source:" or "Note:"?"""
    return _SOURCE_LINE.match(line.text) is not None
