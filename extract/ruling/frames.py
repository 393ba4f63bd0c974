"""Frames drawn around text that is set apart from the body: rectangles, or rules that make one."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Sequence

import pypdfium2.raw as pdfium

from extract.pdfium.bindings import Address
from extract.pdfium.page_objects import IDENTITY, Path

Frame = tuple[float, float, float, float]  # left, top, right, bottom, on the page as shown
_WIDTH, _HEIGHT = 100.0, 36.0  # points: anything smaller is a cell, a key of a chart or a bar
_THIN = 3.0  # points: a filled rectangle this narrow is a rule
_WHITE = 250  # of 255 in every colour: the ground under some text, not a frame
_SAME = 4.0  # points: ends of rules this close meet
_DIVIDING = 0.6  # of the height of a frame that a rule in it must take to part it
_MOST_OBJECTS = 3000  # of a page looked at; charts have more
_MOST_FRAMES = 60  # rectangles on a page: more are a chart or a table


def frames_of(paths: Sequence[Path]) -> tuple[Frame, ...]:
    """The frames among the paths of a page."""
    drawn, uprights = [], []
    for at, number, outer, left, top, right, bottom in paths:
        if number >= _MOST_OBJECTS:
            break
        if bottom - top < _HEIGHT or outer is not IDENTITY:
            continue
        if right - left <= _THIN:
            uprights.append((left, top, right, bottom))
        elif right - left >= _WIDTH and _is_seen(at):
            drawn.append((left, top, right, bottom))
    if len(drawn) + len(uprights) > _MOST_FRAMES:
        return ()
    for one, other in itertools.combinations(sorted(uprights), 2):
        if abs(one[1] - other[1]) <= _SAME and abs(one[3] - other[3]) <= _SAME and other[0] - one[2] >= _WIDTH:
            drawn.append((one[0], one[1], other[2], one[3]))
    return tuple(dict.fromkeys(frame for frame in drawn if not _divided(frame, drawn, uprights)))


def _is_seen(path: Address) -> bool:
    """Is a rectangle outlined, or filled with anything but the white of the paper?"""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    thing = ctypes.cast(path, pdfium.FPDF_PAGEOBJECT)
    if not pdfium.FPDFPath_GetDrawMode(thing, fill, stroke):
        return False
    if stroke.value:
        return True
    coloured = fill.value and pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha) and alpha.value
    return bool(coloured and min(red.value, green.value, blue.value) < _WHITE)


def _divided(frame: Frame, frames: Sequence[Frame], uprights: Sequence[Frame]) -> bool:
    """A table: rules down its middle that part it from top to bottom, or another frame at its side.

    The axis of a chart that stands in a box, among text, reaches over a part of its height only.
    """
    left, top, right, bottom = frame
    inside = sorted(
        (r[0], max(r[1], top), min(r[3], bottom))
        for r in uprights
        if left + _SAME < r[0] < right - _SAME and top - _SAME <= r[1] and r[3] <= bottom + _SAME
    )
    for _, rules in itertools.groupby(inside, lambda rule: round(rule[0] / _SAME)):
        if sum(end - start for _, start, end in rules) >= _DIVIDING * (bottom - top):
            return True
    return any(
        (other[0] >= right - _SAME or other[2] <= left + _SAME) and abs(other[1] - top) <= _SAME for other in frames
    )
