"""Keeping a review: a copy of all of it as one file, and whether this machine has what it needs."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from pipeline.backup import write_backup
from pipeline.health import check_health
from review.auth import Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute

# What each thing that is looked at is for, in words of somebody who has installed none of it.
_USES = {
    "Python": "what Jaiza is written in",
    "the review's folder": "where everything of this review lies",
    "disk": "room for PDFs, texts and results",
    "decision log": "what people have decided; nothing is ever changed in it",
    "sentence encoder": "finds passages that say the same in other words",
    "text recognition": "reads scanned pages, which are pictures of words",
    "converter": "makes PDFs of Word, HTML and text files",
    "fonts": "letters of the figures",
    "network": "fetches PDFs, and asks open indexes",
    "Prefect": "keeps the history of runs, and starts what runs by itself",
    "at work": "a run, or somebody adding sources, who holds the review at this moment",
}


class UpkeepPage:
    """The page of upkeep: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/upkeep", self.page, role="admin", menu="Upkeep", manage=True),
            PageRoute("/upkeep/backup", self.backup, role="admin"),
        )

    def page(self, _request: Request, session: Session) -> Response:
        """What was looked at on this machine, and the way to a backup."""
        workspace = self._context.workspace
        return self._context.page(
            "upkeep.html",
            session,
            here="/upkeep",
            checks=list(check_health(workspace)),
            uses=_USES,
            place=workspace.root,
        )

    def backup(self, request: Request, _session: Session) -> Response:
        """The whole review as one file, verified by reading it back before it is sent."""
        workspace = self._context.workspace
        handle = tempfile.NamedTemporaryFile(suffix=".zip", delete=False)  # noqa: SIM115  # gone when it was sent
        handle.close()
        path = Path(handle.name)
        try:
            write_backup(workspace, path, pdfs=bool(request.query_params.get("pdfs")))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        name = f"{workspace.root.name}-{datetime.now(UTC):%Y%m%d-%H%M}.zip"
        return FileResponse(path, filename=name, background=BackgroundTask(path.unlink, missing_ok=True))
