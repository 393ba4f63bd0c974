"""Prefect's server, its home inside the workspace: quiet and only as long as a run, or lasting, with its page."""

from __future__ import annotations

import json
import os
import re
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
from corpus.workspace import write_atomic

# A first start makes the database and takes 9 s on two idle cores; much more on a busy machine.
START_SECONDS = 120
SERVER_LOG = "server.log"
ADDRESS = "server.json"  # in Prefect's home: where the lasting server answers
OWN_SERVER = "JAIZA_OWN_SERVER"  # environment variable: the server at PREFECT_API_URL was started by Jaiza
_ERROR = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception): (.+)", re.MULTILINE)  # last line of a traceback
_PRIVATE = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
_QUIET = {
    **_PRIVATE,
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_CLIENT_MAX_RETRIES": "2",  # 6 s together; with the usual 5 a run whose server is gone ends minutes later
}
_SERVING = {**_PRIVATE, "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}  # what happened stands in its page
# Of the server itself, to its log file: what it fails on.
_TELLING = {"PREFECT_LOGGING_LEVEL": "ERROR", "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR"}
_FOR_ONE_RUN = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",  # leaves out the services that only scheduled deployments need
}


@dataclass(frozen=True, slots=True)
class Server:
    """A Prefect server started here."""

    process: subprocess.Popen[bytes]
    log: Path
    url: str  # of its API

    def is_gone(self) -> bool:
        """Has it ended, though nobody told it to?"""
        return self.process.poll() is not None


@contextmanager
def prefect_server(home: Path) -> Iterator[Server | None]:
    """A Prefect server for the time of the `with` block, its address in PREFECT_API_URL.

    Where PREFECT_API_URL is set already, or `jaiza serve` serves this workspace, that server is used and none is
    started. Enter this before `prefect` is imported: it reads its settings once. The import and the start of the
    server go on side by side.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield None
        return
    if url := lasting_address(home):
        with _settings({**_QUIET, "PREFECT_HOME": str(home), "PREFECT_API_URL": url, OWN_SERVER: "1"}):
            yield None
        return
    with _started(home, _free_port(), {**_QUIET, **_FOR_ONE_RUN}) as server:
        yield server


@contextmanager
def lasting_server(home: Path, *, port: int, database: str) -> Iterator[Server | None]:
    """A server with its page and its scheduler, told of to the runs of this workspace while the block lasts.

    `database`: SQLAlchemy URL of a PostgreSQL database; "" for SQLite in Prefect's home. Where PREFECT_API_URL names a
    server, that is used. JaizaError: the port is taken, or the server does not start.
    """
    if os.environ.get("PREFECT_API_URL"):
        with _settings({**_SERVING, "PREFECT_HOME": str(home)}):
            yield None
        return
    environment = {**_SERVING, "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_UI_ENABLED": "1"}
    if database:
        environment["PREFECT_API_DATABASE_CONNECTION_URL"] = _for_asyncpg(database)
    if not _is_free(port):
        raise JaizaError(f"port {port} is taken by another program: name another with --port")
    with _started(home, port, environment) as server:
        write_atomic(home / ADDRESS, json.dumps({"url": server.url}).encode())
        try:
            yield server
        finally:
            (home / ADDRESS).unlink(missing_ok=True)


def lasting_address(home: Path) -> str:
    """Where the lasting server of this home answers; "" where none does. One that was killed left its address."""
    try:
        url = str(json.loads((home / ADDRESS).read_bytes())["url"])
        with urllib.request.urlopen(f"{url}/health", timeout=5):
            return url
    except (OSError, ValueError, KeyError):
        return ""


@contextmanager
def _started(home: Path, port: int, settings: dict[str, str]) -> Iterator[Server]:
    home.mkdir(parents=True, exist_ok=True)
    environment = {**settings, "PREFECT_HOME": str(home)}
    with (home / SERVER_LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.server_process", str(port)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env={**os.environ, **environment, **_TELLING},
            cwd=Path(__file__).parent.parent,
            start_new_session=True,  # Ctrl-C is for the run, which then stops its server
        )
    url = f"http://127.0.0.1:{port}/api"
    try:
        with _settings({**environment, "PREFECT_API_URL": url, OWN_SERVER: "1"}):
            import prefect  # noqa: F401  # about a second, while the server starts

            _wait_until_healthy(process, port, home / SERVER_LOG)
            yield Server(process, home / SERVER_LOG, url)
    finally:
        _stop(process)


@contextmanager
def _settings(environment: dict[str, str]) -> Iterator[None]:
    before = {key: os.environ.get(key) for key in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise JaizaError(
                f"Prefect's server did not start{_reason(log)}: {log} may tell more, "
                "or run `jaiza run --without-prefect`"
            )
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise JaizaError(
        f"Prefect's server did not answer within {START_SECONDS} s: {log} tells why, "
        "or run `jaiza run --without-prefect`"
    )


def _reason(log: Path) -> str:
    """The last error in the server's log, for a message."""
    found = _ERROR.findall(log.read_text(encoding="utf-8", errors="replace"))
    return f" ({found[-1][:200]})" if found else ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _for_asyncpg(url: str) -> str:
    """A PostgreSQL URL as Prefect wants it: with the driver it brings along."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+asyncpg://", url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
