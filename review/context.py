"""What all pages of the review share: the texts, how the review stands, the pictures, and how a page is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from annotations.agreement.adjudication import Dispute, disputes
from annotations.agreement.assignment import Assignment
from annotations.agreement.ratings import Ratings, passage_ratings, study_ratings
from annotations.agreement.team_coding import counting_for_studies
from annotations.codebook_changes import load_recoding, recoded
from annotations.decision import Decision
from corpus.errors import UnknownChoiceError
from corpus.workspace import Workspace
from extract.document import Document
from extract.views.word_layer import PlacedWord
from review.auth import Session
from review.coder_items import CoderItems
from review.page_images import SCALES, PageImages
from review.review_items import ReviewItems
from review.review_state import ReviewState
from review.worklist import Listing
from synthesis.matrix.cell import Cell
from synthesis.matrix.merge import merge_cells

if TYPE_CHECKING:
    from annotations.progress.stopping_rule import RecallEstimate

HERE = Path(__file__).parent
# Path, name, and the role that a person needs for it.
MENU = (
    ("/", "Matrix", "coder"),
    ("/code", "Code", "coder"),
    ("/adjudicate", "Adjudicate", "adjudicator"),
    ("/overruled", "Overruled", "coder"),
    ("/agreement", "Agreement", "adjudicator"),
    ("/people", "People", "admin"),
)
_SPOKEN = {0: "rejected", 1: "mentioned", 2: "with evidence", None: "not known"}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a coder is with one study."""

    total: int  # suggestions
    decided: int
    done: bool
    whole: bool  # is all of it theirs to code?


