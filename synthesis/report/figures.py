"""The charts: frequencies with intervals, the matrix as a heat map, co-occurrence, and all the others of a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synthesis.matrix.cell import VIEWS, Cell, View
from synthesis.matrix.symbols import graded_publication, is_tick, symbol
from synthesis.report.diagrams import prisma_diagram, tree_diagram
from synthesis.report.figure_style import (
    COLOURS,
    FAINT,
    INK,
    PAPER,
    STYLE,
    TONES,
    UNKNOWN_TONE,
    broken,
    caption,
    grid,
    new_figure,
    saved,
    square,
)
from synthesis.report.pattern_plots import saturation_plot, upset_plot
from synthesis.report.prisma import prisma
from synthesis.result import ReviewResult
from synthesis.statistics.cooccurrence import ThemePair, cooccurrence
from synthesis.statistics.frequency import Frequency, frequencies

DARK = 0.7  # Jaccard index from which the text in a cell is white
LETTER = 0.08  # inches that a letter of a study's name takes at most, on the average of a name
STUDIES_IN_HEAT_MAP = 120  # more rows can't be read on a page; the workbook has them all


def draw_all(result: ReviewResult, *, kept: Path | None = None) -> dict[str, bytes]:
    """Every figure of a review, as `draw_figures` gives them; one for which there is nothing to draw is left out.

    In the folder `kept` stand figures of earlier runs, so that only what looks new is drawn in all formats.
    """
    files = draw_figures(result.cells, result.labels, result.themes, sample=result.sample, kept=kept)
    with matplotlib.rc_context(STYLE):
        drawn: dict[str, Figure | None] = {"prisma": prisma_diagram(prisma(result)) if result.sources else None}
        if result.patterns:
            drawn["upset"] = upset_plot(result.cells, result.themes, result.patterns.view)
            drawn["saturation"] = saturation_plot(result.patterns.themes_curve, result.patterns.codes_curve)
            drawn["hierarchy"] = tree_diagram(result.patterns.tree, standing=result.patterns.standing)
        shown = {name: figure for name, figure in drawn.items() if figure}
        return files | saved(shown, sample=result.sample, kept=kept)


def draw_figures(
    cells: Sequence[Cell],
    labels: Mapping[str, str],
    names: Mapping[str, str],
    *,
    view: View = "merged",
    sample: bool = False,
    kept: Path | None = None,
) -> dict[str, bytes]:
    """File name -> content, for example "frequencies.svg". `labels` names the sources, `names` the themes.

    A matrix of more than STUDIES_IN_HEAT_MAP studies has no heat map. `kept` is a folder as for `draw_all`.
    """
    if not cells:
        return {}
    with matplotlib.rc_context(STYLE):
        drawn = {
            "frequencies": _frequency_chart(cells, names),
            "cooccurrence": _cooccurrence_map(cells, names, view),
        }
        if len(labels) <= STUDIES_IN_HEAT_MAP:
            drawn["matrix"] = _matrix_map(cells, labels, view)
        return saved(drawn, sample=sample, kept=kept)


def views_to_show(cells: Sequence[Cell]) -> list[View]:
    """The views with any known value; the merged one only where it differs from all others."""
    known = [view for view in VIEWS if any(cell.value(view) is not None for cell in cells)]
    values = {view: [cell.value(view) for cell in cells] for view in known}
    if any(values.get("merged") == values[view] for view in known if view != "merged"):
        known.remove("merged")
    return known


def _frequency_chart(cells: Sequence[Cell], names: Mapping[str, str]) -> Figure:
    found = {view: frequencies(cells, view) for view in views_to_show(cells)}
    groups, bars = len(names), max(len(found), 1)
    thick = 0.8 / bars
    figure = new_figure(8.2, 0.9 + groups * max(0.34 * bars, 0.5))
    axes = figure.add_subplot()
    for place, items in enumerate(found.values()):
        for row, item in enumerate(items):
            _bar(axes, item, row - 0.4 + thick * (place + 0.5), thick * 0.84)
    axes.set_yticks(range(groups), [broken(f"{name} ({code})") for code, name in names.items()])
    axes.set_ylim(groups - 0.5, -0.55)
    axes.set_xlim(0, 134)
    axes.set_xticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
    axes.set_xlabel(
        "Studies that report the theme, of those with a known value; lines: Wilson 95% intervals", loc="left"
    )
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_bounds(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#E3E3E3", linewidth=0.6)
    axes.set_axisbelow(True)
    return figure


def _bar(axes: Axes, item: Frequency, y: float, thick: float) -> None:
    if item.share is None or item.low is None or item.high is None:
        axes.text(1, y, f"{item.view}: no study coded", va="center", fontsize=7.5, color=FAINT)
        return
    axes.barh(y, 100 * item.share, height=thick, color=COLOURS[item.view], linewidth=0)
    axes.plot([100 * item.low, 100 * item.high], [y, y], color=PAPER, linewidth=3.2, solid_capstyle="butt")
    axes.plot([100 * item.low, 100 * item.high], [y, y], color=INK, linewidth=1.2, marker="|", markersize=5)
    unknown = f", {item.unknown} unknown" if item.unknown else ""
    axes.text(101.5, y, f"{item.view} {item.present}/{item.known}{unknown}", va="center", fontsize=8)


def _matrix_map(cells: Sequence[Cell], labels: Mapping[str, str], view: View) -> Figure:
    themes = list(dict.fromkeys(cell.theme for cell in cells))
    rows = {source: row for row, source in enumerate(labels)}
    beside = max(3.1, 0.8 + LETTER * max(map(len, labels.values()), default=0))  # inches
    figure = new_figure(beside + 0.62 * len(themes), 1.0 + 0.27 * len(labels))
    axes = figure.add_subplot()
    graded = graded_publication(cells)
    for cell in cells:
        value = cell.value(view)
        tone = UNKNOWN_TONE if value is None else TONES[value]
        square(axes, themes.index(cell.theme), rows[cell.source_id], tone, hatch="////" if value is None else None)
        text = symbol(value, tick=is_tick(cell, view, graded=graded))
        ink = PAPER if value == 2 else INK
        axes.text(themes.index(cell.theme), rows[cell.source_id], text, ha="center", va="center", color=ink)
    grid(axes, themes, list(labels.values()))
    caption(figure, "✓ ticked   1 mentioned   2 supported\n? not yet known   blank: absent")
    return figure


def _cooccurrence_map(cells: Sequence[Cell], names: Mapping[str, str], view: View) -> Figure:
    themes = list(names)
    pairs = {(pair.second, pair.first): pair for pair in cooccurrence(cells, view)}
    present = {item.theme: item.present for item in frequencies(cells, view)}
    figure = new_figure(3.3 + 0.85 * len(themes), 1.1 + 0.62 * len(themes))
    axes = figure.add_subplot()
    for row, one in enumerate(themes):
        for column, other in enumerate(themes[: row + 1]):
            if row == column:
                square(axes, column, row, UNKNOWN_TONE)
                axes.text(column, row, str(present[one]), ha="center", va="center", color=INK, weight="bold")
            else:
                _pair(axes, column, row, pairs[one, other])
    grid(axes, themes, [broken(f"{name} ({code})") for code, name in names.items()])
    caption(figure, "Below the diagonal: studies with both themes, and Jaccard index.\nOn it: studies with the theme.")
    return figure


def _pair(axes: Axes, column: int, row: int, pair: ThemePair) -> None:
    jaccard = pair.jaccard or 0.0
    ink = PAPER if jaccard >= DARK else INK
    square(axes, column, row, matplotlib.colormaps["Blues"](0.9 * jaccard))
    axes.text(column, row - 0.12, str(pair.both), ha="center", va="center", color=ink)
    index = "–" if pair.jaccard is None else f"{jaccard:.2f}"
    axes.text(column, row + 0.22, index, ha="center", va="center", color=ink, fontsize=7)
