"""A document as flowing text: headings, passages and what stands between them, in the order they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from corpus.json_table import JsonObject
from extract.document import Block, Document

_LEFT_OUT = ("furniture", "hidden")  # running heads, page numbers, what nobody sees: not in the flowing text


@dataclass(frozen=True, slots=True)
class FlowingParagraph:
    """A piece of the text."""

    kind: Literal["heading", "passage", "beside"]  # "beside": tables, notes, captions, and what is no passage
    text: str  # white space folded: its words are those between single spaces
    page: int  # 1-based, on which it begins
    passage: str = ""  # id of the passage
    block: int = -1  # number of the block that a heading or what stands beside is
    level: int = 0  # of a heading, 1 = highest
    number: int = -1  # of a heading: its place among the headings

    def as_json(self) -> JsonObject:
        """For the page."""
        return asdict(self)


def flowing_text(document: Document) -> list[FlowingParagraph]:
    """All of it, without running heads and page numbers."""
    placed = [
        (passage.whole_span[0], FlowingParagraph("passage", passage.text, passage.page, passage=passage.id))
        for passage in document.passages
    ]
    placed += _beside(document)
    return [one for _, one in sorted(placed, key=lambda one: one[0])]


def block_text(document: Document, block: Block) -> str:
    """The words of a block, between single spaces."""
    start, end = block.span
    return " ".join(document.text[start:end].split())


def _beside(document: Document) -> Iterator[tuple[int, FlowingParagraph]]:
    """Headings, and the blocks of which no word is in a passage, with their places in the text."""
    spans = sorted(span for passage in document.passages for span in passage.spans)
    headings = at = 0
    for number, block in enumerate(document.blocks):
        start, end = block.span
        text = block_text(document, block)
        if block.role == "heading":
            headings += 1
            level = max(1, block.level)
            yield (
                start,
                FlowingParagraph("heading", text, block.box.page, block=number, level=level, number=headings - 1),
            )
            continue
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        coded = at < len(spans) and spans[at][0] < end
        if text and block.role not in _LEFT_OUT and not coded:
            yield start, FlowingParagraph("beside", text, block.box.page, block=number)
