"""The results of a review: the report in place, its files, and every export as a download."""

from __future__ import annotations

import tempfile
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from corpus.errors import JaizaError, UnknownChoiceError
from corpus.registry.registry_file import load_sources
from exchange.formats import FORMATS
from pipeline.export import ExportMaterial
from pipeline.screening.screening_state import counted_sources
from review.auth import Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute

# The report is one file that brings its own script and style; sandboxed, it can reach nothing of these pages.
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; sandbox allow-scripts "
    "allow-popups allow-downloads"
)
_SHUT = "Coders still work here without seeing each other's codes: the results open to guests once they are done."


class ResultsPage:
    """The page of the results: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/results", self.page, role="admin", menu="Results", manage=True, guest=True),
            PageRoute("/results/export", self.export, role="admin", guest=True),
            PageRoute("/results/file/{name:path}", self.file, role="admin", guest=True),
        )

    def page(self, request: Request, session: Session) -> Response:
        """What the last run made, and what can be downloaded."""
        if not self._open_to(session):
            return self._context.page("results.html", session, here="/results", shut=_SHUT)
        latest, workspace = self._latest(), self._context.workspace
        files = [] if latest is None else sorted(path for path in latest.rglob("*") if path.is_file())
        return self._context.page(
            "results.html",
            session,
            here="/results",
            files=[(path.relative_to(latest).as_posix(), path.stat().st_size) for path in files] if latest else [],
            has_report=latest is not None and (latest / "report.html").is_file(),
            formats=FORMATS,
            sources=counted_sources(workspace, load_sources(workspace), self._context.review_state.log),
            coders=sorted({one.coder for one in self._context.review_state.decisions()}),
            wrong=request.query_params.get("wrong", "")[:500],
        )

    def file(self, request: Request, session: Session) -> Response:
        """One file of the latest results: a page of the report to be read, anything else to be kept."""
        if not self._open_to(session):
            raise JaizaError(_SHUT)
        latest = self._latest()
        name = request.path_params["name"]
        path = None if latest is None else (latest / name).resolve()
        if latest is None or path is None or not path.is_relative_to(latest) or not path.is_file():
            raise JaizaError(f"the latest results have no file {name[:80]!r}")
        if path.suffix == ".html":
            return FileResponse(path, headers={"Content-Security-Policy": _REPORT_POLICY})
        return FileResponse(path, filename=path.name)

    def export(self, request: Request, session: Session) -> Response:
        """The review in a format of another program, narrowed down to themes, studies and coders."""
        if not self._open_to(session):
            raise JaizaError(_SHUT)
        query = request.query_params
        name = query.get("format", "")
        if name not in FORMATS:
            raise UnknownChoiceError("format", name[:40], FORMATS)
        chosen = {key: tuple(value for value in query.getlist(key) if value) for key in ("theme", "study", "coder")}
        form = FORMATS[name]
        values = tuple(int(value) for value in query.getlist("value") if value in ("0", "1", "2"))
        if (any(chosen.values()) or values) and not form.by_coding:
            said = f"{form.file} is always of the whole review: choose no theme, study, coder or strength for it"
            raise JaizaError(said)
        material = ExportMaterial(
            self._context.workspace,
            profile="pdf" if query.get("profile") == "pdf" else "text",
            suggestions=bool(query.get("suggestions")),
            include_proposed=bool(query.get("proposed")),
            themes=chosen["theme"],
            studies=chosen["study"],
            coders=chosen["coder"],
            values=values,
        )
        file = form.file
        if form.one_study and len(chosen["study"]) == 1:
            file = chosen["study"][0] + form.one_study
        with tempfile.TemporaryFile() as stream:
            form.write(material, stream)
            stream.seek(0)
            content = stream.read()
        return Response(
            content,
            media_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{file}"'},
        )

    def _open_to(self, session: Session) -> bool:
        """May they see results? They hold what everybody coded: guests may once they may see that of every study."""
        if not session.guest:
            return True
        self._context.review_state.catch_up()
        sources = self._context.review_items.sources
        return all(self._context.coder_items.may_see_all(session, source.id) for source in sources)

    def _latest(self) -> Path | None:
        """The folder of the latest results; None before the first run."""
        place = self._context.workspace.out / "latest"
        return place.resolve() if place.exists() else None
