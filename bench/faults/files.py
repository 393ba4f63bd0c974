"""Thousands of changed files of every kind are read: each is read or refused in a line, in time, and leaves nothing."""

from __future__ import annotations

import random
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from bench.faults.kinds import FileKind, spread
from bench.faults.mutations import mutated
from bench.faults.tally import Tally, files_under
from corpus.errors import JaizaError

SECONDS = 60  # for one file; a PDF has a limit of its own below that


class HangError(BaseException):
    """A reader that does not come to an end; no Exception, so that none takes it for a fault of the file."""


def read_one(kind: FileKind, data: bytes, folder: Path, *, seconds: int = SECONDS) -> str:
    """Read `data` as a file of a kind; "" where it was read or refused in a line, else what went wrong."""
    path = folder / f"given{kind.suffix}"
    path.write_bytes(data)
    try:
        with _limit(seconds):
            kind.read(path)
    except JaizaError as error:
        return "" if len(str(error).splitlines()) == 1 else f"more than a line: {str(error)[:200]!r}"
    except HangError:
        return f"hangs: more than {seconds} s"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:200]} ({where.filename}:{where.lineno})"
    return ""


def run(count: int, seed: int, keep: Path | None = None) -> Tally:
    """Read `count` changed files; those that hurt are kept in the folder `keep`, never in the repository."""
    tally = Tally("changed files of every kind")
    for kind, number in spread(count):
        dice, seeds, began = random.Random(f"{seed} {kind.name}"), kind.seeds(), time.monotonic()
        for _ in range(number):
            data = mutated(dice.choice(seeds), dice, seeds)
            tally.tried += 1
            with tempfile.TemporaryDirectory(prefix="jaiza-fuzz-") as place:
                folder = Path(place, "inside")
                folder.mkdir()
                wrong = read_one(kind, data, folder)
                left = files_under(Path(place), but=folder)
            if left:
                tally.note("outside", f"{kind.name}: {sorted(left)}")
            if wrong:
                tally.note("hangs" if wrong.startswith("hangs") else "tracebacks", f"{kind.name}: {wrong}")
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{kind.name.replace(' ', '-')}-{tally.tried}{kind.suffix}").write_bytes(data)
        print(f"{kind.name}: {number} files, {time.monotonic() - began:.0f} s, {tally.bad} bad so far", flush=True)
    return tally


@contextmanager
def _limit(seconds: int) -> Iterator[None]:
    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
