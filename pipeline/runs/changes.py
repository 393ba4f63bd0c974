"""What a run changed against the one before it."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.errors import StoreError
from corpus.json_table import JsonTable
from corpus.workspace import Workspace
from pipeline.documents.source_result import SourceResult
from synthesis.matrix.tables import judgements
from synthesis.result import ReviewResult
from synthesis.runs.run_changes import Changes, compare, snapshot, stored_snapshot


def changes_since_latest(
    workspace: Workspace, result: ReviewResult, inputs: JsonTable, results: Sequence[SourceResult]
) -> Changes | None:
    """The results that are being made, compared with the latest; None where there are none that can be read."""
    try:
        before = stored_snapshot(workspace.out / "latest")
    except StoreError:
        return None
    counts = {done.outcome.source_id: done.reading.suggestions if done.reading else 0 for done in results}
    return compare(before, snapshot(result.run_id, inputs, counts, judgements(result.cells)))
