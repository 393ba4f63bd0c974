"""The charts: frequencies with intervals, the matrix as a heat map, co-occurrence. SVG and PNG, the same every time."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from synthesis.cell import VIEWS, Cell, View
from synthesis.cooccurrence import Pair, cooccurrence
from synthesis.frequency import Frequency, frequencies
from synthesis.symbols import graded_publication, is_tick, symbol

# Okabe and Ito's colours, told apart by people who don't see red or green, and by their lightness when printed grey.
COLOURS: dict[View, str] = {"published": "#0072B2", "human": "#009E73", "machine": "#E69F00", "merged": "#3A3A3A"}
INK, FAINT, PAPER = "#1A1A1A", "#8A8A8A", "#FFFFFF"
TONES = ("#FFFFFF", "#9CC3E0", "#0B5A94")  # value 0, 1, 2: clear steps of lightness
UNKNOWN_TONE = "#EFEFEF"
DARK = 0.7  # Jaccard index from which the text in a cell is white
STUDIES_IN_HEAT_MAP = 120  # more rows can't be read on a page; the workbook has them all
PNG_DPI = 150
# Text as outlines, so that a figure looks the same where DejaVu is not installed; a fixed salt and no date, so that
# the same data gives the same bytes.
STYLE: dict[Any, object] = {
    "font.family": "DejaVu Sans", "font.size": 9, "svg.fonttype": "path", "svg.hashsalt": "jaiza",
    "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.edgecolor": FAINT,
    "hatch.linewidth": 0.5, "hatch.color": FAINT,
}  # fmt: skip


def draw_figures(
    cells: Sequence[Cell],
    labels: Mapping[str, str],
    names: Mapping[str, str],
    *,
    view: View = "merged",
    sample: bool = False,
) -> dict[str, bytes]:
    """File name -> content, for example "frequencies.svg". `labels` names the sources, `names` the themes.

    A matrix of more than STUDIES_IN_HEAT_MAP studies has no heat map.
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
        files = {}
        for name, figure in drawn.items():
            if sample:
                figure.suptitle("SAMPLE: invented data", color="#A00000", weight="bold", fontsize=10)
            figure.draw_without_rendering()
            figure.set_layout_engine("none")  # keeps the layout just made: working it out takes most of the time
            files[f"{name}.svg"] = _saved(figure, "svg")
            files[f"{name}.png"] = _saved(figure, "png")
    return files


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
    figure = _figure(8.2, 0.9 + groups * max(0.34 * bars, 0.5))
    axes = figure.add_subplot()
    for place, items in enumerate(found.values()):
        for row, item in enumerate(items):
            _bar(axes, item, row - 0.4 + thick * (place + 0.5), thick * 0.84)
    axes.set_yticks(range(groups), [_broken(f"{name} ({code})") for code, name in names.items()])
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
    figure = _figure(3.1 + 0.62 * len(themes), 1.0 + 0.27 * len(labels))
    axes = figure.add_subplot()
    graded = graded_publication(cells)
    for cell in cells:
        value = cell.value(view)
        tone = UNKNOWN_TONE if value is None else TONES[value]
        _square(axes, themes.index(cell.theme), rows[cell.source_id], tone, hatch="////" if value is None else None)
        text = symbol(value, tick=is_tick(cell, view, graded=graded))
        ink = PAPER if value == 2 else INK
        axes.text(themes.index(cell.theme), rows[cell.source_id], text, ha="center", va="center", color=ink)
    _grid(axes, themes, list(labels.values()))
    axes.set_xlabel("✓ ticked   1 mentioned   2 supported\n? not yet known   blank: absent", labelpad=8)
    return figure


def _cooccurrence_map(cells: Sequence[Cell], names: Mapping[str, str], view: View) -> Figure:
    themes = list(names)
    pairs = {(pair.second, pair.first): pair for pair in cooccurrence(cells, view)}
    present = {item.theme: item.present for item in frequencies(cells, view)}
    figure = _figure(3.3 + 0.85 * len(themes), 1.1 + 0.62 * len(themes))
    axes = figure.add_subplot()
    for row, one in enumerate(themes):
        for column, other in enumerate(themes[: row + 1]):
            if row == column:
                _square(axes, column, row, UNKNOWN_TONE)
                axes.text(column, row, str(present[one]), ha="center", va="center", color=INK, weight="bold")
            else:
                _pair(axes, column, row, pairs[one, other])
    _grid(axes, themes, [_broken(f"{name} ({code})") for code, name in names.items()])
    axes.set_xlabel(
        "Below the diagonal: studies with both themes, and Jaccard index.\nOn it: studies with the theme.", labelpad=8
    )
    return figure


def _pair(axes: Axes, column: int, row: int, pair: Pair) -> None:
    jaccard = pair.jaccard or 0.0
    ink = PAPER if jaccard >= DARK else INK
    _square(axes, column, row, matplotlib.colormaps["Blues"](0.9 * jaccard))
    axes.text(column, row - 0.12, str(pair.both), ha="center", va="center", color=ink)
    index = "–" if pair.jaccard is None else f"{jaccard:.2f}"
    axes.text(column, row + 0.22, index, ha="center", va="center", color=ink, fontsize=7)


def _square(axes: Axes, x: int, y: int, tone: str | tuple[float, ...], *, hatch: str | None = None) -> None:
    box = matplotlib.patches.Rectangle(
        (x - 0.5, y - 0.5), 1, 1, facecolor=tone, edgecolor="#C8C8C8", linewidth=0.6, hatch=hatch
    )
    axes.add_patch(box)


def _grid(axes: Axes, columns: Sequence[str], rows: Sequence[str]) -> None:
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), columns, weight="bold")
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)


def _broken(name: str, width: int = 26) -> str:
    """A long name on two lines, broken at the space nearest before `width`."""
    cut = name.rfind(" ", 0, width)
    return name if len(name) <= width or cut < 0 else f"{name[:cut]}\n{name[cut + 1 :]}"


def _figure(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), layout="constrained", facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure


def _saved(figure: Figure, kind: str) -> bytes:
    buffer = io.BytesIO()
    metadata = {"Date": None} if kind == "svg" else {"Software": None}
    figure.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=metadata)
    return buffer.getvalue()
