"""One run at a time on a workspace: who holds it, since when, and what happens when the holder is gone.

The operating system holds the lock, so it ends with its process, however that ends. On a shared folder whose locks
other computers do not see, the holder also counts up a number in the file: as long as that moves, somebody is there.
Nothing is concluded from the clock, which may be set back or differ between two computers.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from corpus.clock import now
from corpus.errors import WorkspaceBusyError, WorkspaceError
from corpus.workspace import Workspace

LEASE = "running.lock"
BEAT_SECONDS = 10.0  # between two signs of life
SILENT_SECONDS = 25.0  # without one from another computer: its holder is gone
LOOK_SECONDS = 0.5  # between two looks at a workspace that is waited for


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a workspace."""

    host: str
    pid: int
    started: str  # ISO 8601, UTC; shown to people, never compared
    doing: str  # for example "jaiza run"
    beat: int = 0

    def __str__(self) -> str:
        return f"{self.doing} (process {self.pid} on {self.host}, since {self.started})"


@contextmanager
def leased(
    workspace: Workspace, doing: str, *, wait: bool = False, tell: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Hold the workspace for the time of the block.

    WorkspaceBusyError where another run holds it, unless `wait`. `tell` hears of whom is waited for, and of a run that
    ended without letting go. WorkspaceError: the folder can't be written.
    """
    stream = _open(workspace)
    with stream:
        _take(stream, workspace, wait=wait, tell=tell)
        started = now()
        mine = Owner(socket.gethostname(), os.getpid(), started, doing)
        _sign(stream, mine, workspace)
        over = threading.Event()
        beating = threading.Thread(target=_beat, args=(stream, mine, over), name="sign of life", daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()
            beating.join()
            with contextlib.suppress(OSError):
                stream.truncate(0)


def check_free(workspace: Workspace) -> None:
    """WorkspaceBusyError where another run on this computer holds the workspace; nothing is held afterwards."""
    if not (workspace.root / LEASE).exists():
        return
    with _open(workspace) as stream:
        if not _lock(stream):
            raise _busy(workspace, _owner(stream))


def _open(workspace: Workspace) -> IO[bytes]:
    path = workspace.root / LEASE
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
    except OSError as error:
        raise _unwritable(path, error) from None


def _take(stream: IO[bytes], workspace: Workspace, *, wait: bool, tell: Callable[[str], None]) -> None:
    """Return when the lock is ours and nobody on another computer shows a sign of life."""
    told: Owner | None = None
    while True:
        locked = _lock(stream)
        owner = _owner(stream)
        if locked and (owner is None or owner.host == socket.gethostname() or _is_silent(stream, owner)):
            if owner is not None:
                tell(f"{owner} ended in the middle; what it finished is kept, this run goes on from there")
            return
        if locked:
            _unlock(stream)
        if not wait:
            raise _busy(workspace, owner)
        if told is None or (owner is not None and replace(owner, beat=0) != replace(told, beat=0)):
            tell(f"waiting for {owner or 'another run'} to end")
            told = owner
        time.sleep(LOOK_SECONDS)


def _is_silent(stream: IO[bytes], owner: Owner) -> bool:
    until = time.monotonic() + SILENT_SECONDS
    while time.monotonic() < until:
        if _owner(stream) != owner:
            return False
        time.sleep(min(LOOK_SECONDS, SILENT_SECONDS / 5))
    return True


def _beat(stream: IO[bytes], mine: Owner, over: threading.Event) -> None:
    beat = 0
    while not over.wait(BEAT_SECONDS):
        beat += 1
        with contextlib.suppress(OSError):  # a full disk stops the run elsewhere, in words
            _write(stream, replace(mine, beat=beat))


def _sign(stream: IO[bytes], mine: Owner, workspace: Workspace) -> None:
    try:
        _write(stream, mine)
    except OSError as error:
        raise _unwritable(workspace.root / LEASE, error) from None


def _write(stream: IO[bytes], owner: Owner) -> None:
    """In place: a file put in its stead would not be the one that is locked."""
    line = json.dumps(asdict(owner)).encode() + b"\n"
    stream.seek(0)
    stream.write(line)
    stream.truncate(len(line))


def _owner(stream: IO[bytes]) -> Owner | None:
    """Who signed last and has not let go; None where nobody, or where the line is just being written."""
    try:
        stream.seek(0)
        return Owner(**json.loads(stream.read()))
    except (OSError, ValueError, TypeError):
        return None


def _busy(workspace: Workspace, owner: Owner | None) -> WorkspaceBusyError:
    return WorkspaceBusyError(
        f"{workspace.root} is in use by {owner or 'another run'}: wait until it ends, or give --wait to `jaiza run`"
    )


def _unwritable(path: Path, error: OSError) -> WorkspaceError:
    return WorkspaceError(f"{path} can't be written ({error.strerror}): make room there or choose another --workspace")


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # a locked byte can't be read by others on Windows, so it is one that is never written

    def _lock(stream: IO[bytes]) -> bool:
        try:
            stream.seek(_FAR)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(stream: IO[bytes]) -> None:
        stream.seek(_FAR)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: the signs of life must do
            return True
        return True

    def _unlock(stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError):
            fcntl.flock(stream, fcntl.LOCK_UN)
