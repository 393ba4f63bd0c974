"""What a run came to, as far as another can be compared with it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from sys import intern

from corpus.errors import StoreError
from corpus.json_table import JsonTable
from synthesis.matrix.cell import VIEWS


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
    inputs: JsonTable  # hashes, as in run.json
    sources: Mapping[str, SourceFacts]
    cells: Mapping[tuple[str, str], Mapping[str, str]]  # (source, theme) -> columns of cells.csv


def snapshot(
    run_id: str, inputs: JsonTable, suggestions: Mapping[str, int], cells: Iterable[Mapping[str, str]]
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


def _sources(inputs: JsonTable, suggestions: Mapping[str, int]) -> dict[str, SourceFacts]:
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


def _cells(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], Mapping[str, str]]:
    """Cells that say the same share one mapping: there are sixty thousand in a review of ten thousand studies."""
    wanted = (*VIEWS, "basis", "coders")
    shared: dict[tuple[str, ...], Mapping[str, str]] = {}
    found = {}
    for row in rows:
        values = tuple(row.get(name) or "" for name in wanted)
        said = shared.setdefault(values, dict(zip(wanted, values, strict=True)))
        found[row["source"], intern(row["theme"])] = said
    return found
