"""Blocks to passages: whole sentences of running text, 20 to 150 words, each with its place on the pages."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extract.document import Box, Passage, Span
from extract.layout.blocks import LineGroup, words_with_ends
from extract.layout.paragraphs import Paragraph, Stretch, under_headings
from extract.lines.lines import Line
from extract.passage_id import passage_ids
from extract.text.dehyphenation import mend
from extract.text.language import language_of
from extract.text.prose import FEWEST_WORDS, ends_sentence, is_label, reads_as_prose
from extract.text.sections import Section
from extract.text.sentences import sentences

MOST_WORDS = 150
_LONGEST_SENTENCE = 400  # words; a longer one is a list or a form, and is cut
_MIXED = 0.02  # of the letters of a passage: more letters of other lines inside its boxes make it hard to quote
_TITLE_LINES = 2  # of the title of a chart in the type of the text
_FULL = 0.9  # of the width of its block: a last line this long did not end its paragraph


@dataclass(frozen=True, slots=True)
class _Sentence:
    """Words `first` to `end` (exclusive) of a paragraph, and its readable text."""

    paragraph: Paragraph
    first: int
    end: int
    text: str

    @property
    def words(self) -> int:
        return self.end - self.first


def passages_of(
    groups: deque[LineGroup], *, known: frozenset[str], pictures: Collection[int] = ()
) -> tuple[Passage, ...]:
    """The passages of a document whose groups have been laid out; these are taken from `groups` and let go.

    `known` is its vocabulary, for mending hyphens; `pictures` are the pages whose words were read by OCR.
    """
    found: list[Passage] = []
    for section, paragraphs in under_headings(groups):
        for part in _parts(paragraphs, known):
            text = " ".join([sentence.text for sentence in part])
            if reads_as_prose(text, note=part[0].paragraph.note, item=part[-1].paragraph.item):
                passage = _passage(part, text, section=section, pictures=pictures)
                found.append(passage)
    found.sort(key=lambda passage: passage.spans[0])
    ids = passage_ids(passage.text for passage in found)
    return tuple([replace(passage, id=key) for key, passage in zip(ids, found, strict=True)])


def _parts(paragraphs: Sequence[Paragraph], known: frozenset[str]) -> Iterator[list[_Sentence]]:
    """Sentences parted into passages: a paragraph is the unit, short ones join the next, long ones are split."""
    for notes, sidebars in ((False, False), (True, False), (False, True)):
        waiting: list[_Sentence] = []
        done: list[list[_Sentence]] = []
        introduces = listed = False
        same = [one for one in paragraphs if one.note == notes and one.sidebar == sidebars]
        for paragraph, follower in itertools.zip_longest(same, same[1:]):
            text, read = _sentences(paragraph, known)
            in_list = paragraph.item and (listed if not waiting else waiting[-1].paragraph.item or introduces)
            listed = paragraph.item
            if not in_list and (is_label(text) or _is_title(paragraph, text, same, follower)):
                continue
            if waiting and waiting[-1].paragraph.is_apart(paragraph):
                done += _balanced(waiting)
                waiting = []
            if waiting and done and not in_list and _ends_list(done[-1], waiting):
                done[-1] = done[-1] + waiting
                waiting = []
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


def _ends_list(before: Sequence[_Sentence], waiting: Sequence[_Sentence]) -> bool:
    """Are the sentences `waiting` the last items of the list that the passage `before` is of, too few for their own?"""
    items = before[-1].paragraph.item and all(sentence.paragraph.item for sentence in waiting)
    return items and _count(before) + _count(waiting) <= MOST_WORDS


def _is_title(paragraph: Paragraph, text: str, paragraphs: Sequence[Paragraph], follower: Paragraph | None) -> bool:
    """A line or two without a stop, shorter than its column, that nothing goes on from: the title of a chart."""
    if paragraph.item or paragraph.note or len(paragraph.lines) > _TITLE_LINES or (follower and follower.item):
        return False
    if text.endswith(",") or any(map(ends_sentence, text.split())):
        return False
    last = paragraph.lines[-1][0]
    column = max(
        (line.right for one in paragraphs if one is not paragraph for line, _ in one.lines if _in_column(line, last)),
        default=None,
    )
    return column is None or last.right - last.left < _FULL * (column - last.left)


def _in_column(line: Line, other: Line) -> bool:
    return line.page == other.page and min(line.right, other.right) > max(line.left, other.left)


def _sentences(paragraph: Paragraph, known: frozenset[str]) -> tuple[str, list[_Sentence]]:
    """The readable text of a paragraph, and its sentences."""
    mended = mend(words_with_ends(line for line, _ in paragraph.lines), known)
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


def _passage(run: Sequence[_Sentence], text: str, *, section: Section, pictures: Collection[int]) -> Passage:
    stretches = list(_stretches(run))
    spans = _spans(stretches)
    return Passage(
        id="",  # by its words and how often they stand before it: see `passage_ids`
        text=text,
        spans=spans,
        boxes=tuple([box for stretch in stretches for box in _boxes(*stretch)]),
        heading=section.heading,
        section=section.kind,
        section_rule=section.rule,
        mixed=sum(line.other_letters for line, _, _, _ in stretches) > _MIXED * len(text),
        language=language_of(text),
        ocr=bool(pictures) and any(line.page in pictures for line, _, _, _ in stretches),
    )


def _stretches(run: Sequence[_Sentence]) -> Iterator[Stretch]:
    """The words of a passage line by line: nothing of a line is left out but at the ends."""
    first = 0
    for index, sentence in enumerate(run, start=1):
        if index == len(run) or run[index].paragraph is not sentence.paragraph:
            yield from sentence.paragraph.stretches(run[first].first, sentence.end)
            first = index


def _spans(stretches: Sequence[Stretch]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for line, position, first, end in stretches:
        start, stop = line.words.span(first, end)
        # One space or line end within a block, two line ends between blocks.
        if spans and 0 <= position + start - spans[-1][1] <= 2:
            spans[-1] = spans[-1][0], position + stop
        else:
            spans.append((position + start, position + stop))
    return tuple(spans)


def _boxes(line: Line, _: int, first: int, end: int) -> Iterator[Box]:
    """The rectangle around words `first` to `end` of a line; one on each side of a frame that stands in its way.

    One around each word where words of other lines stand in between, such as the indices of a formula.
    """
    if end - first == len(line.words) and not line.resumes and not line.other_letters:
        yield Box(line.page, round(line.x0, 2), round(line.top, 2), round(line.x1, 2), round(line.bottom, 2))
        return
    borders = [first, *(number for number in line.resumes if first < number < end), end]
    if line.other_letters:
        borders = list(range(first, end + 1))
    for begin, stop in itertools.pairwise(borders):
        x0, top, x1, bottom = line.words.around(begin, stop)
        yield Box(line.page, round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))
