"""The coding page: one suggestion at a time beside its page image, one decision, the next suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from annotations.decision import Decision
from corpus.errors import UnknownChoiceError
from corpus.json_table import JsonTable
from corpus.registry.sources import Source
from extract.document import Document, Passage
from models.suggestion import Suggestion
from review.anchors import of_selection
from review.auth import Session
from review.context import ReviewContext
from review.page_images import SCALES
from review.review_items import ReviewItem
from review.worklist import ORDERS, Wanted, wanted

KEYS = (
    (("1",), "accept: mentioned"),
    (("2",), "accept: with evidence"),
    (("x", "0"), "reject; in a passage without suggestion: no (further) theme, go on"),
    (("t",), "change the theme: a letter, then 1 or 2"),
    (("a",), "add a theme to the passage, or to the words selected on the page image"),
    (("n",), "write a note; Esc goes back"),
    (("u",), "unsure: put aside, found again under “Unsure”"),
    (("s",), "skip for now, found again under “Skipped”"),
    (("z",), "undo, as often as you like"),
    (("c",), "what the codebook says"),
    (("←", "→"), "the one before, the next one, decided or not"),
    (("k", "j"), "the passage before or after this one, also where nothing is suggested"),
    (("+", "-"), "larger, smaller"),
    (("b",), "back to the passage on the page image"),
    (("d",), "this study is done, or open it again"),
    (("v",), "the whole document, at the same place, and back"),
    (("/",), "search"),
    (("?",), "these keys"),
)
_WHY_HERE = {
    "study": "in the order of the study", "next": "teaches the machine most", "theme": "likeliest of its theme",
    "conflict": "you and the machine differ", "again": "to be looked at again", "unsure": "you were unsure",
    "skipped": "you skipped it", "decided": "decided by you",
}  # fmt: skip
_AHEAD = 2  # page images fetched before they are asked for


@dataclass(frozen=True, slots=True)
class Shown:
    """An item with all that its panel shows."""

    source: Source
    document: Document
    passage: Passage
    theme: str
    suggestion: Suggestion | None
    answer: Decision | None  # what this coder has said to it
    unsure: bool
    look_again: str  # why; empty: no need
    hidden: bool  # the machine's view is kept from this coder
    marked: Markup  # the passage with the phrases that spoke for the theme

    @property
    def boxes(self) -> list[list[float]]:
        """The passage's rectangles: page, x0, top, x1, bottom."""
        return [[b.page, b.x0, b.top, b.x1, b.bottom] for b in self.passage.boxes]

    @property
    def page_label(self) -> str:
        """The page as printed, with its place in the file where that differs."""
        page = self.document.pages[self.passage.page - 1]
        same = page.label in ("", str(page.number))
        return str(page.number) if same else f"{page.label} (page {page.number} of the file)"


