"""Words to lines, in the order in which the PDF streams them.

The stream order is trusted: sorting columns by geometry was measured to gain nothing on real two-column pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from extract.pdfium import PageWords, Word

_SAME_BASELINE = 0.25  # of the font size: words this close stand on one line
_ASCENT, _DESCENT = 0.95, 0.2  # of the font size: how far type reaches above and below its baseline
_BACKWARDS = 1.0  # of the font size: how far a word may step back and still be on the line (kerning, accents)
CELL_GAP = 1.7  # of the font size: a wider gap is a column of a table or a tab, not a justified space
_TOO_WIDE = 6.0  # of the font size: two columns side by side with full lines of text are no single line
_COLUMN_WORDS = 4


@dataclass(slots=True)
class Line:
    """Words that stand on one line. `left`, `right` and `base` run in reading direction, also where it is turned."""

    page: int  # 1-based
    words: list[Word]
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

    @property
    def cells(self) -> int:
        """Groups of words with wide gaps between them: 1 for running text."""
        return 1 + len(self.stops)


def lines_of(page: PageWords) -> list[Line]:
    """The lines of a page in stream order."""
    groups: list[list[Word]] = []
    for word in page.words:
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
    last = group[-1]
    if word.turn != last.turn:
        return False
    size = max(last.size, word.size)
    start, (_, end) = along(word)[0], along(last)
    if start < end - _BACKWARDS * size:
        return False
    if start > end + _TOO_WIDE * size and len(group) >= _COLUMN_WORDS and not _figures(group):
        return False
    if abs(word.base - last.base) <= _SAME_BASELINE * size:
        return True
    # A raised note mark, or what follows one.
    return start < end + size and (_within(word, last) or _within(last, word))


def _within(word: Word, other: Word) -> bool:
    """Does the middle of `word` stand between the top and the foot of the type `other` is set in?"""
    upper, lower = _across(word)
    return other.base - _ASCENT * other.size < (upper + lower) / 2 < other.base + _DESCENT * other.size


def _figures(group: list[Word]) -> bool:
    return any(word.text[0].isdigit() for word in group[-3:])


def _line(page: PageWords, words: list[Word]) -> Line:
    sizes: Counter[float] = Counter()
    bases: Counter[float] = Counter()
    letters = bold = 0
    stops: list[float] = []
    end = along(words[0])[0]
    for word in words:
        length = len(word.text)
        letters += length
        bold += length * word.bold
        sizes[word.size] += length
        bases[word.base] += length
        start, stop = along(word)
        if start - end > CELL_GAP * word.size:
            stops.append(start)
        end = max(end, stop)
    top, bottom = min(word.top for word in words), max(word.bottom for word in words)
    return Line(
        page=page.number,
        words=words,
        text=" ".join(word.text for word in words),
        x0=min(word.x0 for word in words),
        top=top,
        x1=max(word.x1 for word in words),
        bottom=bottom,
        left=min(along(word)[0] for word in words),
        right=end,
        base=bases.most_common(1)[0][0],
        size=sizes.most_common(1)[0][0],
        bold=bold > letters / 2,
        turn=words[0].turn,
        stops=tuple(stops),
        depth=(top + bottom) / 2 / (page.height or 1.0),
    )
