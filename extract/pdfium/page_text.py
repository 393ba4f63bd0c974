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
from collections.abc import Callable, Mapping, Sequence
from itertools import compress, pairwise, repeat
from typing import NamedTuple

import numpy as np
import pypdfium2.raw as pdfium

from extract.pdfium import bindings
from extract.pdfium.bindings import Address
from extract.pdfium.characters import Characters, Codes, GlyphText, characters_of
from extract.pdfium.font_styles import font_styles
from extract.pdfium.handles import PdfiumPage, PdfiumTextPage
from extract.pdfium.page_objects import Point
from extract.pdfium.right_to_left import turned
from extract.pdfium.word_parts import cut_offsets
from extract.words import (
    CLEAN,
    HIDDEN,
    LINE_END_HYPHENS,
    SOFT_HYPHEN,
    UNMARKED,
    Floats,
    Places,
    Style,
    Words,
    runs_right_to_left,
)

_LETTER, _SPACE, _HYPHEN = 0, 1, 2
# What each UTF-16 unit is to a word: a part of it, its end, or a mark that ends it and belongs to it.
_KINDS = np.array([_SPACE if chr(unit).isspace() or unit == 0 else _LETTER for unit in range(1 << 16)], dtype=np.int8)
_KINDS[[code for code in CLEAN if code not in (0x09, 0x0A, 0x0D)]] = _LETTER  # put right or left out, see characters
_KINDS[list(map(ord, LINE_END_HYPHENS))] = _HYPHEN
# Units that a word can't keep as they are, or not by themselves: those of CLEAN, halves of pairs and soft hyphens.
_UNCLEAN = np.zeros(1 << 16, dtype=bool)
_UNCLEAN[[*CLEAN, *range(0xD800, 0xE000), ord(SOFT_HYPHEN)]] = True
_UNCLEAN &= _KINDS != _SPACE
_SURROGATE = re.compile("[\ud800-\udfff]")

# Where pdfium writes the rectangles of so many words at a time; only the thread that is let in by `opened` uses it.
_AT_ONCE = 1024
_written = bytearray(4 * 8 * _AT_ONCE)
_held = (ctypes.c_double * (4 * _AT_ONCE)).from_buffer(_written)
_SIDES = [[ctypes.byref(_held, 8 * place) for place in range(side, 4 * _AT_ONCE, 4)] for side in range(4)]
_numbers = memoryview(_written).cast("d")

# The numbers of the words that can't be seen; see extract.pdfium.visibility.Visibility.hidden.
Hidden = Callable[[Sequence[Address | None], Floats], list[int]]
MarkOf = Callable[[Address], int]  # the marked content id of a text object


class Asked(NamedTuple):
    """What the words of a page take from its document."""

    mark_of: MarkOf | None = None  # where the page is tagged
    glyph_text: GlyphText = lambda font, code: ""
    hidden: Hidden | None = None  # tells which words can't be seen
    adds_bytes: bool = False  # a copy by Ghostscript 10.00: see extract.pdfium.characters


class _Tokens(NamedTuple):
    """The words of a page before they have places: what each reads, its first character and how many it has."""

    texts: list[str]
    firsts: list[int]
    counts: list[int]

    def only(self, chosen: Sequence[object]) -> _Tokens:
        """Those for which `chosen` holds something that counts as true."""
        return _Tokens(*(list(compress(column, chosen)) for column in self))  # type: ignore[arg-type]


def words_of(page: PdfiumPage, place: Point, turns: int, asked: Asked) -> Words:
    """The words of a pdfium page in the order of its stream; `place` and `turns` as pdfium_reader.as_shown says."""
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return Words.of([])
    try:
        return _words(text_page, place, turns, asked)
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _words(text_page: PdfiumTextPage, place: Point, turns: int, asked: Asked) -> Words:
    characters = characters_of(text_page, glyph_text=asked.glyph_text, adds_bytes=asked.adds_bytes)
    tokens = _tokens(characters)
    sides, pieces = _sides(text_page, tokens)
    if cuts := _cuts(text_page, tokens, pieces, characters):
        tokens, numbers = _cut(tokens, cuts)
        sides, pieces = sides[numbers], [pieces[number] for number in numbers]
        parts = [at for at, number in enumerate(numbers) if number in cuts]
        sides[parts], new = _sides(text_page, tokens.only([number in cuts for number in numbers]))
        for at, count in zip(parts, new, strict=True):
            pieces[at] = count
    if not all(pieces):  # words that have no place
        known = np.flatnonzero(pieces)
        tokens, sides = tokens.only(pieces), sides[known]
    x0, y1, x1, y0 = sides.T
    (xa, ya), (xb, yb) = place(x0, y0), place(x1, y1)  # of all words at once
    placed = np.array([np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(xa, xb), np.maximum(ya, yb)])
    things: list[Address | None] = list(map(bindings.text_object, repeat(bindings.reference(text_page)), tokens.firsts))
    words = Words(tokens.texts, placed, *_styles(text_page, tokens.firsts, things, place, turns, asked.mark_of))
    hidden = asked.hidden(things, sides) if asked.hidden else []
    words = words.remarked(hidden, HIDDEN) if hidden else words
    if runs_right_to_left("".join(words.texts)):
        for number, (text, first, count) in enumerate(zip(*tokens, strict=True)):
            if len(text) == count:
                words.texts[number] = turned(text_page, text, first)
    return words


