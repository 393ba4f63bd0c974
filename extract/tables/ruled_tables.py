"""Ruled tables: the words of a page put into the cells that its ruling draws.

Not everything ruled is a table. A grid counts as one with text in at least half of its cells, in four of them or more,
and in two rows and two columns or more. Of 652 grids on 731 pages of real reports 393 are none: frames of pages,
slides and boxes around text, plot areas of charts, lines that cross by chance. They are told of with the reason.
Tables without ruling are told row by row in extract.roles.unruled_tables.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extract.document import Box, Grid, GridKind, Table
from extract.readers.pdfium_reader import PageWords
from extract.ruling.grid import Cell, around
from extract.tables.table_cells import NEXT_LINE, READING, add_overflow, with_strays, words_in
from extract.text.dehyphenation import mend
from extract.text.prose import ends_sentence, reads_as_prose

_FEWEST = 2  # rows with text, and columns
_FEWEST_FILLED = 4  # cells with text; the frame of a page or of a box has a title, the text and a page number
_FILLED = 0.5  # of its cells that hold text
_SLIVER = 4.0  # points: no text fits between the two lines of a double rule
_WHOLE_PAGE = 0.9  # of the area of the page: the frame of a slide or of a spread of two pages
_FEWEST_MARKS = 10  # small shapes within a grid that may be the points of a chart ...
_MARKS_A_CELL = 2  # ... rather than the dots and stars of a table, of which a cell with text seldom has as many
_IN_SENTENCES = 0.5  # of its words that stand in cells of whole sentences; then it is a layout, to be read as prose
_LINE_WORDS = 6  # of a cell that may be a line of running text
_RUN_ON = 0.5  # of three such cells or more, the share that run on into the cell below: stripes behind lines of text


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table as found on its page. Numbers of words are positions in PageWords.words."""

    table: Table
    turn: int  # quarter turns clockwise of most of its words
    rows: tuple[tuple[tuple[int, ...], ...], ...]  # numbers of the words of each cell with text, row by row
    sentences: frozenset[int]  # which of these (from 0, over all rows) hold sentences, where these are most of it

    @property
    def is_layout(self) -> bool:
        """Is it there to place running text, which is read cell by cell as prose?"""
        return bool(self.sentences)


def ruled_tables(page: PageWords) -> tuple[list[Ruled], list[Grid]]:
    """The tables that the ruling of `page` draws, each word in one of them at most, and all its grids.

    Both from the top down; the tables among the grids have the kind "table" and stand in the order of the tables.
    """
    taken: set[int] = set()
    tables: list[Ruled] = []
    found: list[Grid] = []
    # A table within a cell of another comes first, so that its words are its own.
    for grid in sorted(page.grids, key=_area):
        box = _box(page.number, around(grid))
        rows, columns = len({cell[1] for cell in grid}), len({cell[0] for cell in grid})
        read = _ruled(page, grid, taken)
        if isinstance(read, Ruled):
            found.append(Grid(box, rows, columns, len(grid), "table"))
            tables.append(read)
            taken.update(number for row in read.rows for cell in row for number in cell)
        else:
            found.append(Grid(box, rows, columns, len(grid), *read))
    tables.sort(key=lambda one: (one.table.box.top, one.table.box.x0))
    return tables, sorted(found, key=lambda one: (one.box.top, one.box.x0))


