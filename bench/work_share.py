"""The command line with a note of how much of this process's CPU time was the work of a run.

`python -m bench.work_share FILE ARGUMENTS` writes {"work": seconds, "process": seconds} to FILE.

Work is what the stages and the results take: pulling, reading and coding a PDF, and everything from the merged cells to
the report. What is left of the process is imports, progress, threads and, under Prefect, Prefect's client.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any


class _Clock:
    """CPU seconds inside of some functions, of all threads together; a call within a call counts once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._guard, self._inside = threading.Lock(), threading.local()

    def counted(self, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def timed(*given: Any, **named: Any) -> Any:
            if getattr(self._inside, "yes", False):
                return work(*given, **named)
            self._inside.yes, begun = True, time.thread_time()
            try:
                return work(*given, **named)
            finally:
                self._inside.yes = False
                with self._guard:
                    self.seconds += time.thread_time() - begun

        return timed


def main() -> None:
    """Run the command, then write the note."""
    note = Path(sys.argv.pop(1))
    from cli.main import main as command
    from pipeline.documents import batches
    from pipeline.documents.known_documents import KnownDocuments
    from pipeline.documents.stages import Stages
    from pipeline.runs import finish, run

    clock = _Clock()
    Stages.pull = clock.counted(Stages.pull)  # type: ignore[method-assign]
    KnownDocuments.find = clock.counted(KnownDocuments.find)  # type: ignore[method-assign]
    batches.process_document = clock.counted(batches.process_document)
    run.finish = clock.counted(finish.finish)
    try:
        command()
    finally:
        note.write_text(json.dumps({"work": clock.seconds, "process": time.process_time()}), encoding="utf-8")


if __name__ == "__main__":
    main()
