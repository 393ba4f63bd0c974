"""Diagrams of boxes and lines: the flow of studies, and the tree from codes to themes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from synthesis.patterns.hierarchy import Branch, pruned, walk
from synthesis.report.figure_style import FAINT, INK, PAPER, new_figure
from synthesis.report.prisma import FlowBox

TINT, STAGE_TINT = "#F4F2EC", "#D9E6F2"
ROWS_OF_TREE = 70  # more leaves can't be read on a page; the table beside it has them all
_LINE = 0.17  # inches a line of text takes
_LINES_OF_STAGE = 4  # as high as the longest name of a stage, which stands upright beside the box
_WRAP = 44  # characters a line of a box holds


def prisma_diagram(boxes: Sequence[FlowBox]) -> Figure:
    """The flow diagram of PRISMA 2020: boxes downwards, what leaves the flow to the right."""
    left = [[f"{box.title} (n = {box.count:,})", *_wrapped(box.lines)] for box in boxes]
    right = [
        [f"{box.beside} (n = {box.beside_count:,})", *_wrapped(box.beside_lines)] if box.beside else [] for box in boxes
    ]
    heights = [
        max(len(one), len(other), _LINES_OF_STAGE) * _LINE + 0.24 for one, other in zip(left, right, strict=True)
    ]
    gap = 0.3
    total = sum(heights) + gap * (len(boxes) - 1)
    figure = new_figure(8.2, total + 0.2)
    axes = figure.add_subplot()
    axes.set_xlim(0, 8.2)
    axes.set_ylim(total + 0.1, -0.1)
    axes.axis("off")
    top = 0.0
    spans: dict[str, list[float]] = {}
    for place, (box, height) in enumerate(zip(boxes, heights, strict=True)):
        _text_box(axes, 0.6, top, 3.5, height, left[place])
        if right[place]:
            _text_box(axes, 4.6, top, 3.5, height, right[place], faint=True)
            _arrow(axes, (4.1, top + height / 2), (4.6, top + height / 2))
        if place + 1 < len(boxes):
            _arrow(axes, (2.35, top + height), (2.35, top + height + gap))
        spans.setdefault(box.stage, [top, top])[1] = top + height
        top += height + gap
    for stage, (start, end) in spans.items():
        axes.add_patch(
            Rectangle((0.05, start), 0.36, end - start, facecolor=STAGE_TINT, edgecolor=FAINT, linewidth=0.8)
        )
        axes.text(0.23, (start + end) / 2, stage, rotation=90, ha="center", va="center", weight="bold", fontsize=8)
    return figure


def tree_diagram(branches: Sequence[Branch], *, standing: str) -> Figure | None:
    """The tree of themes, sub-themes and codes, with passages and studies at each; None where there is none.

    Where it has too many rows codes are left out, then sub-themes.
    """
    rows = list(walk(pruned(branches)))
    for level in ("code", "category"):
        if len(rows) > ROWS_OF_TREE:
            rows = [(depth, branch) for depth, branch in rows if branch.level != level]
    if not rows:
        return None
    figure = new_figure(7.6, 0.55 + 0.2 * len(rows))
    axes = figure.add_subplot()
    axes.set_xlim(0, 7.6)
    axes.set_ylim(len(rows) - 0.3, -1.6)
    axes.axis("off")
    parents: list[int] = []
    widest = max(branch.passages for _, branch in rows)
    for row, (depth, branch) in enumerate(rows):
        parents = [*parents[:depth], row]
        x = 0.1 + 0.28 * depth
        if depth:
            axes.plot([x - 0.18, x - 0.18, x - 0.04], [parents[depth - 1] + 0.35, row, row], color=FAINT, linewidth=0.8)
        label = f"{branch.code}  {branch.name}" if branch.level in ("column", "theme") else branch.name
        axes.text(
            x,
            row,
            textwrap.shorten(label, 62, placeholder=" …"),
            va="center",
            fontsize=8 if depth else 9,
            weight="bold" if branch.level == "column" else "normal",
            style="italic" if branch.level == "code" else "normal",
        )
        axes.add_patch(
            Rectangle((5.0, row - 0.3), 1.6 * branch.passages / widest, 0.6, facecolor="#0072B2", alpha=0.75)
        )
        axes.text(6.75, row, f"{branch.passages}", va="center", ha="right", fontsize=8)
        axes.text(7.3, row, f"{branch.studies}", va="center", ha="right", fontsize=8)
    for x, text in ((5.0, f"passages {standing}"), (7.4, "studies")):
        axes.text(x, -1.1, text, fontsize=8, ha="right" if x > 7 else "left", color=INK)
    return figure


def _text_box(
    axes: Axes, x: float, y: float, width: float, height: float, lines: Sequence[str], *, faint: bool = False
) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x, y),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.05",
            facecolor=PAPER if faint else TINT,
            edgecolor=INK,
            linewidth=0.9,
            linestyle="--" if faint else "-",
        )
    )
    for number, line in enumerate(lines):
        axes.text(
            x + 0.12,
            y + 0.12 + _LINE * (number + 0.5),
            line,
            va="center",
            fontsize=8.5 if number == 0 else 7.5,
            weight="bold" if number == 0 else "normal",
        )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1, "shrinkA": 0, "shrinkB": 0},
    )


def _wrapped(lines: Sequence[str]) -> list[str]:
    return [part for line in lines for part in textwrap.wrap(line, _WRAP, subsequent_indent="   ")]
