"""Child processes by the thousand: a small server that has the readers loaded forks one for every job.

Closing the connection to a child ends it with all that it started, and so does the end of this process, however it
comes about. The server knows nothing of the program that started it, so a child never runs anybody's main module, be
it a console script, a notebook or standard input (the stdlib's fork server does, and fails on some of them).
Where a process can't be forked (Windows) every child is a fresh interpreter, which costs a second, not milliseconds.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from extract.isolation import protocol

CAN_FORK = hasattr(os, "fork")
STARTING_SECONDS = 120.0  # for an interpreter to load the readers, on a machine that does much else

# A function of a module, what it is given, and a function that the child calls first, to set its limits.
Job = tuple[Callable[..., Iterable[bytes]], tuple[object, ...], Callable[[], None]]


@contextmanager
def child(job: Job) -> Iterator[socket.socket]:
    """A connection to a fresh child that does `job`; leaving the context ends the child.

    OSError or EOFError: no process could be started.
    """
    with _forked() if CAN_FORK else _spawned() as connection:
        protocol.send(connection, protocol.HELLO, pickle.dumps(job))
        yield connection


class _Server:
    """The process that forks; started at first use, and anew where it is gone or was another process's."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def fork(self, connection: socket.socket) -> None:
        """Have a child forked that holds `connection`."""
        with self._guard:
            if self._control is None or self._owner != os.getpid():
                self._start()
            try:
                self._hand_over(connection)
            except OSError:  # somebody ended the server
                self._stop()
                self._start()
                self._hand_over(connection)

    def _hand_over(self, connection: socket.socket) -> None:
        assert self._control is not None
        socket.send_fds(self._control, [b"."], [connection.fileno()])

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            process = _interpreter(f"serve({theirs.fileno()})", pass_fds=[theirs.fileno()])
        self._process, self._control, self._owner = process, ours, os.getpid()
        atexit.register(self._stop)
        protocol.receive(ours, seconds=STARTING_SECONDS)

    def _stop(self) -> None:
        if self._control is not None and self._process is not None and self._owner == os.getpid():
            self._control.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
        self._control = self._process = None


_SERVER = _Server()


@contextmanager
def _forked() -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _SERVER.fork(theirs)
        yield ours


@contextmanager
def _spawned() -> Iterator[socket.socket]:
    token = secrets.token_bytes(16)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(STARTING_SECONDS)
        process = _interpreter(f"call({listener.getsockname()[1]}, {token!r})")
        try:
            connection, _ = listener.accept()
            with connection:
                if protocol.receive(connection, seconds=STARTING_SECONDS) != (protocol.HELLO, token):
                    raise EOFError("another program called")
                yield connection
        finally:
            process.kill()
            process.wait()


def _interpreter(life: str, **options: Any) -> subprocess.Popen[bytes]:
    code = f"import sys; sys.path[:] = {sys.path!r}; from extract.isolation.child_main import *; {life}"
    return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.DEVNULL, **options)
