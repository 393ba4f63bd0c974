"""Blocks to passages: whole sentences of running text, 20 to 150 words, each with its place on the pages."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extract.document import Box, Passage, SectionKind, Span
from extract.layout.blocks import LineGroup
from extract.layout.lines import Line
from extract.text.dehyphenation import mend
from extract.text.language import language_of
from extract.text.prose import FEWEST_WORDS, SHORTEST_SENTENCE, ends_sentence, is_label, reads_as_prose
from extract.text.section_kinds import Sections, is_known_heading, section_kind
from extract.text.sentences import sentences
from extract.words import SOFT_HYPHEN

MOST_WORDS = 150
_LONGEST_SENTENCE = 400  # words; a longer one is a list or a form, and is cut
_LOOK_BACK = 4  # paragraphs: what a text box or a note by the author sets between two halves of a sentence
_LABEL_WORDS, _MOST_LABELS = 4, 50  # words of a label of a chart, and how many of them may stand there as well
_OTHER_TYPE = 0.15  # of the font size: larger or smaller type does not carry on a sentence; OCR is as far off by itself
_FULL = 0.9  # of the width of its block: a last line this long did not end its paragraph


# Words of one line: the line, its position in Document.text, the first of them and the end (exclusive) on the line.
_Stretch = tuple[Line, int, int, int]


@dataclass(slots=True)
class _Paragraph:
    """Lines of one or more groups that read on."""

    note: bool
    item: bool
    sidebar: bool = False
    lines: list[tuple[Line, int]] = field(default_factory=list)  # with their positions in Document.text
    borders: list[int] = field(default_factory=lambda: [0])  # numbers of the words with which they start and end
    last: LineGroup | None = None

    def add(self, group: LineGroup) -> None:
        for line, start in zip(group.lines, group.starts, strict=True):
            self.lines.append((line, start))
            self.borders.append(self.borders[-1] + len(line.words))
        self.last = group

    def stretches(self, first: int, end: int) -> Iterator[_Stretch]:
        """Words `first` to `end` (exclusive) line by line."""
        index = bisect_right(self.borders, first) - 1
        while first < end:
            (line, start), begin, stop = self.lines[index], self.borders[index], min(end, self.borders[index + 1])
            yield line, start, first - begin, stop - begin
            first, index = stop, index + 1


@dataclass(frozen=True, slots=True)
class _Sentence:
    """Words `first` to `end` (exclusive) of a paragraph, and its readable text."""

    paragraph: _Paragraph
    first: int
    end: int
    text: str

    @property
    def words(self) -> int:
        return self.end - self.first


def passages_of(
    groups: deque[LineGroup], *, sha256: str, known: frozenset[str], pictures: Collection[int] = ()
) -> tuple[Passage, ...]:
    """The passages of a document whose groups have been laid out; these are taken from `groups` and let go.

    `known` is its vocabulary, for mending hyphens; `pictures` are the pages whose words were read by OCR.
    """
    found: list[Passage] = []
    for heading, kind, paragraphs in _under_headings(groups):
        for part in _parts(paragraphs, known):
            text = " ".join([sentence.text for sentence in part])
            if reads_as_prose(text, note=part[0].paragraph.note, item=part[-1].paragraph.item):
                passage = _passage(part, text, sha256=sha256, heading=heading, kind=kind, pictures=pictures)
                found.append(passage)
    return tuple(sorted(found, key=lambda passage: passage.spans[0]))


def _under_headings(groups: deque[LineGroup]) -> Iterator[tuple[str, SectionKind, list[_Paragraph]]]:
    sections = Sections()
    if not any(group.role == "heading" for group in groups):
        sections.kind = "other"  # without headings nothing tells the front matter from the rest
    paragraphs: list[_Paragraph] = []
    box: tuple[str, SectionKind, list[_Paragraph]] | None = None
    while groups:
        group = groups.popleft()
        if group.role == "sidebar" and is_known_heading(title := _plain(group.lines[:1])):
            if box:
                yield box
            box = title, section_kind(title), []
            group = replace(group, lines=group.lines[1:], starts=group.starts[1:])
        elif group.role not in ("sidebar", "furniture") and box:
            yield box
            box = None
        if group.role == "heading":
            yield sections.heading, sections.kind, paragraphs
            paragraphs = []
            sections.enter(_plain(group.lines), group.level)
        elif group.role in ("body", "list item", "table", "footnote", "sidebar") and group.lines:
            _take(box[2] if box else paragraphs, group)
    if box:
        yield box
    yield sections.heading, sections.kind, paragraphs


def _take(paragraphs: list[_Paragraph], group: LineGroup) -> None:
    """Add `group` to the paragraph it carries on, or begin one."""
    if any(line.table for line in group.lines):
        return  # a ruled table: its cells are in Document.tables
    note, sidebar = group.role == "footnote", group.role == "sidebar"
    if group.role == "table" and not reads_as_prose(
        " ".join(line.text for line in group.lines), note=False, item=False
    ):
        return
    before = None if group.role == "list item" else _unfinished(paragraphs, group, note=note, sidebar=sidebar)
    if before is None:
        before = _Paragraph(note=note, item=group.role == "list item", sidebar=sidebar)
        paragraphs.append(before)
    before.add(group)


def _unfinished(paragraphs: Sequence[_Paragraph], group: LineGroup, *, note: bool, sidebar: bool) -> _Paragraph | None:
    """The paragraph that `group` carries on: the last, or for the rest of a sentence one of the few before it."""
    same = (one for one in reversed(paragraphs) if one.note == note and one.sidebar == sidebar)
    last = next(same, None)
    if last is None or _carries_on(last, group):
        return last
    follower = group.lines[0]
    before = (one for one in itertools.islice(same, _MOST_LABELS) if not _between(one, follower))
    within = _LOOK_BACK - 1 if group.text[0].islower() else int(_between(last, follower))
    return next((paragraph for paragraph in itertools.islice(before, within) if _carries_on(paragraph, group)), None)


def _between(paragraph: _Paragraph, follower: Line) -> bool:
    """Is it what a chart sets between two halves of a sentence: a few words, or type unlike that of `follower`?"""
    few = not paragraph.item and paragraph.borders[-1] <= _LABEL_WORDS
    return few or _other_type(paragraph.lines[-1][0], follower)


def _other_type(line: Line, follower: Line) -> bool:
    return abs(line.size - follower.size) > _OTHER_TYPE * line.size


def _carries_on(paragraph: _Paragraph, group: LineGroup) -> bool:
    """Does a sentence run on from `paragraph` into `group`, over a column, a page or something set between?"""
    last = paragraph.last
    if last is None:
        return False
    line, follower = last.lines[-1], group.lines[0]
    if line.cell != follower.cell and line.page == follower.page:
        return False
    other_type = _other_type(line, follower)
    if line.text[-1] in (SOFT_HYPHEN, "-") and not other_type:
        return True
    if ends_sentence(line.text):
        return False
    if follower.page > line.page + 1:
        return False
    if line.tag.kind and line.tag == follower.tag and line.page == follower.page:
        return True  # one element of the PDF's tags, with a note or a box in it
    if other_type:
        return False
    if follower.text[0].islower():
        return len(follower.words) >= SHORTEST_SENTENCE or ends_sentence(group.text)
    moved = line.page != follower.page or follower.base < line.base
    right, left = max(one.right for one in last.lines), min(one.left for one in last.lines)
    return moved and len(last.lines) > 1 and line.right - left >= _FULL * (right - left)


def _parts(paragraphs: Sequence[_Paragraph], known: frozenset[str]) -> Iterator[list[_Sentence]]:
    """Sentences parted into passages: a paragraph is the unit, short ones join the next, long ones are split."""
    for notes, sidebars in ((False, False), (True, False), (False, True)):
        waiting: list[_Sentence] = []
        done: list[list[_Sentence]] = []
        introduces = False
        for paragraph in paragraphs:
            if paragraph.note != notes or paragraph.sidebar != sidebars:
                continue
            text, read = _sentences(paragraph, known)
            in_list = paragraph.item and bool(waiting) and (waiting[-1].paragraph.item or introduces)
            if is_label(text) and not in_list:
                continue
            waiting += read
            introduces = text.endswith(":")  # a list follows
            if _count(waiting) < FEWEST_WORDS or (introduces and _count(waiting) <= MOST_WORDS // 2):
                continue
            done += _balanced(waiting)
            waiting = []
        if waiting and done and _count(done[-1]) + _count(waiting) <= MOST_WORDS and not notes:
            done[-1] = done[-1] + waiting
        elif waiting:
            done += _balanced(waiting)
        yield from done


def _sentences(paragraph: _Paragraph, known: frozenset[str]) -> tuple[str, list[_Sentence]]:
    """The readable text of a paragraph, and its sentences."""
    mended = mend(_words(line for line, _ in paragraph.lines), known)
    found: list[_Sentence] = []
    first = 0
    for _, stop in sentences(mended.text):
        end = bisect_left(mended.starts, stop, first)
        if end > first:
            pieces = -(-(end - first) // _LONGEST_SENTENCE)
            borders = [first + (end - first) * n // pieces for n in range(pieces + 1)]
            found += [
                _Sentence(paragraph, a, b, mended.text[mended.starts[a] : mended.ends[b - 1]])
                for a, b in itertools.pairwise(borders)
            ]
        first = end
    return mended.text, found


def _balanced(run: Sequence[_Sentence]) -> list[list[_Sentence]]:
    """`run` in as few parts of up to MOST_WORDS as whole sentences allow, of about equal length."""
    total = _count(run)
    for parts in range(-(-total // MOST_WORDS), len(run) + 1):
        split = _split(run, total / parts)
        if all(_count(part) <= MOST_WORDS or len(part) == 1 for part in split):
            return split
    return [[sentence] for sentence in run]


def _split(run: Sequence[_Sentence], target: float) -> list[list[_Sentence]]:
    split: list[list[_Sentence]] = [[]]
    read = 0
    for sentence in run:
        # A sentence goes where its middle falls.
        if split[-1] and read + sentence.words / 2 > target * len(split):
            split.append([])
        split[-1].append(sentence)
        read += sentence.words
    return split


def _count(run: Iterable[_Sentence]) -> int:
    return sum(sentence.words for sentence in run)


def _passage(
    run: Sequence[_Sentence], text: str, *, sha256: str, heading: str, kind: SectionKind, pictures: Collection[int]
) -> Passage:
    stretches = list(_stretches(run))
    spans = _spans(stretches)
    return Passage(
        id=f"{sha256[:12]}-{min(spans)[0]}-{max(end for _, end in spans)}",
        text=text,
        spans=spans,
        boxes=tuple([_box(*stretch) for stretch in stretches]),
        heading=heading,
        section=kind,
        language=language_of(text),
        ocr=bool(pictures) and any(line.page in pictures for line, _, _, _ in stretches),
    )


def _stretches(run: Sequence[_Sentence]) -> Iterator[_Stretch]:
    """The words of a passage line by line: nothing of a line is left out but at the ends."""
    first = 0
    for index, sentence in enumerate(run, start=1):
        if index == len(run) or run[index].paragraph is not sentence.paragraph:
            yield from sentence.paragraph.stretches(run[first].first, sentence.end)
            first = index


def _spans(stretches: Sequence[_Stretch]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for line, position, first, end in stretches:
        start, stop = line.words.span(first, end)
        # One space or line end within a block, two line ends between blocks.
        if spans and 0 <= position + start - spans[-1][1] <= 2:
            spans[-1] = spans[-1][0], position + stop
        else:
            spans.append((position + start, position + stop))
    return tuple(spans)


def _box(line: Line, _: int, first: int, end: int) -> Box:
    x0, top, x1, bottom = line.x0, line.top, line.x1, line.bottom
    if end - first < len(line.words):
        x0, top, x1, bottom = line.words.around(first, end)
    return Box(line.page, round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))


def _plain(lines: Sequence[Line]) -> str:
    """A heading as one line of readable text."""
    return mend(_words(lines), frozenset()).text


def _words(lines: Iterable[Line]) -> list[tuple[str, bool]]:
    """The words of `lines`, each with whether it ends its line."""
    words: list[tuple[str, bool]] = []
    for line in lines:
        words += zip(line.words.texts, itertools.repeat(False), strict=False)
        words[-1] = words[-1][0], True
    return words
