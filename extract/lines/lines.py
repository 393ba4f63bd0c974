"""Words to lines, in the order in which the PDF streams them.

The stream order is trusted: sorting columns by geometry was measured to gain nothing on real two-column pages.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from extract.lines.packed_words import LineWords, packed
from extract.lines.same_line import all_along, behind_frames, joined_words
from extract.pdfium.structure_tree import MARK_TAGS, UNTAGGED, Tag
from extract.readers.pdfium_reader import PageWords
from extract.tables.ruled_tables import Ruled
from extract.words import STRUCK, UNMARKED, Bools, Floats, Words

CELL_GAP = 1.7  # of the font size: a wider gap is a column of a table or a tab, not a justified space
CELL_BORDER = " | "  # between the cells of a row in Document.text


@dataclass(slots=True)
class Line:
    """Words that stand on one line. `left`, `right` and `base` run in reading direction, also where it is turned."""

    page: int  # 1-based
    words: LineWords
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    left: float
    right: float
    base: float
    size: float  # the font size of most of its letters
    bold: bool  # most of its letters are bold
    italic: bool  # most of its letters are italic
    turn: int
    stops: tuple[float, ...]  # where a word starts after a wide gap: the second and later cells of a row
    depth: float  # where its middle stands on the page: 0 top, 1 bottom
    tag: Tag = UNTAGGED  # what the PDF's tags say of most of its letters
    table: int = 0  # the ruled table on its page that it is a row of, from 1; 0 for none
    cell: int = 0  # the cell it stands in, from 1, where that table is a layout of running text; 0 for none
    form: bool = False  # it stands in a large grid of mostly empty cells
    ruled: bool = False  # it stands between the rules of a table without uprights
    other_letters: int = 0  # of other lines, inside its rectangle; see extract.lines.line_overlap
    resumes: tuple[int, ...] = ()  # numbers of the words with which it goes on behind a frame that stands in its way

    @property
    def cells(self) -> int:
        """Groups of words with wide gaps between them: 1 for running text."""
        return 1 + len(self.stops)


def lines_of(page: PageWords, tables: Sequence[Ruled] = ()) -> list[Line]:
    """The lines of a page in stream order, those of a table together where its first word stands.

    A row of a table is one line, "Tesmer West | 410 | 58", empty cells left out. A layout of running text gives the
    lines of each cell, and those of a cell without a sentence count as rows of the table.
    """
    if not tables:
        return _lines(page, page.words)
    home = _homes(tables)
    lines: list[Line] = []
    free: list[int] = []
    done: set[tuple[int, int]] = set()
    for index in range(len(page.words)):
        where = home.get(index)
        if where is None:
            free.append(index)
        elif where not in done:
            done.add(where)
            lines += _lines(page, page.words.taken(free))
            free = []
            lines += _table_lines(page, tables[where[0] - 1], *where)
    return lines + _lines(page, page.words.taken(free))


def _homes(tables: Sequence[Ruled]) -> dict[int, tuple[int, int]]:
    """For the number of each word in a table, the table and, in a layout, the cell; both from 1."""
    return {
        word: (number, cell if ruled.is_layout else 0)
        for number, ruled in enumerate(tables, start=1)
        for cell, words in enumerate((cell for row in ruled.rows for cell in row), start=1)
        for word in words
    }


def _table_lines(page: PageWords, ruled: Ruled, table: int, cell: int) -> list[Line]:
    if cell:
        inside = [cell for row in ruled.rows for cell in row][cell - 1]
        lines = _lines(page, page.words.taken(inside))
        for line in lines:
            line.table, line.cell = 0 if cell - 1 in ruled.sentences else table, cell
        return lines
    rows = [row for row in ruled.rows if row]
    words = page.words.taken([word for row in rows for cell in row for word in cell])
    begins = [0, *itertools.accumulate(sum(map(len, row)) for row in rows)][:-1]
    starts = all_along(words)[0].tolist()
    lines = _built(page, words, begins) if rows else []
    for line, row, begin in zip(lines, rows, begins, strict=True):
        ends = list(itertools.accumulate(map(len, row), initial=begin))
        cells = [slice(first, end) for first, end in itertools.pairwise(ends)]
        line.text = CELL_BORDER.join(" ".join(words.texts[cell]) for cell in cells)
        line.stops = tuple(min(starts[cell]) for cell in cells[1:])
        line.turn, line.table = ruled.turn, table
    return lines


def _lines(page: PageWords, words: Words) -> list[Line]:
    if not len(words):
        return []
    struck = words.marks == STRUCK
    if struck.any() and not struck.all():
        return _lines_without(page, words, struck)
    framed = behind_frames(words, page.frames) if page.frames else set()
    breaks = np.flatnonzero(~joined_words(words)) + 1
    return _built(page, words, [0, *(number for number in breaks.tolist() if number not in framed)], framed)


def _lines_without(page: PageWords, words: Words, struck: Bools) -> list[Line]:
    """The lines of the words that are not `struck` out, as if those were not there, and then the lines of these."""
    kept = np.flatnonzero(~struck)
    begins = np.concatenate(([True], ~joined_words(words.remarked(np.flatnonzero(struck).tolist(), UNMARKED))))
    row = begins.cumsum()[kept]  # of the line that each word stands on
    begin = np.concatenate(([0], np.flatnonzero(row[1:] != row[:-1]) + 1)).tolist()
    on = set((np.flatnonzero((np.diff(kept) > 1) & (row[1:] == row[:-1])) + 1).tolist())
    rest = words.taken(np.flatnonzero(struck).tolist())
    return _built(page, words.taken(kept.tolist()), begin, on) + _lines(page, rest)


def weigh_sizes(lines: Iterable[Line]) -> Counter[float]:
    """How many letters stand in each font size."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights


