"""The extraction flow under a real Prefect server, which ends with the run, however the run ends."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks for processes with ps")
Give = Callable[[Path], Path]


def _command(workspace: Path) -> list[str]:
    return [sys.executable, "-m", "flows.cli", "--workspace", str(workspace), "run", "--sample", "--json"]


def _servers() -> set[int]:
    """Process ids of the Prefect servers that Jaiza has started on this machine."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return {int(line.split()[0]) for line in listed.splitlines() if "flows.server_process" in line}


def test_the_sample_under_prefect_killed_and_started_again(tmp_path: Path, with_model: Give) -> None:
    with_model(tmp_path / "sample")
    before = _servers()

    process = subprocess.Popen(_command(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    give_up = time.monotonic() + 120
    while time.monotonic() < give_up and not list((tmp_path / "sample").glob("text/*.json")):
        time.sleep(0.01)
    started = _servers() - before
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert started, "the run has a server of its own"
    give_up = time.monotonic() + 20
    while started & _servers() and time.monotonic() < give_up:
        time.sleep(0.1)
    assert not started & _servers(), "the server of a killed run must end with it"

    again = subprocess.run(_command(tmp_path), capture_output=True, text=True, check=True)
    said = json.loads(again.stdout)
    assert said["counts"]["read"] == 5
    assert len(again.stderr.splitlines()) == 1
    assert f"process {process.pid} on" in again.stderr, "the run that was killed is told of"
    assert not _servers() - before, "the server ends with the run"

    database = sqlite3.connect(tmp_path / "prefect" / "prefect.db")
    names = database.execute("SELECT state_name FROM flow_run ORDER BY start_time").fetchall()
    tables = database.execute("SELECT data FROM artifact WHERE key = 'sources'").fetchall()
    database.close()
    assert names[-1] == ("CompletedWithWarnings",)
    assert "ministry-2013" in str(tables)
    assert "no text layer" in str(tables)
