"""What reading a PDF gives: a Document of pages, blocks and passages, each with its place on the page.

Coordinates are points (1/72 inch) with the origin at the top left of the page as it is shown (turned by its
/Rotate, cut to its crop box), x to the right, y downwards: the convention of pdfplumber and of a page image.
Spans are 0-based, end-exclusive positions of Unicode code points in `Document.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["read", "partial", "no text layer", "password", "damaged", "timed out", "too large"]
Role = Literal[
    "body",
    "heading",
    "list item",
    "table",
    "caption",
    "footnote",
    "sidebar",
    "furniture",
    "contents",
    "references",
    "boilerplate",
    "hidden",
]
Reader = Literal["pdfium", "pdfplumber", "OCR"]
SectionKind = Literal[
    "front",
    "abstract",
    "introduction",
    "literature",
    "methods",
    "findings",
    "discussion",
    "conclusion",
    "recommendations",
    "references",
    "annex",
    "other",
]
GridKind = Literal["table", "box", "frame", "plot", "sparse", "furniture"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page; see the module for the coordinates."""

    page: int  # 1-based
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page as shown."""

    number: int  # 1-based, as the PDF counts
    label: str  # as printed, for example "iv"; "" where the PDF does not say
    width: float  # points
    height: float  # points
    has_text: bool  # False for a scan or an empty page
    reader: Reader = "pdfium"  # what gave its words


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines with one role. Furniture is kept, so nothing on a page is lost; passages leave it out."""

    role: Role
    span: Span
    box: Box
    level: int = 0  # of a heading, 1 = highest; 0 for everything else
    rule: str = ""  # why it has this role; "" where no rule gave it another one than body


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table as cells. Its text stands in `Document.text` as well, in a block with role "table", row by row:
    "Tesmer West | 410 | 58". Where most of its words are sentences, these stand there as body, cell by cell. A row that
    a page end cuts is whole in the table of its first page; its place is that on this page.
    """

    box: Box
    rows: tuple[tuple[str | None, ...], ...]  # text of every cell; None where a wider or taller neighbour covers it
    cells: tuple[tuple[Box | None, ...], ...]  # the place of every cell, in the same shape


@dataclass(frozen=True, slots=True)
class Grid:
    """What crossing lines enclose on a page, whether it is a table or not: what pdfplumber's `find_tables` gives."""

    box: Box
    rows: int  # of cells
    columns: int
    cells: int  # fewer than rows x columns where some are joined or missing
    kind: GridKind  # a "table" is in `Document.tables` too
    reason: str = ""  # why it is taken for no table


@dataclass(frozen=True, slots=True)
class Passage:
    """One to several whole sentences of 20 to 150 words: the unit of coding."""

    id: str  # by its words and which repetition of them it is in the document, "3f2a9c1d5b7e8a01-2"; see `passage_id`
    text: str  # readable: hyphens at line ends mended, white space folded
    spans: tuple[Span, ...]  # one or more, where a footnote or a page break interrupts; in reading order
    boxes: tuple[Box, ...]  # one per line, in reading order; one per word where words of other lines stand in between
    heading: str = ""  # nearest heading above
    section: SectionKind = "other"
    language: str = "en"  # ISO 639-1; only English is coded
    ocr: bool = False  # were any of its words read from a picture?
    mixed: bool = False  # do other words stand inside its boxes too, such as those of a formula? Then check a quotation
    section_rule: str = ""  # why it has this section: the pattern of section_kinds.toml, or what its heading is part of

    @property
    def page(self) -> int:
        """1-based page on which the passage starts."""
        return self.boxes[0].page

    @property
    def whole_span(self) -> Span:
        """From its first to its last character, with what stands between and does not belong to it."""
        return min(start for start, _ in self.spans), max(end for _, end in self.spans)


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF as read. `text` holds every character in reading order, furniture and footnotes included."""

    sha256: str
    extractor: str  # version of the code that made this; part of the cache key
    state: State
    note: str = ""  # what the state means here and what to do, for example "2 of 6 pages have no text layer (3, 5)"
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    text: str = ""
    passages: tuple[Passage, ...] = ()
    tables: tuple[Table, ...] = ()
    grids: tuple[Grid, ...] = ()
