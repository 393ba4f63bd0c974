"""The words of a page with their places, through pdfium.

One call fetches the text of a page and two more the rectangle of a *word*: asking per character costs twice the CPU.
Size, weight, direction and baseline belong to the piece of text that is shown at a time (a text object), so they are
asked for where a new one begins, and the weight once for every font of the page.
"""

from __future__ import annotations

import ctypes
import math
import re
import struct
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extract import calls
from extract.calls import Address
from extract.drawn import Point
from extract.tags import UNMARKED

# pdfium puts U+FFFE (older builds U+0002) in place of a hyphen at a line end, with no line break after it.
_LINE_END_HYPHENS = "\ufffe\x02"
_WORD = re.compile(rf"[^\s{_LINE_END_HYPHENS}\x00]+[{_LINE_END_HYPHENS}]?")
_SURROGATE = re.compile("[\ud800-\udfff]")
SOFT_HYPHEN = "\u00ad"
# Control characters say nothing and are forbidden in XML; the mark at a line end becomes Unicode's own soft hyphen.
CLEAN: dict[int, str | None] = dict.fromkeys([*range(32), *range(127, 160), 0xFEFF, 0xFFFF])
CLEAN |= dict.fromkeys(map(ord, _LINE_END_HYPHENS), SOFT_HYPHEN)
_BOLD_WEIGHT = 600  # of a font; normal is 400, bold 700; some fonts say 410 or 780

_Style = tuple[float, float, bool, int, int]  # base, size, bold, turn, mark of a Word


class Word(NamedTuple):
    """One word as it stands on the page; coordinates as in extract.document."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float  # position of its baseline down the reading direction; y where the word is upright
    size: float  # of the font, in points on the page
    bold: bool
    turn: int  # quarter turns clockwise as shown: 0 upright, 1 reads downwards, 3 reads upwards
    mark: int = UNMARKED  # marked content id on its page, or extract.tags.ARTIFACT


def words_of(page: Any, place: Point, turns: int, mark_of: Callable[[Address], int] | None) -> list[Word]:
    """The words of a pdfium page in the order of its stream; `place` and `turns` as of extract.pdfium.as_shown.

    `mark_of` tells the marked content id of a text object, where the page is tagged.
    """
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return []
    try:
        return _words(text_page, place, turns, mark_of)
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _words(text_page: Any, place: Point, turns: int, mark_of: Callable[[Address], int] | None) -> list[Word]:
    at = calls.address(text_page)
    units, index_of = _text(text_page, at)
    style_of = _styles(text_page, at, place, turns, mark_of)
    count_rects, get_rect, text_object = calls.count_rects, calls.get_rect, calls.text_object
    of = calls.reference(text_page)
    corners = bytearray(4 * ctypes.sizeof(ctypes.c_double))
    held = (ctypes.c_double * 4).from_buffer(corners)
    left, top, right, bottom = (ctypes.byref(held, 8 * number) for number in range(4))
    unpacked = struct.Struct("4d").unpack_from
    # Nearly all pages are upright: their words are placed without a call.
    across, down = place(0.0, 0.0) if turns == 0 else (0.0, 0.0)
    before: Address | None = None
    style: _Style = 0.0, 0.0, False, 0, UNMARKED
    words: list[Word] = []
    add, build = words.append, partial(tuple.__new__, Word)  # in half of the time of Word(...)
    for found in _WORD.finditer(units):
        text = found.group()
        if not (text.isascii() and text.isprintable()):
            text = text.translate(CLEAN)
            if _SURROGATE.search(text):
                text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            if not text.strip(SOFT_HYPHEN):
                continue
        first, end = found.span()
        count = end - first
        if index_of is not None:
            first, count = index_of(first), index_of(end - 1) - index_of(first) + 1
        rectangles = count_rects(of, first, count)
        if rectangles == 0:
            continue
        get_rect(of, 0, left, top, right, bottom)
        x0, y1, x1, y0 = unpacked(corners)
        for number in range(1, rectangles):
            get_rect(of, number, left, top, right, bottom)
            xa, yb, xb, ya = unpacked(corners)
            x0, y0, x1, y1 = min(x0, xa), min(y0, ya), max(x1, xb), max(y1, yb)
        if turns == 0:
            x0, y0, x1, y1 = x0 + across, down - y1, x1 + across, down - y0
        else:
            (xa, ya), (xb, yb) = place(x0, y0), place(x1, y1)
            x0, y0, x1, y1 = min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)
        thing = text_object(of, first)
        if thing != before or thing is None:
            before, style = thing, style_of(first, thing)
        base, size, bold, turn, mark = style
        add(build((text, x0, y0, x1, y1, base, size, bold, turn, mark)))
    return words


def _text(text_page: Any, at: Address) -> tuple[str, Callable[[int], int] | None]:
    """The text in UTF-16 units (pairs kept apart, for pdfium counts in units), and text index -> character index.

    None where the two are the same.
    """
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return "", None
    buffer = (ctypes.c_ushort * (count + 1))()
    written = max(0, pdfium.FPDFText_GetText(text_page, 0, count, buffer) - 1)
    units = bytes(buffer)[: 2 * written].decode("utf-16-le", "surrogatepass")
    if len(units) != written:
        units = "".join(map(chr, buffer[:written]))
    if written == count:
        return units, None
    return units, lambda index: max(0, calls.char_index(at, index))


def _styles(
    text_page: Any, at: Address, place: Point, turns: int, mark_of: Callable[[Address], int] | None
) -> Callable[[int, Address | None], _Style]:
    """A function (character, its text object) -> style."""
    matrix = (ctypes.c_float * 6)()
    into = ctypes.addressof(matrix)
    bolds: dict[Address | None, bool] = {}  # per font

    def style(index: int, thing: Address | None) -> _Style:
        calls.char_matrix(at, index, into)
        a, b, c, d, e, f = matrix[:]
        # The font size alone is often 1, with the real size in the matrix.
        size = round(calls.font_size(at, index) * math.hypot(c, d), 1)
        font = calls.font_of(thing) if thing else None
        bold = bolds.get(font)
        if bold is None:
            bold = bolds[font] = _is_bold(text_page, index)
        turn = round(turns - math.atan2(b, a) / (math.pi / 2)) % 4 if a <= 0 or b or turns else 0
        x, y = place(e, f)
        return (y, -x, -y, x)[turn], size, bold, turn, mark_of(thing) if mark_of and thing else UNMARKED

    return style


def _is_bold(text_page: Any, index: int) -> bool:
    """Is the font of a character bold, by its weight or its name?"""
    if pdfium.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT:
        return True
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
    return 0 < length <= len(name) and b"bold" in name.value.lower()
