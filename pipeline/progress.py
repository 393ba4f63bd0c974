"""A progress bar on long work: on a terminal only, and never on standard output."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Tells that one more of the work's parts is done, and which.
Tick = Callable[[str], None]


@contextmanager
def progress(title: str, total: int, *, show: bool = True) -> Iterator[Tick]:
    """Yields a function to call with a name for every part done; thread-safe."""
    if not (show and total and sys.stderr.isatty()):
        yield lambda _name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    guard = threading.Lock()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(title, total=total, name="")

        def tick(name: str) -> None:
            with guard:
                bars.update(bar, advance=1, name=name)

        yield tick
