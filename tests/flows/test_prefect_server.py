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

from bench.machine import family, kind_of
from support.small_review import review_of, sample_pdfs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks for processes with ps")
Give = Callable[[Path], Path]


def _command(workspace: Path) -> list[str]:
    return [sys.executable, "-m", "cli.main", "--workspace", str(workspace), "run", "--sample", "--json"]


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
    assert names[-1] == ("Completed, sources missing",)
    assert "ministry-2013" in str(tables)
    assert "no text layer" in str(tables)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for the server among the children in /proc")
def test_a_run_whose_server_is_killed_says_so_in_one_line_and_the_next_finds_everything(
    tmp_path: Path, with_model: Give
) -> None:
    workspace = review_of(with_model(tmp_path / "mine"), sample_pdfs(2))
    command = [sys.executable, "-m", "cli.main", "-w", str(workspace.root), "run", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        give_up = time.monotonic() + 120
        servers: list[int] = []
        while time.monotonic() < give_up and not servers:  # it starts beside the reading
            time.sleep(0.01)
            servers = [pid for pid, line in family(process.pid).items() if kind_of(line) == "server"]
        (server,) = servers
        os.kill(server, signal.SIGKILL)
        _, said = process.communicate()
    assert process.returncode == 1
    assert len(said.splitlines()) == 1
    assert "Prefect's server" in said  # it had not started, or it ended in the middle of the run
    done = subprocess.run([*command, "--without-prefect"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["counts"]["read"] == 2
