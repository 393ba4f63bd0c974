"""Plots of patterns: which themes come in one study (UpSet), and saturation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from synthesis.matrix.cell import Cell, View
from synthesis.report.figure_style import COLOURS, FAINT, INK, new_figure
from synthesis.statistics.saturation import SaturationStep

COMBINATIONS = 20  # columns of the plot, the most frequent ones: more can't be told apart


def combinations(cells: Sequence[Cell], view: View) -> list[tuple[tuple[str, ...], int]]:
    """Every set of themes that studies report together, with the number of studies, most frequent first.

    A study counts if all its cells are known: with an unknown one its set is not known either.
    """
    sets: dict[str, list[str] | None] = {}
    for cell in cells:
        value, own = cell.value(view), sets.setdefault(cell.source_id, [])
        if value is None:
            sets[cell.source_id] = None
        elif value and own is not None:
            own.append(cell.theme)
    counted = Counter(tuple(own) for own in sets.values() if own is not None)
    return sorted(counted.items(), key=lambda item: (-item[1], -len(item[0]), item[0]))


def upset_plot(cells: Sequence[Cell], names: Mapping[str, str], view: View) -> Figure | None:
    """An UpSet plot (Lex et al. 2014): bars of studies over the set of themes they report; None without a full row."""
    found = combinations(cells, view)
    if not found:
        return None
    shown, themes = found[:COMBINATIONS], list(names)
    figure = new_figure(2.6 + 0.32 * max(len(shown), 8), 1.7 + 0.32 * len(themes))
    bars, dots = figure.subplots(2, 1, sharex=True, height_ratios=[1.5, 0.32 * len(themes) + 0.2])
    bars.bar(range(len(shown)), [number for _, number in shown], color=COLOURS["merged"], width=0.6)
    for place, (_, number) in enumerate(shown):
        bars.text(place, number, str(number), ha="center", va="bottom", fontsize=8)
    bars.set_ylabel("studies")
    bars.spines[["top", "right", "bottom"]].set_visible(False)
    bars.tick_params(axis="x", length=0)
    bars.set_ylim(0, max(number for _, number in shown) * 1.18)
    bars.yaxis.set_major_locator(MaxNLocator(integer=True))
    present = {theme: sum(number for own, number in found if theme in own) for theme in themes}
    for row in range(0, len(themes), 2):
        dots.axhspan(row - 0.5, row + 0.5, color="#F2F2F2", linewidth=0)
    for place, (own, _) in enumerate(shown):
        rows = [row for row, theme in enumerate(themes) if theme in own]
        dots.scatter([place] * len(themes), range(len(themes)), s=30, color="#D5D5D5", zorder=2)
        dots.scatter([place] * len(rows), rows, s=38, color=INK, zorder=3)
        if len(rows) > 1:
            dots.plot([place, place], [rows[0], rows[-1]], color=INK, linewidth=1.6, zorder=3)
    dots.set_yticks(range(len(themes)), [f"{theme}  {present[theme]}" for theme in themes])
    dots.set_ylim(len(themes) - 0.5, -0.5)
    dots.set_xlim(-0.6, max(len(shown), 8) - 0.4)
    dots.set_xticks([])
    dots.spines[:].set_visible(False)
    dots.tick_params(length=0)
    return figure


def saturation_plot(themes: Sequence[SaturationStep], codes: Sequence[SaturationStep]) -> Figure | None:
    """The curves of themes and, where there are any, of codes; None for fewer than two studies."""
    curves = [(title, steps) for title, steps in (("themes", themes), ("codes", codes)) if len(steps) > 1]
    if not curves:
        return None
    figure = new_figure(4.0 * len(curves), 2.7)
    for axes, (title, steps) in zip(figure.subplots(1, len(curves), squeeze=False)[0], curves, strict=True):
        _curve(axes, title, steps)
    return figure


def _curve(axes: Axes, title: str, steps: Sequence[SaturationStep]) -> None:
    x = [step.studies for step in steps]
    axes.fill_between(x, [step.low for step in steps], [step.high for step in steps], color="#C9DDEE", linewidth=0)
    axes.plot(x, [step.mean for step in steps], color=COLOURS["published"], linewidth=2, label="mean of all orders")
    axes.step(
        x,
        [step.in_order for step in steps],
        color=INK,
        linewidth=1,
        linestyle="--",
        where="mid",
        label="order of the registry",
    )
    axes.set_ylim(0, steps[-1].mean * 1.08 + 0.5)
    axes.set_xlim(1, len(steps))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("studies read")
    axes.set_ylabel(f"{title} known")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#E8E8E8", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, fontsize=7.5, loc="lower right")
    axes.tick_params(colors=FAINT, labelcolor=INK)
