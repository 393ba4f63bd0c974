"""Why the text of a PDF was read as it was: the rule behind every block's role and every passage's section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extract.document import Block, Document, Passage

_SHOWN = 70  # characters of a block or a passage


def explained(document: Document, pages: Iterable[int] | None = None) -> str:
    """One line for each block in reading order, and below it the passages that begin in it; of `pages` only if given.

    "p. 3  heading 2   4 Results" is followed by "    because: its type, its number or its words".
    """
    shown = None if pages is None else set(pages)
    lines: list[str] = []
    passages = sorted(document.passages, key=lambda passage: min(passage.spans))
    for number, block in enumerate(document.blocks):
        end = document.blocks[number + 1].span[0] if number + 1 < len(document.blocks) else len(document.text) + 1
        inside = [passage for passage in passages if block.span[0] <= min(passage.spans)[0] < end]
        if shown is None or block.box.page in shown:
            lines += _about_block(document, block)
            for passage in inside:
                lines += _about_passage(passage)
    return "\n".join(lines) + "\n" if lines else ""


def _about_block(document: Document, block: Block) -> Iterator[str]:
    role = f"{block.role} {block.level}" if block.level else block.role
    yield f"p. {block.box.page}  {role}: {_short(document.text[slice(*block.span)])}"
    if block.rule:
        yield f"    because: {block.rule}"


def _about_passage(passage: Passage) -> Iterator[str]:
    heading = f" under “{passage.heading}”" if passage.heading else ""
    yield f"    passage {passage.id}, section {passage.section}{heading}: {_short(passage.text)}"
    yield f"        because: {passage.section_rule}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