class ReviewContext:
    """One review while it is served."""

    def __init__(self, workspace: Workspace, shelf: ReviewItems, standing: ReviewState) -> None:
        self.workspace, self.shelf, self.standing = workspace, shelf, standing
        self.pictures = PageImages(workspace)
        self._changes = load_recoding(workspace)
        self.sight = CoderItems(shelf, standing, Assignment(workspace.review.coding))
        self.listing = Listing(shelf, standing, self.sight)
        self._cells: dict[tuple[str, str], tuple[int, tuple[Cell, ...]]] = {}
        self._ratings: tuple[int, Ratings, Ratings, tuple[Dispute, ...]] | None = None
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, auto_reload=False
        )
        self._templates.globals.update(review=workspace.review, codebook=shelf.codebook, spoken=spoken,
            spoken_value=spoken_value, spoken_cell=spoken_cell,
        )  # fmt: skip

    def page(self, name: str, session: Session | None, *, here: str = "", **values: Any) -> HTMLResponse:
        """A whole page."""
        menu = [(path, title) for path, title, role in MENU if session and session.may(role)]  # type: ignore[arg-type]
        text = self._templates.get_template(name).render(session=session, menu=menu, here=here, **values)
        return HTMLResponse(text)

    def fragment(self, name: str, **values: Any) -> str:
        """A part of a page."""
        return self._templates.get_template(name).render(**values)

    def warm_up(self) -> None:
        """Have ready what the first visitor would wait seconds for: the cells, a library, the process that draws."""
        import annotations.progress.stopping_rule  # noqa: F401

        for item in self.shelf.suggested[:1]:
            page = self.shelf.passage(item.source_id, item.passage_id).page
            self.pictures.page(self.shelf.document(item.source_id), page, SCALES[0])
        for source in self.shelf.sources:
            self.cells(source.id)

    def progress(self, coder: str, source_id: str) -> Progress:
        """How far `coder` is with a study."""
        items = self.sight.by_study(coder).get(source_id, ())
        whole = self.sight.assignment.codes_whole(coder, source_id)
        return Progress(
            len(items), self.listing.decided(coder, source_id), self.standing.own(coder, source_id).done, whole
        )

    def recall(self, coder: str) -> RecallEstimate | None:
        """What share of the true codes `coder` has found, at least; None before the first decision."""
        from annotations.progress.stopping_rule import recall_estimate  # scipy.stats, which takes seconds to load

        first = {}  # the first decision on each suggestion, in the order of review
        for decision in self.standing.reviewed(coder):
            if decision.anchor and decision.model_id and decision.shown:
                first[decision.source_id, decision.anchor.passage_id, decision.theme] = bool(decision.value)
        if not first:
            return None
        total = max(len(first), sum(item.suggestion is not None for item in self.sight.items(coder)))
        return recall_estimate(list(first.values()), total=total, points=0)

    def ratings(self) -> tuple[Ratings, Ratings]:
        """Who gave what a value: passages, and studies. Made anew only where something was decided."""
        with self.standing.lock:
            if self._ratings is None or self._ratings[0] != self.standing.version:
                decisions, marks = self._as_coded_now(self.standing.decisions()), self.standing.marks()
                codes, assignment = self.shelf.codebook.codes, self.sight.assignment
                passages = passage_ratings(decisions, marks, self.shelf.documents, themes=codes, assignment=assignment)
                studies = study_ratings(
                    decisions, marks, sources=[source.id for source in self.shelf.sources], themes=codes,
                    assignment=assignment,
                )  # fmt: skip
                made = (*disputes(passages, decisions), *disputes(studies, decisions))
                self._ratings = (self.standing.version, passages, studies, made)
            return self._ratings[1], self._ratings[2]

    def disputes(self) -> tuple[Dispute, ...]:
        """Where coders differ, ruled on or not."""
        with self.standing.lock:
            self.ratings()
            assert self._ratings is not None
            return self._ratings[3]

    def cells(self, source_id: str, *, coder: str = "") -> tuple[Cell, ...]:
        """The cells of a study; with `coder` what that person alone has said, and nothing of the machine's."""
        version = self.standing.changed[source_id]
        kept = self._cells.get((source_id, coder))
        if kept and kept[0] == version:
            return kept[1]
        decisions = self._as_coded_now(self.standing.of_study(source_id))
        if coder:
            decisions = [d for d in decisions if d.role == "coder" and d.coder == coder]
        cells = self._merged(source_id, decisions, machine=not coder)
        self._cells[source_id, coder] = (version, cells)
        return cells

    def _merged(self, source_id: str, decisions: Sequence[Decision], *, machine: bool) -> tuple[Cell, ...]:
        shelf = self.shelf
        source = shelf.source(source_id)
        proposals = {source_id: shelf.proposals[source_id]} if machine and source_id in shelf.proposals else {}
        documents = {source_id: shelf.documents[source_id]} if source_id in shelf.documents else {}
        marks = [mark for mark in self.standing.marks() if mark.source_id == source_id]
        counting = counting_for_studies(
            decisions, marks, documents, assignment=self.sight.assignment, themes=shelf.codebook.codes
        )
        everybody = counting if machine else None  # what one person alone has said is not the team's
        return merge_cells([source], decisions, proposals, documents, shelf.codebook, standing=everybody)

    def _as_coded_now(self, decisions: Sequence[Decision]) -> Sequence[Decision]:
        """`decisions` under the themes of the codebook as it is now."""
        return recoded(decisions, self._changes, self.shelf.codebook) if self._changes else decisions

    def selection(self, source_id: str, page: int, first: int, last: int) -> tuple[PlacedWord, ...]:
        """Words `first` to `last` of a page, as numbered from 0 in the order they are read."""
        document = self.shelf.document(source_id)
        check_page(document, page)
        words = (self.pictures.words(document, page) or ())[first : last + 1]
        if not words or first > last:
            raise UnknownChoiceError("words on page", str(page), [], "Select them again")
        return words

    def page_of(self, request: Request) -> tuple[Document, int]:
        """The document and the page that an address names."""
        document = self.shelf.document(request.path_params["source"])
        page = request.path_params["page"]
        check_page(document, page)
        return document, page

    def scale(self, request: Request) -> float:
        """One of SCALES: that asked for, or the smallest."""
        asked = request.query_params.get("scale", "")
        return next((scale for scale in SCALES if asked == f"{scale:g}"), SCALES[0])


def check_page(document: Document, page: int) -> None:
    """UnknownChoiceError where the document has no such page."""
    if not 1 <= page <= len(document.pages):
        raise UnknownChoiceError("page", str(page), [f"1 to {len(document.pages)}"])


def spoken(value: int | None) -> str:
    """A value in words."""
    return _SPOKEN[value]


def spoken_value(value: int | None) -> str:
    """A value of a study in words."""
    return {0: "0, not discussed", 1: "1, mentioned", 2: "2, with evidence", None: "not known"}[value]


def spoken_cell(cell: Cell) -> str:
    """A cell's value in words, with what it rests on."""
    told = spoken_value(cell.merged)
    if cell.merged is not None:
        told += f" ({cell.basis})"
    if cell.disputed:
        told += ", coders differ"
    return told + (", machine and people differ" if cell.conflict else "")
