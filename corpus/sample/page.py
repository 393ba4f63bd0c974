"""What a set page is made of: lines of text and rules, each with its place.

Coordinates are those of PDF: points, origin at the bottom left of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from corpus.sample.lines import Style, TypesetLine, text_width
from corpus.sample.manuscript import SampleBlock

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89  # A4
LABEL = "SAMPLE: invented for Jaiza"  # in the foot of every page
# The way to a structure element from below the document down, for example (("L", 4), ("LI", 5), ("LBody", 5)).
TreePath = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the pages of one document look."""

    regular: str  # font of the text
    bold: str
    italic: str
    size: float = 10.5
    columns: int = 1
    margin: float = 78.0
    justify: bool = False
    hyphenate: bool = False
    running_heads: bool = False

    def style(self, block: SampleBlock) -> Style:
        """The style in which `block` is set."""
        text = Style(self.regular, self.size, self.size * 1.32, after=self.size * 0.55, justify=self.justify)
        match block.kind:
            case "heading":
                size = self.size * (1.3 if block.level == 1 else 1.08)
                return Style(self.bold, size, size * 1.25, before=size * 0.7, after=size * 0.35, keep=True)
            case "item":
                return replace(text, left=14, bullet=True, after=self.size * 0.3)
            case "abstract":
                return replace(text, font=self.italic, left=12, right=12)
            case "caption":
                return Style(self.italic, self.size * 0.92, self.size * 1.2, before=4, after=4, keep=True)
            case _:
                return text


@dataclass(frozen=True, slots=True)
class Front:
    """What stands above the text on the first page, and in the heads."""

    strap: str  # the series and number, above the title
    title: str
    byline: str
    date: str
    head: str  # short title


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on a page."""

    x: float
    y: float  # of the baseline
    line: TypesetLine
    font: str
    size: float
    path: TreePath  # () for running heads and feet, which are artifacts and no part of the document's structure
    spread: float = 0.0  # added to every space to fill the line


@dataclass(frozen=True, slots=True)
class RuledLine:
    """A straight line on a page."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class TypesetPage:
    """A page being filled; items are in the order in which they are drawn."""

    items: list[Text | RuledLine] = field(default_factory=list)


def add_head_and_foot(sheet: TypesetPage, front: Front, layout: Layout, *, number: int, opening: bool) -> None:
    """Put the label and the page number at the foot and, where the layout has them, the running heads."""
    font, size, right = layout.regular, 8.0, PAGE_WIDTH - layout.margin
    shown = str(number)
    foot = [
        Text(layout.margin, 40, TypesetLine((LABEL,)), font, size, ()),
        Text(right - text_width(shown, font, size), 40, TypesetLine((shown,)), font, size, ()),
    ]
    head: list[Text | RuledLine] = []
    if layout.running_heads and not opening:
        y = PAGE_HEIGHT - 50
        head = [
            Text(layout.margin, y, TypesetLine((front.strap,)), font, size, ()),
            Text(right - text_width(front.head, font, size), y, TypesetLine((front.head,)), font, size, ()),
            RuledLine(layout.margin, y - 6, right, y - 6),
        ]
    sheet.items[:] = [*head, *sheet.items, *foot]
