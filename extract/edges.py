"""The ruling of a page: level and upright edges of the lines, rectangles and outlines drawn on it, through pdfium.

An edge is what pdfplumber takes for one: a drawn line, a side of a rectangle, a straight piece of an outline; whether
it is stroked or filled and in what colour does not matter. Coordinates as in extract.document.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

_MOST_EDGES = 4000  # of a page; more is a map or a drawing, and the search for crossings grows with the square
_MOST_PATHS = 20_000
_MOST_SEGMENTS = 2000  # of one path, for the same reason
_DEEPEST = 8  # forms within forms
_SHORTEST = 1.0  # points; pdfplumber leaves shorter edges out before it joins them
_THIN = 3.0  # points; a narrower line is level or upright, not slanted
_LETTER = 12.0  # points; an outline that fits into this square is a letter or a mark, not a rule
_STRAIGHT = 0.01  # points by which the ends of an edge may differ: pdfium counts in single precision
_LINE, _FOUR_SIDES = 2, 5  # segments, the move to where it starts included
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

# a, b, c, d, e, f as in a PDF: x' = ax + cy + e, y' = bx + dy + f
_Matrix = tuple[float, float, float, float, float, float]
_XY = tuple[float, float]
_Place = Callable[[float, float], _XY]


class Edges(NamedTuple):
    """Straight lines along the axes, each as (where it lies, start, end): y, x0, x1 if level, x, y0, y1 if upright."""

    level: list[tuple[float, float, float]]
    upright: list[tuple[float, float, float]]


def edges_of(page: Any, place: _Place) -> Edges:
    """The edges on `page`, a pdfium page; `place` as of extract.pdfium.as_shown. None where the page is a drawing.

    One call gives the bounds of a path. They are enough for lines and rectangles, nearly all of what is ruled: reading
    the corners of all 69,000 paths of 731 pages took 2.5 CPU seconds, this takes a third of it.
    """
    level: list[tuple[float, float, float]] = []
    upright: list[tuple[float, float, float]] = []
    bounds = tuple(ctypes.c_float() for _ in range(4))
    left, bottom, right, top = bounds
    places = tuple(map(ctypes.byref, bounds))
    count_segments, get_bounds = pdfium.FPDFPath_CountSegments, pdfium.FPDFPageObj_GetBounds
    paths = _paths(page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, _IDENTITY, 0)
    for number, (path, outer) in enumerate(paths):
        if number > _MOST_PATHS or len(level) + len(upright) > _MOST_EDGES:
            return Edges([], [])
        segments = count_segments(path)
        if segments < _LINE or segments > _MOST_SEGMENTS or not get_bounds(path, *places):
            continue
        if outer is _IDENTITY:
            (xa, ya), (xb, yb) = place(left.value, bottom.value), place(right.value, top.value)
        else:
            xa, ya = place(*_moved(left.value, bottom.value, outer))
            xb, yb = place(*_moved(right.value, top.value, outer))
        x0, x1 = (xa, xb) if xa < xb else (xb, xa)
        y0, y1 = (ya, yb) if ya < yb else (yb, ya)
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
            for outline in _outlines(path, segments, outer):
                _add_straight([place(*point) for point in outline], level, upright)
    return Edges(level, upright)


def _paths(holder: Any, count: Any, get: Any, outer: _Matrix, depth: int) -> Iterator[tuple[Any, _Matrix]]:
    """Every path on a page or in a form, with the matrix from there to the page's user space."""
    kind_of, path_kind, form_kind = pdfium.FPDFPageObj_GetType, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM
    for index in range(count(holder)):
        thing = get(holder, index)
        kind = kind_of(thing)
        if kind == path_kind:
            yield thing, outer
        elif kind == form_kind and depth < _DEEPEST:
            inner = _times(_matrix(thing), outer)
            yield from _paths(thing, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1)


def _outlines(path: Any, segments: int, outer: _Matrix) -> Iterator[list[_XY]]:
    """The outlines a path is made of up to its first curve (letters, shapes), each as its corners in user space."""
    matrix = _times(_matrix(path), outer)
    x, y = ctypes.c_float(), ctypes.c_float()
    outline: list[_XY] = []
    for index in range(segments):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return
        if outline and kind == pdfium.FPDF_SEGMENT_MOVETO:
            yield outline
            outline = []
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        outline.append(_moved(x.value, y.value, matrix))
        if pdfium.FPDFPathSegment_GetClose(segment):
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


def _matrix(thing: Any) -> _Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return _IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _moved(x: float, y: float, matrix: _Matrix) -> _XY:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    """The matrix that does `inner` first, then `outer`."""
    if outer is _IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
