"""The sources of a review: files and lists dropped in, what is missing, what is doubtful."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from corpus.errors import JaizaError
from corpus.json_table import JsonTable
from corpus.outcome import USABLE, Outcome
from corpus.registry.edition_links import load_links, settle_all
from corpus.registry.registry_file import load_sources
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holding, Holdings
from corpus.workspace import Workspace
from pipeline.intake.take_files import confirm, forget, take_file, waiting, waiting_pdf
from pipeline.merged_review import coded_sources
from pipeline.outcomes import load_outcomes
from pipeline.runs.link_duplicates import open_duplicates
from pipeline.screening.screening_state import read_screening, sources_to_read
from review.auth import Session
from review.context import ReviewContext
from review.desk.plain_states import PLAIN_STATES
from review.pages.page_route import PageRoute

_MOST_NAME = 200  # characters of a file's name


class SourcesPage:
    """The page of the sources: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/sources", self.page, role="admin", menu="Sources", manage=True, guest=True),
            PageRoute("/sources", self.change, role="admin", method="POST"),
            PageRoute("/sources/picture/{file}", self.picture, role="admin"),
            PageRoute("/sources/upload", self.upload, role="admin", as_json=True, method="POST", upload=True),
        )

    def page(self, request: Request, session: Session) -> Response:
        """Every source with its state, what waits for a title, and pairs that look like one work."""
        workspace = self._context.workspace
        sources = load_sources(workspace)
        rows = _rows(workspace, sources)
        links = load_links(workspace, sources)
        log = self._context.review_state.log
        wanted = {source.id for source in sources_to_read(workspace, sources, log)}
        missing = [row for row in rows if not row["has_file"]]
        screened = workspace.review.screening.first or log.screened()
        return self._context.page(
            "sources.html",
            session,
            here="/sources",
            rows=rows,
            missing=[row for row in missing if row["id"] in wanted],
            held_back=sum(row["id"] not in wanted for row in missing),
            filed=len(rows) - len(missing),
            unscreened=_unscreened(self._context) if screened else 0,
            waiting=[] if session.guest else waiting(workspace),
            pairs=[] if session.guest else open_duplicates(workspace, sources, links),
            labels={source.id: source.label for source in sources},
            editions=links.editions,
            said=request.query_params.get("said", "")[:500],
            wrong=request.query_params.get("wrong", "")[:500],
            adding=self._context.jobs.last("add"),
            added=self._context.jobs.said("add"),
            most_mb=workspace.review.pull.size_cap_mb,
        )

    def picture(self, request: Request, _session: Session) -> Response:
        """The first page of a PDF whose title is to be confirmed."""
        workspace, sha256 = self._context.workspace, request.path_params["file"]
        pdf = waiting_pdf(workspace, sha256)
        data = self._context.pictures.first_page(pdf, sha256) if pdf.exists() else None
        if data is None:
            raise JaizaError("this page can't be drawn")
        return Response(data, media_type="image/png")

    def upload(self, request: Request, _session: Session) -> Response:
        """Take one file, whose name is in the address; what became of it, as JSON."""
        name = " ".join(request.query_params.get("name", "").split())[:_MOST_NAME] or "file"
        source_id = request.query_params.get("source", "")
        taken = take_file(self._context.workspace, request.state.upload, name, source_id=source_id)
        return JSONResponse(asdict(taken))

    def change(self, request: Request, session: Session) -> Response:
        """Confirm a title or leave a file out, settle a pair, or add what a DOI or an address names."""
        given = request.state.given
        what = str(given.get("what", ""))
        try:
            said = self._done(what, given, session)
        except (JaizaError, ValueError) as error:
            return RedirectResponse(f"/sources?wrong={quote(str(error))}", 303)
        return RedirectResponse(f"/sources?said={quote(said)}", 303)

    def _done(self, what: str, given: JsonTable, session: Session) -> str:
        workspace = self._context.workspace
        if what == "confirm":
            year = str(given.get("year", "")).strip()
            authors = [name.strip() for name in str(given.get("authors", "")).split(";") if name.strip()]
            if year and not (year.isdecimal() and len(year) == 4):
                raise JaizaError(f"{year!r} is no year: give four digits, or leave it out")
            title = str(given.get("title", ""))
            taken = confirm(
                workspace, str(given.get("file", "")), title, authors=authors, year=int(year) if year else None
            )
            return f"{taken.name}: {taken.said}"
        if what == "leave":
            forget(workspace, str(given.get("file", "")))
            return "The file was left out."
        if what in ("same", "different"):
            return self._settle(str(given.get("first", "")), str(given.get("second", "")), one_work=what == "same")
        if what == "add":
            thing = str(given.get("thing", "")).strip()
            if not thing or thing.startswith("-"):
                raise JaizaError("give a DOI or a web address")
            title = str(given.get("title", "")).strip()
            arguments = ["sources", "add", *(["--title", title] if title else []), "--", thing]
            self._context.jobs.start("add", arguments, by=session.coder)
            return "It is being looked up: load this page again in a moment."
        raise JaizaError("this page does not know what is wanted: load it again")

    def _settle(self, first: str, second: str, *, one_work: bool) -> str:
        workspace = self._context.workspace
        sources = load_sources(workspace)
        links = load_links(workspace, sources)
        pairs = [
            pair for pair in open_duplicates(workspace, sources, links) if (pair.first, pair.second) == (first, second)
        ]
        if not pairs:
            raise JaizaError("this pair is settled already")
        labels = {source.id: source.label for source in sources}
        if one_work and second in coded_sources(workspace, sources):
            raise JaizaError(
                f"people have judged {labels[second]}: their judgements would stop counting; see `jaiza sources link`"
            )
        settle_all(workspace, links, sources, pairs, one_work=one_work, why="settled on the page")
        return "They are one work, counted once." if one_work else "They are two works, each counted."


def _unscreened(context: ReviewContext) -> int:
    """Records that wait to be screened by title and abstract."""
    records = read_screening(context.workspace, context.review_state.log).abstracts
    return sum(one.standing == "waiting" for one in records.values())


def _rows(workspace: Workspace, sources: tuple[Source, ...]) -> list[dict[str, object]]:
    """What the table of sources shows of each."""
    outcomes = {outcome.source_id: outcome for outcome in load_outcomes(workspace)}
    held = Holdings(workspace)
    return [_row(source, outcomes.get(source.id), held.get(source.id)) for source in sources]


def _row(source: Source, outcome: Outcome | None, held: Holding | None) -> dict[str, object]:
    usable = outcome is not None and (outcome.state in USABLE or outcome.state == "no text layer")
    state, remedy = ("not pulled yet", "") if outcome is None else (outcome.state, outcome.remedy)
    if held is not None and not usable:
        state, remedy = "given, not read yet", ""
    return {
        "id": source.id,
        "label": source.label,
        "title": source.title,
        "year": source.year or "",
        "state": PLAIN_STATES.get(state, state),
        "message": outcome.message if outcome and held is None else (held.title_note if held else ""),
        "remedy": remedy,
        "has_file": held is not None or usable,
        "links": [
            candidate.url for candidate in source.candidates if candidate.url.startswith(("http://", "https://"))
        ],
    }
