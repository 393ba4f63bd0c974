"""`jaiza serve`: killed with a flow run at work it leaves no process, and the next start says what was left over."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from cli.main import jaiza
from corpus.workspace import Workspace
from flows.prefect_server import ServedAt, find_lasting_server
from support.small_review import review_of, sample_pdfs

Serve = Callable[[Workspace, int], subprocess.Popen[str]]
DUE = {"state": {"type": "SCHEDULED"}}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks for processes with ps")


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts `jaiza serve` in a process of its own; what the test leaves of it is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(workspace: Workspace, port: int) -> subprocess.Popen[str]:
        started.append(_serve(workspace, port))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _serve(workspace: Workspace, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "-m", "cli.main", "-w", str(workspace.root), "serve", "--port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _served(workspace: Workspace) -> ServedAt:
    served = find_lasting_server(workspace.prefect_home)
    assert served is not None
    return served


def _said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("Watch"):
            break
    return said


def _left(workspace: Workspace) -> list[str]:
    """Processes that work for this review: its server, its flow runs and what they started."""
    listed = subprocess.run(["ps", "-eo", "pid"], capture_output=True, text=True, check=True).stdout
    mark, found = str(workspace.prefect_home).encode(), []
    for pid in listed.split()[1:]:
        try:
            if mark in Path(f"/proc/{pid}/environ").read_bytes():
                found.append(pid)
        except OSError:
            continue
    return found


def _at_work(workspace: Workspace) -> str | None:
    """The command line of the process that holds the workspace."""
    try:
        pid = json.loads((workspace.root / "running.lock").read_bytes())["pid"]
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (OSError, ValueError):
        return None


def _until(true: Callable[[], bool], seconds: float = 90.0) -> bool:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads the environment of processes from /proc")
def test_a_served_review_killed_leaves_no_process_and_the_next_start_clears_up(tmp_path: Path, serve: Serve) -> None:
    workspace = review_of(
        tmp_path / "mine", sample_pdfs(1), 'timezone = "Asia/Karachi"\n'
    )  # without a model, so that the run takes its time
    port = free_port()
    process = serve(workspace, port)
    said = _said(process)
    assert re.search(r"jaiza-extraction/weekly: next Monday .*, 06:00 Asia/Karachi", said)
    served, api = _served(workspace), f"http://127.0.0.1:{port}/api"
    assert served.url == api
    assert f"http://127.0.0.1:{port}/jaiza#" in said
    assert (workspace.prefect_home / "server.json").stat().st_mode & 0o077 == 0
    owner = httpx.BasicAuth(*served.secret.split(":", 1))
    second = CliRunner().invoke(jaiza, ["-w", str(workspace.root), "serve", "--port", str(free_port())])
    assert (second.exit_code, "is served already" in second.stderr) == (1, True)

    (deployment,) = httpx.post(
        f"{api}/deployments/filter", json={"deployments": {"name": {"any_": ["weekly"]}}}, auth=owner
    ).json()
    assert deployment["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert deployment["parameter_openapi_schema"]["properties"]["runner"]["enum"][0] == "threads"
    run = httpx.post(f"{api}/deployments/{deployment['id']}/create_flow_run", json=DUE, auth=owner).json()
    assert _until(lambda: _at_work(workspace) is not None), "the flow run has begun"
    assert "-m flows.warm_process" in str(_at_work(workspace)), "in the process that waited for it"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert _until(lambda: not _left(workspace), 20), "a killed serve must leave no process"
    assert find_lasting_server(workspace.prefect_home) is None

    again = serve(workspace, port)
    assert "1 runs ended in a killed process" in _said(again)
    assert httpx.get(f"{api}/flow_runs/{run['id']}", auth=owner).status_code == 401, "every start has its own secret"
    owner = httpx.BasicAuth(*_served(workspace).secret.split(":", 1))
    assert httpx.get(f"{api}/flow_runs/{run['id']}", auth=owner).json()["state_type"] == "CRASHED"
    settings = workspace.root / "review.toml"
    settings.write_text(settings.read_text("utf-8") + '[schedule]\nrun = "30 7 * * 2"\nsearch = ""\n', "utf-8")
    assert again.stdout is not None
    told = next(line for line in again.stdout if "jaiza-extraction/weekly" in line)  # taken up while it serves
    assert "next Tuesday" in told
    (deployment,) = httpx.post(
        f"{api}/deployments/filter", json={"deployments": {"name": {"any_": ["weekly"]}}}, auth=owner
    ).json()
    assert [one["schedule"]["cron"] for one in deployment["schedules"]] == ["30 7 * * 2"]
    os.kill(again.pid, signal.SIGINT)
    again.communicate(timeout=60)
    assert again.returncode in (0, 130)
    assert _until(lambda: not _left(workspace), 20), "a stopped serve must leave no process"


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--extract-at", "every Monday", "is no cron expression"),
        ("--timezone", "Asia/Karatschi", "did you mean 'Asia/Karachi'?"),
    ],
)
def test_a_time_that_can_not_be_understood_is_told(option: str, value: str, said: str) -> None:
    from corpus.errors import JaizaError
    from flows.deployments import Plan

    with pytest.raises(JaizaError, match=re.escape(said)):
        Plan(**{option.removeprefix("--").replace("-", "_"): value})


def test_why_a_server_did_not_start_is_told_in_the_words_of_its_log(tmp_path: Path) -> None:
    from flows.prefect_server import _reason

    log = tmp_path / "server.log"
    log.write_text("")
    assert _reason(log) == ""
    log.write_text(
        'Traceback (most recent call last):\n  File "x.py", line 1, in run\n    raise ValueError(text)\n'
        'asyncpg.exceptions.InvalidPasswordError: password authentication failed for user "amina"\n\n'
        "12:00:00.000 | ERROR   | uvicorn.error - Application startup failed. Exiting.\n"
    )
    assert _reason(log) == ' (password authentication failed for user "amina")'
