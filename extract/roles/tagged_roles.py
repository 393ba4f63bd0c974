"""Roles of lines from the PDF's own tags, where a page has sound ones.

Tags are evidence, not law: authors tag paragraphs as headings and set whole pages in one table cell. What stands
here only says what the tags make certain; the rules in extract.roles.roles decide the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from extract.document import Role
from extract.lines.lines import Line
from extract.pdfium.structure_tree import NO_TEXT
from extract.text.numbering import ITEM

_LEVELS = {"Title": 1, "H": 1} | {f"H{level}": level for level in range(1, 7)}
_ROLES: dict[str, Role] = {
    "Caption": "caption", "Note": "footnote", "FENote": "footnote", "TOC": "contents", "TOCI": "contents",
    "BibEntry": "references",
}  # fmt: skip
_CELLS = ("TD", "TH")
_TELLING = frozenset({*_LEVELS, *_ROLES, *_CELLS, "LI"}) - {"Title"}  # never said of a running head by mistake
_HIDDEN = {"Hidden": "clipped, covered or in a layer that is off: nobody sees it", "Struck": "struck out on the page"}
_TRUSTED = 0.5  # of the tagged pages have artifacts: then their furniture is marked, and the rest is text
_LONGEST_CELL = 25  # words; in a longer one stands running text
_FEWEST_CELLS = 3  # on a page; fewer are a frame around text
_LONGEST_HEADING = 200  # characters
_MOST_LINES = 4  # of a heading
_HALF = 0.5  # of the headings must be tagged for the levels of the tags to count


def artifacts(lines: Sequence[Line]) -> set[int]:
    """Indices of the lines that the PDF marks as no part of its text."""
    return {index for index, line in enumerate(lines) if line.tag.kind == "Artifact"}


def hidden(lines: Sequence[Line]) -> dict[int, str]:
    """Index -> why, of the lines that can't be seen on the page as shown, or are struck out there."""
    return {index: _HIDDEN[line.tag.kind] for index, line in enumerate(lines) if line.tag.kind in _HIDDEN}


def content(lines: Sequence[Line]) -> set[int]:
    """Indices of the lines that the PDF marks as part of its text, however often they stand at the edge of a page."""
    tagged = {line.page for line in lines if line.tag.kind and line.tag.kind not in NO_TEXT}
    swept = {line.page for line in lines if line.tag.kind == "Artifact"}
    trusted = bool(tagged) and len(tagged & swept) >= _TRUSTED * len(tagged)
    return {
        index
        for index, line in enumerate(lines)
        if line.tag.kind in _TELLING or (trusted and line.tag.kind and line.tag.kind not in NO_TEXT)
    }


def heading_tags(lines: Sequence[Line]) -> dict[int, int]:
    """Index -> level of the lines tagged as headings, paragraphs so tagged left out."""
    elements: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.tag.kind in _LEVELS:
            elements[line.page, line.tag.element].append(index)
    found: dict[int, int] = {}
    for indices in elements.values():
        text = " ".join(lines[index].text for index in indices)
        if len(indices) <= _MOST_LINES and len(text) <= _LONGEST_HEADING and any(map(str.isalpha, text)):
            found |= dict.fromkeys(indices, _LEVELS[lines[indices[0]].tag.kind])
    return found


def heading_levels(titles: Mapping[int, int], seen: Mapping[int, int]) -> dict[int, int]:
    """Levels of all headings, from those that are tagged (`titles`) and those that look like it (`seen`).

    What the author did not tag ranks below what was, unless too little is tagged for its levels to mean anything.
    """
    deepest = max(titles.values(), default=0)
    if len(titles) >= _HALF * len({*titles, *seen}):
        return {index: deepest + level for index, level in seen.items()} | dict(titles)
    lowest = max(seen.values(), default=0) + 1
    return dict.fromkeys(titles, lowest) | dict(seen)


def tagged_roles(lines: Sequence[Line], indices: Iterable[int]) -> dict[int, Role]:
    """Roles of those of `indices` whose tags tell one; headings are told by `heading_tags`."""
    indices = list(indices)
    cells = _small_cells(lines, indices)
    roles: dict[int, Role] = {}
    before: tuple[int, int] | None = None
    for index in indices:
        line = lines[index]
        here = line.page, line.tag.element
        if line.tag.kind in _ROLES:
            roles[index] = _ROLES[line.tag.kind]
        elif here in cells:
            roles[index] = "table"
        elif line.tag.kind == "LI" and here != before and (ITEM.match(line.text) or _below(lines, index)):
            roles[index] = "list item"
        before = here
    return roles


def _below(lines: Sequence[Line], index: int) -> bool:
    """Is there more above on its page? At its head an item may run on from the last page, as another element."""
    before = lines[index - 1] if index else None
    return before is not None and before.page == lines[index].page and before.tag.kind not in ("", "Artifact")


def _small_cells(lines: Sequence[Line], indices: Iterable[int]) -> set[tuple[int, int]]:
    """Page and element of the cells of a real table: several on the page, with a few words each."""
    words: Counter[tuple[int, int]] = Counter()
    for index in indices:
        if lines[index].tag.kind in _CELLS:
            words[lines[index].page, lines[index].tag.element] += len(lines[index].words)
    small = {cell for cell, count in words.items() if count <= _LONGEST_CELL}
    pages = Counter(page for page, _ in small)
    return {cell for cell in small if pages[cell[0]] >= _FEWEST_CELLS}
