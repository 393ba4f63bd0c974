"""What all figures share: colours, type, paper, and how they are saved."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from corpus.workspace import write_atomic
from synthesis.matrix.cell import View

# Okabe and Ito's colours, told apart by people who don't see red or green, and by their lightness when printed grey.
COLOURS: dict[View, str] = {"published": "#0072B2", "human": "#009E73", "machine": "#E69F00", "merged": "#3A3A3A"}
INK, FAINT, PAPER = "#1A1A1A", "#8A8A8A", "#FFFFFF"
TONES = ("#FFFFFF", "#9CC3E0", "#0B5A94")  # value 0, 1, 2: clear steps of lightness
UNKNOWN_TONE = "#EFEFEF"
PNG_DPI = 150
# Text as outlines, so that a figure looks the same where DejaVu is not installed; a fixed salt and no date, so that
# the same data gives the same bytes.
STYLE: dict[Any, object] = {
    "font.family": "DejaVu Sans", "font.size": 9, "svg.fonttype": "path", "svg.hashsalt": "jaiza",
    "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.edgecolor": FAINT,
    "hatch.linewidth": 0.5, "hatch.color": FAINT, "pdf.fonttype": 42,
}  # fmt: skip
# Without the date and the version of the library, which would change the bytes of an unchanged figure.
_METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None}, "png": {"Software": None}, "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}  # fmt: skip


def saved(drawn: Mapping[str, Figure], *, sample: bool = False, kept: Path | None = None) -> dict[str, bytes]:
    """Every figure as SVG, PNG and PDF by file name; the same figure gives the same bytes. To be called in STYLE.

    An SVG file is quickly made and holds all that is drawn. Where one that is equal was saved before, its PNG and PDF
    are taken from the folder `kept`, and put there otherwise.
    """
    files = {}
    for name, figure in drawn.items():
        if sample:
            figure.suptitle("SAMPLE: invented data", color="#A00000", weight="bold", fontsize=10)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # keeps the layout just made: working it out takes most of the time
        files[f"{name}.svg"] = svg = _rendered(figure, "svg")
        for kind in [kind for kind in _METADATA if kind != "svg"]:
            files[f"{name}.{kind}"] = _rendered(figure, kind) if kept is None else _kept(figure, kind, svg, kept)
    return files


def _rendered(figure: Figure, kind: str) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=_METADATA[kind])
    return buffer.getvalue()


def _kept(figure: Figure, kind: str, svg: bytes, folder: Path) -> bytes:
    """The figure as `kind`, from `folder` where what it looks like as `svg` was saved in this way before."""
    how = repr((matplotlib.__version__, PNG_DPI, sorted(STYLE.items()), _METADATA[kind]))
    path = folder / f"{hashlib.sha256(how.encode() + svg).hexdigest()}.{kind}"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        rendered = _rendered(figure, kind)
        write_atomic(path, rendered)
        return rendered


def square(axes: Axes, x: int, y: int, tone: str | tuple[float, ...], *, hatch: str | None = None) -> None:
    box = matplotlib.patches.Rectangle(
        (x - 0.5, y - 0.5), 1, 1, facecolor=tone, edgecolor="#C8C8C8", linewidth=0.6, hatch=hatch
    )
    axes.add_patch(box)


def grid(axes: Axes, columns: Sequence[str], rows: Sequence[str]) -> None:
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), columns, weight="bold")
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)


def caption(figure: Figure, text: str) -> None:
    """Below the whole figure: below its axes it would be cut off where these are narrow, as with two themes."""
    figure.supxlabel(text, fontsize=STYLE["font.size"])


def broken(name: str, width: int = 26) -> str:
    """A long name on two lines, broken at the space nearest before `width`."""
    cut = name.rfind(" ", 0, width)
    return name if len(name) <= width or cut < 0 else f"{name[:cut]}\n{name[cut + 1 :]}"


def new_figure(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), layout="constrained", facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure
