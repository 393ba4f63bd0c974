"""What changed between two runs of a review, and why: sources, suggestions, cells and frequencies."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any, Literal

from corpus.errors import StoreError
from synthesis.humanize import counted
from synthesis.matrix.cell import VIEWS

if TYPE_CHECKING:  # pandas takes half a second to load, and a run without news does without it
    import pandas as pd

Kind = Literal["source", "suggestions", "cell", "frequency"]
Why = Literal[
    "new source",
    "source removed",
    "new evidence",
    "text read anew",
    "new decision",
    "new published coding",
    "new model",
    "new codebook",
    "proposals counted",
    "proposals no longer counted",
    "another version of Jaiza",
]
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
class SourceFacts:
    """What one run had of one source."""

    file: str = ""  # sha256; empty where there was none
    extractor: str = ""
    state: str = ""  # of the document; where there was no file, of the pull
    model: str = ""
    suggestions: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a run came to, as far as another can be compared with it."""

    run_id: str
    inputs: Mapping[str, Any]  # hashes, as in run.json
    sources: Mapping[str, SourceFacts]
    cells: Mapping[tuple[str, str], Mapping[str, str]]  # (source, theme) -> columns of cells.csv


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


def snapshot(
    run_id: str, inputs: Mapping[str, Any], suggestions: Mapping[str, int], cells: Iterable[Mapping[str, str]]
) -> Snapshot:
    """The snapshot of a run that is being made; `cells` as rows of cells.csv, see `tables.judgements`."""
    return Snapshot(run_id, inputs, _sources(inputs, suggestions), _cells(cells))


def stored_snapshot(folder: Path) -> Snapshot:
    """The snapshot of a run from its folder; StoreError where it can't be read."""
    from synthesis.matrix.tables import CSV_ENCODING

    try:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        counts = {row["source"]: int(row["suggestions"]) for row in record["sources"]}
        with (folder / "cells.csv").open(encoding=CSV_ENCODING, newline="") as stream:
            cells = _cells(csv.DictReader(stream))
        return Snapshot(record["run_id"], record["inputs"], _sources(record["inputs"], counts), cells)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"the run in {folder} can't be compared ({type(error).__name__}: {error})") from None


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


def _sources(inputs: Mapping[str, Any], suggestions: Mapping[str, int]) -> dict[str, SourceFacts]:
    found = {}
    for source_id, (file, extractor, state, model) in inputs["documents"].items():
        had = isinstance(file, str)
        found[source_id] = SourceFacts(
            file if had else "",
            extractor,
            state or ("held" if had else str(file[0])),
            model,
            suggestions.get(source_id, 0),
        )
    return found


def _cells(rows: Iterable[Mapping[Any, Any]]) -> dict[tuple[str, str], Mapping[str, str]]:
    """Cells that say the same share one mapping: there are sixty thousand in a review of ten thousand studies."""
    wanted = (*VIEWS, "basis", "coders")
    shared: dict[tuple[str, ...], Mapping[str, str]] = {}
    found = {}
    for row in rows:
        values = tuple(row.get(name) or "" for name in wanted)
        said = shared.setdefault(values, dict(zip(wanted, values, strict=True)))
        found[row["source"], intern(row["theme"])] = said
    return found


def _source_changes(before: Snapshot, after: Snapshot) -> Iterator[CellChange]:
    for source_id in dict.fromkeys([*after.sources, *before.sources]):
        was, now = before.sources.get(source_id), after.sources.get(source_id)
        if was is None and now is not None:
            yield CellChange("source", source_id, "", "not in the review", now.state, ("new source",))
        elif now is None and was is not None:
            yield CellChange("source", source_id, "", was.state, "not in the review", ("source removed",))
        elif was and now and (was.file, was.state) != (now.file, now.state):
            yield CellChange("source", source_id, "", _told(was), _told(now), _why_read(was, now))
        if now and (was or SourceFacts()).suggestions != now.suggestions:
            why = _why_machine(before, after, source_id)
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
            yield CellChange(
                "cell", source_id, theme, _said(was, now), _said(now, was), _why_cell(before, after, place)
            )
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


def _why_cell(before: Snapshot, after: Snapshot, place: tuple[str, str]) -> tuple[Why, ...]:
    was, now = before.cells[place], after.cells[place]
    why: list[Why] = []
    if (was["human"], was["coders"]) != (now["human"], now["coders"]):
        why.append("new decision")
    if was["published"] != now["published"]:
        why.append("new published coding")
    if was["machine"] != now["machine"]:
        why += _why_machine(before, after, place[0])
    proposed = [bool(one.inputs.get("include_proposed")) for one in (before, after)]
    if was["basis"] != now["basis"] and "proposed" in (was["basis"], now["basis"]) and proposed[0] != proposed[1]:
        why.append("proposals counted" if proposed[1] else "proposals no longer counted")
    if not why and before.inputs.get("codebook") != after.inputs.get("codebook"):
        why.append("new codebook")
    return tuple(dict.fromkeys(why)) or ("another version of Jaiza",)


def _why_machine(before: Snapshot, after: Snapshot, source_id: str) -> tuple[Why, ...]:
    was, now = before.sources.get(source_id), after.sources.get(source_id)
    if was is None or now is None:
        return ("new source",) if was is None else ("source removed",)
    why: list[Why] = [*_why_read(was, now)] if (was.file, was.extractor) != (now.file, now.extractor) else []
    if was.model and now.model and was.model != now.model:
        why.append("new model")
    if before.inputs.get("codebook") != after.inputs.get("codebook"):
        why.append("new codebook")
    return tuple(why) or ("another version of Jaiza",)


def _why_read(was: SourceFacts, now: SourceFacts) -> tuple[Why, ...]:
    return ("new evidence",) if was.file != now.file else ("text read anew",)


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
