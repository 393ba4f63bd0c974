"""What all pages of the review share: the texts, how the review stands, the pictures, and how a page is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from annotations.agreement.assignment import Assignment
from annotations.codebook_changes import load_recoding
from annotations.codes import theme_of
from annotations.decision import Anchor, Decision, Mark
from annotations.finishing import StudyState
from corpus.errors import UnknownChoiceError
from corpus.json_table import JsonTable
from corpus.workspace import Workspace, write_atomic
from extract.document import Document
from models import reason_words
from models.codebook.codebook import load_codebook
from pipeline.documents.outdated_texts import in_words, outdated_texts
from pipeline.requeue import mark_touched
from pipeline.text_history import note_texts, open_assignment
from review.anchoring.anchors import SelectedWords, check_page, word_in
from review.auth import Session
from review.codables import Codable, codables_of
from review.coder_events import Moment, Value, judged
from review.coder_items import CoderItems
from review.desk.jobs import Jobs
from review.matrix.live_matrix import LiveMatrix
from review.matrix.wording import spoken, spoken_cell, spoken_value
from review.menu import MenuEntry, bars
from review.news import CODEBOOK_FILES, news_since, stamps
from review.page_images import SCALES, PageImages
from review.review_items import ReviewItems
from review.review_state import ReviewState
from review.worklist import Listing
from synthesis.humanize import SECTION_WORDS
from synthesis.matrix.cell import Cell

HERE = Path(__file__).parent
_PAGES_SELECTED = 5  # over which one selection may reach


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a coder is with one study."""

    total: int  # suggestions
    decided: int
    done: bool
    whole: bool  # is all of it theirs to code?
    passages: int  # in the text; 0 where there is none
    judged: int  # of the passages: decided on, or put before the coder to be judged
    seen: int  # judged, or on the screen for a while and passed over
    all_shown: bool  # in a finished study: every passage had been shown, so that what is left out is not discussed
    coded: int  # places with a code of theirs
    reopened: bool  # something has come since they were done
    news: str  # what has come since they were done, and what became of the words they decided on


