"""The saved searches: what they ask, what they brought, and repeating them."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.discovery.saved_searches import (
    MOST,
    USUAL_MOST,
    Citations,
    SavedSearch,
    add_search,
    load_search_history,
    load_searches,
    remove_search,
)
from corpus.errors import JaizaError
from corpus.json_table import JsonTable
from pipeline.intake.repeat_search import asked_of
from review.auth import Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute

_SHOWN = 30  # times that a search was repeated
_WAYS: tuple[Citations, ...] = ("", "citing", "cited")


class SearchesPage:
    """The page of the searches: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/searches", self.page, role="admin", menu="Searches", manage=True),
            PageRoute("/searches", self.change, role="admin", method="POST"),
        )

    def page(self, request: Request, session: Session) -> Response:
        """Every saved search, and what each time brought."""
        workspace = self._context.workspace
        return self._context.page(
            "searches.html",
            session,
            here="/searches",
            searches=[(one, asked_of(one)) for one in load_searches(workspace)],
            history=list(reversed(load_search_history(workspace)))[:_SHOWN],
            job=self._context.jobs.last("search"),
            said=self._context.jobs.said("search"),
            first=workspace.review.screening.first,
            index=workspace.review.resolve.openalex,
            most=USUAL_MOST,
            limit=MOST,
            wrong=request.query_params.get("wrong", "")[:500],
        )

    def change(self, request: Request, session: Session) -> Response:
        """Save a search, forget one, or repeat one or all."""
        given = request.state.given
        try:
            self._done(given, session)
        except (JaizaError, ValueError) as error:
            return RedirectResponse(f"/searches?wrong={quote(str(error))}", 303)
        return RedirectResponse("/searches", 303)

    def _done(self, given: JsonTable, session: Session) -> None:
        what, name = str(given.get("what", "")), " ".join(str(given.get("name", "")).split())
        if what == "add":
            add_search(self._context.workspace, _search_in(given, name))
            self._repeat([name], session)
        elif what == "forget":
            remove_search(self._context.workspace, name)
        elif what == "repeat":
            self._repeat([name] if name else [], session)
        else:
            raise JaizaError("this page does not know what is wanted: load it again")

    def _repeat(self, names: list[str], session: Session) -> None:
        self._context.jobs.start("search", ["sources", "search", "--", *names], by=session.coder)


def _search_in(given: JsonTable, name: str) -> SavedSearch:
    most = str(given.get("most", USUAL_MOST))
    if not most.isdecimal() or not 1 <= int(most) <= MOST:
        raise JaizaError(f"{most[:20]!r} works can't be taken: 1 to {MOST:,}")
    way: Citations = next((one for one in _WAYS if one == given.get("citations")), "")
    years = [str(given.get(key, "")).strip() for key in ("from", "to")]
    if any(year and not (year.isdecimal() and len(year) == 4) for year in years):
        raise JaizaError("a year has four digits")
    filters = [f"publication_year:{'-'.join(years)}"] if any(years) and not way else []
    query = "" if way else " ".join(str(given.get("query", "")).split())
    return SavedSearch(name, query[:1000], ",".join(filters), way, int(most))
