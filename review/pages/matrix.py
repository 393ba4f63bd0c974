"""The matrix as it stands now, and what lies behind one of its cells."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from annotations.decision import Decision
from corpus.errors import UnknownChoiceError
from corpus.registry.sources import Source
from review.auth import Session
from review.context import Progress, ReviewContext
from review.pages.page_route import PageRoute
from synthesis.matrix.cell import Cell, Evidence


@dataclass(frozen=True, slots=True)
class Row:
    """A study in the matrix."""

    source: Source
    cells: tuple[Cell, ...]
    progress: Progress
    whole: bool  # everybody's judgements, or only those of who looks


class MatrixPages:
    """Their requests."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/", self.page, menu="Matrix", guest=True),
            PageRoute("/cell/{source}/{column}", self.cell, guest=True),
            PageRoute("/reload", self.reload, method="POST"),
        )

    def page(self, _request: Request, session: Session) -> Response:
        """Every study and theme, with how far this coder is."""
        context = self._context
        context.review_state.catch_up()
        rows = []
        for source in context.review_items.sources:
            whole = context.coder_items.may_see_all(session, source.id)
            cells = context.cells(source.id, coder="" if whole else session.coder)
            rows.append(Row(source, cells, context.progress(session.coder, source.id), whole))
        total, decided = (sum(getattr(row.progress, name) for row in rows) for name in ("total", "decided"))
        return context.page(
            "matrix.html",
            session,
            here="/",
            rows=rows,
            total=total,
            decided=decided,
            recall=context.matrix.recall(session.coder),
            partial=any(not row.whole for row in rows),
        )

    def reload(self, _request: Request, _session: Session) -> Response:
        """Show everybody what has come since the pages were opened."""
        self._context.load_again()
        return RedirectResponse("/", 303)

    def cell(self, request: Request, session: Session) -> Response:
        """The evidence of one cell on its page images, its history and its conflicts."""
        context = self._context
        context.review_state.catch_up()
        source = context.review_items.source(request.path_params["source"])
        column = request.path_params["column"]
        if column not in context.review_items.codebook.columns:
            raise UnknownChoiceError("column", column[:40], context.review_items.codebook.columns)
        whole = context.reveal(session, source.id)
        cells = context.cells(source.id, coder="" if whole else session.coder)
        cell = next(cell for cell in cells if cell.theme == column)
        return context.page(
            "cell.html",
            session,
            source=source,
            cell=cell,
            whole=whole,
            theme=context.review_items.codebook.theme(column),
            human=[self._shown(one) for one in cell.evidence if one.by != "machine"],
            machine=[self._shown(one) for one in cell.evidence if one.by == "machine"],
            sha256=context.review_items.documents[source.id].sha256
            if source.id in context.review_items.documents
            else "",
            own={d.theme: d for d in context.review_state.own(session.coder, source.id).study.values()}.get(column),
            may_code=context.coder_items.assignment.codes_whole(session.coder, source.id),
            history=self._history(source.id, column, "" if whole else session.coder),
        )

    def _shown(self, one: Evidence) -> dict[str, object]:
        document = next((d for d in self._context.review_items.documents.values() if d.sha256 == one.sha256), None)
        page = document.pages[one.page - 1] if document and one.page and one.page <= len(document.pages) else None
        boxes = [[b.page, b.x0, b.top, b.x1, b.bottom] for b in one.boxes if b.page == one.page]
        return {"one": one, "page": page, "boxes": boxes}

    def _history(self, source_id: str, column: str, coder: str) -> list[Decision]:
        """Every judgement ever made on a cell, newest first; with `coder` only theirs."""
        codebook = self._context.review_items.codebook
        themes = [code for code in codebook.codes if codebook.column_of(code) == column]
        made = self._context.review_state.history(source_id)
        chosen = [d for d in made if d.theme in themes and (not coder or (d.role == "coder" and d.coder == coder))]
        return chosen[::-1]
