"""Why the text of a PDF was read as it was: the rule behind every block's role and every passage's section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from extract.document import Block, Document, Passage, Role
from extract.text.section_kinds import find_pattern

_SHOWN = 70  # characters of a block or a passage
_TAGGED = "the PDF"  # how the rule of a role begins that the PDF's own tags tell
_NUMBER = "its number: "  # in the rule of a heading
_WORDS = "its words: "  # in the rule of a heading or a section kind, before the pattern of section_kinds.toml
_WORDINGS = "extract/text/section_kinds.toml"
# The file whose rules give a role, and the name there of the pattern that it looks for, where it has one.
_RULES: Mapping[Role, str] = {
    "heading": "extract/roles/headings.py",
    "list item": "extract/roles/list_items.py; extract/text/numbering.py, ITEM",
    "table": "extract/roles/roles.py; extract/roles/unruled_tables.py",
    "caption": "extract/lines/captions.py, _CAPTION and _SOURCE_LINE",
    "footnote": "extract/roles/footnotes.py, _MARK",
    "references": "extract/layout/document_sections.py; extract/text/citations.toml",
    "furniture": "extract/roles/furniture.py",
    "contents": "extract/roles/contents.py, _LEADER and _TITLE",
    "boilerplate": "extract/roles/boilerplate.toml",
    "sidebar": "extract/roles/sidebars.py",
    "hidden": "extract/pdfium/visibility.py",
}


def explained(document: Document, pages: Iterable[int] | None = None) -> str:
    """For each block in reading order its role, the rule behind it and where that stands; below, the same of the
    section kind of the passages that begin in it. Of `pages` only if given.

    "p. 3  heading 2: 4 Results" is followed by "    because: larger type: 14.0 points, the body 10.0
    [extract/roles/headings.py]", and a passage below it by "        because: its words: results?
    [extract/text/section_kinds.toml, line 230]".
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
    yield f"    because: {block.rule or 'no rule gives it another role'} [{_place_of_role_rule(block)}]"


def _about_passage(passage: Passage) -> Iterator[str]:
    heading = f" under “{passage.heading}”" if passage.heading else ""
    yield f"    passage {passage.id}, section {passage.section}{heading}: {_short(passage.text)}"
    yield f"        because: {passage.section_rule} [{_place_of_section_rule(passage)}]"


def _place_of_role_rule(block: Block) -> str:
    if block.rule.startswith(_TAGGED):
        return "extract/roles/tagged_roles.py"
    place = _RULES.get(block.role, "extract/roles/roles.py")
    if block.role == "heading" and _NUMBER in block.rule:
        place += ", NUMBER"
    _, told, pattern = block.rule.rpartition(_WORDS)
    return f"{place}; {_WORDINGS}, line {find_pattern(pattern)}" if told else place


def _place_of_section_rule(passage: Passage) -> str:
    """The file and line of the pattern that tells its section kind; else the file that follows the headings."""
    _, told, pattern = passage.section_rule.rpartition(_WORDS)
    line = find_pattern(pattern, passage.section) if told else 0
    return f"{_WORDINGS}, line {line}" if line else "extract/text/sections.py"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
