"""The title of a work, as its first pages show it: the largest heading there that is not something else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from extract.document import Block, Document

FIRST_PAGES = 3  # a cover, a title page and its back
FEWEST_WORDS = 3  # fewer name a series or a publisher ("Working Paper")
LONGEST = 300  # characters; a longer "heading" is a paragraph in large print
_RULES = "not_titles.toml"
_AROUND = frozenset({"furniture", "boilerplate", "table"})  # roles of blocks that say nothing of the work
_JOINING = frozenset({"on", "of", "for", "and", "in", "on the", "of the", "for the"})  # alone on a line of a title page
_LABEL = re.compile(r"(subject|title)\s*:\s*", re.IGNORECASE)  # before a title on a form or a circular


def title_of(document: Document) -> str:
    """The most prominent heading of the first pages that names neither an institution, a series nor a part of the
    work, its lines joined; "" where none looks like a title.

    A guess to be shown to a person: front pages also carry slogans and names of people.
    """
    front = [block for block in document.blocks if block.box.page <= FIRST_PAGES and block.role not in _AROUND]
    texts = [_text(document, block) for block in front]
    numbered = sum(block.role == "heading" and _is("numbered", text) for block, text in zip(front, texts, strict=True))
    found = [
        (block.level, place)
        for place, block in enumerate(front)
        if block.role == "heading"
        and len(texts[place].split()) >= FEWEST_WORDS
        and not _is_something_else(texts[place], numbered=numbered > 1 or block.box.page > 1)
    ]
    labelled = [match for _, place in found if (match := _LABEL.match(texts[place]))]
    if labelled:
        title = labelled[0].string[labelled[0].end() :]
    elif found:
        title = _joined(front, texts, min(found)[1])
    else:
        title = _above_the_parts(front, texts) if numbered > 1 else ""
    return title if len(title) <= LONGEST else ""


def _joined(front: Sequence[Block], texts: Sequence[str], place: int) -> str:
    """A heading with its neighbour, where a line between the two joins them: "Manual of work", "on", "Surveys"."""

    def joins(at: int) -> bool:
        if not 0 < at < len(front) - 1 or texts[at].casefold() not in _JOINING:
            return False
        return (
            front[at - 1].role == front[at + 1].role == "heading" and front[at - 1].box.page == front[at + 1].box.page
        )

    first = place - 2 if joins(place - 1) else place
    last = place + 2 if joins(place + 1) else place
    return " ".join(texts[first : last + 1])


def _above_the_parts(front: Sequence[Block], texts: Sequence[str]) -> str:
    """Of a text that begins with its numbered parts, what stands above them on the first page."""
    first = texts[0] if front and front[0].box.page == 1 and front[0].role != "heading" else ""
    return first if len(first.split()) >= FEWEST_WORDS else ""


def _is_something_else(text: str, *, numbered: bool) -> bool:
    """Does a heading match a pattern of what is no title? Numbered parts only if `numbered`: one alone is a title."""
    return any(_is(kind, text) for kind in _patterns() if kind != "numbered" or numbered)


def _is(kind: str, text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in _patterns()[kind])


@cache
def _patterns() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    read = tomllib.loads((files("extract.text") / _RULES).read_text(encoding="utf-8"))
    return {kind: tuple(re.compile(one, re.IGNORECASE) for one in patterns) for kind, patterns in read.items()}


def _text(document: Document, block: Block) -> str:
    return " ".join(document.text[slice(*block.span)].split())
