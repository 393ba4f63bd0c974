"""What ends the review server, on record: `review-server.log` in the folder of the review.

A server that a signal, a crash of a library or an exception in one of its threads brought down says so there; one that
was killed outright (for want of memory, for example) can't, and the next to start says that the last one went silently.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import IO

from pipeline.runs.processes import is_alive

NAME = "review-server.log"
_STARTED, _ENDED = "started", "ended"
_MOST_BYTES = 200_000  # kept of what earlier servers wrote
_TOLD_ENDS = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]


@contextmanager
def end_recorded(folder: Path) -> Iterator[str]:
    """While a server runs in this process: whatever ends it is written to the log in `folder`.

    Yields what is to be told of the server before it: that it ended without a word; "" otherwise. Where the log can't
    be written the server runs without one.
    """
    path = folder / NAME
    told = _silent_end(path)
    try:
        _shorten(path)
        file = path.open("a", encoding="utf-8")
    except OSError:
        yield told
        return
    with file:
        write = _writer(file)
        write(f"process {os.getpid()} {_STARTED}")
        restore = _listen(file, write)
        try:
            yield told
        except SystemExit as error:
            write(f"process {os.getpid()} {_ENDED} with {error.code}")
            raise
        except KeyboardInterrupt:
            write(f"process {os.getpid()} {_ENDED} with Ctrl-C")
            raise
        except BaseException as error:
            write(f"process {os.getpid()} {_ENDED} by {type(error).__name__}\n{traceback.format_exc()}")
            raise
        else:
            write(f"process {os.getpid()} {_ENDED}")
        finally:
            restore()


def _silent_end(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    marks = [line for line in lines if line.endswith(f" {_STARTED}") or f" {_ENDED}" in line]
    if not marks or not marks[-1].endswith(f" {_STARTED}") or _runs(marks[-1]):
        return ""
    when = marks[-1].partition(" ")[0][:19].replace("T", " ")
    return f"The server that was started at {when} UTC ended without a word: it was killed, or crashed. See {path}"


def _runs(line: str) -> bool:
    """Is the process that a line names still there? Another may have its number by now: then nothing is told."""
    number = line.split()[-2]
    return number.isdecimal() and is_alive(int(number))


def _shorten(path: Path) -> None:
    if path.exists() and path.stat().st_size > _MOST_BYTES:
        path.write_bytes(path.read_bytes()[-_MOST_BYTES // 2 :])


def _writer(file: IO[str]) -> Callable[[str], None]:
    def write(what: str) -> None:
        try:
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {what}\n")
            file.flush()
        except (OSError, ValueError):  # a full disk ends no server
            pass

    return write


class _Problems(logging.Handler):
    """Errors of the web server, with what led to them."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        self._write(f"error: {self.format(record)}")


def _listen(file: IO[str], write: Callable[[str], None]) -> Callable[[], None]:
    """Write down what could end this process; returns what undoes it."""
    before = threading.excepthook

    def in_thread(given: threading.ExceptHookArgs) -> None:
        lines = traceback.format_exception(given.exc_type, given.exc_value, given.exc_traceback)
        write(f"exception in the thread {given.thread.name if given.thread else '?'}\n{''.join(lines)}")
        before(given)

    def on_signal(number: int, _frame: FrameType | None) -> None:
        write(f"got the signal {signal.Signals(number).name}")
        raise SystemExit(128 + number)

    problems, logger = _Problems(write), logging.getLogger("uvicorn.error")
    enabled = faulthandler.is_enabled()
    main = threading.current_thread() is threading.main_thread()
    signals = {number: signal.signal(number, on_signal) for number in _TOLD_ENDS} if main else {}
    threading.excepthook = in_thread
    logger.addHandler(problems)
    if not enabled:
        faulthandler.enable(file)

    def restore() -> None:
        threading.excepthook = before
        logger.removeHandler(problems)
        if not enabled:
            faulthandler.disable()
        for number, old in signals.items():
            signal.signal(number, old)

    return restore
