"""Reading a PDF in a process of its own, so that a bad file can end only itself.

Every call starts a fresh child, ended with all it started at the time limit, with a limit on the memory it may take
beyond what it starts with. Callable from many threads at once.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

from corpus.outcome import FrontPages
from extract import nursery, wire
from extract.cache import document_from_json, document_to_json
from extract.document import Document
from extract.read import EXTRACTOR, read_document, read_front_pages

# pdfium, and Python's own allocator, abort where memory runs out; the kernel's last resort is SIGKILL.
_OUT_OF_MEMORY = ("SIGABRT", "SIGTRAP", "SIGILL", "SIGKILL")
_SPARE_CPU_SECONDS = 30  # beyond the time limit; the kernel ends a child that is past them
_MEGABYTE = 1 << 20

Trouble = Literal["damaged", "too large", "timed out"]


class IsolationError(Exception):
    """The child gave no result; `state` and the message say why, in the words of a Document."""

    def __init__(self, state: Trouble, note: str) -> None:
        self.state: Trouble = state
        super().__init__(note)


def read_isolated(path: Path, sha256: str, *, seconds: float, memory_mb: int) -> Document:
    """What `extract.read.read_document` gives, or a Document that says it took too long, too much or crashed."""
    try:
        (answer,) = run(_document, path, sha256, seconds=seconds, memory_mb=memory_mb)
    except IsolationError as error:
        return Document(sha256, EXTRACTOR, error.state, str(error))
    return document_from_json(answer)


def front_pages_isolated(path: Path, *, seconds: float = 20, memory_mb: int = 1024) -> FrontPages:
    """What `extract.read.read_front_pages` gives, or FrontPages that say what went wrong."""
    try:
        state, note, pages, text = run(_front_pages, path, seconds=seconds, memory_mb=memory_mb)
    except IsolationError as error:
        return FrontPages(error.state, str(error))
    return FrontPages(cast(Any, state.decode()), note.decode(), int(pages), text.decode())


def run(work: Callable[..., Sequence[bytes]], *given: Any, seconds: float, memory_mb: int) -> list[bytes]:
    """`work(*given)` in a fresh child. `work` is a function of a module, and `given` can be pickled.

    IsolationError: no result within `seconds`, more than `memory_mb` of memory, a crash, or an error in `work`.
    """
    limit = partial(_limit, memory_mb=memory_mb, seconds=seconds)
    try:
        with nursery.child((work, given, limit)) as child:
            return _answer(child, seconds=seconds, memory_mb=memory_mb)
    except (EOFError, OSError):
        raise IsolationError("timed out", "no process could be started to read it: try again") from None


def _answer(child: socket.socket, *, seconds: float, memory_mb: int) -> list[bytes]:
    parts: list[bytes] = []
    deadline = time.monotonic() + nursery.STARTING_SECONDS
    while True:
        try:
            kind, data = wire.receive(child, seconds=max(0.001, deadline - time.monotonic()))
        except TimeoutError:
            raise IsolationError("timed out", f"reading took more than {seconds:g} seconds") from None
        except (EOFError, ConnectionError):
            kind, data = wire.DIED, b""
        if kind == wire.HELLO:  # the child is there: the clock starts
            deadline = time.monotonic() + seconds
        elif kind == wire.PART:
            parts.append(data)
        elif kind == wire.END:
            return parts
        else:
            raise _trouble(kind, data.decode(errors="replace"), memory_mb)


def _trouble(kind: bytes, cause: str, memory_mb: int) -> IsolationError:
    if kind == wire.MEMORY or cause in _OUT_OF_MEMORY:
        return IsolationError("too large", f"reading needs more than {memory_mb} MB of memory")
    if kind == wire.FAILED:
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


def _document(path: Path, sha256: str) -> Sequence[bytes]:
    return [document_to_json(read_document(path, sha256))]


def _front_pages(path: Path) -> Sequence[bytes]:
    front = read_front_pages(path)
    return [front.state.encode(), front.note.encode(), str(front.pages).encode(), front.text.encode()]
