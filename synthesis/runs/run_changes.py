"""What changed between two runs of a review, and why: sources, suggestions, cells and frequencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from synthesis.humanize import counted
from synthesis.matrix.cell import VIEWS
from synthesis.runs.change_reasons import Why, why_cell, why_machine, why_read
from synthesis.runs.snapshot import Snapshot, SourceFacts, snapshot, stored_snapshot

__all__ = ["CellChange", "Changes", "Snapshot", "changes_table", "compare", "snapshot", "stored_snapshot"]

if TYPE_CHECKING:  # pandas takes half a second to load, and a run without news does without it
    import pandas as pd

Kind = Literal["source", "suggestions", "cell", "frequency"]
UNKNOWN = "?"
_COUNTED: dict[Kind, tuple[str, str]] = {
    "source": ("source", "sources"),
    "suggestions": ("source with other suggestions", "sources with other suggestions"),
    "cell": ("cell", "cells"),
    "frequency": ("frequency", "frequencies"),
}
_SETTINGS = {
    "settings": "review.toml", "sources": "the registry", "screening": "the screening", "claims": "the claims",
    "code": "Jaiza itself",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellChange:
    """One thing that is not as it was."""

    kind: Kind
    source: str  # empty for a frequency
    theme: str  # empty for a source and its suggestions
    before: str
    after: str
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed from one run to another."""

    before: str  # run id
    after: str
    rows: tuple[CellChange, ...] = ()
    inputs: tuple[str, ...] = ()  # what went in and is not the same, in words

    def of(self, kind: Kind) -> tuple[CellChange, ...]:
        """The changes of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)

    @property
    def summary(self) -> str:
        """One line: "2 sources, 31 suggestions, 4 cells, 2 frequencies"."""
        found = [(len(self.of(kind)), words) for kind, words in _COUNTED.items()]
        return ", ".join(counted(number, *words) for number, words in found if number) or "nothing"


def compare(before: Snapshot, after: Snapshot) -> Changes:
    """What is not in `after` as it was in `before`, in the order of the registry and the themes."""
    rows = [*_source_changes(before, after), *_cell_changes(before, after)]
    rows += _frequency_changes(before, after, [row for row in rows if row.kind == "cell"])
    return Changes(before.run_id, after.run_id, tuple(rows), tuple(_other_inputs(before, after)))


def changes_table(changes: Changes) -> pd.DataFrame:
    """One row per change, as it is written to changes.csv."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "kind": row.kind,
                "source": row.source,
                "theme": row.theme,
                "before": row.before,
                "after": row.after,
                "why": "; ".join(row.why),
            }
            for row in changes.rows
        ],
        columns=["kind", "source", "theme", "before", "after", "why"],
    )


def _source_changes(before: Snapshot, after: Snapshot) -> Iterator[CellChange]:
    for source_id in dict.fromkeys([*after.sources, *before.sources]):
        was, now = before.sources.get(source_id), after.sources.get(source_id)
        if was is None and now is not None:
            yield CellChange("source", source_id, "", "not in the review", now.state, ("new source",))
        elif now is None and was is not None:
            yield CellChange("source", source_id, "", was.state, "not in the review", ("source removed",))
        elif was and now and (was.file, was.state) != (now.file, now.state):
            yield CellChange("source", source_id, "", _told(was), _told(now), why_read(before, after, source_id))
        if now and (was or SourceFacts()).suggestions != now.suggestions:
            why = why_machine(before, after, source_id)
            yield CellChange(
                "suggestions", source_id, "", str(was.suggestions if was else 0), str(now.suggestions), why
            )


def _told(facts: SourceFacts) -> str:
    return f"{facts.state} ({facts.file[:8]})" if facts.file else facts.state


def _cell_changes(before: Snapshot, after: Snapshot) -> Iterator[CellChange]:
    kept_themes = {theme for _, theme in before.cells} & {theme for _, theme in after.cells}
    for place in dict.fromkeys([*after.cells, *before.cells]):
        was, now = before.cells.get(place), after.cells.get(place)
        source_id, theme = place
        if was and now and was != now:
            yield CellChange("cell", source_id, theme, _said(was, now), _said(now, was), why_cell(before, after, place))
        elif (only := now or was) and not (was and now) and _says_something(only):
            why: Why = "new codebook" if theme not in kept_themes else "new source" if now else "source removed"
            yield CellChange("cell", source_id, theme, _said(was), _said(now), (why,))


def _says_something(cell: Mapping[str, str]) -> bool:
    """Is there a value, or a proposal to judge? A new row of nothing but "?" is no news beside its source."""
    return bool(cell["merged"]) or cell["machine"] not in ("", "0")


def _said(cell: Mapping[str, str] | None, other: Mapping[str, str] | None = None) -> str:
    """The merged value, and the other views: those not the same as in `other`; without one, those that have a value."""
    if cell is None:
        return "-"
    told = [f"merged {cell['merged'] or UNKNOWN}"]
    told += [
        f"{view} {cell[view] or UNKNOWN}"
        for view in VIEWS
        if view != "merged" and (cell[view] != other[view] if other else cell[view])
    ]
    if other and cell["coders"] != other["coders"]:
        told.append(f"coders {cell['coders'] or 'none'}")
    return ", ".join(told)


def _frequency_changes(before: Snapshot, after: Snapshot, cells: Sequence[CellChange]) -> Iterator[CellChange]:
    for theme in dict.fromkeys(theme for _, theme in [*after.cells, *before.cells]):
        was, now = _counted(before, theme), _counted(after, theme)
        if was != now:
            why = dict.fromkeys(reason for row in cells if row.theme == theme for reason in row.why)
            yield CellChange("frequency", "", theme, was, now, tuple(why))


def _counted(of: Snapshot, theme: str) -> str:
    values = [cell["merged"] for (_, code), cell in of.cells.items() if code == theme]
    known = [int(value) for value in values if value]
    return f"{sum(value > 0 for value in known)} of {len(known)}"


def _other_inputs(before: Snapshot, after: Snapshot) -> Iterator[str]:
    for key, words in _SETTINGS.items():
        if before.inputs.get(key) != after.inputs.get(key):
            yield words
