"""The ruling of a page: level and upright edges of the lines, rectangles and outlines drawn on it, through pdfium.

An edge is what pdfplumber takes for one, so that both find the same grids: a drawn line, a side of a rectangle, two
corners of an outline one after the other (a curve by its ends) that are level or upright with each other. Whether it is
stroked or filled, in what colour, and whether it is clipped does not matter; a single line that slants counts as
upright at its left end. Coordinates as in extract.document.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pypdfium2.raw as pdfium

from extract.pdfium import bindings
from extract.pdfium.bindings import Address
from extract.pdfium.page_objects import IDENTITY, MOST_PATHS, Path, Point, matrix_of, moved, times

_MOST_SEGMENTS = 2000  # of one outline; more is a map or a picture
_MOST_OUTLINED = 60_000  # segments in the outlines of a page; each takes a microsecond or two
_STRAIGHT = 0.001  # points by which the ends of an edge may differ: pdfium counts in single precision
SHORTEST = 1.0 - _STRAIGHT  # points; pdfplumber leaves shorter edges out before it joins them
_SAME = 0.002  # points, for the same reason
_THIN = 3.0  # points, within which two edges snap into one
_MARK = 12.0  # points; a larger shape is no point of a chart
_LINE, _FOUR_SIDES = 2, 5  # corners, the one where it starts included

_XY = tuple[float, float]
_Edge = tuple[float, float, float]


class Edges(NamedTuple):
    """Straight lines along the axes, each as (where it lies, start, end): y, x0, x1 if level, x, y0, y1 if upright."""

    level: list[_Edge]
    upright: list[_Edge]
    marks: tuple[_XY, ...] = ()  # middles of the small shapes without an edge, such as the points of a chart


def edges_of(paths: Sequence[Path], place: Point) -> Edges:
    """The edges that `paths` draw; `place` as pdfium_reader.as_shown says. None where the page is a drawing.

    Where they end is read from their corners: the bounds of a path include half the width of its stroke, by which one
    grid in ten gets other cells. Nine rectangles in ten are only filled, and of these the bounds will do: of the thin
    ones among them, the rules of most tables, nothing else is asked.
    """
    level: list[_Edge] = []
    upright: list[_Edge] = []
    marks: list[_XY] = []
    if len(paths) >= MOST_PATHS:
        return Edges([], [])
    buffer, drawn = (ctypes.c_float * 2)(), (ctypes.c_int * 2)()
    corner, filled = ctypes.addressof(buffer), ctypes.addressof(drawn)
    stroked = filled + ctypes.sizeof(ctypes.c_int)
    left = _MOST_OUTLINED
    counted = map(bindings.count_segments, [path.at for path in paths])
    for (at, _, outer, x0, top, x1, bottom), segments in zip(paths, counted, strict=True):
        if segments < _LINE or (x1 - x0 < SHORTEST and bottom - top < SHORTEST):
            continue
        thin = segments == _FOUR_SIDES and (x1 - x0 <= _THIN or bottom - top <= _THIN)
        sound = thin and bindings.draw_mode(at, filled, stroked) and not drawn[1]
        matrix = IDENTITY if sound else times(matrix_of(at), outer)
        if segments == _FOUR_SIDES:
            if not sound:
                bindings.segment_point(bindings.get_segment(at, 0), corner, corner + 4)
                x, y = place(*moved(buffer[0], buffer[1], matrix))
                sound = min(abs(x - x0), abs(x - x1)) <= _SAME and min(abs(y - top), abs(y - bottom)) <= _SAME
            if sound:
                if x1 - x0 >= SHORTEST:
                    level += ((top, x0, x1), (bottom, x0, x1))
                if bottom - top >= SHORTEST:
                    upright += ((x0, top, bottom), (x1, top, bottom))
                continue
        if segments > _FOUR_SIDES:
            left -= segments
            if segments > _MOST_SEGMENTS or left < 0:
                continue
        before = len(level) + len(upright)
        for outline, is_line in _outlines(at, segments):
            _add([place(*moved(x, y, matrix)) for x, y in outline], level, upright, is_line=is_line)
        if max(x1 - x0, bottom - top) <= _MARK and len(level) + len(upright) == before:
            marks.append(((x0 + x1) / 2, (top + bottom) / 2))
    return Edges(level, upright, tuple(marks))


def _outlines(path: Address, segments: int) -> Iterator[tuple[list[_XY], bool]]:
    """The outlines of a path, each as its corners in the coordinates of the path and whether it is a single line."""
    corner = (ctypes.c_float * 2)()
    x = ctypes.addressof(corner)
    outline: list[_XY] = []
    bends = 0
    for index in range(segments):
        segment = bindings.get_segment(path, index)
        kind = bindings.segment_kind(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO and outline:
            yield outline, len(outline) == _LINE and not bends
            outline, bends = [], 0
        elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            bends += 1
            if bends % 3:
                continue  # one of the two points that a curve bends to
        bindings.segment_point(segment, x, x + 4)
        outline.append((corner[0], corner[1]))
        # The way back along a single line is no second edge.
        if bindings.segment_closes(segment) and len(outline) > _LINE and outline[-1] != outline[0]:
            outline.append(outline[0])
    yield outline, len(outline) == _LINE and not bends


def _add(
    outline: Sequence[_XY],
    level: list[_Edge],
    upright: list[_Edge],
    *,
    is_line: bool,
) -> None:
    for (xa, ya), (xb, yb) in itertools.pairwise(outline):
        wide, tall = abs(xa - xb), abs(ya - yb)
        if tall <= _STRAIGHT:
            if wide >= SHORTEST:
                level.append((ya, min(xa, xb), max(xa, xb)))
        elif tall >= SHORTEST and (is_line or wide <= _STRAIGHT):
            upright.append((min(xa, xb), min(ya, yb), max(ya, yb)))
