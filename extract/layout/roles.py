"""What each line is: body, heading, list item, table, caption, footnote, furniture or contents.

Every rule looks at measured things only: font size and weight against the body's, place on the page, gaps, and how
the line begins and ends. References are told by their heading, in extract.text.section_kinds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from extract.document import Role
from extract.layout.body_style import BodyStyle, measured
from extract.layout.boilerplate import boilerplate
from extract.layout.captions import captions, is_caption, is_source
from extract.layout.furniture import furniture
from extract.layout.headings import heading_runs
from extract.layout.lines import Line
from extract.layout.sidebars import framed
from extract.layout.tagged_roles import artifacts, content, heading_levels, heading_tags, tagged_roles
from extract.layout.unruled_tables import table_rows
from extract.ruling.frames import Frame
from extract.text.numbering import BULLETED, ITEM

_LEADER = re.compile(r"\.{4,}|(?:\. ){3,}\.?|…{2,}|_{4,}\s*\d+$")
_ENDS_IN_PAGE = re.compile(r"(?:^|\s)(?:\d{1,4}|[ivxlc]{1,7})\.?$")
_CONTENTS_TITLE = re.compile(
    r"(?:table of )?contents|list of (?:tables|figures|boxes|charts|annexes|maps)\b.*", re.IGNORECASE
)
_LEADER_LINES = 3  # on a page make it a contents page; fewer may be a form with dotted lines

_SMALL = 0.93  # of the size of the body: a footnote is set smaller
_NOTE_MARK = re.compile(r"(?:\(?\d{1,3}[.)]?|[*†‡§¶∗]{1,3}|[ivx]{1,4}|[a-z]\))\s*\S")
_RAISED = 0.8  # of the font size of its line
_LOWER_PART = 0.55  # a footnote starts below this share of the page


@dataclass(frozen=True, slots=True)
class LineWithRole:
    """A line with its role; `level` as in Block."""

    line: Line
    role: Role
    level: int = 0


def assign_roles(
    lines: Sequence[Line], *, pages: int, frames: Mapping[int, Sequence[Frame]] | None = None
) -> tuple[list[LineWithRole], BodyStyle]:
    """Each of `lines` (of a document of `pages` pages, in stream order) with its role; and the document's measure.

    `frames` are those drawn on each page.
    """
    roles: dict[int, Role] = dict.fromkeys(furniture(lines, pages=pages) - content(lines), "furniture")
    roles |= dict.fromkeys(artifacts(lines), "furniture")
    roles |= _ruled(lines, roles)
    measure = measured([line for index, line in enumerate(lines) if index not in roles])
    titles = heading_tags(lines)
    roles |= tagged_roles(lines, [index for index in range(len(lines)) if index not in roles and index not in titles])
    by_page = _by_page(lines)
    for number, indices in by_page.items():
        free = [index for index in indices if index not in roles and index not in titles]
        roles |= dict.fromkeys(_contents(lines, free), "contents")
        free = [index for index in free if index not in roles]
        roles |= dict.fromkeys(boilerplate(lines, free, measure, pages=pages), "boilerplate")
        free = [index for index in free if index not in roles]
        roles |= dict.fromkeys(captions(lines, free, measure), "caption")
        free = [index for index in free if index not in roles]
        roles |= dict.fromkeys(_footnotes(lines, free, measure), "footnote")
        # The head of a table is often ruled and its body not: the ruled rows help to tell the others.
        rows = [index for index in indices if roles.get(index, "table") == "table" and not lines[index].cell]
        roles |= dict.fromkeys(table_rows(lines, rows, measure), "table")
        if frames and frames.get(number):
            free = [index for index in free if index not in roles]
            roles |= dict.fromkeys(framed(lines, free, frames[number]), "sidebar")
    candidates = [index not in roles and not BULLETED.match(line.text) for index, line in enumerate(lines)]
    levels = heading_levels(titles, heading_runs(lines, candidates, measure))
    roles |= dict.fromkeys(levels, "heading")
    for index, line in enumerate(lines):
        if index not in roles and ITEM.match(line.text):
            roles[index] = "list item"
    return [LineWithRole(line, roles.get(i, "body"), levels.get(i, 0)) for i, line in enumerate(lines)], measure


def _ruled(lines: Sequence[Line], furniture: Container[int]) -> dict[int, Role]:
    """The rows of ruled tables; one that is furniture all through, a running head in a box, stays that."""
    rows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.table:
            rows[line.page, line.table].append(index)
    found: dict[int, Role] = {}
    for indices in rows.values():
        if not all(index in furniture for index in indices):
            found |= dict.fromkeys(indices, "table")
            for index in (indices[0], indices[-1]):  # a title or a source in a row of its own
                if lines[index].cells == 1 and (is_caption(lines[index]) or is_source(lines[index])):
                    found[index] = "caption"
    return found


def _by_page(lines: Sequence[Line]) -> dict[int, list[int]]:
    pages: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        pages[line.page].append(index)
    return pages


def _contents(lines: Sequence[Line], indices: Sequence[int]) -> list[int]:
    """A page with dot leaders, or with a title that says so and lines that end in page numbers."""
    entries = [index for index in indices if _has_leader(lines[index].text)]
    if len(entries) >= _LEADER_LINES:
        inside = [index for index in indices if entries[0] <= index <= entries[-1]]
        return inside if len(entries) >= len(inside) / 3 else entries
    title = next((i for i in indices if _CONTENTS_TITLE.fullmatch(lines[i].text.strip())), None)
    if title is None:
        return []
    after = [index for index in indices if index > title]
    numbered = [index for index in after if _ENDS_IN_PAGE.search(lines[index].text)]
    return [index for index in after if index <= numbered[-1]] if len(numbered) >= max(3, len(after) / 2) else []


def _has_leader(text: str) -> bool:
    # Each of them has one of these in it; looking for those takes a fifth of the time.
    return any(part in text for part in (". .", "...", "……", "___")) and bool(_LEADER.search(text))


def _footnotes(lines: Sequence[Line], indices: Sequence[int], measure: BodyStyle) -> list[int]:
    """Small type at the foot of a page, from the first line with a note mark below the last line of body type."""
    small = _SMALL * measure.page_body(lines, indices)
    found: list[int] = []
    upright = [index for index in indices if lines[index].turn == 0 and lines[index].cells == 1]
    for place, index in enumerate(upright):
        line, before = lines[index], lines[upright[place - 1]] if place else None
        follows_note = bool(found) and found[-1] == upright[place - 1] and line.base > lines[found[-1]].base
        low = line.depth > _LOWER_PART and len(line.words) > 1
        if line.size > small:
            # Nearly as large as the body: the raised mark and the gap above tell.
            below = before is not None and measure.follows(before, line)
            goes_on = follows_note and below and before is not None and before.size == line.size
            if goes_on or (
                low and not below and _raised_mark(line) and not _above_body(lines, upright, line, line.size)
            ):
                found.append(index)
            continue
        starts = low and _NOTE_MARK.match(line.text)
        if (follows_note or starts) and not _above_body(lines, upright, line, small):
            found.append(index)
    return found


def _raised_mark(line: Line) -> bool:
    """Does the line begin with the number of a note, set smaller than the rest?"""
    first = line.words[0]
    return first.text.isdigit() and first.size <= _RAISED * line.size


def _above_body(lines: Sequence[Line], indices: Sequence[int], note: Line, small: float) -> bool:
    """Is there a line of body type below `note` in its column?"""
    return any(
        lines[i].size > small
        and lines[i].base > note.base
        and min(lines[i].x1, note.x1) - max(lines[i].x0, note.x0) > 0
        and len(lines[i].text) > 3
        for i in indices
    )
