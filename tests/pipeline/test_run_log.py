"""What is left of every run for those who were not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import jaiza
from corpus.outcome import Outcome
from corpus.workspace import Review, Workspace, establish
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.source_result import SourceResult
from pipeline.runs.facts import run_facts
from pipeline.runs.log import load_lines, load_records, logged_run

READ = SourceResult(
    Outcome("khan-2016", "pulled", "pulled from a place", sha256="a" * 64),
    DocumentRecord(
        "a" * 64, "2", "read", pages=40, passages=100, suggestions=7, model_id="m", did=("extract", "suggest"),
        seconds={"extract": 1.5, "suggest": 0.5}, began=1000.0, worker="node:1",
    ),
    ("pull", "extract", "suggest"), {"pull": 2.0, "extract": 1.5, "suggest": 0.5}, 997.0,
)  # fmt: skip
LOST = SourceResult(Outcome("lost-1999", "unreachable", "404 Not Found"), seconds={"pull": 1.0}, pull_began=998.0)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "review.toml").write_text("shipped_sources = false\n", encoding="utf-8")
    made = Workspace(tmp_path, Review(shipped_sources=False))
    establish(made)
    return made


def test_a_run_leaves_how_it_ended_and_a_line_for_every_document(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with logged_run(workspace, "jaiza run", show="json") as log:
        log.note(READ)
        log.note(LOST)
        log.finished(workspace.out / "20260101-000000-abc", unchanged=False, counts={"read": 1})
    (record,) = load_records(workspace)
    assert (record.number, record.state, record.folder, record.counts) == (
        1,
        "done",
        "20260101-000000-abc",
        {"read": 1},
    )
    lines = load_lines(workspace, 1)
    assert [(line["source"], line["state"], line["pages"]) for line in lines] == [
        ("khan-2016", "pulled", 40), ("lost-1999", "unreachable", 0),
    ]  # fmt: skip
    assert [json.loads(line) for line in capsys.readouterr().err.splitlines()] == lines


def test_a_failed_run_says_why_and_the_next_has_the_next_number(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="no room"), logged_run(workspace, "jaiza run"):
        raise ValueError("no room")
    with pytest.raises(KeyboardInterrupt), logged_run(workspace, "jaiza run"):
        raise KeyboardInterrupt
    first, second = load_records(workspace)
    assert (first.state, first.error) == ("failed", "no room")
    assert (second.number, second.state) == (2, "stopped")


def test_a_killed_run_is_called_that(workspace: Workspace) -> None:
    code = (
        "import os, sys; from pathlib import Path; from corpus.workspace import *; from pipeline.runs.log import *\n"
        "with logged_run(Workspace(Path(sys.argv[1]), Review()), 'jaiza run'): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(workspace.root)], check=False)
    assert [record.state for record in load_records(workspace)] == ["killed"]
    with logged_run(workspace, "jaiza run"):
        assert [record.state for record in load_records(workspace)] == ["killed", "running"]
        assert load_records(workspace)[1].pid == os.getpid()


def test_the_runs_are_listed_and_shown(workspace: Workspace) -> None:
    with logged_run(workspace, "jaiza run") as log:
        log.note(READ)
        log.finished(workspace.out / "20260101-000000-abc", unchanged=True, counts={})
    listed = CliRunner().invoke(jaiza, ["-w", str(workspace.root), "runs", "list"])
    assert "as it was: 20260101-000000-abc" in listed.stdout
    shown = CliRunner().invoke(jaiza, ["-w", str(workspace.root), "runs", "show"])
    assert "pull, extract, suggest" in shown.stdout
    assert "4.0" in shown.stdout
    missing = CliRunner().invoke(jaiza, ["-w", str(workspace.root), "runs", "show", "9"])
    assert (missing.exit_code, "no run '9'" in missing.stderr) == (1, True)


def test_the_facts_of_a_run_tell_work_from_cache_hits_and_who_did_what_when() -> None:
    found = DocumentRecord("b" * 64, "2", "read", model_id="m")
    cached = SourceResult(Outcome("old-2001", "cached", "held", sha256="b" * 64), found, pull_began=999.0)
    facts = run_facts([READ, LOST, cached])
    assert {stage: (one.done, one.found) for stage, one in facts.stages.items()} == {
        "pull": (1, 1), "extract": (1, 1), "suggest": (1, 1),
    }  # fmt: skip
    assert [(spell.source_id, spell.stage, spell.worker, spell.begin, spell.seconds) for spell in facts.spells] == [
        ("khan-2016", "pull", "", 0.0, 2.0),
        ("khan-2016", "extract", "node:1", 3.0, 1.5),
        ("khan-2016", "suggest", "node:1", 4.5, 0.5),
        ("lost-1999", "pull", "", 1.0, 1.0),
    ]
