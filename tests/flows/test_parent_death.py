"""Processes that end with the one they work for, also when that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

POOL = """
import multiprocessing, os, sys, time
from concurrent.futures import ProcessPoolExecutor
from flows.parent_death import leave_with_the_parent

def work():
    leave_with_the_parent()
    return os.getpid()

if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        print(pool.submit(work).result(), flush=True)
        time.sleep(600)
"""


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text() if Path("/proc/self/status").exists() else True


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process as POSIX does")
def test_a_worker_of_a_killed_run_leaves(tmp_path: Path) -> None:
    script = tmp_path / "pool.py"
    script.write_text(POOL, encoding="utf-8")
    root = str(Path(__file__).parent.parent.parent)
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}
    ) as run:
        assert run.stdout is not None
        worker = int(run.stdout.readline())
        assert _is_there(worker)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        give_up = time.monotonic() + 30
        while _is_there(worker) and time.monotonic() < give_up:
            time.sleep(0.05)
        assert not _is_there(worker)
