"""Flow runs that end with the `jaiza serve` that started them, however it ends: `kill -9` included.

The serving process holds a lock that the system takes back when it is gone. A flow run waits for that lock in a thread
of its own; to get it means that nobody serves any more.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import WorkspaceBusyError

LIFELINE = "JAIZA_LIFELINE"  # environment variable: the lock file of the `jaiza serve` that starts the flow runs
_PARENT = "jaiza-parent"  # name of the thread that waits for the end of a worker's parent
_LEAVING_SECONDS = 10.0  # for flow runs of a killed predecessor to let go


@contextmanager
def serve_lock(path: Path, busy: str) -> Iterator[None]:
    """Hold the line for the time of the block; WorkspaceBusyError with `busy` where another process holds it."""
    if sys.platform == "win32":
        yield
        return
    import fcntl
    import time

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        give_up = time.monotonic() + _LEAVING_SECONDS
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up or _is_served(path):
                    raise WorkspaceBusyError(busy) from None
                time.sleep(0.1)
        before = os.environ.get(LIFELINE)
        os.environ[LIFELINE] = str(path)
        try:
            yield
        finally:
            if before is None:
                os.environ.pop(LIFELINE, None)
            else:
                os.environ[LIFELINE] = before


def leave_with_the_server() -> None:
    """In a flow run: end this process as soon as nobody holds the line any more. Elsewhere: nothing."""
    path = os.environ.get(LIFELINE)
    if path and sys.platform != "win32" and not any(thread.name == LIFELINE for thread in threading.enumerate()):
        threading.Thread(target=_wait_for_the_end, args=(path,), name=LIFELINE, daemon=True).start()


def leave_with_the_parent() -> None:
    """In a worker process: end it as soon as the process that started it is gone. Elsewhere: nothing.

    The workers of a process pool would wait for work for ever.
    """
    parent = multiprocessing.parent_process()
    if parent is not None and not any(thread.name == _PARENT for thread in threading.enumerate()):

        def wait() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=wait, name=_PARENT, daemon=True).start()


def _wait_for_the_end(path: str) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    with Path(path).open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        os.kill(os.getpid(), signal.SIGKILL)


def _is_served(path: Path) -> bool:
    """Does a process hold the line exclusively? Flow runs that are leaving hold it together for a moment."""
    if sys.platform == "win32":
        return False
    import fcntl

    with path.open("rb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
