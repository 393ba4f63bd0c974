"""Prefect, embedded and quiet: its home inside the workspace, its server only as long as the run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import JaizaError

# A first start makes the database and takes 9 s on two idle cores; much more on a busy machine.
START_SECONDS = 120
SERVER_LOG = "server.log"
_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",  # leaves out the services that only scheduled deployments need
}


@dataclass(frozen=True, slots=True)
class Server:
    """The Prefect server of a run."""

    process: subprocess.Popen[bytes]
    log: Path

    def is_gone(self) -> bool:
        """Has it ended, though nobody told it to?"""
        return self.process.poll() is not None


@contextmanager
def prefect_server(home: Path) -> Iterator[Server | None]:
    """A Prefect server for the time of the `with` block, its address in PREFECT_API_URL.

    Where PREFECT_API_URL is set already, that server is used and none is started. Enter this before `prefect` is
    imported: it reads its settings once. The import and the start of the server go on side by side.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield None
        return
    home.mkdir(parents=True, exist_ok=True)
    environment = {**_QUIET, "PREFECT_HOME": str(home)}
    port = _free_port()
    with (home / SERVER_LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.server_process", str(port)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env={**os.environ, **environment},
            cwd=Path(__file__).parent.parent,
            start_new_session=True,  # Ctrl-C is for the run, which then stops its server
        )
    before = {key: os.environ.get(key) for key in (*environment, "PREFECT_API_URL")}
    try:
        os.environ.update(environment, PREFECT_API_URL=f"http://127.0.0.1:{port}/api")
        import prefect  # noqa: F401  # about a second, while the server starts

        _wait_until_healthy(process, port, home / SERVER_LOG)
        yield Server(process, home / SERVER_LOG)
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value
        _stop(process)


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise JaizaError(f"Prefect's server did not start: {log} tells why, or run `jaiza run --without-prefect`")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise JaizaError(
        f"Prefect's server did not answer within {START_SECONDS} s: {log} tells why, "
        "or run `jaiza run --without-prefect`"
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
