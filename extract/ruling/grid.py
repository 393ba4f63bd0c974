"""Edges to cells, and cells to tables: pdfplumber's algorithm with the settings that its `find_tables` has by default.

Edges close to each other are moved onto one line, edges on one line are joined, and where a level and an upright edge
cross is a corner. A cell is the smallest rectangle of four corners joined by edges; cells with a corner in common make
a table. The steps and tolerances are those of pdfplumber.table (MIT), and the tests hold the two against each other;
on plain numbers instead of a dictionary per edge they take an eighth of the time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from extract.ruling.edges import Edges

_NOISE = 0.001  # points; pdfium counts in single precision, and 3 points apart is near enough
_SNAP = _JOIN = _CROSS = 3.0 + _NOISE  # pdfplumber's snap, join and intersection tolerances
_SHORTEST = 3.0 - _NOISE  # its shortest edge
# Limits of a page, half a second's work at the most. Pages of dense figures have 1,200 corners of 1,400 pairs of edges;
# snapping leaves few lines even of a map.
_MOST_PAIRS = 1_000_000  # of edges that may cross
_MOST_CORNERS = 20_000
_FARTHEST = 500  # corners on a line between which a cell is looked for

Cell = tuple[float, float, float, float]  # x0, top, x1, bottom
_Edge = tuple[float, float, float]
_Corner = tuple[float, float]
# Numbers of the edges that run through each corner: upright ones, level ones.
_Through = dict[_Corner, tuple[set[int], set[int]]]


def grids(edges: Edges) -> list[list[Cell]]:
    """The tables that `edges` draw, from the top of the page down, each as its two or more cells."""
    if min(len(edges.level), len(edges.upright)) < 2:
        return []
    level, upright = merged(edges.level), merged(edges.upright)
    return tables(cells(crossings(level, upright)))


def merged(edges: Sequence[_Edge]) -> list[_Edge]:
    """Edges of one direction, snapped to common lines and joined along them, the longer ones only."""
    found: list[_Edge] = []
    for at, line in _snapped(edges):
        start, end = line[0]
        for begins, ends in line[1:]:
            if begins <= end + _JOIN:
                end = max(end, ends)
            else:
                found.append((at, start, end))
                start, end = begins, ends
        found.append((at, start, end))
    return [edge for edge in found if edge[2] - edge[1] >= _SHORTEST]


def _snapped(edges: Sequence[_Edge]) -> Iterable[tuple[float, list[tuple[float, float]]]]:
    """Lines, each with the stretches of the edges on it in order: edges a step apart or less lie on one line."""
    ordered = sorted(edges)
    first = 0
    for index in range(1, len(ordered) + 1):
        if index == len(ordered) or ordered[index][0] > ordered[index - 1][0] + _SNAP:
            near = ordered[first:index]
            yield sum(edge[0] for edge in near) / len(near), sorted((start, end) for _, start, end in near)
            first = index


def crossings(level: Sequence[_Edge], upright: Sequence[_Edge]) -> _Through:
    """Where level and upright edges meet; none where there are too many for a table."""
    level = sorted(level)
    heights = [y for y, _, _ in level]
    through: _Through = {}
    pairs = 0
    for number, (x, top, bottom) in enumerate(upright):
        first, last = bisect_left(heights, top - _CROSS), bisect_right(heights, bottom + _CROSS)
        pairs += last - first
        if pairs > _MOST_PAIRS or len(through) > _MOST_CORNERS:
            return {}
        for index in range(first, last):
            y, start, end = level[index]
            if start - _CROSS <= x <= end + _CROSS:
                uprights, levels = through.setdefault((x, y), (set(), set()))
                uprights.add(number)
                levels.add(index)
    return through


def cells(through: _Through) -> list[Cell]:
    """The smallest rectangle below and to the right of every corner, where there is one."""
    columns: dict[float, list[float]] = defaultdict(list)
    rows: dict[float, list[float]] = defaultdict(list)
    corners = sorted(through)
    for x, y in corners:
        columns[x].append(y)
        rows[y].append(x)
    found = (_cell((x, y), _next(columns[x], y), _next(rows[y], x), through) for x, y in corners)
    return [cell for cell in found if cell is not None]


def _next(places: Sequence[float], place: float) -> Sequence[float]:
    after = bisect_right(places, place)
    return places[after : after + _FARTHEST]


def _cell(corner: _Corner, below: Sequence[float], beside: Sequence[float], through: _Through) -> Cell | None:
    x, y = corner
    uprights, levels = through[corner]
    # An edge that does not reach the next corner on its line reaches none further on.
    for bottom in below:
        lower = through[x, bottom]
        if uprights.isdisjoint(lower[0]):
            break
        for right in beside:
            upper = through[right, y]
            if levels.isdisjoint(upper[1]):
                break
            far = through.get((right, bottom))
            if far and not far[0].isdisjoint(upper[0]) and not far[1].isdisjoint(lower[1]):
                return x, y, right, bottom
    return None


def tables(found: Sequence[Cell]) -> list[list[Cell]]:
    """Cells that hang together by their corners, the topmost table first; a cell by itself is none."""
    at_corner: dict[_Corner, list[int]] = defaultdict(list)
    for index, (x0, top, x1, bottom) in enumerate(found):
        for corner in ((x0, top), (x1, top), (x0, bottom), (x1, bottom)):
            at_corner[corner].append(index)
    seen: set[int] = set()
    groups: list[list[Cell]] = []
    for index in range(len(found)):
        if index in seen:
            continue
        waiting, group = [index], []
        seen.add(index)
        while waiting:
            one = waiting.pop()
            group.append(found[one])
            x0, top, x1, bottom = found[one]
            for corner in ((x0, top), (x1, top), (x0, bottom), (x1, bottom)):
                for other in at_corner[corner]:
                    if other not in seen:
                        seen.add(other)
                        waiting.append(other)
        if len(group) > 1:
            groups.append(sorted(group))
    return sorted(groups, key=lambda group: min((top, x0) for x0, top, _, _ in group))


def around(grid: Iterable[Cell]) -> Cell:
    """The rectangle that holds all cells of a grid."""
    lefts, tops, rights, bottoms = zip(*grid, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
