"""Words to lines, in the order in which the PDF streams them.

The stream order is trusted: sorting columns by geometry was measured to gain nothing on real two-column pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extract.language import runs_right_to_left
from extract.line_words import LineWords
from extract.pdfium import PageWords
from extract.tables import Ruled
from extract.tags import ARTIFACT, UNTAGGED, Tag
from extract.words import Word

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
    home = _homes(tables)
    lines: list[Line] = []
    free: list[Word] = []
    done: set[tuple[int, int]] = set()
    for index, word in enumerate(page.words):
        where = home.get(index)
        if where is None:
            free.append(word)
        elif where not in done:
            done.add(where)
            lines += _lines(page, free)
            free = []
            lines += _table_lines(page, tables[where[0] - 1], *where)
    return lines + _lines(page, free)


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
        words = [cell for row in ruled.rows for cell in row][cell - 1]
        lines = _lines(page, [page.words[word] for word in words])
        for line in lines:
            line.table, line.cell = 0 if cell - 1 in ruled.sentences else table, cell
        return lines
    lines = []
    for row in ruled.rows:
        cells = [[page.words[word] for word in words] for words in row]
        if cells:
            line = _line(page, [word for words in cells for word in words])
            line.text = CELL_BORDER.join(" ".join(word.text for word in words) for words in cells)
            line.stops = tuple(min(along(word)[0] for word in words) for words in cells[1:])
            line.turn, line.table = ruled.turn, table
            lines.append(line)
    return lines


def _lines(page: PageWords, words: Iterable[Word]) -> list[Line]:
    groups: list[list[Word]] = []
    for word in words:
        if groups and _same_line(groups[-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_line(page, group) for group in groups]


def along(word: Word) -> tuple[float, float]:
    """Where a word starts and ends in reading direction."""
    if word.turn == 0:
        return word.x0, word.x1
    if word.turn == 1:
        return word.top, word.bottom
    return (-word.x1, -word.x0) if word.turn == 2 else (-word.bottom, -word.top)


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


def _same_line(group: list[Word], word: Word) -> bool:
    # Unpacked, for this is asked of every word.
    last = group[-1]
    text, begin, _, end, _, base, size, _, turn, mark = last
    other, start, _, _, _, its_base, its_size, _, its_turn, its_mark = word
    if turn != its_turn or (mark != its_mark and ARTIFACT in (mark, its_mark)):
        return False
    size = max(size, its_size)
    if turn:
        start, (begin, end) = along(word)[0], along(last)
    near = abs(its_base - base) <= _SAME_BASELINE * size
    if not (text.isascii() and other.isascii()) and (runs_right_to_left(text) or runs_right_to_left(other)):
        # The next word stands to the left, or to the right among figures and names within the line.
        apart = max(start - end, begin - along(word)[1])
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


def _figures(group: list[Word]) -> bool:
    return any(word.text[0].isdigit() for word in group[-3:])


def _line(page: PageWords, words: list[Word]) -> Line:
    columns = tuple(zip(*words, strict=True))
    texts, x0s, tops, x1s, bottoms, bases, sizes, bolds, turns, _ = columns
    starts, ends = (x0s, x1s) if not any(turns) else zip(*map(along, words), strict=True)
    stops: list[float] = []
    end = starts[0]
    for start, stop, size in zip(starts, ends, sizes, strict=True):
        if start - end > CELL_GAP * size:
            stops.append(start)
        if stop > end:
            end = stop
    top, bottom, kept = min(tops), max(bottoms), LineWords(columns)
    return Line(
        page=page.number,
        words=kept,
        text=kept.text,
        x0=min(x0s),
        top=top,
        x1=max(x1s),
        bottom=bottom,
        left=min(starts),
        right=end,
        base=_most(bases, texts),
        size=_most(sizes, texts),
        bold=bolds[0] if bolds.count(bolds[0]) == len(bolds) else _mostly(bolds, texts),
        turn=turns[0],
        stops=tuple(stops),
        depth=(top + bottom) / 2 / (page.height or 1.0),
        tag=_tag(page, words) if page.tags else UNTAGGED,
    )


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


def _tag(page: PageWords, words: list[Word]) -> Tag:
    first = words[0].mark
    if all(word.mark == first for word in words):
        return page.tags.get(first, UNTAGGED)
    weights: Counter[Tag] = Counter()
    for word in words:
        weights[page.tags.get(word.mark, UNTAGGED)] += len(word.text)
    return weights.most_common(1)[0][0]
