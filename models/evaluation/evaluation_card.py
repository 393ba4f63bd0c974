"""The evaluation of a model for people: Markdown, and a page of HTML that carries its pictures and loads nothing."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from models.bootstrap import ROUNDS
from models.evaluation.assessment import SMALLEST_GENRE, Assessment
from models.evaluation.confusion import NO_THEME
from models.interval import Interval

TEMPLATES = Path(__file__).with_name("templates")


def markdown(assessment: Assessment) -> str:
    """The card as Markdown, without pictures."""
    it = assessment
    lines = [f"# Model {it.model_id}: evaluation", ""]
    for line in _intro(it):
        lines += [line, ""]
    lines += [
        f"Mean average precision {_with_range(it.average_precision)}, mean F1 at the thresholds {_with_range(it.f1)}, "
        f"mean calibration error {it.calibration_error:.3f}. Of the passages without a theme {it.silent:.0%} get no "
        "proposal.",
        "",
        "## Theme by theme",
        f"In brackets the middle 95 % of {ROUNDS:,} draws of whole documents.",
        "",
        "| Theme | Examples | Precision | Recall | F1 | Average precision | Calibration error |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {t.theme} {t.name} | {t.examples} | {_with_range(t.precision)} | {_with_range(t.recall)} | "
        f"{_with_range(t.f1)} | {_with_range(t.average_precision)} | {t.calibration_error:.3f} |"
        for t in it.themes
    ]
    lines += ["", "## Reliability", "Mean probability → share that has the theme, tenth by tenth of the passages.", ""]
    lines += [
        f"- {t.theme}: " + ", ".join(f"{one.probability:.2f} → {one.frequency:.2f}" for one in t.reliability)
        for t in it.themes
    ]
    lines += ["", "## Learning curve", "", "| Documents | Passages | Average precision | F1 |", "|---|---|---|---|"]
    lines += [f"| {s.documents} | {s.passages:,} | {s.average_precision:.3f} | {s.f1:.3f} |" for s in it.curve]
    names = [*it.codes, NO_THEME]
    lines += [
        "",
        "## Confusion",
        "Rows: theme of the passage. Columns: proposed; off the diagonal, wrongly.",
        "",
        "| | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
    ]
    lines += [
        f"| **{name}** | " + " | ".join(str(count) for count in row) + " |"
        for name, row in zip(names, it.confusion, strict=True)
    ]
    lines += ["", "## By kind of text", "", "| Kind | Passages | Precision | Recall | F1 |", "|---|---|---|---|---|"]
    lines += [f"| {g.genre} | {g.passages} | {g.precision:.2f} | {g.recall:.2f} | {g.f1:.2f} |" for g in it.genres]
    lines += ["", f"## The worst {len(it.mistakes)} errors", ""]
    for one in it.mistakes:
        said = "missed" if one.given else "wrongly expected"
        text = " ".join(one.text.split())
        lines += [f"- **{one.theme}** {said} (probability {_number(one.probability)}; {one.passage_id}): {text}"]
    lines += ["", _basis(it)]
    return "\n".join(lines) + "\n"


def page(assessment: Assessment, pictures: Mapping[str, str]) -> str:
    """The card as one page of HTML; `pictures` are what `plots.draw` gave."""

    def picture(name: str, words: str) -> Markup:
        if name not in pictures:
            return Markup()
        data = base64.b64encode(pictures[name].encode()).decode()
        return Markup('<p><img alt="{}" src="data:image/svg+xml;base64,{}"></p>').format(words, data)

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("evaluation.html").render(
        it=assessment,
        intro=_intro(assessment),
        basis=_basis(assessment),
        picture=picture,
        number=_number,
        range=_range,
        rounds=f"{ROUNDS:,}",
        smallest=SMALLEST_GENRE,
    )


def _intro(it: Assessment) -> list[str]:
    human = f", {it.human:,} of them judged by people of this review" if it.human else ""
    lines = [
        "A proposal of this model is never a finding: people decide.",
        f"Measured on {it.passages:,} passages of {it.documents:,} documents{human}. The documents were held out in "
        f"{it.folds} rounds; each passage was scored by a model trained without its document, thresholds and "
        "calibration included.",
    ]
    if it.human < it.passages:
        lines.append("The seed passages are invented and written for training: on real reports the figures differ.")
    return lines


def _basis(it: Assessment) -> str:
    return f"Codebook {it.codebook}, passages {it.data}. Themes without any example are not in the tables."


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:.2f}" if value == 0 or value >= 0.005 else "below 0.01"


def _range(one: Interval) -> str:
    return "–" if math.isnan(one.low) else f"{one.low:.2f}–{one.high:.2f}"


def _with_range(one: Interval) -> str:
    return f"{_number(one.value)} ({_range(one)})"
