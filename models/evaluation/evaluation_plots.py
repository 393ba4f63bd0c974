"""The pictures of an evaluation card, as SVG with their text as outlines: the same bytes each time, no font needed."""

from __future__ import annotations

import io
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from models.evaluation.assessment import Assessment
from models.evaluation.confusion import NO_THEME

INK, FAINT, MAIN, SECOND = "#1A1A1A", "#8A8A8A", "#0072B2", "#E69F00"
STYLE: dict[Any, object] = {
    "font.family": "DejaVu Sans", "font.size": 9, "svg.fonttype": "path", "svg.hashsalt": "jaiza",
    "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.edgecolor": FAINT,
    "axes.spines.top": False, "axes.spines.right": False,
}  # fmt: skip
_ACROSS = 4  # reliability curves beside each other


def draw(assessment: Assessment) -> dict[str, str]:
    """Name -> SVG: "quality", "reliability", "learning", "confusion"."""
    if not assessment.themes:
        return {}
    with matplotlib.rc_context(STYLE):
        figures = {
            "quality": _quality(assessment),
            "reliability": _reliability(assessment),
            "learning": _learning(assessment),
            "confusion": _confusion(assessment),
        }
        return {name: _svg(figure) for name, figure in figures.items()}


def _quality(assessment: Assessment) -> Figure:
    themes = assessment.themes
    figure = Figure(figsize=(6.4, 0.7 + 0.36 * len(themes)), layout="constrained")
    axes = figure.add_subplot()
    places = np.arange(len(themes))[::-1].astype(float)
    for shift, colour, label, of in (
        (0.13, MAIN, "average precision", "average_precision"),
        (-0.13, SECOND, "F1 at the threshold", "f1"),
    ):
        found = [getattr(theme, of) for theme in themes]
        values = np.array([one.value for one in found])
        # A bootstrap interval need not hold the figure itself.
        below = np.maximum(0, values - np.array([one.low for one in found]))
        above = np.maximum(0, np.array([one.high for one in found]) - values)
        axes.errorbar(
            values, places + shift, xerr=np.nan_to_num([below, above]), fmt="o", color=colour, ms=4, lw=1.2, label=label
        )
    axes.set_yticks(places, [theme.theme for theme in themes])
    axes.set_xlim(0, 1)
    axes.grid(axis="x", color="#E3E6E9")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return figure


def _reliability(assessment: Assessment) -> Figure:
    themes = assessment.themes
    down = -(-len(themes) // _ACROSS)
    figure = Figure(figsize=(7.2, 1.9 * down + 0.2), layout="constrained")
    grid = figure.subplots(down, _ACROSS, sharex=True, sharey=True, squeeze=False)
    for axes in grid.flat[len(themes) :]:
        axes.set_axis_off()
    for axes, theme in zip(grid.flat, themes, strict=False):
        axes.plot([0, 1], [0, 1], color=FAINT, lw=0.8, ls="--")
        axes.plot(
            [one.probability for one in theme.reliability],
            [one.frequency for one in theme.reliability],
            "o-",
            color=MAIN,
            ms=3,
            lw=1.2,
        )
        axes.set_title(f"{theme.theme}  error {theme.calibration_error:.3f}", fontsize=9)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
    figure.supxlabel("probability given", fontsize=9)
    figure.supylabel("share that has the theme", fontsize=9)
    return figure


def _learning(assessment: Assessment) -> Figure:
    figure = Figure(figsize=(5.2, 2.8), layout="constrained")
    axes = figure.add_subplot()
    documents = [step.documents for step in assessment.curve]
    axes.plot(documents, [s.average_precision for s in assessment.curve], "o-", color=MAIN, label="average precision")
    axes.plot(documents, [s.f1 for s in assessment.curve], "o-", color=SECOND, label="F1 at the threshold")
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1)
    axes.set_xlabel("documents learned from")
    axes.set_ylabel("mean over themes")
    axes.grid(axis="y", color="#E3E6E9")
    axes.legend(frameon=False, loc="lower right")
    return figure


def _confusion(assessment: Assessment) -> Figure:
    counts = np.array(assessment.confusion)
    names = [*assessment.codes, NO_THEME]
    size = len(names)
    figure = Figure(figsize=(0.62 * size + 1.4, 0.5 * size + 1.2), layout="constrained")
    axes = figure.add_subplot()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row in range(size):
        for column in range(size):
            colour = "white" if shares[row, column] > 0.55 else INK
            axes.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", color=colour, fontsize=8)
    axes.set_xticks(range(size), names)
    axes.set_yticks(range(size), names)
    axes.set_xlabel("proposed (off the diagonal: wrongly)")
    axes.set_ylabel("theme of the passage")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return figure


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()
