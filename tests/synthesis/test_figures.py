"""Figures hold whatever number of themes a review has: nothing is cut off, and no names lie on each other."""

from __future__ import annotations

from itertools import cycle, pairwise

import matplotlib
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from synthesis.matrix.cell import Cell
from synthesis.report import figures
from synthesis.report.figure_style import STYLE
from synthesis.report.pattern_plots import upset_plot

NAMES = (
    "Governance weaknesses", "Institutional fragmentation", "Targeting and inclusion/exclusion errors",
    "Fiscal unsustainability", "Digital integration gaps", "Comparative global lessons", "Coverage of informal workers",
    "Reform recommendations", "Grievance redress and accountability", "Gender and household dynamics",
    "Climate and shock responsiveness", "Political economy of reform",
)  # fmt: skip
LABELS = {f"s{number}": f"Author {number} and Another (20{number:02}) – Study" for number in range(12)}


def _cells(themes: int) -> list[Cell]:
    values = cycle((0, 1, 2, None, 1, 0, 2))
    return [
        Cell(source, f"T{theme}", None, next(values), next(values), next(values), "agreed", (), False, False, ())
        for source in LABELS
        for theme in range(themes)
    ]


def _drawn(themes: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, Figure]:
    monkeypatch.setattr(figures, "saved", lambda drawn, **_: drawn)
    names = {f"T{number}": NAMES[number] for number in range(themes)}
    drawn = dict(figures.draw_figures(_cells(themes), LABELS, names))
    with matplotlib.rc_context(STYLE):
        upset = upset_plot(_cells(themes), names, "merged")
    return {**drawn, **({"upset": upset} if upset else {})}  # type: ignore[dict-item]


@pytest.mark.parametrize("themes", [2, 12])
def test_nothing_written_is_cut_off_and_no_name_lies_on_another(themes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, figure in _drawn(themes, monkeypatch).items():
        figure.draw_without_rendering()
        width, height = figure.get_size_inches() * figure.dpi
        for text in figure.findobj(Text):
            if text.get_text().strip() and not text.get_text().isdigit():  # ticks out of view are numbers
                box = text.get_window_extent()
                inside = box.x0 > -2 and box.y0 > -2 and box.x1 < width + 2 and box.y1 < height + 2
                assert inside, (name, text.get_text())
        for axes in figure.axes:
            boxes = sorted((one.get_window_extent() for one in axes.get_yticklabels() if one.get_text()), key=_foot)
            assert all(lower.y1 <= upper.y0 + 1 for lower, upper in pairwise(boxes)), name


def _foot(box: matplotlib.transforms.Bbox) -> float:
    return float(box.y0)
