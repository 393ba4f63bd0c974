"""The folder of a run, `out/<run-id>/`, and `out/latest` pointing to it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from corpus.digest import digest
from corpus.errors import WorkspaceError
from corpus.json_table import JsonTable
from corpus.workspace import Workspace, write_atomic
from pipeline.documents.source_result import SourceResult
from pipeline.runs.summary import RunResult
from synthesis.result import ReviewResult

FIGURES = "figures"  # in the workspace: figures that were drawn, named by what they look like


def new_folder(workspace: Workspace, inputs: JsonTable) -> Path:
    """A folder that is not there yet, even where the clock has been set back."""
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{digest(inputs)[:8]}"
    folder, number = workspace.out / name, 1
    while folder.exists():
        number += 1
        folder = workspace.out / f"{name}-{number}"
    return folder


def write_folder(
    workspace: Workspace,
    run: RunResult,
    result: ReviewResult,
    inputs: JsonTable,
    results: Sequence[SourceResult],
    seconds: Mapping[str, float],
) -> None:
    """Write the files into a folder of another name, rename it when all are there, and let `latest` point to it.

    WorkspaceError where the disk is full or can't be written to; then nothing half-written stays.
    """
    part = workspace.out / f".{run.folder.name}.part"
    try:
        workspace.out.mkdir(exist_ok=True)
        for unfinished in workspace.out.glob(".*.part"):
            shutil.rmtree(unfinished, ignore_errors=True)
        part.mkdir()
        _fill(part, workspace, run, result, inputs, results, seconds)
        part.rename(run.folder)
        _point_latest(workspace, run.folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        why = error.strerror or type(error).__name__
        raise WorkspaceError(f"the results can't be written to {workspace.out} ({why}): make room there") from None


def _fill(
    part: Path,
    workspace: Workspace,
    run: RunResult,
    result: ReviewResult,
    inputs: JsonTable,
    results: Sequence[SourceResult],
    seconds: Mapping[str, float],
) -> None:
    """Write the files of a run into the folder `part`."""
    from pipeline.runs.result_files import (
        write_results,  # with it comes matplotlib, which a run without news does not need
    )

    begun = time.monotonic()
    write_results(result, part, figures=workspace.root / FIGURES)
    seconds = {**seconds, "files": time.monotonic() - begun}
    record = {
        "run_id": run.folder.name,
        "generated": result.generated,
        "review": result.title,
        "sample": result.sample,
        "counts": dict(run.counts),
        "frequencies": [asdict(one) for one in run.frequencies],
        "audit": dict(run.verdicts),
        "seconds": {stage: round(value, 3) for stage, value in seconds.items()},
        "stages": {stage: asdict(facts) for stage, facts in result.run.stages.items()} if result.run else {},
        "sources": [
            {
                "source": done.outcome.source_id,
                "state": done.outcome.state,
                "message": done.outcome.message,
                "sha256": done.outcome.sha256,
                "passages": done.reading.passages if done.reading else 0,
                "suggestions": done.reading.suggestions if done.reading else 0,
                "done_now": list(done.did),
                "seconds": {stage: round(value, 3) for stage, value in done.seconds.items()},
            }
            for done in results
        ],
        "reopened": [{"study": study, "coder": coder, "news": news} for study, coder, news in run.reopened],
        "versions": dict(result.versions),
        "inputs": inputs,
        "files": {
            path.relative_to(part).as_posix(): path.stat().st_size for path in sorted(part.rglob("*")) if path.is_file()
        },
    }
    write_atomic(part / "run.json", json.dumps(record, indent=2, ensure_ascii=False).encode() + b"\n")


def _point_latest(workspace: Workspace, folder: Path) -> None:
    latest = workspace.out / "latest"
    if latest.is_dir() and not latest.is_symlink():
        shutil.rmtree(latest)
    fresh = workspace.out / ".latest"
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(folder.name, target_is_directory=True)
        fresh.replace(latest)
    except OSError:  # some file systems have no links: a copy serves as well
        shutil.copytree(folder, latest)