def _ruled(page: PageWords, grid: Sequence[Cell], taken: set[int]) -> Ruled | tuple[GridKind, str]:
    """The table that `grid` is, or what it is instead and why."""
    if min(len({cell[1] for cell in grid}), len({cell[0] for cell in grid})) < _FEWEST:
        return "box", "one row or one column"
    if _area(grid) >= _WHOLE_PAGE * page.width * page.height:
        return "frame", "as large as the page"
    words = words_in(grid, page.words, taken)
    add_overflow(words, page.words, grid, taken)
    roomy = sum(1 for x0, top, x1, bottom in grid if min(x1 - x0, bottom - top) >= _SLIVER)
    told = f"text in {len(words)} of {len(grid)} cells"
    if not words:
        return "plot", told
    if len(words) < max(_FEWEST_FILLED, _FILLED * roomy):
        return "frame" if len(words) < _FEWEST_FILLED else "sparse", told
    if min(len({cell[0] for cell in words}), len({cell[1] for cell in words})) < _FEWEST:
        return "frame", "text in one row or one column"
    x0, top, x1, bottom = around(grid)
    marks = sum(1 for x, y in page.marks if x0 < x < x1 and top < y < bottom)
    if marks >= max(_FEWEST_MARKS, _MARKS_A_CELL * len(words)):
        return "plot", f"{marks} marks"
    turns = page.words.turns[list(itertools.chain.from_iterable(words.values()))]
    turn = int(Counter(turns.tolist()).most_common(1)[0][0])
    rows = _rows(grid, turn)
    lines = page.words.bases.tolist(), page.words.sizes.tolist()
    texts = {cell: _text(page.words.texts, numbers, *lines) for cell, numbers in words.items()}
    if _run_on(rows, texts):
        return "frame", "lines of running text"
    table = Table(
        box=_box(page.number, around(grid)),
        rows=tuple(tuple(texts.get(cell, "") if cell else None for cell in row) for row in rows),
        cells=tuple(tuple(_box(page.number, cell) if cell else None for cell in row) for row in rows),
    )
    filled = [[cell for cell in row if cell in words] for row in rows]
    sentences = _sentences([cell for row in filled for cell in row], words, texts)
    numbers = [[words[cell] for cell in row] for row in filled]
    if not sentences:
        numbers = with_strays(numbers, page.words, grid, turn, taken)
    return Ruled(table, turn, tuple(tuple(map(tuple, row)) for row in numbers), sentences)


def _rows(grid: Sequence[Cell], turn: int) -> list[list[Cell | None]]:
    """The cells row by row as they are read, each below the one that starts where it does; None where none does."""
    place = READING[turn]
    at = {place(cell): cell for cell in grid}
    lefts, tops = sorted({left for left, _ in at}), sorted({top for _, top in at})
    return [[at.get((left, top)) for left in lefts] for top in tops]


def _run_on(rows: Sequence[Sequence[Cell | None]], texts: dict[Cell, str]) -> bool:
    """Do the cells hold the lines of a paragraph, each going on in the next one down?"""
    long = going_on = 0
    worded = {cell for cell, text in texts.items() if any(map(str.isalpha, text))}
    beside = [count for row in rows if (count := sum(cell in worded for cell in row))]
    for column in zip(*rows, strict=True):
        filled = [texts[cell] for cell in column if cell in texts]
        for text, below in itertools.pairwise([*filled, ""]):
            if len(text.split()) >= _LINE_WORDS:
                long += 1
                going_on += below[:1].islower() and not ends_sentence(text)
    if sum(count > 1 for count in beside) > len(beside) / 2 and long < len(texts) / 2:
        return False  # short cells beside the long ones, row by row
    return long >= 3 and going_on >= _RUN_ON * long


def _sentences(order: Sequence[Cell], words: dict[Cell, list[int]], texts: dict[Cell, str]) -> frozenset[int]:
    found = [index for index, cell in enumerate(order) if reads_as_prose(texts[cell], note=False, item=False)]
    inside = sum(len(words[order[index]]) for index in found)
    return frozenset(found if inside >= _IN_SENTENCES * sum(map(len, words.values())) else ())


def _text(texts: Sequence[str], numbers: Sequence[int], bases: Sequence[float], sizes: Sequence[float]) -> str:
    """The words of a cell, those with `numbers`, as one line of readable text."""
    if len(numbers) == 1 and texts[numbers[0]].isascii():
        return texts[numbers[0]]
    breaks = [abs(bases[one] - bases[after]) > NEXT_LINE * sizes[one] for one, after in itertools.pairwise(numbers)]
    words = zip([texts[number] for number in numbers], [*breaks, True], strict=True)
    return mend(list(words), frozenset()).text


def _area(grid: Sequence[Cell]) -> float:
    x0, top, x1, bottom = around(grid)
    return (x1 - x0) * (bottom - top)


def _box(page: int, cell: Cell) -> Box:
    x0, top, x1, bottom = cell
    return Box(page, round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))