def _built(page: PageWords, words: Words, begins: list[int], framed: Collection[int] = ()) -> list[Line]:
    """The lines that begin with the words `begins`; the words `framed` go on behind a frame."""
    texts, styles, places = words.texts, words.styles, packed(words.places)
    x0s, tops, x1s, bottoms = words.places
    starts, ends = all_along(words)
    changes = np.zeros(len(words), dtype=bool)
    changes[1:] = words.style[1:] != words.style[:-1]
    gaps = np.zeros(len(words), dtype=bool)
    sizes = words.sizes
    gaps[1:] = starts[1:] - ends[:-1] > CELL_GAP * sizes[1:]
    changes[begins] = gaps[begins] = False
    gaps[list(framed)] = False
    style = words.style.tolist()
    left, top = np.minimum.reduceat(x0s, begins).tolist(), np.minimum.reduceat(tops, begins).tolist()
    right, bottom = np.maximum.reduceat(x1s, begins).tolist(), np.maximum.reduceat(bottoms, begins).tolist()
    start, stop = left, right
    if words.turns.any():
        start, stop = np.minimum.reduceat(starts, begins).tolist(), np.maximum.reduceat(ends, begins).tolist()
    mixed, gapped = np.logical_or.reduceat(changes, begins).tolist(), np.logical_or.reduceat(gaps, begins).tolist()
    lines: list[Line] = []
    for number, (first, end) in enumerate(itertools.pairwise([*begins, len(words)])):
        some = texts[first:end]
        base, size, bold, turn, mark, italic = own = styles[style[first]]
        tag = _tag_of(page, mark)
        kept = LineWords(some, places, first, own)
        if mixed[number]:
            each = [styles[n] for n in style[first:end]]
            kept = LineWords(some, places, first, each)
            bases, own_sizes, bolds, _, marks, italics = zip(*each, strict=True)
            base, size = _most(bases, some), _most(own_sizes, some)
            bold, italic = _mostly(bolds, some), _mostly(italics, some)
            tag = _tag(page, marks, some)
        line = Line(
            page=page.number,
            words=kept,
            text=kept.text,
            x0=left[number],
            top=top[number],
            x1=right[number],
            bottom=bottom[number],
            left=start[number],
            right=stop[number],
            base=base,
            size=size,
            bold=bold,
            italic=italic,
            turn=turn,
            stops=_stops(starts[first:end], ends[first:end], sizes[first:end]) if gapped[number] else (),
            depth=(top[number] + bottom[number]) / 2 / (page.height or 1.0),
            tag=tag,
        )
        if framed:
            line.resumes = tuple(number - first for number in sorted(framed) if first < number < end)
            line.stops = tuple(stop for stop in line.stops if stop not in {starts[first + n] for n in line.resumes})
        lines.append(line)
    return lines


def _stops(starts: Floats, ends: Floats, sizes: Floats) -> tuple[float, ...]:
    reached = np.maximum.accumulate(ends)[:-1]
    return tuple(starts[1:][starts[1:] - reached > CELL_GAP * sizes[1:]].tolist())


def _most(values: Sequence[float], texts: Sequence[str]) -> float:
    """The value of most letters."""
    if values.count(values[0]) == len(values):
        return values[0]
    weights: Counter[float] = Counter()
    for value, text in zip(values, texts, strict=True):
        weights[value] += len(text)
    return weights.most_common(1)[0][0]


def _mostly(bolds: Sequence[bool], texts: Sequence[str]) -> bool:
    letters = sum(map(len, texts))
    return sum(len(text) for bold, text in zip(bolds, texts, strict=True) if bold) > letters / 2


def _tag(page: PageWords, marks: Sequence[int], texts: Sequence[str]) -> Tag:
    weights: Counter[Tag] = Counter()
    for mark, text in zip(marks, texts, strict=True):
        weights[_tag_of(page, mark)] += len(text)
    return weights.most_common(1)[0][0]


def _tag_of(page: PageWords, mark: int) -> Tag:
    return page.tags.get(mark) or MARK_TAGS.get(mark, UNTAGGED)
