"""What stands at the foot of a page is read last and its title first, even where the PDF streams them the other way.

Word streams its footers first, and the title of a slide often comes behind the text.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Container, Iterable, Iterator, Sequence

from extract.lines.captions import is_caption
from extract.lines.lines import Line, weigh_sizes
from extract.text.prose import ends_sentence

_OVER = 0.1  # of the font size, by which the last line above may reach into the first one below
_MOST = 0.7  # of the lines of a page may be its foot; where more come first, what comes last is a head ...
_TITLE_LINES = 3  # ... and a title where it has no more lines than this ...
_TITLE = 1.15  # ... in type so many times as large as most of the rest; other heads do no harm where they are
_MOST_STRAY = 0.3  # of the lines of a page may be streamed apart from the rest
_WORDED = 0.8  # of the words of running text have letters
_MOST_RUNS = 30  # more are a drawing or the cells of a table
_EDGE = 0.1  # of the page height: heads and feet there may come at any time
_ROOM = 1.0  # of the font size: another line may stand between two so far apart
_LINE_WORDS, _PROSE_WORDS = 8, 5  # of a line of running text, of a whole sentence
_FREE = frozenset({"", "Artifact"})  # tags of a line whose place in the order the PDF does not tell


def foot_last(lines: list[Line]) -> list[Line]:
    """The lines of a page, those streamed first behind the rest where all of the rest stands above all of them.

    The order of what the PDF's tags hold is left as it is, and lines that are turned have no say in it.
    """
    heads = list(itertools.accumulate((math.inf if line.turn else line.top for line in lines), min))[:-1]
    feet = itertools.accumulate((-math.inf if line.turn else line.bottom for line in reversed(lines)), max)
    below = list(feet)[-2::-1]  # where the lines behind each one end
    breaks = [
        number
        for number, (head, foot) in enumerate(zip(heads, below, strict=True), start=1)
        if math.inf > head >= foot - _OVER * lines[number].size > -math.inf
    ]
    foot = max((number for number in breaks if number <= _MOST * len(lines)), default=0)
    if foot and _is_free(lines[:foot]):
        return [*lines[foot:], *lines[:foot]]
    title = min((number for number in breaks if number >= len(lines) - _TITLE_LINES), default=0)
    if title and _is_free(lines[title:]) and _is_larger(lines[title:], lines[:title]):
        return [*lines[title:], *lines[:title]]
    return lines


def _is_free(lines: Iterable[Line]) -> bool:
    return all(line.tag.kind in _FREE for line in lines)


def _is_larger(lines: Iterable[Line], than: Sequence[Line]) -> bool:
    size = weigh_sizes(than).most_common(1)[0][0]
    return all(line.size >= _TITLE * size for line in lines)


def strays_in_place(lines: list[Line]) -> list[Line]:
    """The lines of a page, those that are streamed apart put where they stand among the others.

    Some programs draw a paragraph last that stands first or in the middle: one with opacity, the rest of a sentence
    from the page before. It is moved where no other line stands beside it, and where what comes before it and what
    comes after it stand above and below it throughout, so that columns and boxes at the side stay as they are.
    """
    runs = _runs(lines)
    if not 1 < len(runs) <= _MOST_RUNS:
        return lines
    strays = [
        piece
        for piece in itertools.chain.from_iterable(map(_pieces, runs[1:]))
        if len(piece) <= _MOST_STRAY * len(lines) and _is_free(piece) and _is_text(piece)
    ]
    apart = {id(line) for stray in strays for line in stray}
    for stray in strays:
        own = set(map(id, stray))
        rest = [line for line in lines if id(line) not in own]
        place = _place_for(stray, rest, apart)
        if place is not None:
            lines = [*rest[:place], *stray, *rest[place:]]
            apart -= own
    return lines


def _runs(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in runs that go down the page."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and (line.turn or line.top >= runs[-1][-1].top - _OVER * line.size):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _pieces(run: Sequence[Line]) -> Iterator[list[Line]]:
    """A run in pieces, parted where it leaves room for other lines."""
    piece: list[Line] = []
    for line in run:
        if piece and line.top - piece[-1].bottom > _ROOM * line.size:
            yield piece
            piece = []
        piece.append(line)
    yield piece


def _is_text(run: Sequence[Line]) -> bool:
    """Sentences, or a caption: the labels of a chart are in no order."""
    if any(line.turn or line.table or line.cells > 1 for line in run):
        return False
    texts = [text for line in run for text in line.words.texts]
    if sum(any(map(str.isalpha, text)) for text in texts) < _WORDED * len(texts):
        return False  # rows of a table
    words = max(len(line.words) for line in run)
    return words >= _LINE_WORDS or (words >= _PROSE_WORDS and ends_sentence(run[-1].text)) or is_caption(run[0])


def _place_for(run: Sequence[Line], rest: Sequence[Line], apart: Container[int]) -> int | None:
    """Where `run` belongs among the other lines of its page; None where these don't part above and below it.

    Those `apart`, by their ids, are strays themselves and tell nothing.
    """
    top, bottom = min(line.top for line in run), max(line.bottom for line in run)
    left, right = min(line.x0 for line in run), max(line.x1 for line in run)
    over = _OVER * run[0].size
    place, below = 0, False
    for number, line in enumerate(rest):
        if line.turn or not _EDGE < line.depth < 1 - _EDGE:
            continue
        if line.top < bottom - over and line.bottom > top + over:
            return None  # beside it
        if id(line) in apart:
            continue
        if line.x0 >= right or line.x1 <= left:
            return None  # in another column
        if line.bottom > top + over:
            below = True
        elif below:
            return None  # a line above comes behind one below
        else:
            place = number + 1
    return place
