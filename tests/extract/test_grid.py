from __future__ import annotations

import random

import pytest
from pdfplumber import table as theirs
from pdfplumber.utils import filter_edges

from extract.ruling.edges import Edges
from extract.ruling.grid import Cell, grids


def pdfplumbers(edges: Edges) -> list[list[Cell]]:
    """The same through pdfplumber's own functions, with the defaults of `find_tables`."""
    plain = [
        {"x0": x0, "x1": x1, "top": y, "bottom": y, "width": x1 - x0, "height": 0, "orientation": "h"}
        for y, x0, x1 in edges.level
    ] + [
        {"x0": x, "x1": x, "top": y0, "bottom": y1, "width": 0, "height": y1 - y0, "orientation": "v"}
        for x, y0, y1 in edges.upright
    ]
    for edge in plain:
        edge["object_type"] = "line"
    merged = filter_edges(theirs.merge_edges(plain, 3, 3, 3, 3), min_length=3)
    return theirs.cells_to_tables(theirs.intersections_to_cells(theirs.edges_to_intersections(merged, 3, 3)))


def rounded(found: list[list[Cell]]) -> list[list[tuple[float, ...]]]:
    return sorted(sorted(tuple(round(value, 3) for value in cell) for cell in group) for group in found)


def ruling(seed: int, *, size: int, wander: float, missing: float) -> Edges:
    """The rules of a table in pieces, some of them missing, each off its line by up to `wander`; and a few stray."""
    rng = random.Random(seed)

    def off() -> float:
        return rng.choice((-wander, 0.0, wander))

    level, upright = [], []
    for row in range(size):
        for column in range(size):
            x, y = 50.0 + 40 * column, 80.0 + 16 * row
            if rng.random() >= missing:
                level.append((y + off(), x + off(), x + 40 + off()))
            if rng.random() >= missing:
                upright.append((x + off(), y + off(), y + 16 + off()))
    for _ in range(size):
        x, y = rng.randrange(0, 1600) / 4, rng.randrange(0, 1600) / 4
        level.append((y, x, x + rng.randrange(4, 200)))
        upright.append((x, y, y + rng.randrange(4, 200)))
    return Edges(level, upright)


@pytest.mark.parametrize("missing", [0.0, 0.1, 0.4])
@pytest.mark.parametrize("wander", [0.0, 0.5])
@pytest.mark.parametrize("seed", range(8))
def test_cells_and_tables_are_pdfplumbers(seed: int, wander: float, missing: float) -> None:
    edges = ruling(seed, size=7, wander=wander, missing=missing)
    expected = rounded(pdfplumbers(edges))
    assert any(expected)
    assert rounded(grids(edges)) == expected


def test_tables_come_from_the_top_of_the_page_down() -> None:
    edges = Edges([], [])
    for top in (400.0, 100.0):
        edges.level.extend((top + 20 * row, 50.0, 250.0) for row in range(3))
        edges.upright.extend((50.0 + 100 * column, top, top + 40) for column in range(3))
    assert [(len(grid), min(cell[1] for cell in grid)) for grid in grids(edges)] == [(4, 100.0), (4, 400.0)]


@pytest.mark.parametrize("edges", [Edges([], []), Edges([(10.0, 0.0, 90.0)], [(5.0, 0.0, 90.0)] * 9)])
def test_too_few_edges_make_no_table(edges: Edges) -> None:
    assert grids(edges) == []


def test_a_drawing_of_thousands_of_edges_is_given_up() -> None:
    lines = [(4.0 * number, 0.0, 4000.0) for number in range(1000)]
    assert grids(Edges(lines, lines)) == []


def test_three_points_apart_is_one_line_whatever_the_last_digits_say() -> None:
    level = [(y, 50.0, 90.0) for y in (387.959991, 397.199991, 400.200012, 409.440012)]
    upright = [(x, y, y + 9.24) for x in (50.0, 90.0) for y in (387.959991, 400.200012)]
    assert [len(grid) for grid in grids(Edges(level, upright))] == [2]
