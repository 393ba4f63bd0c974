"""The coding page: one suggestion at a time beside its page image, one decision, the next suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from corpus.errors import UnknownChoiceError
from review.acts.result import ActResult
from review.anchoring.anchors import of_selection
from review.auth import Session
from review.context import ReviewContext
from review.page_images import SCALES
from review.pages.page_route import PageRoute
from review.pages.suggestion_panel import SuggestionPanel
from review.review_items import ReviewItem
from review.worklist import ORDERS, Wanted, wanted

KEYS = (
    (("1",), "accept: mentioned"),
    (("2",), "accept: with evidence"),
    (("x", "0"), "reject; in a passage without suggestion: no (further) theme, go on"),
    (("t",), "another theme or code in its place: a letter, then 1 or 2"),
    (("a",), "add a theme or code to the passage, or to the words selected on the page image"),
    (("i",), "a code of your own for the passage, or for the words selected, which are its name at first"),
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
_PANELS_AHEAD = 12  # sent to the browser beforehand: a minute or two of coding


class CodingPage:
    """The page on which suggestions are judged one at a time: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self._panel = SuggestionPanel(context)

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/code", self.page, menu="Code"),
            PageRoute("/item", self.item, as_json=True),
            PageRoute("/ahead", self.ahead, as_json=True),
            PageRoute("/quote", self.quote, as_json=True),
            PageRoute("/pages/{source}", self.pages, guest=True),
            PageRoute("/picture/{source}/{page:int}", self.picture, guest=True),
            PageRoute("/words/{source}/{page:int}", self.words, as_json=True, guest=True),
        )

    def page(self, request: Request, session: Session) -> Response:
        """The page as it opens: the first open suggestion of those chosen."""
        context = self._context
        context.review_state.catch_up()
        chosen = wanted(request.query_params, context.review_items)
        if document := self._document_instead(session.coder, chosen):
            return RedirectResponse(f"/document/{document}", 303)
        studies = [source for source in context.review_items.sources if source.id in context.review_items.proposals]
        return context.page(
            "code.html",
            session,
            here="/code",
            wanted=chosen,
            orders=ORDERS,
            studies=studies,
            keys=KEYS,
            scales=SCALES,
            choices=context.codables(),
            judge_first=context.judges_first(session.coder),
            **self._panel.of(session.coder, chosen, self._asked(session.coder, request.query_params, chosen)),
        )

    def _document_instead(self, coder: str, chosen: Wanted) -> str:
        """The study to read as a whole where nothing is proposed that could be gone through one by one; "" else."""
        context = self._context
        mine = context.coder_items.by_study(coder)
        if chosen.study:
            return chosen.study if chosen.study in context.review_items.documents and not mine.get(chosen.study) else ""
        if mine:
            return ""
        read = [source.id for source in context.review_items.sources if source.id in context.review_items.documents]
        return next(
            (study for study in read if not context.coder_items.finished(coder, study)), read[0] if read else ""
        )

    def _asked(self, coder: str, query: Mapping[str, str], chosen: Wanted) -> ReviewItem | None:
        """The item at the place that one comes from, out of the whole document."""
        passage_id, theme = query.get("passage", ""), query.get("at", "")
        if not passage_id or not chosen.study:
            return None
        self._context.review_items.passage(chosen.study, passage_id)
        there = [
            item
            for item in self._context.coder_items.by_study(coder).get(chosen.study, ())
            if item.passage_id == passage_id
        ]
        return next(
            (item for item in there if item.theme == theme), next(iter(there), ReviewItem(chosen.study, passage_id))
        )

    def item(self, request: Request, session: Session) -> Response:
        """Another panel: a step in the list, a neighbouring passage, or the first open one."""
        context, query = self._context, request.query_params
        context.review_state.catch_up()
        chosen = wanted(query, context.review_items)
        at = (query.get("source", ""), query.get("passage", ""), query.get("at", ""))
        if query.get("move"):
            passage = context.review_items.neighbour(at[0], at[1], 1 if query["move"] == "1" else -1)
            given = self._panel.of(session.coder, chosen, ReviewItem(at[0], passage.id))
        elif query.get("step"):
            listed = context.listing.listed(session.coder, chosen)
            by, last = {"1": 1, "-1": -1}.get(query["step"], 0), len(listed.items) - 1
            place = max(0, min(last, listed.number[at] + by)) if at in listed.number else 0
            given = self._panel.of(session.coder, chosen, listed.items[place] if listed.items else None)
        else:
            given = self._panel.of(session.coder, chosen, None)
        return JSONResponse({"panel": context.fragment("panel.html", **given)})

    def ahead(self, request: Request, session: Session) -> Response:
        """The panels of what waits behind a place, ready before they are asked for: coding goes on with them at once,
        and without a connection."""
        context, query = self._context, request.query_params
        context.review_state.catch_up()
        chosen = wanted(query, context.review_items)
        at = (query.get("source", ""), query.get("passage", ""), query.get("at", ""))
        listed = context.listing.listed(session.coder, chosen)
        items = islice(context.listing.following(session.coder, listed, chosen, at), _PANELS_AHEAD)
        panels = [context.fragment("panel.html", **self._panel.of(session.coder, chosen, item)) for item in items]
        return JSONResponse({"panels": panels})

    def stored(self, coder: str, query: str, result: ActResult, *, study: str = "") -> Response:
        """The answer to an act in `study`: what to show next, and what to say."""
        chosen = wanted(dict(parse_qsl(query[:2000])), self._context.review_items)
        stay, after = (result.at, None) if result.stay else (None, result.at)
        given = self._panel.of(coder, chosen, stay, after=after, study=study)
        answer = {"panel": self._context.fragment("panel.html", **given), "say": result.say}
        if result.events.codes:  # what can be chosen is another from now on
            choices = self._context.codables()
            answer["choices"] = self._context.fragment("choices.html", choices=choices, one_only=True)
            answer["options"] = self._context.fragment("codable_options.html", choices=choices)
        return JSONResponse(answer)

    def quote(self, request: Request, _session: Session) -> Response:
        """What words selected on a page image will be kept as."""
        source_id = request.query_params.get("source", "")
        page, first, last = (whole(request.query_params.get(name)) for name in ("page", "first", "last"))
        to = whole(request.query_params.get("to") or str(page))  # the page on which the selection ends
        selection = self._context.selection(source_id, (page, first), (to, last))
        anchor = of_selection(self._context.review_items.document(source_id), selection)
        hint = (
            "" if anchor.passage_id else "These words stand in no passage: they are kept as they are, with their page."
        )
        return JSONResponse({"quote": anchor.quote, "hint": hint})

    def pages(self, request: Request, _session: Session) -> Response:
        """The frames of all pages of a study."""
        source_id = request.path_params["source"]
        document = self._context.review_items.document(source_id)
        html = self._context.fragment(
            "pages.html",
            pages=document.pages,
            source_id=source_id,
            sha256=document.sha256,
            extractor=document.extractor,
            scales=SCALES,
        )
        return HTMLResponse(html)

    def picture(self, request: Request, _session: Session) -> Response:
        """A page image; the address carries the file's hash, so that a browser may keep it."""
        document, page = self._context.page_of(request)
        drawn = self._context.pictures.page(document, page, self._context.scale(request))
        if drawn is None:
            raise UnknownChoiceError("picture of page", str(page), [], "This page can't be drawn")
        return Response(drawn, media_type="image/png", headers={"Cache-Control": "private, max-age=604800, immutable"})

    def words(self, request: Request, _session: Session) -> Response:
        """The words of a page with their places: [text, x0, top, x1, bottom]. Where the address carries what they were
        read from, a browser may keep them: pages that were read can be coded without a connection."""
        document, page = self._context.page_of(request)
        words = self._context.pictures.words(document, page) or ()
        kept = {"Cache-Control": "private, max-age=604800, immutable"} if words and "of" in request.query_params else {}
        return JSONResponse([[w.text, w.x0, w.top, w.x1, w.bottom] for w in words], headers=kept)


def whole(given: str | None) -> int:
    """A number from 0 in a query. ValueError: it is none."""
    if given is None or not given.isascii() or not given.isdigit() or len(given) > 9:
        raise ValueError(f"a number is expected, not {str(given)[:20]!r}")
    return int(given)
