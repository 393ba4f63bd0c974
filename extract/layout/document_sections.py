"""The sections of a document: which heading opens which kind, what lies on its cover, and where it lists references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.document import Role
from extract.layout.blocks import LineGroup
from extract.text.citations import is_citation, is_reference_entry
from extract.text.prose import FEWEST_WORDS, reads_as_prose
from extract.text.sections import Cover, Sections

_SCRAP = 3  # lines; a table among references would have more
_PROSE: tuple[Role, ...] = ("body", "list item")
_NOTES = re.compile(r"\bnotes?\b|\bendnotes?\b|\bfootnotes?\b", re.IGNORECASE)
_FEWEST_ENTRIES = 3  # one after the other are a list of references, whatever stands above it


def in_sections(groups: Sequence[LineGroup]) -> list[LineGroup]:
    """The blocks, each heading with the section it opens; what a list of references holds has the role references."""
    sections, changed = Sections(), []
    covers = dict(_covers(groups))
    entries = _entries(groups)
    for number, group in enumerate(groups):
        if group.role == "heading":
            group = replace(group, section=sections.enter(group.readable, group.level, cover=covers.get(number, "")))
        elif sections.now.kind == "references" and _is_reference(group, sections.now.heading):
            group = replace(group, role="references", rule=f"below the heading “{sections.now.heading}”")
        elif number in entries:
            group = replace(group, role="references", rule="entries of a list of references, one after the other")
        changed.append(group)
    return changed


def _covers(groups: Sequence[LineGroup]) -> Iterator[tuple[int, Cover]]:
    """The headings before the first paragraph of the document: those on pages before it, and its title."""
    prose = next((number for number, group in enumerate(groups) if _is_prose(group)), len(groups))
    headings = [number for number in range(prose) if groups[number].role == "heading"]
    if not headings:
        return
    first_page = groups[prose].lines[0].page if prose < len(groups) else None
    highest = min(groups[number].level for number in headings)
    for number in headings:
        if groups[number].lines[0].page != first_page:
            yield number, "page"
        elif groups[number].level == highest:
            yield number, "title"


def _is_prose(group: LineGroup) -> bool:
    if group.role not in _PROSE or sum(len(line.words) for line in group.lines) < FEWEST_WORDS:
        return False
    return reads_as_prose(" ".join(line.text for line in group.lines), note=False, item=False)


def _entries(groups: Sequence[LineGroup]) -> set[int]:
    """The numbers of the blocks that list works, where no heading says that they do."""
    found: set[int] = set()
    run: list[int] = []
    for number, group in enumerate(groups):
        if group.role in _PROSE and is_reference_entry(" ".join(line.text for line in group.lines)):
            run.append(number)
        elif group.role != "furniture":
            run = []
        if len(run) >= _FEWEST_ENTRIES:
            found.update(run)
    return found


def _is_reference(group: LineGroup, heading: str) -> bool:
    """Is a block below the heading of a list of references one of its entries? Notes may be sentences as well."""
    if _is_scrap(group):
        return True
    return group.role in _PROSE and not (_NOTES.search(heading) and _says_something(group))


def _says_something(group: LineGroup) -> bool:
    text = group.readable
    return not is_citation(text) and reads_as_prose(text, note=True, item=False)


def _is_scrap(group: LineGroup) -> bool:
    """A few lines that look like rows of a table without being ruled."""
    return group.role == "table" and len(group.lines) <= _SCRAP and not any(line.table for line in group.lines)
