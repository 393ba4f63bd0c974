"""The reviews that are open: each served by this process, on a port of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from corpus.errors import WorkspaceError
from pipeline.intake.new_review import is_review
from pipeline.open_review import open_review
from review.serving.server import LOCAL, OpenedReview, listening_on, opened_review, server_for

_STOPPING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Served:
    review: OpenedReview
    server: uvicorn.Server
    thread: threading.Thread


class OpenReviews:
    """Opens reviews and closes all of them at the end. Thread-safe."""

    def __init__(self, *, coder: str, command: Sequence[str]) -> None:
        """`coder`: name of the user in decision logs. `command` starts `jaiza`; see `review.desk.jobs.Jobs`."""
        self._coder, self._command = coder, tuple(command)
        self._served: dict[Path, _Served] = {}
        self._guard = threading.Lock()
        self._stack = ExitStack()

    def __enter__(self) -> OpenReviews:
        return self

    def __exit__(self, *_error: object) -> None:
        for served in self._served.values():
            served.server.should_exit = True
        for served in self._served.values():
            served.thread.join(_STOPPING_SECONDS)
        self._stack.close()

    def link(self, folder: Path) -> str:
        """Open the review in `folder` if it is not open, and give a link that opens its pages once.

        WorkspaceError, DataFileError: no review lies there, or something is wrong with it.
        """
        folder = folder.expanduser().absolute()
        if not is_review(folder):
            raise WorkspaceError(f"{folder} holds no review: choose another folder, or begin a new review there")
        with self._guard:
            served = self._served.get(folder)
            if served is None or not served.thread.is_alive():
                served = self._served[folder] = self._serve(folder)
                return served.review.link
            served.review.access.renew_link()
            return served.review.link

    def _serve(self, folder: Path) -> _Served:
        workspace, _ = open_review(folder)
        listening = self._stack.enter_context(listening_on(LOCAL, 0))
        review = self._stack.enter_context(
            opened_review(workspace, coder=self._coder, host=LOCAL, listening=listening, command=self._command)
        )
        server = server_for(review.app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name=folder.name, daemon=True)
        thread.start()
        threading.Thread(target=review.context.warm_up, daemon=True).start()
        return _Served(review, server, thread)
