"""One run at a time on a workspace, and a holder that was killed holds nothing."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import WorkspaceBusyError, WorkspaceError
from corpus.store import workspace_lease as lease_module
from corpus.store.workspace_lease import LEASE, check_free, leased
from corpus.workspace import Review, Workspace

HOLD = """
import sys, time
from pathlib import Path
from corpus.store.workspace_lease import leased
from corpus.workspace import Review, Workspace
with leased(Workspace(Path(sys.argv[1]), Review()), "jaiza run"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, Review())


@pytest.fixture
def holder(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the workspace until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(workspace.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent.parent,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def another_computer(workspace: Workspace, beat: int = 1) -> None:
    owner = {"host": "elsewhere", "pid": 7, "started": "2031-01-01T00:00:00+00:00", "doing": "jaiza run", "beat": beat}
    (workspace.root / LEASE).write_text(json.dumps(owner), encoding="utf-8")


def test_the_second_run_says_who_is_at_work(workspace: Workspace, holder: subprocess.Popen[str]) -> None:
    who = f"in use by jaiza run \\(process {holder.pid} on {socket.gethostname()}, since 20.*--wait"
    with pytest.raises(WorkspaceBusyError, match=who), leased(workspace, "jaiza pull"):
        pass
    with pytest.raises(WorkspaceBusyError, match=who):
        check_free(workspace)


def test_the_second_run_may_wait(workspace: Workspace, holder: subprocess.Popen[str]) -> None:
    assert holder.stdin is not None
    threading.Timer(0.3, holder.stdin.close).start()
    said: list[str] = []
    with leased(workspace, "jaiza run", wait=True, tell=said.append):
        assert holder.wait(10) == 0
    assert len(said) == 1
    assert said[0].startswith("waiting for jaiza run (process")


def test_a_holder_that_was_killed_holds_nothing_and_is_told_of(
    workspace: Workspace, holder: subprocess.Popen[str]
) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    said: list[str] = []
    with leased(workspace, "jaiza run", tell=said.append):
        pass
    assert said == [said[0]]
    assert f"process {holder.pid} on" in said[0]
    assert "ended in the middle" in said[0]


def test_two_runs_in_one_process_are_two_runs(workspace: Workspace) -> None:
    with leased(workspace, "jaiza run"), pytest.raises(WorkspaceBusyError), leased(workspace, "jaiza run"):
        pass


def test_after_a_run_the_workspace_is_free_and_nothing_is_told(workspace: Workspace) -> None:
    said: list[str] = []
    for _ in range(2):
        with leased(workspace, "jaiza run", tell=said.append):
            pass
    check_free(workspace)
    assert said == []


def test_a_run_on_another_computer_that_shows_signs_of_life_is_not_disturbed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its start lies in the future of our clock, which says nothing: only the signs of life do."""
    monkeypatch.setattr(lease_module, "SILENT_SECONDS", 5.0)
    monkeypatch.setattr(lease_module, "LOOK_SECONDS", 0.01)
    another_computer(workspace)
    threading.Timer(0.2, another_computer, (workspace, 2)).start()
    with pytest.raises(WorkspaceBusyError, match="process 7 on elsewhere"), leased(workspace, "jaiza run"):
        pass


def test_a_run_on_another_computer_that_fell_silent_is_over(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_module, "SILENT_SECONDS", 0.1)
    another_computer(workspace)
    said: list[str] = []
    with leased(workspace, "jaiza run", tell=said.append):
        pass
    assert "on elsewhere" in said[0]


def test_a_holder_shows_signs_of_life(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease_module, "BEAT_SECONDS", 0.01)
    with leased(workspace, "jaiza run"):
        give_up = time.monotonic() + 10
        while time.monotonic() < give_up and '"beat": 2' not in (workspace.root / LEASE).read_text(encoding="utf-8"):
            time.sleep(0.01)
        assert time.monotonic() < give_up


def test_a_damaged_file_of_the_lock_does_no_harm(workspace: Workspace) -> None:
    (workspace.root / LEASE).write_bytes(b'{"host": "els')
    with leased(workspace, "jaiza run"):
        pass


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(WorkspaceError, match="can't be written"),
        leased(Workspace(tmp_path / "gone", Review()), "jaiza run"),
    ):
        pass
