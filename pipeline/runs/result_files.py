"""A finished review as files: tables, workbook, audit, report and figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from corpus.workspace import write_atomic
from exchange.writers.workbook import workbook_parts
from synthesis.audit.audit import ClaimFinding
from synthesis.matrix.cell import VIEWS
from synthesis.matrix.coding import codings_tables
from synthesis.matrix.tables import cells_tables, csv_parts, matrix_table, to_csv
from synthesis.report.figures import draw_all
from synthesis.report.report import report_files
from synthesis.result import ReviewResult
from synthesis.runs.run_changes import changes_table
from synthesis.statistics.frequency import frequencies
from synthesis.statistics.frequency_table import frequencies_table
from synthesis.statistics.robustness import robustness


def write_results(result: ReviewResult, folder: Path, *, figures: Path | None = None) -> list[Path]:
    """Write the tables as CSV, audit.json, matrix.xlsx, figures/ and report.html; returns their paths.

    matrix.csv holds the merged view, codings.csv every passage that was accepted or proposed; changes.csv is
    there where there was a run before. The report of many studies has a folder studies/ beside it. Each file is written
    whole or not at all, the report last. `figures` is a folder in which drawn figures are kept for the next time.
    """
    written = []
    for name, data in _files(result, figures):
        write_atomic(folder / name, data)
        written.append(folder / name)
    return written


def _files(result: ReviewResult, kept: Path | None) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
    """Names and contents; each is made when the one before has been written."""
    labels = result.labels
    yield "matrix.csv", to_csv(matrix_table(result.cells, "merged", labels))
    yield "cells.csv", csv_parts(cells_tables(result.cells, result.sources, result.screenings))
    yield "codings.csv", csv_parts(codings_tables(result.codings, labels))
    counted = [item for view in VIEWS for item in frequencies(result.cells, view)]
    firm = [item for view in VIEWS for item in robustness(result.cells, view)]
    yield "frequencies.csv", to_csv(frequencies_table(counted, firm))
    yield "audit.json", audit_json(result)
    yield "matrix.xlsx", workbook_parts(result)
    figures = draw_all(result, kept=kept)
    yield from ((f"figures/{name}", data) for name, data in figures.items())
    if result.changes:
        yield "changes.csv", to_csv(changes_table(result.changes))
    yield from report_files(result, figures)


def audit_json(result: ReviewResult) -> bytes:
    """The whole audit as JSON; {"audit": null} where the review has no claims to audit."""
    found = result.audit
    content = (
        {
            "work": found.work,
            "view": found.view,
            "studies": found.studies,
            "verdicts": dict(found.verdicts),
            "findings": [_as_dict(finding) for finding in found.findings],
            "checks": [asdict(check) for check in found.checks],
            "subsets": [asdict(subset) for subset in found.subsets],
        }
        if found
        else {"audit": None}
    )
    if result.sample:
        content = {"sample": "studies, texts and judgements are invented", **content}
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def _as_dict(finding: ClaimFinding) -> dict[str, object]:
    """The finding, its claim without the keys that were not set."""
    claim = {key: value for key, value in asdict(finding.claim).items() if value not in (None, "", (), False)}
    return {**asdict(finding), "claim": claim}
