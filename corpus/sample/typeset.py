"""Setting a manuscript in lines, columns and pages: positions only, nothing is drawn here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.sample.lines import Style, TypesetLine, break_lines
from corpus.sample.manuscript import Manuscript, SampleBlock
from corpus.sample.page import (
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Front,
    Layout,
    RuledLine,
    Text,
    TreePath,
    TypesetPage,
    add_head_and_foot,
)
from corpus.sample.tables import set_table

GUTTER = 22.0  # between two columns
TOP, BOTTOM = PAGE_HEIGHT - 76.0, 74.0  # of the text


@dataclass(slots=True)
class _Frame:
    """The column being filled, from `y` down to `floor` (above the footnotes collected so far)."""

    sheet: TypesetPage
    x: float
    width: float
    y: float
    floor: float
    column: int
    notes: list[tuple[str, list[TypesetLine]]] = field(default_factory=list)


def set_pages(
    manuscript: Manuscript, front: Front, layout: Layout, *, first_page: int, hyphens: Mapping[str, str]
) -> list[TypesetPage]:
    """The pages of `manuscript`, numbered from `first_page`; `hyphens` gives "admin-is-tra-tion" for a word."""
    setter = _Setter(layout, manuscript.notes, hyphens if layout.hyphenate else {})
    setter.front(front)
    for number, block in enumerate(manuscript.blocks):
        setter.block(number, block, manuscript.blocks[number + 1 : number + 2])
    setter.close_frame()
    for index, sheet in enumerate(setter.sheets):
        add_head_and_foot(sheet, front, layout, number=first_page + index, opening=index == 0)
    return setter.sheets


class _Setter:
    """Fills frame after frame."""

    def __init__(self, layout: Layout, notes: Mapping[str, str], hyphens: Mapping[str, str]) -> None:
        self.layout, self.notes, self.hyphens = layout, notes, hyphens
        whole = PAGE_WIDTH - 2 * layout.margin
        self.width = (whole - GUTTER * (layout.columns - 1)) / layout.columns
        self.lefts = [layout.margin + column * (self.width + GUTTER) for column in range(layout.columns)]
        self.top_of_first = TOP
        self.sheets = [TypesetPage()]
        self.list_number = 0
        self.frame = self._open(column=0)

    def front(self, front: Front) -> None:
        """Set the title block over the whole width of the first page."""
        width, left, top = PAGE_WIDTH - 2 * self.layout.margin, self.layout.margin, TOP
        for number, (text, font, size, tag) in enumerate(
            [
                (front.strap, self.layout.regular, 9.0, "P"),
                (front.title, self.layout.bold, 17.0, "H1"),
                (front.byline, self.layout.regular, 11.0, "P"),
                (front.date, self.layout.italic, 9.5, "P"),
            ]
        ):
            style = Style(font, size, size * 1.25)
            for line in break_lines(text, style, width, {}):
                top -= style.leading
                self.frame.sheet.items.append(Text(left, top, line, font, size, ((tag, -9 + number),)))
            top -= size * 0.45
        self.frame.sheet.items.append(RuledLine(left, top - 2, left + width, top - 2))
        self.top_of_first = top - 14
        self.frame.y = self.top_of_first

    def block(self, number: int, block: SampleBlock, following: tuple[SampleBlock, ...]) -> None:
        """Set one block; a heading or caption stays with the first lines of what follows."""
        if block.kind == "table":
            self._table(number, block)
            return
        if block.kind != "item":
            self.list_number = number + 1  # items that follow each other share a list
        style = self.layout.style(block)
        lines = break_lines(block.text, style, self.frame.width, self.hyphens)
        needed = style.before + style.leading * (len(lines) if style.keep else min(2, len(lines)))
        if style.keep and following:
            needed += style.after + self._opening_height(following[0])
        if self.frame.y - needed < self.frame.floor:
            self._next_frame()
        elif self.frame.y < self._top():
            self.frame.y -= style.before
        for position, line in enumerate(lines):
            # The last but one line moves on with the last, so that none stands alone at the head of a column.
            ahead = 2 if position == len(lines) - 2 and len(lines) > 3 else 1
            self._line(line, style, self._path(number, block), first=position == 0, ahead=ahead)
        self.frame.y -= style.after

    def close_frame(self) -> None:
        """Set the footnotes at the foot of the column."""
        frame = self.frame
        if not frame.notes:
            return
        style = self._note_style()
        y = frame.floor - 6
        frame.sheet.items.append(RuledLine(frame.x, y, frame.x + 60, y))
        y -= 2
        for mark, lines in frame.notes:
            for line in lines:
                y -= style.leading
                frame.sheet.items.append(Text(frame.x, y, line, style.font, style.size, (("Note", int(mark)),)))

    def _line(self, line: TypesetLine, style: Style, path: TreePath, *, first: bool, ahead: int) -> None:
        new = [(mark, self._note_lines(mark)) for mark in line.marks]
        if self.frame.y - style.leading * ahead - self._height_of(new) < self.frame.floor:
            self._next_frame()
        frame = self.frame
        frame.floor += self._height_of(new)
        frame.notes += new
        frame.y -= style.leading
        x = frame.x + style.left
        if style.bullet and first:
            frame.sheet.items.append(Text(x - 11, frame.y, TypesetLine(("•",)), style.font, style.size, path))
        frame.sheet.items.append(
            Text(x, frame.y, line, style.font, style.size, path, _spread(line, style, frame.width))
        )

    def _table(self, number: int, block: SampleBlock) -> None:
        frame = self.frame
        items, height = set_table(block, self.layout, number, x=frame.x, top=frame.y, width=frame.width)
        if frame.y - height < frame.floor:
            self._next_frame()
            frame = self.frame
            items, height = set_table(block, self.layout, number, x=frame.x, top=frame.y, width=frame.width)
        frame.sheet.items += items
        frame.y -= height + self.layout.size

    def _path(self, number: int, block: SampleBlock) -> TreePath:
        if block.kind == "item":
            return (("L", self.list_number), ("LI", number), ("LBody", number))
        return (({"heading": f"H{block.level + 1}", "caption": "Caption"}.get(block.kind, "P"), number),)

    def _opening_height(self, block: SampleBlock) -> float:
        if block.kind == "table":
            return set_table(block, self.layout, 0, x=0.0, top=0.0, width=self.frame.width)[1]
        style = self.layout.style(block)
        return style.before + style.leading * 2

    def _note_style(self) -> Style:
        return Style(self.layout.regular, self.layout.size * 0.78, self.layout.size * 0.96)

    def _note_lines(self, mark: str) -> list[TypesetLine]:
        return break_lines(f"{mark} {self.notes[mark]}", self._note_style(), self.frame.width, self.hyphens)

    def _height_of(self, notes: list[tuple[str, list[TypesetLine]]]) -> float:
        if not notes:
            return 0.0
        rule = 0.0 if self.frame.notes else 12.0
        return rule + self._note_style().leading * sum(len(lines) for _, lines in notes)

    def _top(self) -> float:
        return self.top_of_first if len(self.sheets) == 1 else TOP

    def _open(self, *, column: int) -> _Frame:
        return _Frame(self.sheets[-1], self.lefts[column], self.width, TOP, BOTTOM, column)

    def _next_frame(self) -> None:
        self.close_frame()
        column = self.frame.column + 1
        if column == self.layout.columns:
            self.sheets.append(TypesetPage())
            column = 0
        self.frame = self._open(column=column)
        self.frame.y = self._top()


def _spread(line: TypesetLine, style: Style, width: float) -> float:
    spaces = len(line.words) - 1
    if not style.justify or line.last or not spaces:
        return 0.0
    return (width - style.left - style.right - line.width(style.font, style.size)) / spaces
