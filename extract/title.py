"""The title of a work, as its first pages show it: the largest heading there."""

from __future__ import annotations

from extract.document import Block, Document

FIRST_PAGES = 3  # a cover, a title page and its back
FEWEST_WORDS = 3  # fewer name a series or a publisher ("Working Paper")
LONGEST = 300  # characters; a longer "heading" is a paragraph in large print


def title_of(document: Document) -> str:
    """The most prominent heading of the first pages, its lines joined; "" where none looks like a title.

    A guess to be shown to a person: front pages also carry series, slogans and names.
    """
    headings = [
        block
        for block in document.blocks
        if block.role == "heading" and block.box.page <= FIRST_PAGES and _words(document, block) >= FEWEST_WORDS
    ]
    if not headings:
        return ""
    best = min(headings, key=lambda block: (block.level, block.span))
    title = " ".join(document.text[slice(*best.span)].split())
    return title if len(title) <= LONGEST else ""


def _words(document: Document, block: Block) -> int:
    return len(document.text[slice(*block.span)].split())
