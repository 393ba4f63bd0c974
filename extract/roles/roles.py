"""What each line is: body, heading, list item, table, caption, footnote, furniture or contents.

Every rule looks at measured things only: font size and weight against the body's, place on the page, gaps, and how
the line begins and ends. References are told from the sections, in extract.layout.document_sections.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from extract.document import Role
from extract.lines.body_style import BodyStyle, measured
from extract.lines.captions import captions, is_caption, is_source
from extract.lines.lines import Line
from extract.roles.boilerplate import boilerplate
from extract.roles.contents import contents
from extract.roles.footnotes import footnotes
from extract.roles.furniture import furniture, standing_still
from extract.roles.headings import heading_runs, why_heading
from extract.roles.list_items import begins_item
from extract.roles.sidebars import framed
from extract.roles.tagged_roles import artifacts, content, heading_levels, heading_tags, hidden, tagged_roles
from extract.roles.unruled_tables import table_rows
from extract.ruling.frames import Frame
from extract.text.numbering import BULLETED

_PLAIN = frozenset({"P", "Span", "Div", "NonStruct"})  # tags that programs give whatever stands on a page

_PAGES_BETWEEN = 4  # over which the head of a table is looked for


@dataclass(frozen=True, slots=True)
class LineWithRole:
    """A line with its role; `level` as in Block."""

    line: Line
    role: Role
    level: int = 0
    rule: str = ""  # why it has this role; "" for body


def assign_roles(
    lines: Sequence[Line], *, pages: int, frames: Mapping[int, Sequence[Frame]] | None = None
) -> tuple[list[LineWithRole], BodyStyle]:
    """Each of `lines` (of a document of `pages` pages, in reading order) with its role; and the style of the body.

    `frames` are those drawn on each page.
    """
    roles = _Roles(lines)
    roles.give_each("hidden", hidden(lines))
    seen = [index for index in range(len(lines)) if index not in roles.of]
    edges, tagged = furniture(lines, pages=pages), content(lines)
    plain = [index for index in edges if index in tagged and lines[index].tag.kind in _PLAIN]
    roles.give_each("furniture", _without(edges, tagged - standing_still(lines, plain, pages=pages)))
    roles.give("furniture", artifacts(lines), "the PDF marks it as no part of its text, or it numbers the lines")
    _give_ruled(roles)
    forms = roles.free(index for index, line in enumerate(lines) if line.form)
    roles.give("table", forms, "in a form: a grid of mostly empty cells")
    roles.give("table", roles.free(i for i, line in enumerate(lines) if line.ruled), "between the rules of a table")
    style = measured([lines[index] for index in seen if index not in roles.of])
    titles = heading_tags(lines)
    by_tags = tagged_roles(lines, [index for index in seen if index not in roles.of and index not in titles])
    for index, role in by_tags.items():
        roles.give(role, [index], f"the PDF's tag {lines[index].tag.kind}")
    for number, indices in _by_page(lines, seen).items():
        free = [index for index in indices if index not in titles]
        _give_on_page(roles, free, style, pages=pages, frames=frames.get(number, ()) if frames else ())
    candidates = [index not in roles.of and not BULLETED.match(line.text) for index, line in enumerate(lines)]
    levels = heading_levels(titles, heading_runs(lines, candidates, style))
    roles.give("heading", [index for index in levels if index in titles], "the PDF tags it as a heading")
    roles.give_each("heading", {i: why_heading(lines[i].text, lines[i], style) for i in levels if i not in titles})
    for index, line in enumerate(lines):
        if index not in roles.of and begins_item(lines, index, roles.of, style):
            roles.give("list item", [index], f"its mark: {line.text.split()[0]}")
    return [
        LineWithRole(line, roles.of.get(i, "body"), levels.get(i, 0), roles.rules.get(i, ""))
        for i, line in enumerate(lines)
    ], style


class _Roles:
    """The roles of the lines of a document as they are found, each with the rule that gave it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.of: dict[int, Role] = {}
        self.rules: dict[int, str] = {}

    def give(self, role: Role, indices: Iterable[int], rule: str) -> None:
        for index in indices:
            self.of[index], self.rules[index] = role, rule

    def give_each(self, role: Role, found: Mapping[int, str]) -> None:
        for index, rule in found.items():
            self.of[index], self.rules[index] = role, rule

    def free(self, indices: Iterable[int]) -> list[int]:
        return [index for index in indices if index not in self.of]


def _without(found: Mapping[int, str], left_out: Container[int]) -> dict[int, str]:
    return {index: rule for index, rule in found.items() if index not in left_out}


def _give_on_page(
    roles: _Roles, indices: Sequence[int], style: BodyStyle, *, pages: int, frames: Sequence[Frame]
) -> None:
    """The roles of the lines of one page that neither tags nor ruled tables tell, each from what is still free."""
    lines = roles.lines
    free = roles.free(indices)
    roles.give("contents", contents(lines, free), "an entry of a table of contents")
    free = roles.free(free)
    roles.give_each("boilerplate", boilerplate(lines, free, style, pages=pages))
    free = roles.free(free)
    roles.give("caption", captions(lines, free, style), "it begins like a caption, a source or a note to a table")
    boxed = framed(lines, roles.free(free), frames) if frames else []
    free = roles.free(free)
    roles.give("footnote", footnotes(lines, free, style, boxed=set(boxed)), "smaller type below the text, with a mark")
    # The head of a table is often ruled and its body not: the ruled rows help to tell the others.
    rows = [index for index in indices if roles.of.get(index, "table") == "table" and not lines[index].cell]
    found = [index for index in table_rows(lines, rows, style) if index not in roles.of]
    roles.give("table", found, "its gaps and figures, as in the rows beside it")
    roles.give("sidebar", [index for index in boxed if index not in roles.of], "in a frame, apart from the text")


def _give_ruled(roles: _Roles) -> None:
    """The rows of ruled tables; one that is furniture all through, a running head in a box, stays that."""
    lines = roles.lines
    rows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.table:
            rows[line.page, line.table].append(index)
    for indices in rows.values():
        if all(roles.of.get(index) in ("furniture", "hidden") for index in indices):
            continue
        roles.give("table", indices, "a row of a ruled table")
        for index in (indices[0], indices[-1]):  # a title or a source in a row of its own
            if lines[index].cells == 1 and (is_caption(lines[index]) or is_source(lines[index])):
                roles.give("caption", [index], "it begins like a caption or a source")
    roles.give("furniture", _heads_told_again(lines, rows), "the head of a table that goes on over the page")


def _heads_told_again(lines: Sequence[Line], rows: Mapping[tuple[int, int], Sequence[int]]) -> list[int]:
    """The first rows of tables that begin a page and say what the head of the last table before it said.

    Below a title of its own a table with the same head is another one.
    """
    found: list[int] = []
    heads: dict[int, str] = {}  # of the last table of each page
    for (page, _), indices in sorted(rows.items()):
        head = lines[indices[0]]
        first = indices[0] > 0 and lines[indices[0] - 1].page != page
        # The pages between may hold one row only, whose text is read as prose.
        before = next(
            (heads[number] for number in range(page - 1, page - 1 - _PAGES_BETWEEN, -1) if number in heads), ""
        )
        if first and len(indices) > 1 and head.cells > 1 and before == head.text:
            found.append(indices[0])
        if not head.cell:
            heads[page] = head.text
    return found


def _by_page(lines: Sequence[Line], indices: Iterable[int]) -> dict[int, list[int]]:
    pages: dict[int, list[int]] = defaultdict(list)
    for index in indices:
        pages[lines[index].page].append(index)
    return pages
