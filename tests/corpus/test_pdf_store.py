"""corpus.lock with many holdings: changes go to a journal, and no crash loses or reverts one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.store import pdf_store as store_module
from corpus.store.pdf_store import Holding, Holdings
from corpus.workspace import Review, Workspace


def holding(number: int, version: str = "a") -> Holding:
    return Holding(f"source-{number}", version * 64, 10, "attached", "2026-01-01T00:00:00+00:00")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(store_module, "FEW", 4)
    return Workspace(tmp_path, Review())


def test_of_many_holdings_the_lock_is_not_written_for_each(workspace: Workspace) -> None:
    held = Holdings(workspace)
    for number in range(20):
        held.record(holding(number))
    before = workspace.lock_file.read_bytes()
    held.record(holding(3, "b"))
    held.forget("source-5")
    assert workspace.lock_file.read_bytes() == before
    again = Holdings(workspace)
    assert [one.source_id for one in again] == sorted(f"source-{n}" for n in range(20) if n != 5)
    found = again.get("source-3")
    assert found is not None
    assert (found.sha256, found.previous) == ("b" * 64, ("a" * 64,))
    again.fold()
    assert [path.name for path in workspace.root.iterdir()] == ["corpus.lock"]
    assert len(json.loads(workspace.lock_file.read_bytes())["holdings"]) == 19


def test_a_line_cut_off_by_a_crash_costs_that_change_only(workspace: Workspace) -> None:
    held = Holdings(workspace)
    for number in range(10):
        held.record(holding(number))
    journal = workspace.root / "corpus.lock.journal"
    held.record(holding(1, "b"))
    journal.write_bytes(journal.read_bytes() + b'["source-2", {"sourc')
    again = Holdings(workspace)
    assert (again.get("source-1"), again.get("source-2")) == (held.get("source-1"), holding(2))


def test_a_crash_between_lock_and_journal_reverts_nothing(workspace: Workspace) -> None:
    held = Holdings(workspace)
    for number in range(10):
        held.record(holding(number))
    held.record(holding(1, "b"))
    journal = workspace.root / "corpus.lock.journal"
    lines = journal.read_bytes()
    held.fold()
    journal.write_bytes(lines)  # as if it had not been removed
    assert list(Holdings(workspace)) == list(held)