class ReviewContext:
    """One review while it is served."""

    def __init__(self, workspace: Workspace, review_items: ReviewItems, review_state: ReviewState) -> None:
        self.workspace, self.review_items, self.review_state = workspace, review_items, review_state
        self.load_items: Callable[[], ReviewItems] | None = None  # reads the texts anew; None: they do not change
        self._loaded = stamps(workspace)
        self.menu: Sequence[MenuEntry] = ()  # of the bars
        self.jobs = Jobs(workspace, ())  # commands that pages start; whoever serves the review says how
        self.on_warm_up: list[Callable[[], None]] = []  # what pages want done while nobody waits
        self.outdated = in_words(outdated_texts(workspace))
        self.pictures = PageImages(workspace)
        self.changes = load_recoding(workspace)
        assignment = open_assignment(workspace, review_state.log)
        self.coder_items = CoderItems(review_items, review_state, assignment, self.changes)
        self.listing = Listing(review_items, review_state, self.coder_items)
        self.matrix = LiveMatrix(self)
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, auto_reload=False
        )
        self._templates.globals.update(spoken=spoken, spoken_value=spoken_value, spoken_cell=spoken_cell)
        self._templates.globals.update(review=workspace.review, words=reason_words, section_words=SECTION_WORDS)

    def page(self, name: str, session: Session | None, *, here: str = "", **values: Any) -> HTMLResponse:
        """A whole page."""
        menu, managed = bars(self.menu, session, here)
        values = {
            "codebook": self.review_items.codebook,
            "newer": self.news,
            "managed": managed,
            "outdated": self.outdated,
            **values,
        }
        text = self._templates.get_template(name).render(session=session, menu=menu, here=here, **values)
        return HTMLResponse(text)

    def fragment(self, name: str, **values: Any) -> str:
        """A part of a page."""
        return self._templates.get_template(name).render(**{"codebook": self.review_items.codebook, **values})

    def warm_up(self) -> None:
        """Have ready what the first visitor would wait seconds for: the cells, a library, the process that draws."""
        import annotations.progress.stopping_rule  # noqa: F401

        for item in self.review_items.suggested[:1]:
            page = self.review_items.passage(item.source_id, item.passage_id).page
            self.pictures.page(self.review_items.document(item.source_id), page, SCALES[0])
        for source in self.review_items.sources:
            self.cells(source.id)
        for prepare in self.on_warm_up:
            prepare()

    def load_again(self) -> None:
        """Serve what the last run found, from now on."""
        if self.load_items is None:
            return
        newest = stamps(self.workspace)
        items = self.load_items()
        with self.review_state.lock:
            self.changes = load_recoding(self.workspace)
            read = {source: (text.sha256, text.extractor) for source, text in items.documents.items()}
            note_texts(self.workspace, self.review_state.log, read, items.documents)
            self.open_items(items, open_assignment(self.workspace, self.review_state.log))
            self.review_state.begin_again()
            self._loaded = newest
            self.outdated = in_words(outdated_texts(self.workspace))

    @property
    def news(self) -> str:
        """What has come since the pages were opened that they do not show yet."""
        return news_since(self.workspace, self._loaded) if self.load_items else ""

    def write_file(self, name: str, data: bytes) -> None:
        """A small file of the review that its pages keep."""
        write_atomic(self.workspace.root / name, data)

    def progress(self, coder: str, source_id: str) -> Progress:
        """How far `coder` is with a study."""
        items = self.coder_items.by_study(coder).get(source_id, ())
        own = self.review_state.own(coder, source_id)
        document = self.review_items.documents.get(source_id)
        return Progress(
            total=len(items),
            decided=self.listing.decided(coder, source_id),
            done=self.coder_items.finished(coder, source_id),
            all_shown=own.done and not own.marks["done", "", ""].not_shown,
            whole=self.coder_items.assignment.codes_whole(coder, source_id),
            passages=len(document.passages) if document else 0,
            judged=len(own.judged),
            seen=len(own.looked_at),
            coded=sum(bool(decision.value) for decision in own.decisions if decision.anchor),
            reopened=own.done and self.study_state(coder, source_id).reopened,
            news=self.study_state(coder, source_id).news if own.version else "",
        )

    def unfinished(self, coder: str, source_id: str) -> str:
        """What `coder` has left open in a study, to be asked before it is done; "" where nothing is."""
        progress, state = self.progress(coder, source_id), self.study_state(coder, source_id)
        open_, unseen = progress.total - progress.decided, len(state.not_shown)
        if not open_ and not unseen:
            return ""
        told = [f"{open_} undecided"] if open_ else []
        if unseen:
            told.append(f"{len(state.passages) - unseen} of {len(state.passages)} passages seen")
        follows = (
            "A theme for which you coded nothing stays unknown in this study, for not all of it was on the screen."
            if unseen
            else "A theme for which you coded nothing then counts as not discussed."
        )
        return f"{', '.join(told)}. {follows} What was never shown is recorded as not shown."

    def study_state(self, coder: str, source_id: str) -> StudyState:
        """Which passages of a study `coder` has judged, passed over, and not been shown."""
        return self.coder_items.study_state(coder, source_id)

    def reveal(self, session: Session, source_id: str) -> bool:
        """May this person see what others and the machine say of a study? Where they coded it blindly, that they were
        shown it now is recorded once."""
        if not self.coder_items.may_see_all(session, source_id):
            return False
        own = self.review_state.own(session.coder, source_id)
        if own.done and self.coder_items.blind(session.coder, source_id) and ("revealed", "", "") not in own.marks:
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            revision = self.review_items.codebook.revision
            self.review_state.log.record(
                marks=[Mark(source_id, "revealed", session.coder, decided=now, codebook=revision)]
            )
            self.review_state.catch_up()
        return True

    def reload_codebook(self) -> None:
        """The codebook and what became of its themes, as the files of the review have them now."""
        with self.review_state.lock:
            now = stamps(self.workspace)
            self._loaded = {**self._loaded, **{name: now[name] for name in CODEBOOK_FILES}}
            codebook = load_codebook(self.workspace)
            self.changes = load_recoding(self.workspace)
            self.open_items(self.review_items.under(codebook, self.changes))
            mark_touched(self.workspace, self.review_state.log)
            self.review_state.touch()
            self.review_state.catch_up()

    def open_items(self, items: ReviewItems, assignment: Assignment | None = None) -> None:
        """Serve other texts, suggestions or themes from now on, and with `assignment` by another draw."""
        self.review_items = self.review_state.review_items = items
        draw = assignment or self.coder_items.assignment
        self.coder_items = CoderItems(items, self.review_state, draw, self.changes)
        self.listing = Listing(items, self.review_state, self.coder_items)
        self.matrix.forget()

    def cells(self, source_id: str, *, coder: str = "") -> tuple[Cell, ...]:
        """The cells of a study; with `coder` what that person alone has said, and nothing of the machine's."""
        return self.matrix.cells(source_id, coder=coder)

    def codables(self) -> tuple[Codable, ...]:
        """What can be coded with, in the order of the codebook."""
        return codables_of(self.review_items.codebook, self.review_state.codes)

    def codable(self, code: str) -> Codable:
        """The theme or code `code`; UnknownChoiceError names the themes there are."""
        found = next((one for one in self.codables() if one.code == code), None)
        if found is None:
            raise UnknownChoiceError("theme", code[:20], self.review_items.codebook.codes)
        return found

    def code_themes(self) -> dict[str, str]:
        """Under which theme each code of people's own stands; "" where under none."""
        codes = {code.code_id: code for code in self.review_state.codes}
        return {code_id: theme_of(code_id, codes) for code_id in codes}

    def stands_under(self, code: str, other: str) -> bool:
        """Does a code stand under another, through whatever is between?"""
        parents = {one.code: one.under for one in self.codables()}
        while code:
            code = parents.get(code, "")
            if code == other:
                return True
        return False

    def judges_first(self, coder: str) -> bool:
        """Does `coder` see the machine's label only after a judgement of their own?"""
        return self.review_state.judge_first.get(coder, self.workspace.review.coding.judge_first)

    def visible(self, moment: Moment) -> set[str]:
        """The studies of which whoever acts may see what others said."""
        session = Session(moment.coder, moment.role, "")
        return {source.id for source in self.review_items.sources if self.coder_items.may_see_all(session, source.id)}

    def short(self, code: str) -> str:
        """How a theme or code is called where there is little space."""
        return next((one.short for one in self.codables() if one.code == code), code)

    def judged(self, moment: Moment, source_id: str, theme: str, value: Value | None, anchor: Anchor) -> Decision:
        """A judgement of a passage, with what the machine says there."""
        self.codable(theme)
        if ("revealed", "", "") in self.review_state.own(moment.coder, source_id).marks:
            moment = replace(moment, shown=True)  # whatever is hidden now: they have seen it
        item = self.review_items.by_place.get((source_id, anchor.passage_id, theme))
        return judged(moment, source_id, theme, value, anchor, item.suggestion if item else None)

    def selection(self, source_id: str, first: tuple[int, int], last: tuple[int, int]) -> tuple[SelectedWords, ...]:
        """The words from `first` to `last`, each told by its page and its number there (from 0, as they are read)."""
        document = self.review_items.document(source_id)
        if first > last or last[0] - first[0] >= _PAGES_SELECTED:
            raise UnknownChoiceError("words on page", str(first[0]), [], "Select them again")
        found = []
        for page in range(first[0], last[0] + 1):
            check_page(document, page)
            words = self.pictures.words(document, page) or ()
            begin, end = first[1] if page == first[0] else 0, last[1] if page == last[0] else len(words) - 1
            if page in (first[0], last[0]) and not begin <= end < len(words):
                raise UnknownChoiceError("words on page", str(page), [], "Select them again")
            found.append(SelectedWords(page, words, begin, end))
        return tuple(found)

    def selection_of(self, source_id: str, given: JsonTable) -> tuple[SelectedWords, ...]:
        """The words that an act names: `from` and `to`, each with `page` and `word`."""
        first, last = (word_in(given.get(name)) for name in ("from", "to"))
        return self.selection(source_id, first, last)

    def page_of(self, request: Request) -> tuple[Document, int]:
        """The document and the page that an address names."""
        document = self.review_items.document(request.path_params["source"])
        page = request.path_params["page"]
        check_page(document, page)
        return document, page

    def scale(self, request: Request) -> float:
        """One of SCALES: that asked for, or the smallest."""
        asked = request.query_params.get("scale", "")
        return next((scale for scale in SCALES if asked == f"{scale:g}"), SCALES[0])
