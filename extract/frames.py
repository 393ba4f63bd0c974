"""Frames drawn around text that is set apart from the body: rectangles, or rules that make one."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

Frame = tuple[float, float, float, float]  # left, top, right, bottom, on the page as shown
_WIDTH, _HEIGHT = 100.0, 36.0  # points: anything smaller is a cell, a key of a chart or a bar
_THIN = 3.0  # points: a filled rectangle this narrow is a rule
_WHITE = 250  # of 255 in every colour: the ground under some text, not a frame
_SAME = 4.0  # points: ends of rules this close meet
_MOST_OBJECTS = 3000  # of a page looked at, at about 2 microseconds each; charts have more
_MOST_FRAMES = 60  # rectangles on a page: more are a chart or a table


def frames_of(page: Any, place: Callable[[float, float], tuple[float, float]]) -> tuple[Frame, ...]:
    """The frames drawn on a pdfium page; `place` maps PDF user space to the page as shown."""
    drawn, uprights = [], []
    for left, top, right, bottom in _paths(page, place):
        if bottom - top < _HEIGHT:
            continue
        if right - left <= _THIN:
            uprights.append((left, top, right, bottom))
        elif right - left >= _WIDTH:
            drawn.append((left, top, right, bottom))
    if len(drawn) + len(uprights) > _MOST_FRAMES:
        return ()
    for one, other in itertools.combinations(sorted(uprights), 2):
        if abs(one[1] - other[1]) <= _SAME and abs(one[3] - other[3]) <= _SAME and other[0] - one[2] >= _WIDTH:
            drawn.append((one[0], one[1], other[2], one[3]))
    return tuple(dict.fromkeys(frame for frame in drawn if not _divided(frame, drawn, uprights)))


def _paths(page: Any, place: Callable[[float, float], tuple[float, float]]) -> Iterator[Frame]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        thing = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top) and (
            min(right.value - left.value, top.value - bottom.value) <= _THIN or _is_seen(thing)
        ):
            (xa, ya), (xb, yb) = place(left.value, bottom.value), place(right.value, top.value)
            yield min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)


def _is_seen(thing: Any) -> bool:
    """Is a rectangle outlined, or filled with anything but the white of the paper?"""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPath_GetDrawMode(thing, fill, stroke):
        return False
    if stroke.value:
        return True
    coloured = fill.value and pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha) and alpha.value
    return bool(coloured and min(red.value, green.value, blue.value) < _WHITE)


def _divided(frame: Frame, frames: Sequence[Frame], uprights: Sequence[Frame]) -> bool:
    """A table: a rule down its middle, or another frame at its side."""
    left, top, right, bottom = frame
    rules = any(
        left + _SAME < r[0] < right - _SAME and top - _SAME <= r[1] and r[3] <= bottom + _SAME for r in uprights
    )
    beside = any(
        (other[0] >= right - _SAME or other[2] <= left + _SAME) and abs(other[1] - top) <= _SAME for other in frames
    )
    return rules or beside
