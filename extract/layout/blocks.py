"""Lines with one role to blocks: paragraphs, headings, list items, tables, notes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from extract.document import Block, Box, Role
from extract.lines.body_style import BodyStyle
from extract.lines.lines import Line
from extract.roles.footnotes import is_next_note
from extract.roles.roles import LineWithRole
from extract.text.dehyphenation import mend
from extract.text.prose import ends_sentence
from extract.text.sections import Section

_INDENT = 0.9  # of the font size: a line that starts further in begins a paragraph ...
_HANGING = 6.0  # ... unless it is so far in that it belongs to something else
_SHORT = 0.12  # of the width: a line that ends this much earlier ended its paragraph
_SENTENCE_END = (".", "!", "?", ":", ";", "”", '"', ")", "…")


@dataclass(frozen=True, slots=True)
class LineGroup:
    """The lines of one block, with the positions in Document.text where they start."""

    role: Role
    lines: tuple[Line, ...]
    level: int = 0
    starts: tuple[int, ...] = field(default=())
    rule: str = ""  # why it has this role
    section: Section | None = None  # that it opens, as a heading

    @property
    def text(self) -> str:
        """Its lines as they stand."""
        return "\n".join(line.text for line in self.lines)

    @property
    def readable(self) -> str:
        """Its lines as one, words that are broken at line ends mended."""
        return readable(self.lines)


def grouped(lines: Sequence[LineWithRole], measure: BodyStyle) -> list[LineGroup]:
    """The blocks of a document in stream order."""
    runs: list[list[LineWithRole]] = []
    for line in lines:
        if runs and _continues(runs[-1], line, measure):
            runs[-1].append(line)
        else:
            runs.append([line])
    return [LineGroup(run[0].role, tuple(one.line for one in run), run[0].level, rule=run[0].rule) for run in runs]


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
    return Block(group.role, (group.starts[0], group.starts[-1] + len(lines[-1].text)), box, group.level, group.rule)


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
    if first.role == "footnote" and is_next_note(first.line, line):
        return False
    if first.role == "heading":
        return first.level == marked.level and measure.follows(before, line) and first.line.bold == line.bold
    if not measure.follows(before, line) or not measure.same_size(before.size, line.size):
        return False
    if first.role == "list item" and line.left < first.line.left - _INDENT * line.size:
        # An item whose first line is set in, as a paragraph is, goes on at the margin.
        return before is first.line and before.right >= line.right - line.size and not ends_sentence(before.text)
    return not _begins_paragraph(before, line)


def _begins_paragraph(before: Line, line: Line) -> bool:
    if not before.text.endswith(_SENTENCE_END):
        return False
    inwards = line.left - before.left
    if _INDENT * line.size < inwards < _HANGING * line.size:
        return True
    return before.right < line.right - _SHORT * (line.right - line.left)


def readable(lines: Iterable[Line]) -> str:
    """Lines as one line of readable text."""
    return mend(words_with_ends(lines), frozenset()).text


def words_with_ends(lines: Iterable[Line]) -> list[tuple[str, bool]]:
    """The words of `lines`, each with whether it ends its line."""
    words: list[tuple[str, bool]] = []
    for line in lines:
        words += zip(line.words.texts, itertools.repeat(False), strict=False)
        words[-1] = words[-1][0], True
    return words
