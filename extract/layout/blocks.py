"""Lines with one role to blocks: paragraphs, headings, list items, tables, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract.document import Block, Box, Role
from extract.layout.body_style import BodyStyle
from extract.layout.lines import Line
from extract.layout.roles import LineWithRole
from extract.text.section_kinds import Sections

_INDENT = 0.9  # of the font size: a line that starts further in begins a paragraph ...
_HANGING = 6.0  # ... unless it is so far in that it belongs to something else
_SHORT = 0.12  # of the width: a line that ends this much earlier ended its paragraph
_SENTENCE_END = (".", "!", "?", ":", ";", "”", '"', ")", "…")
_SCRAP = 3  # lines; a table among references would have more
_PROSE: tuple[Role, ...] = ("body", "list item")


@dataclass(frozen=True, slots=True)
class LineGroup:
    """The lines of one block, with the positions in Document.text where they start."""

    role: Role
    lines: tuple[Line, ...]
    level: int = 0
    starts: tuple[int, ...] = field(default=())

    @property
    def text(self) -> str:
        """Its lines as they stand."""
        return "\n".join(line.text for line in self.lines)


def grouped(lines: Sequence[LineWithRole], measure: BodyStyle) -> list[LineGroup]:
    """The blocks of a document in stream order; lines below a "References" heading have the role references."""
    runs: list[list[LineWithRole]] = []
    for line in lines:
        if runs and _continues(runs[-1], line, measure):
            runs[-1].append(line)
        else:
            runs.append([line])
    groups = [LineGroup(run[0].role, tuple(marked.line for marked in run), run[0].level) for run in runs]
    return _with_references(groups)


def laid_out(groups: Sequence[LineGroup]) -> tuple[str, list[LineGroup]]:
    """Document.text, and the groups with the positions of their lines in it."""
    pieces: list[str] = []
    position, placed = 0, []
    for group in groups:
        starts = []
        for line in group.lines:
            starts.append(position)
            pieces += (line.text, "\n")
            position += len(line.text) + 1
        pieces.append("\n")
        position += 1
        placed.append(replace(group, starts=tuple(starts)))
    return "".join(pieces), placed


def block_of(group: LineGroup) -> Block:
    """The public shape of a group that has been laid out."""
    lines = group.lines
    box = Box(
        lines[0].page,
        round(min([line.x0 for line in lines]), 2),
        round(min([line.top for line in lines]), 2),
        round(max([line.x1 for line in lines]), 2),
        round(max([line.bottom for line in lines]), 2),
    )
    return Block(group.role, (group.starts[0], group.starts[-1] + len(lines[-1].text)), box, group.level)


def _continues(run: Sequence[LineWithRole], marked: LineWithRole, measure: BodyStyle) -> bool:
    first, before, line = run[0], run[-1].line, marked.line
    if before.cell != line.cell or (before.table and line.table and before.table != line.table):
        return False
    if marked.role == "list item" or before.page != line.page or before.turn != line.turn:
        return False
    if marked.role != first.role and not (first.role == "list item" and marked.role == "body"):
        return False
    if first.role in ("furniture", "contents", "table"):
        return True
    if first.role == "heading":
        return first.level == marked.level and measure.follows(before, line) and first.line.bold == line.bold
    if not measure.follows(before, line) or not measure.same_size(before.size, line.size):
        return False
    if first.role == "list item" and line.left < first.line.left - _INDENT * line.size:
        return False
    return not _begins_paragraph(before, line)


def _begins_paragraph(before: Line, line: Line) -> bool:
    if not before.text.endswith(_SENTENCE_END):
        return False
    inwards = line.left - before.left
    if _INDENT * line.size < inwards < _HANGING * line.size:
        return True
    return before.right < line.right - _SHORT * (line.right - line.left)


def _with_references(groups: Sequence[LineGroup]) -> list[LineGroup]:
    sections, changed = Sections(), []
    for group in groups:
        if group.role == "heading":
            sections.enter(group.text, group.level)
        elif sections.kind == "references" and (group.role in _PROSE or _is_scrap(group)):
            group = replace(group, role="references")
        changed.append(group)
    return changed


def _is_scrap(group: LineGroup) -> bool:
    """A few lines that look like rows of a table without being ruled."""
    return group.role == "table" and len(group.lines) <= _SCRAP and not any(line.table for line in group.lines)
