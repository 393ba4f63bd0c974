"""Paragraphs: the blocks of a section that read on from one to the next, over columns, pages and boxes."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extract.layout.blocks import LineGroup, readable
from extract.lines.lines import Line
from extract.roles.footnotes import is_next_note
from extract.text.citations import is_citation
from extract.text.prose import SHORTEST_SENTENCE, ends_sentence, goes_on, has_leaders, reads_as_prose
from extract.text.section_kinds import is_known_heading, section_wording
from extract.text.sections import ON_TITLE_PAGE, Section
from extract.words import SOFT_HYPHEN

_LOOK_BACK = 4  # paragraphs: what a text box or a note by the author sets between two halves of a sentence
_LABEL_WORDS, _MOST_LABELS = 4, 50  # words of a label of a chart, and how many of them may stand there as well
_OTHER_TYPE = 0.15  # of the font size: larger or smaller type does not carry on a sentence; OCR is as far off by itself
_CELLS = frozenset({"TD", "TH"})
_FEWEST_ROWS, _ROWS = 3, 0.3  # lines of a table that are rows of cells or figures, and their share
_MOST_PAGES = 4  # from the last words of a sentence to the next: pages of tables and figures stand in between
_TITLE_PAGES = 3
_RUN_IN = re.compile(r"(?P<title>[A-Za-z][A-Za-z ]{3,30}?)\s?(?::|[—–](?=\s?[A-Z])|\.(?=\s[A-Z]))\s*(?=\S)")
_WITHOUT_HEADINGS = "the document has no headings"
_FULL_WORDS = 5  # of such a line; the last of a signature may take its width as well
_FULL = 0.9  # of the width of its block: a last line this long did not end its paragraph


# Words of one line: the line, its position in Document.text, the first of them and the end (exclusive) on the line.
Stretch = tuple[Line, int, int, int]


@dataclass(slots=True)
class Paragraph:
    """Lines of one or more groups that read on."""

    note: bool
    item: bool
    sidebar: bool = False
    lines: list[tuple[Line, int]] = field(default_factory=list)  # with their positions in Document.text
    borders: list[int] = field(default_factory=lambda: [0])  # numbers of the words with which they start and end
    last: LineGroup | None = None

    def is_apart(self, other: Paragraph) -> bool:
        """Does `other` begin on the same page, in another cell of a table or in other type than this ends in?"""
        line, after = self.lines[-1][0], other.lines[0][0]
        other_type = line.page == after.page and not line.cell and _other_type(line, after)
        return other_type or _in_another_cell(line, after)

    def add(self, group: LineGroup) -> None:
        for line, start in zip(group.lines, group.starts, strict=True):
            self.lines.append((line, start))
            self.borders.append(self.borders[-1] + len(line.words))
        self.last = group

    def stretches(self, first: int, end: int) -> Iterator[Stretch]:
        """Words `first` to `end` (exclusive) line by line."""
        index = bisect_right(self.borders, first) - 1
        while first < end:
            (line, start), begin, stop = self.lines[index], self.borders[index], min(end, self.borders[index + 1])
            yield line, start, first - begin, stop - begin
            first, index = stop, index + 1


def under_headings(groups: deque[LineGroup]) -> Iterator[tuple[Section, list[Paragraph]]]:
    now = Section()
    if not any(group.role == "heading" for group in groups):
        now = Section(kind="other", rule=_WITHOUT_HEADINGS)  # nothing tells its front matter from the rest
    paragraphs: list[Paragraph] = []
    box: tuple[Section, list[Paragraph]] | None = None
    while groups:
        group = groups.popleft()
        if group.role == "sidebar" and is_known_heading(title := readable(group.lines[:1])):
            if box:
                yield box
            wording = section_wording(title)
            box = Section(title, wording.kind, f"its words: {wording.pattern}"), []
            group = replace(group, lines=group.lines[1:], starts=group.starts[1:])
        elif group.role not in ("sidebar", "furniture") and box:
            yield box
            box = None
        if group.section:
            yield now, paragraphs
            now, paragraphs = group.section, []
        elif opened := _opened_by_words(group, now):
            yield now, paragraphs
            now, paragraphs = opened, []
            _take(paragraphs, group)
        elif group.role in ("body", "list item", "table", "footnote", "sidebar") and group.lines:
            _take(box[1] if box else paragraphs, group)
    if box:
        yield box
    yield now, paragraphs


def _opened_by_words(group: LineGroup, now: Section) -> Section | None:
    """The abstract that a paragraph of the title page opens by its first words: "Abstract: We examine ..."."""
    before_text = now.kind == "front" or now.rule in (ON_TITLE_PAGE, _WITHOUT_HEADINGS)
    if group.role != "body" or not before_text or group.lines[0].page > _TITLE_PAGES:
        return None
    match = _RUN_IN.match(group.lines[0].text)
    wording = section_wording(match["title"]) if match else None
    if match is None or wording is None or wording.kind != "abstract" or not wording.whole:
        return None
    return Section(match["title"], "abstract", f"its words: {wording.pattern}")


def _take(paragraphs: list[Paragraph], group: LineGroup) -> None:
    """Add `group` to the paragraph it carries on, or begin one."""
    if any(line.table or line.form or line.ruled for line in group.lines):
        return  # a ruled table, whose cells are in Document.tables, or a form
    note, sidebar = group.role == "footnote", group.role == "sidebar"
    if note and is_citation(group.readable):
        return  # it names a work, and says nothing
    if group.role == "table" and _is_certain_table(group):
        return
    if has_leaders(group.lines[0].text) or has_leaders(group.lines[-1].text):
        return  # entries of a table of contents, or a form to fill in
    before = None if group.role == "list item" else _unfinished(paragraphs, group, note=note, sidebar=sidebar)
    if before is None:
        before = Paragraph(note=note, item=group.role == "list item", sidebar=sidebar)
        paragraphs.append(before)
    before.add(group)


def _is_certain_table(group: LineGroup) -> bool:
    """Cells by their tags, rows with figures, or no sentences: a paragraph may look like a table, but for these."""
    lines = group.lines
    if sum(line.tag.kind in _CELLS for line in lines) > len(lines) / 2:
        return True
    if sum(line.cells > 1 or _is_figures(line) for line in lines) >= max(_FEWEST_ROWS, _ROWS * len(lines)):
        return True
    return not reads_as_prose(" ".join(line.text for line in lines), note=False, item=False)


def _is_figures(line: Line) -> bool:
    return not any(len(text) > 1 and text.isalpha() for text in line.words.texts)


def _unfinished(paragraphs: Sequence[Paragraph], group: LineGroup, *, note: bool, sidebar: bool) -> Paragraph | None:
    """The paragraph that `group` carries on: the last, or for the rest of a sentence one of the few before it."""
    same = (one for one in reversed(paragraphs) if one.note == note and one.sidebar == sidebar)
    last = next(same, None)
    if note and last and last.last and is_next_note(last.last.lines[0], group.lines[0]):
        return None
    if last is None or _carries_on(last, group):
        return last
    follower = group.lines[0]
    before = (one for one in itertools.islice(same, _MOST_LABELS) if not _between(one, follower))
    within = _LOOK_BACK - 1 if group.text[0].islower() else int(_between(last, follower))
    return next((paragraph for paragraph in itertools.islice(before, within) if _carries_on(paragraph, group)), None)


def _between(paragraph: Paragraph, follower: Line) -> bool:
    """Is it what a chart sets between two halves of a sentence: a few words, or type unlike that of `follower`?"""
    few = not paragraph.item and paragraph.borders[-1] <= _LABEL_WORDS
    return few or _other_type(paragraph.lines[-1][0], follower)


def _other_type(line: Line, follower: Line) -> bool:
    return abs(line.size - follower.size) > _OTHER_TYPE * line.size


def _carries_on(paragraph: Paragraph, group: LineGroup) -> bool:
    """Does a sentence run on from `paragraph` into `group`, over a column, a page or something set between?"""
    last = paragraph.last
    if last is None:
        return False
    line, follower = last.lines[-1], group.lines[0]
    if _in_another_cell(line, follower):
        return False
    other_type = _other_type(line, follower)
    if line.text[-1] in (SOFT_HYPHEN, "-") and not other_type:
        return True
    if ends_sentence(line.text):
        return False
    if follower.page > line.page + 1 and not (follower.page <= line.page + _MOST_PAGES and _is_full(last)):
        return False
    if line.tag.kind and line.tag == follower.tag and line.page == follower.page:
        return True  # one element of the PDF's tags, with a note or a box in it
    if other_type:
        return False
    if paragraph.sidebar and follower.page == line.page + 1:
        return True  # a box that goes on over the page
    if follower.text[0].islower():
        return len(follower.words) >= SHORTEST_SENTENCE or ends_sentence(group.text)
    if goes_on(line.text):
        return True
    moved = line.page != follower.page or follower.base < line.base
    return moved and _is_full(last)


def _in_another_cell(line: Line, after: Line) -> bool:
    """Do two lines of one page stand in different cells, by the ruling or by the PDF's tags?"""
    tagged = line.tag != after.tag and {line.tag.kind, after.tag.kind} <= _CELLS
    return line.page == after.page and (line.cell != after.cell or tagged)


def _is_full(group: LineGroup) -> bool:
    """Does its last line take the width of its block, as one does that was broken for want of room?"""
    line = group.lines[-1]
    right, left = max(one.right for one in group.lines), min(one.left for one in group.lines)
    return len(group.lines) > 1 and len(line.words) >= _FULL_WORDS and line.right - left >= _FULL * (right - left)
