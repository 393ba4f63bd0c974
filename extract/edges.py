"""The ruling of a page: level and upright edges of the lines, rectangles and outlines drawn on it, through pdfium.

An edge is what pdfplumber takes for one: a drawn line, a side of a rectangle, a straight piece of an outline; whether
it is stroked or filled and in what colour does not matter. Coordinates as in extract.document.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pypdfium2.raw as pdfium

from extract import calls
from extract.calls import Address
from extract.drawn import MOST_PATHS, Matrix, Path, Point, matrix_of, moved, times

_MOST_EDGES = 4000  # of a page; more is a map or a drawing, and the search for crossings grows with the square
_MOST_SEGMENTS = 2000  # of one path, for the same reason
_SHORTEST = 1.0  # points; pdfplumber leaves shorter edges out before it joins them
_THIN = 3.0  # points; a narrower line is level or upright, not slanted
_LETTER = 12.0  # points; an outline that fits into this square is a letter or a mark, not a rule
_STRAIGHT = 0.01  # points by which the ends of an edge may differ: pdfium counts in single precision
_LINE, _FOUR_SIDES = 2, 5  # segments, the move to where it starts included

_XY = tuple[float, float]


class Edges(NamedTuple):
    """Straight lines along the axes, each as (where it lies, start, end): y, x0, x1 if level, x, y0, y1 if upright."""

    level: list[tuple[float, float, float]]
    upright: list[tuple[float, float, float]]


def edges_of(paths: Sequence[Path], place: Point) -> Edges:
    """The edges that `paths` draw; `place` as of extract.pdfium.as_shown. None where the page is a drawing.

    The bounds of a path are enough for lines and rectangles, nearly all of what is ruled: reading the corners of all
    69,000 paths of 731 pages took 2.5 CPU seconds, this takes a tenth of it.
    """
    level: list[tuple[float, float, float]] = []
    upright: list[tuple[float, float, float]] = []
    if len(paths) >= MOST_PATHS:
        return Edges([], [])
    counted = map(calls.count_segments, [path.at for path in paths])
    for (at, _, outer, x0, y0, x1, y1), segments in zip(paths, counted, strict=True):
        if len(level) + len(upright) > _MOST_EDGES:
            return Edges([], [])
        if segments < _LINE or segments > _MOST_SEGMENTS:
            continue
        wide, tall = x1 - x0, y1 - y0
        if segments == _FOUR_SIDES:
            if wide >= _SHORTEST:
                level += ((y0, x0, x1), (y1, x0, x1))
            if tall >= _SHORTEST:
                upright += ((x0, y0, y1), (x1, y0, y1))
        elif tall <= _THIN or wide <= _THIN:
            if wide > tall and wide >= _SHORTEST:
                level.append(((y0 + y1) / 2, x0, x1))
            elif tall >= _SHORTEST:
                upright.append(((x0 + x1) / 2, y0, y1))
        elif wide > _LETTER or tall > _LETTER:
            for outline in _outlines(at, segments, outer):
                _add_straight([place(*point) for point in outline], level, upright)
    return Edges(level, upright)


def _outlines(path: Address, segments: int, outer: Matrix) -> Iterator[list[_XY]]:
    """The outlines a path is made of up to its first curve (letters, shapes), each as its corners in user space."""
    matrix = times(matrix_of(path), outer)
    corner = (ctypes.c_float * 2)()
    x = ctypes.addressof(corner)
    outline: list[_XY] = []
    for index in range(segments):
        segment = calls.get_segment(path, index)
        kind = calls.segment_kind(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return
        if outline and kind == pdfium.FPDF_SEGMENT_MOVETO:
            yield outline
            outline = []
        calls.segment_point(segment, x, x + 4)
        outline.append(moved(corner[0], corner[1], matrix))
        if calls.segment_closes(segment):
            outline.append(outline[0])
    yield outline


def _add_straight(
    points: list[_XY], level: list[tuple[float, float, float]], upright: list[tuple[float, float, float]]
) -> None:
    for (xa, ya), (xb, yb) in itertools.pairwise(points):
        wide, tall = abs(xa - xb), abs(ya - yb)
        if tall <= _STRAIGHT and wide >= _SHORTEST:
            level.append((ya, min(xa, xb), max(xa, xb)))
        elif wide <= _STRAIGHT and tall >= _SHORTEST:
            upright.append((xa, min(ya, yb), max(ya, yb)))
