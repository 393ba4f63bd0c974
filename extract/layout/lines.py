"""Words to lines, in the order in which the PDF streams them.

The stream order is trusted: sorting columns by geometry was measured to gain nothing on real two-column pages.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from extract.layout.packed_words import LineWords, packed
from extract.layout.ruled_tables import Ruled
from extract.pdfium.structure_tree import UNTAGGED, Tag
from extract.readers.pdfium_reader import PageWords
from extract.text.language import runs_right_to_left
from extract.words import ARTIFACT, Bools, Floats, Word, Words, along

_SAME_BASELINE = 0.25  # of the font size: words this close stand on one line
_ASCENT, _DESCENT = 0.95, 0.2  # of the font size: how far type reaches above and below its baseline
_BACKWARDS = 1.0  # of the font size: how far a word may step back and still be on the line (kerning, accents)
CELL_GAP = 1.7  # of the font size: a wider gap is a column of a table or a tab, not a justified space
_TOO_WIDE = 6.0  # of the font size: two columns side by side with full lines of text are no single line
_COLUMN_WORDS = 4
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
    starts = _along(words)[0].tolist()
    lines = _built(page, words, begins) if rows else []
    for line, row, begin in zip(lines, rows, begins, strict=True):
        ends = list(itertools.accumulate(map(len, row), initial=begin))
        cells = [slice(first, end) for first, end in itertools.pairwise(ends)]
        line.text = CELL_BORDER.join(" ".join(words.texts[cell]) for cell in cells)
        line.stops = tuple(min(starts[cell]) for cell in cells[1:])
        line.turn, line.table = ruled.turn, table
    return lines


def _lines(page: PageWords, words: Words) -> list[Line]:
    return _built(page, words, [0, *(np.flatnonzero(~_joined(words)) + 1).tolist()]) if len(words) else []


def weigh_sizes(lines: Iterable[Line]) -> Counter[float]:
    """How many letters stand in each font size."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights


def _across(word: Word) -> tuple[float, float]:
    if word.turn == 0:
        return word.top, word.bottom
    if word.turn == 1:
        return -word.x1, -word.x0
    return (-word.bottom, -word.top) if word.turn == 2 else (word.x0, word.x1)


def _along(words: Words) -> tuple[Floats, Floats]:
    """`along` of every word."""
    x0s, tops, x1s, bottoms = words.places
    turns = words.turns
    if not turns.any():
        return x0s, x1s
    return np.choose(turns, (x0s, tops, -x1s, -bottoms)), np.choose(turns, (x1s, bottoms, -x0s, -tops))


def _joined(words: Words) -> Bools:
    """Does each word but the first stand on the line of the one before it?"""
    bases, sizes, turns, marks = words.bases, words.sizes, words.turns, words.marks
    starts, ends = _along(words)
    start, end, size = starts[1:], ends[:-1], np.maximum(sizes[:-1], sizes[1:])
    near = np.abs(bases[1:] - bases[:-1]) <= _SAME_BASELINE * size
    apart = (turns[1:] != turns[:-1]) | (start < end - _BACKWARDS * size)
    apart |= (marks[1:] != marks[:-1]) & ((marks[1:] == ARTIFACT) | (marks[:-1] == ARTIFACT))
    wide = start > end + _TOO_WIDE * size
    joined: Bools = near & ~wide & ~apart
    unsure = np.where(near, wide, start < end + size) & ~apart
    leftwards = [runs_right_to_left(text) for text in words.texts] if runs_right_to_left("".join(words.texts)) else ()
    if leftwards:
        unsure |= np.logical_or(leftwards[1:], leftwards[:-1])
    for index in np.flatnonzero(unsure).tolist():
        first = index
        while first > 0 and joined[first - 1] and index - first < _COLUMN_WORDS:
            first -= 1
        joined[index] = _same_line([words.word(n) for n in range(first, index + 1)], words.word(index + 1))
    return joined


def _same_line(group: Sequence[Word], word: Word) -> bool:
    """Does `word` carry on a line whose last words are `group`, so many of them that they may be a column?"""
    last = group[-1]
    if word.turn != last.turn or (word.mark != last.mark and ARTIFACT in (word.mark, last.mark)):
        return False
    size = max(word.size, last.size)
    (start, stop), (begin, end) = along(word), along(last)
    near = abs(word.base - last.base) <= _SAME_BASELINE * size
    if runs_right_to_left(last.text) or runs_right_to_left(word.text):
        # The next word stands to the left, or to the right among figures and names within the line.
        apart = max(start - end, begin - stop)
        return near and -_BACKWARDS * size <= apart <= _TOO_WIDE * size
    if start < end - _BACKWARDS * size:
        return False
    if start > end + _TOO_WIDE * size and len(group) >= _COLUMN_WORDS and not _figures(group):
        return False
    # A raised note mark, or what follows one.
    return near or (start < end + size and (_within(word, last) or _within(last, word)))


def _within(word: Word, other: Word) -> bool:
    """Does the middle of `word` stand between the top and the foot of the type `other` is set in?"""
    upper, lower = _across(word)
    return other.base - _ASCENT * other.size < (upper + lower) / 2 < other.base + _DESCENT * other.size


def _figures(group: Sequence[Word]) -> bool:
    return any(word.text[0].isdigit() for word in group[-3:])


def _built(page: PageWords, words: Words, begins: list[int]) -> list[Line]:
    """The lines that begin with the words `begins`."""
    texts, styles, places = words.texts, words.styles, packed(words.places)
    x0s, tops, x1s, bottoms = words.places
    starts, ends = _along(words)
    changes = np.zeros(len(words), dtype=bool)
    changes[1:] = words.style[1:] != words.style[:-1]
    gaps = np.zeros(len(words), dtype=bool)
    sizes = words.sizes
    gaps[1:] = starts[1:] - ends[:-1] > CELL_GAP * sizes[1:]
    changes[begins] = gaps[begins] = False
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
        tag = page.tags.get(mark, UNTAGGED)
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
        weights[page.tags.get(mark, UNTAGGED)] += len(text)
    return weights.most_common(1)[0][0]
