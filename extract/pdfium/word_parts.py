"""Where a word as pdfium gives it is really two: a note mark behind it, or figures that stand apart.

pdfium ends a word at a blank. A note's number that is raised behind a word has none before it ("targeting12"), and
between two pieces of text that are shown one after the other a blank is assumed from a gap of .14 of the size on, but
of .21 where the size is exactly 10 points, so that the figures of a row in Helvetica run together.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

import pypdfium2.raw as pdfium

from extract.pdfium import bindings
from extract.pdfium.handles import PdfiumTextPage
from extract.words import SUPERSCRIPTS

_SMALLER = 0.9  # of the size of its word: a raised mark is set smaller
_RAISED = 0.15  # of the size of its word, above its base line
_FEW_PIECES = 3  # a word shown in more is shown letter by letter
_TEN, _GAP = 10.0, 0.139  # points, and part of the size: see the module
_SAME_SIZE = 0.005

# What may be raised behind a word: numbers, single letters, signs. "1st" and "No" keep theirs.
_MARK = re.compile(r"(?:\d{1,3}(?:[,;–-]\s?\d{1,3})*|[a-z](?:,[a-z])*|[ivx]{1,4}|[*†‡§¶#∗⁎]{1,4})[,;]?")
_NO_MARK = frozenset({"st", "nd", "rd", "th", "o", "e", "er"})
# What a mark may stand behind: a word of three letters or more, so that "m2" and "R2" stay, a figure, a closing sign.
_MARKED = re.compile(r"""(?:[^\W\d_]{3,}[^\w\s]*|[^\W\d_][-'’][^\W\d_]+|\d|[%.,;:!?)\]”’"'»…–—-])$""")
_MAY_HOLD_MARK = re.compile(r"[^\W\d_]\d|[\d\W][*†‡§¶#∗\d]|[*†‡§¶#∗]|[.,;:)\]”’\"'»%\d][a-z]$")
_SUPERSCRIPT = re.compile(rf"(?<=[^\W\d_]{{3}})[{SUPERSCRIPTS}]+|(?<=[.,;:)\]”’%])[{SUPERSCRIPTS}]+")


class _Run(NamedTuple):
    """Characters of a word that are shown in one piece."""

    start: int  # offset in the word
    size: float
    x: float  # where it begins, along the line
    rise: float  # of its base line


def cut_offsets(text_page: PdfiumTextPage, text: str, first: int, count: int, pieces: int) -> list[int]:
    """Where to cut the word `text`, `count` characters from number `first` on, that is shown in `pieces` pieces.

    Offsets are counted in characters of pdfium; an empty list leaves the word as it is.
    """
    if len(text) != count:
        return []  # ligatures spelled out, accents joined: offsets would not fit
    if match := _SUPERSCRIPT.search(text):
        return [offset for offset in (match.start(), match.end()) if _is_inner(text, offset)]
    if pieces < 2 or not (pieces <= _FEW_PIECES or _MAY_HOLD_MARK.search(text)):
        return []
    runs = _runs(text_page, first, count)
    return _around_mark(text, runs) or _wide_gaps(text_page, text, first, runs)


def _runs(text_page: PdfiumTextPage, first: int, count: int) -> list[_Run]:
    """The pieces of a word that text objects of their own show."""
    of = bindings.reference(text_page)
    shown = list(map(bindings.text_object, repeat(of), range(first, first + count)))
    starts = [0, *(offset for offset in range(1, count) if shown[offset] != shown[offset - 1])]
    runs: list[_Run] = []
    matrix = pdfium.FS_MATRIX()
    for offset in starts:
        bindings.char_matrix(of, first + offset, ctypes.byref(matrix))
        up = math.hypot(matrix.c, matrix.d) or 1.0
        along = math.hypot(matrix.a, matrix.b) or 1.0
        x = (matrix.a * matrix.e + matrix.b * matrix.f) / along
        rise = (matrix.c * matrix.e + matrix.d * matrix.f) / up
        runs.append(_Run(offset, bindings.font_size(of, first + offset) * up, x, rise))
    return runs


def _around_mark(text: str, runs: Sequence[_Run]) -> list[int]:
    """The offsets around what is raised in a word and is a note mark; punctuation behind it stays with it."""
    main = max(runs, key=lambda run: run.size)
    raised = [run.size < _SMALLER * main.size and run.rise - main.rise > _RAISED * main.size for run in runs]
    if True not in raised:
        return []
    begin = raised.index(True)
    end = next((n for n in range(begin, len(runs)) if not raised[n]), len(runs))
    start, stop = runs[begin].start, runs[end].start if end < len(runs) else len(text)
    mark, before, rest = text[start:stop], text[:start], text[stop:]
    if not _MARK.fullmatch(mark) or mark in _NO_MARK or (before and not _MARKED.search(before)):
        return []
    return [offset for offset in (start, stop) if _is_inner(text, offset)] if rest or before else []


def _is_inner(text: str, offset: int) -> bool:
    """Is there a word on both sides, more than punctuation behind a mark?"""
    return 0 < offset < len(text) and any(map(_counts, text[offset:]))


def _counts(sign: str) -> bool:
    return sign.isalnum() or sign in "*†‡§¶#∗⁎"


def _wide_gaps(text_page: PdfiumTextPage, text: str, first: int, runs: Sequence[_Run]) -> list[int]:
    """The offsets between figures of 10 points that stand so far apart that other sizes would have a blank there."""
    if abs(runs[0].size - _TEN) > _SAME_SIZE:
        return []
    found = []
    box = pdfium.FS_RECTF()
    for run in runs[1:]:
        left, right = text[run.start - 1], text[run.start]
        if not (left.isdigit() or left in "%)–-") or not (right.isdigit() or right in "(+−–-"):
            continue
        pdfium.FPDFText_GetLooseCharBox(text_page, first + run.start - 1, box)
        end = box.right
        pdfium.FPDFText_GetLooseCharBox(text_page, first + run.start, box)
        if box.left - end >= _GAP * run.size:
            found.append(run.start)
    return found
