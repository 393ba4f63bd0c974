"""The ruling of a page: level and upright edges of the lines, rectangles and outlines drawn on it, through pdfium.

An edge is what pdfplumber takes for one, so that both find the same grids: a drawn line, a side of a rectangle, two
corners of an outline one after the other (a curve by its ends) that are level or upright with each other. Whether it is
stroked or filled, in what colour, and whether it is clipped does not matter; a single line that slants counts as
upright at its left end. Coordinates as in extract.document.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from extract import calls
from extract.calls import Handle
from extract.drawn import MOST_PATHS, Path, Point, matrices_of, moved, times

_MOST_SEGMENTS = 2000  # of one outline; more is a map or a picture
_MOST_OUTLINED = 60_000  # segments in the outlines of a page; each takes a microsecond or two
_STRAIGHT = 0.001  # points by which the ends of an edge may differ: pdfium counts in single precision
_SHORTEST = 1.0 - _STRAIGHT  # points; pdfplumber leaves shorter edges out before it joins them
_SAME = 0.002  # points, for the same reason
_MARK = 12.0  # points; a larger shape is no point of a chart
_LINE, _FOUR_SIDES = 2, 5  # corners, the one where it starts included

_XY = tuple[float, float]
_Edge = tuple[float, float, float]
_Floats = npt.NDArray[np.float64]


class Edges(NamedTuple):
    """Straight lines along the axes, each as (where it lies, start, end): y, x0, x1 if level, x, y0, y1 if upright."""

    level: list[_Edge]
    upright: list[_Edge]
    marks: tuple[_XY, ...] = ()  # middles of the small shapes without an edge, such as the points of a chart


def edges_of(paths: Sequence[Path], place: Point) -> Edges:
    """The edges that `paths` draw; `place` as of extract.pdfium.as_shown. None where the page is a drawing.

    Where they end is read from their corners: the bounds of a path include half the width of its stroke, by which one
    grid in ten gets other cells. Nine rectangles in ten are only filled, and of these the bounds will do.
    """
    if len(paths) >= MOST_PATHS:
        return Edges([], [])
    edges = Edges([], [])
    counted = zip(paths, map(calls.count_segments, [path.at for path in paths]), strict=True)
    large = [
        (path, count)
        for path, count in counted
        if path.x1 - path.x0 >= _SHORTEST or path.bottom - path.top >= _SHORTEST
    ]
    bare = _add_lines([path for path, count in large if count == _LINE], place, edges)  # without an edge
    odd = _add_rectangles([path for path, count in large if count == _FOUR_SIDES], place, edges)
    outlined = [(path, _FOUR_SIDES) for path in odd]
    budget = _MOST_OUTLINED
    for path, count in large:
        budget -= count if count > _FOUR_SIDES else 0
        if _LINE < count != _FOUR_SIDES and count <= _MOST_SEGMENTS and budget >= 0:
            outlined.append((path, count))
    bare += _add_outlines([path for path, _ in outlined], [count for _, count in outlined], place, edges)
    small = (path for path in bare if max(path.x1 - path.x0, path.bottom - path.top) <= _MARK)
    return edges._replace(marks=tuple(((path.x0 + path.x1) / 2, (path.top + path.bottom) / 2) for path in small))


def _add_lines(paths: Sequence[Path], place: Point, edges: Edges) -> list[Path]:
    """Add single lines, each from where it starts to where it ends; those that are no edge."""
    if not paths:
        return []
    starts, ends = _segments(paths, 0), _segments(paths, 1)
    is_line = np.array([kind == pdfium.FPDF_SEGMENT_LINETO for kind in map(calls.segment_kind, ends)])
    (xa, ya), (xb, yb) = _corners(paths, starts, place), _corners(paths, ends, place)
    wide, tall = np.abs(xa - xb), np.abs(ya - yb)
    level = is_line & (tall <= _STRAIGHT) & (wide >= _SHORTEST)
    upright = is_line & (tall > _STRAIGHT) & (tall >= _SHORTEST)
    edges.level.extend(_rows(level, ya, np.minimum(xa, xb), np.maximum(xa, xb)))
    edges.upright.extend(_rows(upright, np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(ya, yb)))
    return list(itertools.compress(paths, (~(level | upright)).tolist()))


def _add_rectangles(paths: Sequence[Path], place: Point, edges: Edges) -> list[Path]:
    """Add those of the four-sided `paths` that start in a corner of their bounds, for these will do; the others."""
    if not paths:
        return []
    x, y = _corners(paths, _segments(paths, 0), place)
    x0, top, x1, bottom = np.array([path[3:] for path in paths]).T
    sound = np.minimum(np.abs(x - x0), np.abs(x - x1)) <= _SAME
    sound &= np.minimum(np.abs(y - top), np.abs(y - bottom)) <= _SAME
    level, upright = sound & (x1 - x0 >= _SHORTEST), sound & (bottom - top >= _SHORTEST)
    for side in (top, bottom):
        edges.level.extend(_rows(level, side, x0, x1))
    for side in (x0, x1):
        edges.upright.extend(_rows(upright, side, top, bottom))
    return list(itertools.compress(paths, (~sound).tolist()))


def _segments(paths: Sequence[Path], number: int) -> list[Handle]:
    return list(map(calls.get_segment, [path.at for path in paths], itertools.repeat(number)))


def _corners(paths: Sequence[Path], segments: Sequence[Handle], place: Point) -> tuple[_Floats, _Floats]:
    """Where a segment of each path ends, on the page as shown."""
    return _placed(segments, _matrices(paths), place)


def _matrices(paths: Sequence[Path]) -> _Floats:
    """From the coordinates of each path to the user space of the page, a column each."""
    outer = np.array([path.outer for path in paths]).T
    return np.array(times(matrices_of([path.at for path in paths]), outer))


def _placed(segments: Sequence[Handle], matrices: _Floats, place: Point) -> tuple[_Floats, _Floats]:
    (x, y), _ = calls.floats(calls.segment_point, segments, sizes=(1, 1))
    return place(*moved(x, y, matrices))


def _rows(chosen: npt.NDArray[np.bool_], *columns: _Floats) -> Iterator[_Edge]:
    return zip(*(column[chosen].tolist() for column in columns), strict=True)


def _add_outlines(paths: Sequence[Path], counts: Sequence[int], place: Point, edges: Edges) -> list[Path]:
    """Add what is level or upright in the outlines of paths of so many segments each; those that have no edge."""
    if not paths:
        return []
    segments = [
        segment
        for path, count in zip(paths, counts, strict=True)
        for segment in map(calls.get_segment, itertools.repeat(path.at), range(count))
    ]
    xs, ys = _placed(segments, np.repeat(_matrices(paths), counts, axis=1), place)
    corners = list(zip(xs.tolist(), ys.tolist(), strict=True))
    kinds, closing = list(map(calls.segment_kind, segments)), list(map(calls.segment_closes, segments))
    bare: list[Path] = []
    for path, (first, end) in zip(paths, itertools.pairwise(itertools.accumulate(counts, initial=0)), strict=True):
        before = len(edges.level) + len(edges.upright)
        for outline, is_line in _outlines(corners[first:end], kinds[first:end], closing[first:end]):
            _add(outline, edges.level, edges.upright, is_line=is_line)
        if len(edges.level) + len(edges.upright) == before:
            bare.append(path)
    return bare


def _outlines(corners: Sequence[_XY], kinds: Sequence[int], closing: Sequence[int]) -> Iterator[tuple[list[_XY], bool]]:
    """The outlines of a path, each as its corners and whether it is a single line.

    Of its segments: where each ends, of which kind it is, and whether it closes the outline.
    """
    outline: list[_XY] = []
    bends = 0
    for corner, kind, closes in zip(corners, kinds, closing, strict=True):
        if kind == pdfium.FPDF_SEGMENT_MOVETO and outline:
            yield outline, len(outline) == _LINE and not bends
            outline, bends = [], 0
        elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            bends += 1
            if bends % 3:
                continue  # one of the two points that a curve bends to
        outline.append(corner)
        # The way back along a single line is no second edge.
        if closes and len(outline) > _LINE and outline[-1] != outline[0]:
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
            if wide >= _SHORTEST:
                level.append((ya, min(xa, xb), max(xa, xb)))
        elif tall >= _SHORTEST and (is_line or wide <= _STRAIGHT):
            upright.append((min(xa, xb), min(ya, yb), max(ya, yb)))
