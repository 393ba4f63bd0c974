"""The run as it went: what each stage had to do, and when which document was with whom, drawn as a Gantt chart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

STAGES = ("pull", "extract", "suggest")
COLOURS: Mapping[str, str] = {"pull": "#9aa5b1", "extract": "#2f6f9f", "suggest": "#c27c2c"}
ROWS = 60  # documents drawn one by one; of more, every worker gets a row and its documents lie side by side in it
WIDTH, LABEL, ROW = 960, 240, 16  # of the chart, of the names, of a row: pixels
_TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)  # seconds between lines
_MOST_TICKS = 8
_THIN = 0.4  # pixels: what is narrower is drawn together with its neighbours


@dataclass(frozen=True, slots=True)
class Spell:
    """One stage of one document, while somebody was at work on it."""

    source_id: str
    stage: str
    worker: str  # for example "node7:4711 1"
    begin: float  # seconds since the run began
    seconds: float


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What one stage had to do in a run."""

    done: int  # documents for which there was work
    found: int  # documents for which an earlier run had done it
    seconds: float  # summed over the documents, which were worked on side by side


@dataclass(frozen=True, slots=True)
class RunFacts:
    """How a run went."""

    stages: Mapping[str, StageFacts] = field(default_factory=dict)
    spells: Sequence[Spell] = ()

    @property
    def seconds(self) -> float:
        """From the beginning to the end of the last spell."""
        return max((spell.begin + spell.seconds for spell in self.spells), default=0.0)


def timeline(run: RunFacts, labels: Mapping[str, str]) -> Markup:
    """The chart as SVG; empty where nothing was done. `labels`: source id -> name."""
    total = run.seconds
    if total <= 0:
        return Markup("")
    rows = _rows(run.spells, labels)
    height = (len(rows) + 2) * ROW
    scale = (WIDTH - LABEL - 45) / total
    parts = [
        Markup(
            '<svg class="timeline" viewBox="0 0 {} {}" width="100%" font-family="sans-serif" role="img" '
            'aria-label="{}">'
        ).format(WIDTH, height, f"When each of {len(rows)} rows was at work, over {in_time(total)}")
    ]
    step = next((tick for tick in _TICKS if total / tick <= _MOST_TICKS), _TICKS[-1])
    for number in range(int(total / step) + 1):
        x = LABEL + number * step * scale
        parts.append(
            Markup('<line x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}" stroke="#ddd"/>').format(x, ROW, height - ROW)
            + Markup('<text x="{:.1f}" y="{}" font-size="10" fill="#555">{}</text>').format(
                x, ROW - 5, in_time(number * step)
            )
        )
    for place, (name, spells) in enumerate(rows):
        y = (place + 1) * ROW
        parts.append(Markup('<text x="0" y="{}" font-size="11" fill="#222">{}</text>').format(y + 12, _short(name)))
        parts += [_bar(LABEL + x, y, width, stage, said) for x, width, stage, said in _bars(spells, scale, labels)]
    return Markup("").join([*parts, Markup("</svg>")])


def in_time(seconds: float) -> str:
    """ "45 s", "12:05 min" or "3:20 h"."""
    if seconds < 60:
        return f"{seconds:g} s" if seconds == int(seconds) else f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{int(seconds // 60)}:{int(seconds % 60):02} min"
    return f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02} h"


def _rows(spells: Sequence[Spell], labels: Mapping[str, str]) -> list[tuple[str, list[Spell]]]:
    ordered = sorted(spells, key=lambda spell: spell.begin)
    by_document: defaultdict[str, list[Spell]] = defaultdict(list)
    for spell in ordered:
        by_document[labels.get(spell.source_id, spell.source_id)].append(spell)
    if len(by_document) <= ROWS:
        return list(by_document.items())
    by_worker: defaultdict[str, list[Spell]] = defaultdict(list)
    for spell in ordered:
        by_worker["pulling" if spell.stage == "pull" else spell.worker].append(spell)
    return sorted(by_worker.items())[:ROWS]


def _bars(spells: Sequence[Spell], scale: float, labels: Mapping[str, str]) -> list[tuple[float, float, str, str]]:
    """x, width, stage and words of every bar; neighbours too thin to see are one."""
    bars: list[tuple[float, float, str, str]] = []
    for spell in spells:
        x, width = spell.begin * scale, spell.seconds * scale
        if bars and bars[-1][2] == spell.stage and x + width - (bars[-1][0] + bars[-1][1]) < _THIN:
            continue
        said = f"{labels.get(spell.source_id, spell.source_id)}: {spell.stage}, {in_time(round(spell.seconds, 1))}"
        bars.append((x, max(width, _THIN), spell.stage, said))
    return bars


def _bar(x: float, y: float, width: float, stage: str, said: str) -> Markup:
    return Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="{}"><title>{}</title></rect>').format(
        x, y + 3, width, ROW - 5, COLOURS.get(stage, "#888"), said
    )


def _short(name: str) -> str:
    return name if len(name) <= 38 else f"{name[:37]}…"
