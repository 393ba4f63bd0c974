"""Prefect's server, its home inside the workspace: quiet and only as long as a run, or lasting, with its page."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from corpus.errors import JaizaError
from flows.server.closed_server import SIGN_IN, make_secret, secure_environment, write_private
from flows.server.database_address import address_for_asyncpg
from flows.server.database_template import copy_template

# A start takes 3 s on two idle cores, 9 where it makes its database; minutes on a machine with other work.
START_SECONDS = 300
SERVER_LOG = "server.log"
USUAL_PORT = 4200  # of Prefect's page
ADDRESS = "server.json"  # in Prefect's home: where the lasting server answers, and its secret
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
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",  # a run uses none; `jaiza serve` registers them
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",  # automations belong to a lasting server
}


# Not through a proxy of the environment: the server is on this machine.
_open_directly = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


@dataclass(frozen=True, slots=True)
class Server:
    """A Prefect server started here."""

    process: subprocess.Popen[bytes]
    log: Path
    url: str  # of its API
    secret: str

    @property
    def sign_in(self) -> str:
        """The address that opens its page for the one who has it."""
        return f"{self.url.removesuffix('/api')}{SIGN_IN}#{quote(self.secret)}"

    def is_gone(self) -> bool:
        """Has it ended, though nobody told it to?"""
        return self.process.poll() is not None

    def wait_until_healthy(self) -> None:
        """Wait for its first answer; JaizaError where it ends, or does not answer in time."""
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            if self.is_gone():
                raise JaizaError(
                    f"Prefect's server did not start{_reason(self.log)}: {self.log} may tell more, "
                    "or run `jaiza run --without-prefect`"
                )
            if _answers(self.url):
                return
            time.sleep(0.05)
        raise JaizaError(
            f"Prefect's server did not answer within {START_SECONDS} s: {self.log} tells why, "
            "or run `jaiza run --without-prefect`"
        )


@dataclass(frozen=True, slots=True)
class ServedAt:
    """Where the lasting server of a workspace answers, and the secret it asks for."""

    url: str  # of its API
    secret: str


@contextmanager
def prefect_server(home: Path, *, wait: bool = True) -> Iterator[Server | None]:
    """A Prefect server for the time of the `with` block, its address in PREFECT_API_URL.

    Where PREFECT_API_URL is set already, or `jaiza serve` serves this workspace, that server is used and none is
    started. Enter this before `prefect` is imported: it reads its settings once. The import and the start of the
    server go on side by side; without `wait` it may not answer yet when the block begins.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield None
        return
    if served := find_lasting_server(home):
        client = {"PREFECT_API_URL": served.url, "PREFECT_API_AUTH_STRING": served.secret, OWN_SERVER: "1"}
        with _settings({**_QUIET, "PREFECT_HOME": str(home), **client}):
            yield None
        return
    copy_template(home)
    with _listening(0) as listening, _started(home, listening, {**_QUIET, **_FOR_ONE_RUN}, wait=wait) as server:
        yield server


@contextmanager
def lasting_server(home: Path, *, port: int | None, database: str) -> Iterator[Server | None]:
    """A server with its page and its scheduler, told of to the runs of this workspace while the block lasts.

    `port`: None for the usual one, or a free one where that is taken. `database`: URL of a PostgreSQL database; "" for
    SQLite in Prefect's home. Where PREFECT_API_URL names a server, that is used. JaizaError: the port is taken, or the
    server does not start.
    """
    if os.environ.get("PREFECT_API_URL"):
        with _settings({**_SERVING, "PREFECT_HOME": str(home)}):
            yield None
        return
    environment = {**_SERVING, "PREFECT_UI_ENABLED": "1"}
    if database:
        environment["PREFECT_API_DATABASE_CONNECTION_URL"] = address_for_asyncpg(database)
    with _listening(_choose_port() if port is None else port) as listening:
        environment["PREFECT_SERVER_UI_API_URL"] = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        with _started(home, listening, environment) as server:
            write_private(home / ADDRESS, json.dumps({"url": server.url, "secret": server.secret}).encode())
            try:
                yield server
            finally:
                (home / ADDRESS).unlink(missing_ok=True)


def find_lasting_server(home: Path) -> ServedAt | None:
    """Where the lasting server of this home answers; None where none does. One that was killed left its address."""
    try:
        found = json.loads((home / ADDRESS).read_bytes())
        served = ServedAt(str(found["url"]), str(found["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return served if _answers(served.url) else None


def _answers(url: str) -> bool:
    try:
        with _open_directly(f"{url}/health", timeout=5):
            return True
    except OSError:
        return False


@contextmanager
def _started(home: Path, listening: socket.socket, settings: dict[str, str], *, wait: bool = True) -> Iterator[Server]:
    home.mkdir(parents=True, exist_ok=True)
    port, secret = listening.getsockname()[1], make_secret()
    environment = {**settings, **secure_environment(secret, port), "PREFECT_HOME": str(home)}
    with (home / SERVER_LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.server_process", str(listening.fileno())],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env={**os.environ, **environment, **_TELLING},
            cwd=Path(__file__).parent.parent,
            pass_fds=(listening.fileno(),),  # bound here, so that nobody else can take the port meanwhile
            start_new_session=True,  # Ctrl-C is for the run, which then stops its server
        )
    server = Server(process, home / SERVER_LOG, f"http://127.0.0.1:{port}/api", secret)
    try:
        with _settings({**environment, "PREFECT_API_URL": server.url, OWN_SERVER: "1"}):
            import prefect  # noqa: F401  # about a second, while the server starts

            if wait:
                server.wait_until_healthy()
            yield server
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


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A socket on this machine's own address; `port` 0 is any free one. JaizaError: the port is taken."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            raise JaizaError(f"port {port} is taken by another program: name another with --port") from None
        listening.listen(100)
        yield listening


def _choose_port() -> int:
    """The usual port of Prefect's page; 0, which is any free one, where another program has it."""
    try:
        with _listening(USUAL_PORT):
            return USUAL_PORT
    except JaizaError:
        return 0
