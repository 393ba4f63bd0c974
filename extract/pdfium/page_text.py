"""The words of a page with their places, through pdfium.

One call fetches the text of a page and two more the rectangle of a *word*: asking per character costs twice the CPU.
Size, weight, direction and baseline belong to the piece of text that is shown at a time (a text object), so they are
asked for where a new one begins, and the weight once for every font of the page.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import deque
from collections.abc import Callable, Sequence
from itertools import compress, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from extract.pdfium import bindings
from extract.pdfium.bindings import Address
from extract.pdfium.page_objects import Point
from extract.words import CLEAN, LINE_END_HYPHENS, SOFT_HYPHEN, UNMARKED, Floats, Places, Style, Words

Units = npt.NDArray[np.uint16]

_LETTER, _SPACE, _HYPHEN = 0, 1, 2
# What each UTF-16 unit is to a word: a part of it, its end, or a mark that ends it and belongs to it.
_KINDS = np.array([_SPACE if chr(unit).isspace() or unit == 0 else _LETTER for unit in range(1 << 16)], dtype=np.int8)
_KINDS[list(map(ord, LINE_END_HYPHENS))] = _HYPHEN
# Units that a word can't keep as they are, or not by themselves: those of CLEAN, halves of pairs and soft hyphens.
_UNCLEAN = np.zeros(1 << 16, dtype=bool)
_UNCLEAN[[*CLEAN, *range(0xD800, 0xE000), ord(SOFT_HYPHEN)]] = True
_UNCLEAN &= _KINDS != _SPACE
_SURROGATE = re.compile("[\ud800-\udfff]")
_BOLD_WEIGHT = 600  # of a font; normal is 400, bold 700; some fonts say 410 or 780

# Where pdfium writes the rectangles of so many words at a time; only the thread that is let in by `opened` uses it.
_AT_ONCE = 1024
_written = bytearray(4 * 8 * _AT_ONCE)
_held = (ctypes.c_double * (4 * _AT_ONCE)).from_buffer(_written)
_SIDES = [[ctypes.byref(_held, 8 * place) for place in range(side, 4 * _AT_ONCE, 4)] for side in range(4)]
_numbers = memoryview(_written).cast("d")

MarkOf = Callable[[Address], int]  # the marked content id of a text object


def words_of(page: Any, place: Point, turns: int, mark_of: MarkOf | None) -> Words:
    """The words of a pdfium page in the order of its stream; `place` and `turns` as pdfium_reader.as_shown says.

    `mark_of` is given where the page is tagged.
    """
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return Words.of([])
    try:
        return _words(text_page, place, turns, mark_of)
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _words(text_page: Any, place: Point, turns: int, mark_of: MarkOf | None) -> Words:
    texts, firsts, counts = _tokens(*_text(text_page))
    places, known = _places(text_page, firsts, counts)
    if not all(known):
        texts, firsts = [_only(column, known) for column in (texts, firsts)]
    x0, y1, x1, y0 = places
    (xa, ya), (xb, yb) = place(x0, y0), place(x1, y1)  # of all words at once
    placed = np.array([np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(xa, xb), np.maximum(ya, yb)])
    style, styles = _styles(text_page, firsts, place, turns, mark_of)
    return Words(texts, placed, style, styles)


def _only(column: Sequence[Any], chosen: Sequence[Any]) -> list[Any]:
    return list(compress(column, chosen))


def _text(text_page: Any) -> tuple[Units, Callable[[int], int] | None]:
    """The text in UTF-16 units (pairs kept apart, for pdfium counts in units), and text index -> character index.

    None where the two are the same.
    """
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return np.empty(0, dtype=np.uint16), None
    buffer = (ctypes.c_ushort * (count + 1))()
    written = max(0, pdfium.FPDFText_GetText(text_page, 0, count, buffer) - 1)
    units = np.frombuffer(bytes(buffer), dtype=np.uint16)[:written]
    if written == count:
        return units, None
    at = bindings.address(text_page)
    return units, lambda index: max(0, bindings.char_index(at, index))


def _tokens(units: Units, index_of: Callable[[int], int] | None) -> tuple[list[str], list[int], list[int]]:
    """The words in a text, cleaned, each with its first character and how many it has."""
    kinds = _KINDS[units]
    inside = np.concatenate(([False], kinds == _LETTER, [False]))
    borders = np.flatnonzero(inside[1:] != inside[:-1])
    begins, stops = borders[::2], borders[1::2]
    stops = stops + (np.append(kinds, _SPACE)[stops] == _HYPHEN)  # a mark at a line end belongs to its word
    text = units.tobytes().decode("utf-16-le", "surrogatepass")
    if len(text) != len(units):
        text = "".join(map(chr, units.tolist()))
    firsts, ends = begins.tolist(), stops.tolist()
    texts = [text[first:end] for first, end in zip(firsts, ends, strict=True)]
    unclean = np.flatnonzero(_UNCLEAN[units])
    for number in dict.fromkeys((np.searchsorted(begins, unclean, side="right") - 1).tolist()):
        if number >= 0:
            texts[number] = _cleaned(texts[number])
    if index_of is not None:
        ends = [index_of(end - 1) + 1 for end in ends]
        firsts = list(map(index_of, firsts))
    counts = [end - first for first, end in zip(firsts, ends, strict=True)]
    if all(texts):
        return texts, firsts, counts
    return _only(texts, texts), _only(firsts, texts), _only(counts, texts)


def _cleaned(text: str) -> str:
    """`text` without control characters and pairs of units; "" where nothing to read is left."""
    text = text.translate(CLEAN)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text if text.strip(SOFT_HYPHEN) else ""


def _places(text_page: Any, firsts: Sequence[int], counts: Sequence[int]) -> tuple[Floats, list[bool]]:
    """Left, top, right and bottom, a row each, of the words that have a place; and which ones have."""
    of = bindings.reference(text_page)
    found: list[Floats] = []
    pieces: list[int] = []  # rectangles of each word
    for begin in range(0, len(firsts), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        counted = map(bindings.count_rects, repeat(of), firsts[some], counts[some])
        # One after the other, for pdfium writes the rectangles of the word it has counted last.
        written = map(bindings.get_rect, repeat(of), repeat(0), *_SIDES)
        pieces += [count for count, _ in zip(counted, written, strict=False)]
        found.append(np.frombuffer(_written, count=4 * len(firsts[some])).reshape(-1, 4).copy())
    places = np.concatenate(found) if found else np.empty((0, 4))
    for number, count in enumerate(pieces):
        if count > 1:
            places[number] = _around(of, firsts[number], counts[number])
    known = [count > 0 for count in pieces]
    return (places if all(known) else places[known]).T, known


def _around(of: Any, first: int, count: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a word that is shown in pieces."""
    pieces = bindings.count_rects(of, first, count)
    found: list[list[float]] = [[], [], [], []]
    for begin in range(0, pieces, _AT_ONCE):
        numbers = range(begin, min(begin + _AT_ONCE, pieces))
        deque(map(bindings.get_rect, repeat(of), numbers, *_SIDES), maxlen=0)
        for side, values in enumerate(found):
            values += _numbers[side : 4 * len(numbers) : 4].tolist()
    return min(found[0]), max(found[1]), max(found[2]), min(found[3])


