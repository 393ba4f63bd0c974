"""A function called in a process of its own, so that a bad file can end only that process.

Every call starts a fresh child, ended with all it started at the time limit, with a limit on the memory it may take
beyond what it starts with. Callable from many threads at once.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Literal

from corpus.retry import BACKOFF_SECONDS
from extract.isolation import fork_server, protocol

# pdfium, and Python's own allocator, abort where memory runs out; the kernel's last resort is SIGKILL.
_OUT_OF_MEMORY = ("SIGABRT", "SIGTRAP", "SIGILL", "SIGKILL")
_SPARE_CPU_SECONDS = 30  # beyond the time limit; the kernel ends a child that is past them
_MEGABYTE = 1 << 20

NOT_STARTED = "no process could be started to read it: try again"  # a trouble of the machine, not of the file
_STARTS = 3  # attempts at starting a child, with a growing pause: a busy machine has one again soon

Trouble = Literal["damaged", "too large", "timed out"]


class IsolationError(Exception):
    """The child gave no result; `state` and the message say why, in the words of a Document."""

    def __init__(self, state: Trouble, note: str) -> None:
        self.state: Trouble = state
        self.parts: list[bytes] = []  # what the child had sent by then
        super().__init__(note)


def run_isolated(work: Callable[..., Iterable[bytes]], *given: object, seconds: float, memory_mb: int) -> list[bytes]:
    """`work(*given)` in a fresh child. `work` is a function of a module, and `given` can be pickled.

    IsolationError: no result within `seconds`, more than `memory_mb` of memory, a crash, or an error in `work`. It
    carries the parts that a `work` that yields them had sent.
    """
    limit = partial(_limit, memory_mb=memory_mb, seconds=seconds)
    for attempt in range(1, _STARTS + 1):
        parts: list[bytes] = []
        try:
            with fork_server.child((work, given, limit)) as child:
                return _answer(child, parts, seconds=seconds, memory_mb=memory_mb)
        except IsolationError as error:
            error.parts = parts
            raise
        except (EOFError, OSError):
            if attempt < _STARTS:
                time.sleep(BACKOFF_SECONDS * 2 ** (attempt - 1))
    raise IsolationError("timed out", NOT_STARTED)


def _answer(child: socket.socket, parts: list[bytes], *, seconds: float, memory_mb: int) -> list[bytes]:
    deadline = time.monotonic() + fork_server.STARTING_SECONDS
    while True:
        try:
            kind, data = protocol.receive(child, seconds=max(0.001, deadline - time.monotonic()))
        except TimeoutError:
            raise IsolationError("timed out", f"reading took more than {seconds:g} seconds") from None
        except (EOFError, ConnectionError):
            kind, data = protocol.DIED, b""
        if kind == protocol.HELLO:  # the child is there: the clock starts
            deadline = time.monotonic() + seconds
        elif kind == protocol.PART:
            parts.append(data)
        elif kind == protocol.END:
            return parts
        else:
            raise _trouble(kind, data.decode(errors="replace"), memory_mb)


def _trouble(kind: bytes, cause: str, memory_mb: int) -> IsolationError:
    if kind == protocol.MEMORY or cause in _OUT_OF_MEMORY:
        return IsolationError("too large", f"reading needs more than {memory_mb} MB of memory")
    if kind == protocol.FAILED:
        return IsolationError("damaged", f"reading failed ({cause})")
    if cause == "SIGXCPU":
        return IsolationError("timed out", "reading took more processor time than it is given")
    return IsolationError("damaged", f"the reader crashed on it ({cause})" if cause else "the reader gave up on it")


def _limit(*, memory_mb: int, seconds: float) -> None:
    """Limit the memory and the CPU time of this process."""
    if sys.platform == "win32":
        return
    import resource

    mapped = 0
    with contextlib.suppress(OSError):
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, int(seconds) + _SPARE_CPU_SECONDS)
    if mapped:  # elsewhere than on Linux the limit would count what the system maps by itself
        _lower(resource.RLIMIT_AS, mapped + memory_mb * _MEGABYTE)


def _lower(limit: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(limit)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, hard))
