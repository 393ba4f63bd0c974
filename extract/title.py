"""The title of a work, as its first pages show it: the largest heading there that is not something else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from extract.document import Block, Document

FIRST_PAGES = 3  # a cover, a title page and its back
FEWEST_WORDS = 3  # fewer name a series or a publisher ("Working Paper")
LONGEST = 300  # characters; a longer "heading" is a paragraph in large print
_RULES = "not_titles.toml"


def title_of(document: Document) -> str:
    """The most prominent heading of the first pages that names neither an institution, a series nor a part of the
    work, its lines joined; "" where none looks like a title.

    A guess to be shown to a person: front pages also carry slogans and names of people.
    """
    headings = [
        block
        for block in document.blocks
        if block.role == "heading"
        and block.box.page <= FIRST_PAGES
        and len(_text(document, block).split()) >= FEWEST_WORDS
        and not _is_something_else(_text(document, block), block.box.page)
    ]
    if not headings:
        return ""
    title = _text(document, min(headings, key=lambda block: (block.level, block.span)))
    return title if len(title) <= LONGEST else ""


def _is_something_else(text: str, page: int) -> bool:
    """Does a heading match a pattern of what is no title? Numbered parts only behind the first page."""
    return any(
        pattern.fullmatch(text)
        for kind, patterns in _patterns().items()
        if kind != "numbered" or page > 1
        for pattern in patterns
    )


@cache
def _patterns() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    read = tomllib.loads((files("extract.text") / _RULES).read_text(encoding="utf-8"))
    return {kind: tuple(re.compile(one, re.IGNORECASE) for one in patterns) for kind, patterns in read.items()}


def _text(document: Document, block: Block) -> str:
    return " ".join(document.text[slice(*block.span)].split())