def _styles(
    text_page: Any, firsts: Sequence[int], place: Point, turns: int, mark_of: MarkOf | None
) -> tuple[Places, list[Style]]:
    """The number of each word's style, and the styles; words are told by their first characters."""
    of = bindings.reference(text_page)
    things: list[Address | None] = list(map(bindings.text_object, repeat(of), firsts))
    # A new style begins with every text object, and with every word that has none.
    begins = [n for n, thing in enumerate(things) if thing is None or n == 0 or thing != things[n - 1]]
    indices, things = [firsts[n] for n in begins], [things[n] for n in begins]
    matrix = bytearray(4 * 6)
    into = ctypes.byref((ctypes.c_float * 6).from_buffer(matrix))
    matrices = b"".join([bytes(matrix) for _ in map(bindings.char_matrix, repeat(of), indices, repeat(into))])
    a, b, c, d, e, f = np.frombuffer(matrices, dtype=np.float32).reshape(-1, 6).T.astype(np.float64)
    turn = _turns(a, b, turns)
    x, y = place(e, f)
    # The font size alone is often 1, with the real size in the matrix.
    measured = zip(map(bindings.font_size, repeat(of), indices), c.tolist(), d.tolist(), strict=True)
    rounded = [round(size * (math.hypot(right, up) if right else abs(up)), 1) for size, right, up in measured]
    sizes: dict[float, float] = {}
    numbers: dict[Style, int] = {}
    styles = zip(
        np.choose(turn, (y, -x, -y, x)).tolist(),
        [sizes.setdefault(size, size) for size in rounded],  # one number for all that are equal
        _bolds(text_page, indices, things),
        turn.tolist(),
        [mark_of(thing) if thing else UNMARKED for thing in things] if mark_of else repeat(UNMARKED),
        strict=False,
    )
    style = [numbers.setdefault(one, len(numbers)) for one in styles]
    return np.repeat(np.array(style, dtype=np.intp), np.diff([*begins, len(firsts)])), list(numbers)


def _turns(a: Floats, b: Floats, turns: int) -> Places:
    """Quarter turns clockwise of text that is shown through matrices, on a page with `turns` of its own."""
    if turns == 0 and (a > 0).all() and not b.any():
        return np.zeros(len(a), dtype=np.intp)
    with np.errstate(invalid="ignore"):  # a matrix may hold what is no number
        return np.round(turns - np.arctan2(b, a) / (np.pi / 2)).astype(np.intp) % 4


def _bolds(text_page: Any, indices: Sequence[int], things: Sequence[Address | None]) -> list[bool]:
    """Is the font of each text object bold? Asked once for every font of the page, by a character in it."""
    fonts = list(map(bindings.font_of, things))
    bold: dict[Address | None, bool] = {}
    for font, index in zip(fonts, indices, strict=True):
        if font not in bold:
            bold[font] = _is_bold(text_page, index)
    return list(map(bold.__getitem__, fonts))


def _is_bold(text_page: Any, index: int) -> bool:
    """Is the font of a character bold, by its weight or its name?"""
    if pdfium.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT:
        return True
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
    return 0 < length <= len(name) and b"bold" in name.value.lower()