class CodingPage:
    """Its requests."""

    def __init__(self, room: ReviewContext) -> None:
        self._room = room

    def page(self, request: Request, session: Session) -> Response:
        """The page as it opens: the first open suggestion of those chosen."""
        room = self._room
        room.standing.catch_up()
        chosen = wanted(request.query_params, room.shelf)
        if document := self._document_instead(session.coder, chosen):
            return RedirectResponse(f"/document/{document}", 303)
        studies = [source for source in room.shelf.sources if source.id in room.shelf.proposals]
        return room.page(
            "code.html",
            session,
            here="/code",
            wanted=chosen,
            orders=ORDERS,
            studies=studies,
            keys=KEYS,
            scales=SCALES,
            **self._panel(session.coder, chosen, self._asked(session.coder, request.query_params, chosen)),
        )

    def _document_instead(self, coder: str, chosen: Wanted) -> str:
        """The study to read as a whole where nothing is proposed that could be gone through one by one; "" else."""
        room = self._room
        mine = room.sight.by_study(coder)
        if chosen.study:
            return chosen.study if chosen.study in room.shelf.documents and not mine.get(chosen.study) else ""
        if mine:
            return ""
        read = [source.id for source in room.shelf.sources if source.id in room.shelf.documents]
        return next((study for study in read if not room.standing.own(coder, study).done), read[0] if read else "")

    def _asked(self, coder: str, query: Mapping[str, str], chosen: Wanted) -> ReviewItem | None:
        """The item at the place that one comes from, out of the whole document."""
        passage_id, theme = query.get("passage", ""), query.get("at", "")
        if not passage_id or not chosen.study:
            return None
        self._room.shelf.passage(chosen.study, passage_id)
        there = [
            item for item in self._room.sight.by_study(coder).get(chosen.study, ()) if item.passage_id == passage_id
        ]
        return next(
            (item for item in there if item.theme == theme), next(iter(there), ReviewItem(chosen.study, passage_id))
        )

    def item(self, request: Request, session: Session) -> Response:
        """Another panel: a step in the list, a neighbouring passage, or the first open one."""
        room, query = self._room, request.query_params
        room.standing.catch_up()
        chosen = wanted(query, room.shelf)
        at = (query.get("source", ""), query.get("passage", ""), query.get("at", ""))
        if query.get("move"):
            passage = room.shelf.neighbour(at[0], at[1], 1 if query["move"] == "1" else -1)
            given = self._panel(session.coder, chosen, ReviewItem(at[0], passage.id))
        elif query.get("step"):
            listed = room.listing.listed(session.coder, chosen)
            by, last = {"1": 1, "-1": -1}.get(query["step"], 0), len(listed.items) - 1
            place = max(0, min(last, listed.number[at] + by)) if at in listed.number else 0
            given = self._panel(session.coder, chosen, listed.items[place] if listed.items else None)
        else:
            given = self._panel(session.coder, chosen, None)
        return JSONResponse({"panel": room.fragment("panel.html", **given)})

    def stored(
        self, coder: str, query: str, at: ReviewItem | None, say: str, *, stay: bool, study: str = ""
    ) -> Response:
        """The answer to an act: what to show next, and what to say. `at` is what the act was about, in `study`."""
        chosen = wanted(dict(parse_qsl(query[:2000])), self._room.shelf)
        given = self._panel(coder, chosen, at if stay else None, after=None if stay else at, study=study)
        return JSONResponse({"panel": self._room.fragment("panel.html", **given), "say": say})

    def quote(self, request: Request, _session: Session) -> Response:
        """What words selected on a page image will be kept as."""
        source_id = request.query_params.get("source", "")
        page, first, last = (whole(request.query_params.get(name)) for name in ("page", "first", "last"))
        to = whole(request.query_params.get("to") or str(page))  # the page on which the selection ends
        selection = self._room.selection(source_id, (page, first), (to, last))
        anchor = of_selection(self._room.shelf.document(source_id), selection)
        hint = (
            "" if anchor.passage_id else "These words stand in no passage: they are kept as they are, with their page."
        )
        return JSONResponse({"quote": anchor.quote, "hint": hint})

    def pages(self, request: Request, _session: Session) -> Response:
        """The frames of all pages of a study."""
        source_id = request.path_params["source"]
        document = self._room.shelf.document(source_id)
        html = self._room.fragment(
            "pages.html", pages=document.pages, source_id=source_id, sha256=document.sha256, scales=SCALES
        )
        return HTMLResponse(html)

    def picture(self, request: Request, _session: Session) -> Response:
        """A page image; the address carries the file's hash, so that a browser may keep it."""
        document, page = self._room.page_of(request)
        drawn = self._room.pictures.page(document, page, self._room.scale(request))
        if drawn is None:
            raise UnknownChoiceError("picture of page", str(page), [], "This page can't be drawn")
        return Response(drawn, media_type="image/png", headers={"Cache-Control": "private, max-age=604800, immutable"})

    def words(self, request: Request, _session: Session) -> Response:
        """The words of a page with their places: [text, x0, top, x1, bottom]."""
        document, page = self._room.page_of(request)
        words = self._room.pictures.words(document, page) or ()
        return JSONResponse([[w.text, w.x0, w.top, w.x1, w.bottom] for w in words])

    def _panel(
        self, coder: str, chosen: Wanted, item: ReviewItem | None, *, after: ReviewItem | None = None, study: str = ""
    ) -> JsonTable:
        """What panel.html needs for `item`, or for the first that waits behind `after`; `study` is the one at hand."""
        room, listing = self._room, self._room.listing
        listed = listing.listed(coder, chosen)
        if item is None:
            item = next(listing.following(coder, listed, chosen, after.key if after else None), None)
        if item is None:
            ended = self._ended(coder, after.source_id if after else study or chosen.study)
            return {"item": None, "total": len(listed.items), **ended}
        ahead = islice(listing.following(coder, listed, chosen, item.key), _AHEAD)
        own = room.standing.own(coder, item.source_id)
        return {
            "item": self._shown(coder, item),
            "theme": room.shelf.codebook.theme(item.theme) if item.theme else None,
            "own": list(own.by_passage.get(item.passage_id, {}).values()),
            "number": listed.number.get(item.key, -1) + 1,
            "total": len(listed.items),
            "open": listing.how_many_wait(coder, listed, chosen),
            "coming": [self._picture_of(one) for one in ahead],
            "why_here": self._why_here(item, chosen),
            "study": room.progress(coder, item.source_id),
            "source": room.shelf.source(item.source_id),
        }

    def _why_here(self, item: ReviewItem, chosen: Wanted) -> str:
        """Why this passage is on the screen."""
        if chosen.words:
            return f"found by “{chosen.words}”"
        if not item.theme:
            hidden = self._room.sight.hidden(item.source_id, item.passage_id)
            return "by lot, without the machine's view" if hidden else "beside the one before"
        return _WHY_HERE[chosen.by]

    def _ended(self, coder: str, study: str) -> JsonTable:
        """What to offer where nothing waits: to finish the study at hand, and the studies that are not finished."""
        room = self._room
        known = study in room.shelf.documents
        left = [
            source
            for source in room.shelf.sources
            if source.id in room.shelf.documents and not room.standing.own(coder, source.id).done and source.id != study
        ]
        return {
            "source": room.shelf.source(study) if known else None,
            "study": room.progress(coder, study) if known else None,
            "left": left,
            "assigned": bool(room.sight.items(coder)),
        }

    def _shown(self, coder: str, item: ReviewItem) -> Shown:
        shelf, own = self._room.shelf, self._room.standing.own(coder, item.source_id)
        passage = shelf.passage(item.source_id, item.passage_id)
        answers = [d for d in own.by_passage.get(item.passage_id, {}).values() if d.theme == item.theme]
        whole_passage = [d for d in answers if d.anchor and d.anchor.quote == passage.text]
        again = own.marked("look again", item.passage_id, item.theme)
        phrases = [r.text for r in item.suggestion.reasons if r.weight > 0] if item.suggestion else []
        return Shown(
            shelf.source(item.source_id),
            shelf.document(item.source_id),
            passage,
            item.theme,
            item.suggestion,
            next(reversed(whole_passage or answers), None),
            unsure=own.marked("unsure", item.passage_id, item.theme) is not None,
            look_again=(again.note or "the codebook has changed") if again else "",
            hidden=self._room.sight.hidden(item.source_id, item.passage_id),
            marked=with_marks(passage.text, phrases),
        )

    def _picture_of(self, item: ReviewItem) -> str:
        passage = self._room.shelf.passage(item.source_id, item.passage_id)
        sha256 = self._room.shelf.document(item.source_id).sha256
        return f"/picture/{item.source_id}/{passage.page}?of={sha256[:12]}&scale="


def with_marks(text: str, phrases: list[str]) -> Markup:
    """`text` with every occurrence of the phrases marked, as HTML that holds nothing else of it."""
    folded = text.casefold()
    if len(folded) != len(text):  # a letter that folds into two: leave it unmarked, not wrongly marked
        return escape(text)
    spans = []
    for phrase in phrases:
        sought, at = phrase.casefold(), 0
        while sought and (at := folded.find(sought, at)) >= 0:
            spans.append((at, at + len(sought)))
            at += len(sought)
    out, position = Markup(), 0
    for start, end in sorted(spans):
        if start >= position:
            out += escape(text[position:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
            position = end
    return out + escape(text[position:])


def whole(given: str | None) -> int:
    """A number from 0 in a query. ValueError: it is none."""
    if given is None or not given.isascii() or not given.isdigit() or len(given) > 9:
        raise ValueError(f"a number is expected, not {str(given)[:20]!r}")
    return int(given)