def _tokens(characters: Characters) -> _Tokens:
    """The words in the text of a page, cleaned, each with its first character and how many it has."""
    codes = np.minimum(characters.codes, _KINDS.size - 1)
    kinds = _KINDS[codes]
    inside = np.concatenate(([False], kinds == _LETTER, [False]))
    borders = np.flatnonzero(inside[1:] != inside[:-1])
    begins, stops = borders[::2], borders[1::2]
    stops = stops + (np.append(kinds, _SPACE)[stops] == _HYPHEN)  # a mark at a line end belongs to its word
    text = _text(characters.codes)
    firsts, ends = begins.tolist(), stops.tolist()
    texts = [text[first:end] for first, end in zip(firsts, ends, strict=True)]
    unclean = np.flatnonzero(_UNCLEAN[codes])
    if characters.spelled:
        unclean = np.union1d(unclean, np.array(list(characters.spelled), dtype=np.intp))
    for number in dict.fromkeys((np.searchsorted(begins, unclean, side="right") - 1).tolist()):
        if number >= 0 and firsts[number] < ends[number]:
            texts[number] = _spelled(text, characters.spelled, firsts[number], ends[number])
    counts = [end - first for first, end in zip(firsts, ends, strict=True)]
    tokens = _Tokens(texts, firsts, counts)
    return tokens if all(texts) else tokens.only(texts)


def _text(codes: Codes) -> str:
    """The characters as text, one for each code."""
    if codes.dtype == np.uint16:
        text = codes.tobytes().decode("utf-16-le", "surrogatepass")
        if len(text) == len(codes):
            return text
    return "".join(map(chr, codes.tolist()))


def _spelled(text: str, spelled: Mapping[int, str], first: int, end: int) -> str:
    """Characters `first` to `end` (exclusive) of `text` as they read, cleaned."""
    if spelled:
        return _cleaned("".join([spelled.get(number, text[number]) for number in range(first, end)]))
    return _cleaned(text[first:end])


def _cleaned(text: str) -> str:
    """`text` without control characters and pairs of units; "" where nothing to read is left."""
    text = text.translate(CLEAN)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text if text.strip(SOFT_HYPHEN) else ""


def _cuts(
    text_page: PdfiumTextPage, tokens: _Tokens, pieces: Sequence[int], characters: Characters
) -> dict[int, list[int]]:
    """The words that are two, by number, and the offsets in them where the next one begins."""
    wanted = {number for number, count in enumerate(pieces) if count > 1}
    if characters.superscripts:
        wanted |= set((np.searchsorted(tokens.firsts, characters.superscripts, side="right") - 1).tolist())
    cuts: dict[int, list[int]] = {}
    for number in wanted:
        first, count = tokens.firsts[number], tokens.counts[number]
        if number >= 0 and (found := cut_offsets(text_page, tokens.texts[number], first, count, pieces[number])):
            cuts[number] = found
    return cuts


def _cut(tokens: _Tokens, cuts: Mapping[int, Sequence[int]]) -> tuple[_Tokens, list[int]]:
    """The words with those of `cuts` in parts, and the number that each was (part of) before."""
    parts: list[tuple[str, int, int, int]] = []
    for number, (text, first, count) in enumerate(zip(*tokens, strict=True)):
        for start, stop in pairwise([0, *cuts.get(number, ()), count]):
            parts.append((text[start:stop] if number in cuts else text, first + start, stop - start, number))
    texts, firsts, counts, numbers = map(list, zip(*parts, strict=True))
    return _Tokens(texts, firsts, counts), numbers


def _sides(text_page: PdfiumTextPage, tokens: _Tokens) -> tuple[Floats, list[int]]:
    """Left, top, right and bottom of each word, a row each, and in how many pieces it is shown; 0: it has no place."""
    firsts, counts = tokens.firsts, tokens.counts
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
    sides = np.concatenate(found) if found else np.empty((0, 4))
    for number, count in enumerate(pieces):
        if count > 1:
            sides[number] = _around(of, firsts[number], counts[number])
    return sides, pieces


def _around(of: PdfiumTextPage, first: int, count: int) -> tuple[float, float, float, float]:
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
    text_page: PdfiumTextPage,
    firsts: Sequence[int],
    things: Sequence[Address | None],
    place: Point,
    turns: int,
    mark_of: MarkOf | None,
) -> tuple[Places, list[Style]]:
    """The number of each word's style, and the styles; words are told by their first characters and text objects."""
    of = bindings.reference(text_page)
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
    lengths = np.diff([*begins, len(firsts)])
    faces = font_styles(text_page, indices, things, lengths.tolist())
    numbers: dict[Style, int] = {}
    styles = zip(
        np.choose(turn, (y, -x, -y, x)).tolist(),
        [sizes.setdefault(size, size) for size in rounded],  # one number for all that are equal
        [bold for bold, _ in faces],
        turn.tolist(),
        [mark_of(thing) if thing else UNMARKED for thing in things] if mark_of else repeat(UNMARKED),
        [italic for _, italic in faces],
        strict=False,
    )
    style = [numbers.setdefault(one, len(numbers)) for one in styles]
    return np.repeat(np.array(style, dtype=np.intp), lengths), list(numbers)


def _turns(a: Floats, b: Floats, turns: int) -> Places:
    """Quarter turns clockwise of text that is shown through matrices, on a page with `turns` of its own."""
    if turns == 0 and (a > 0).all() and not b.any():
        return np.zeros(len(a), dtype=np.intp)
    with np.errstate(invalid="ignore"):  # a matrix may hold what is no number
        return np.round(turns - np.arctan2(b, a) / (np.pi / 2)).astype(np.intp) % 4
