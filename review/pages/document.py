"""A whole document: its pages with the codes in the margin, words selected and coded, and the way to finish it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from annotations.decision import Decision, Mark
from extract.document import Document
from review.acts.result import ActResult
from review.anchoring.flowing_text import flowing_text
from review.auth import Session
from review.context import ReviewContext
from review.document_codes import DocumentCodes
from review.page_images import SCALES
from review.pages.page_route import PageRoute

LAYERS = {
    "mine": "mine", "others": "others'", "machine": "machine's", "published": "published", "adjudicated": "rulings",
    "memos": "memos",
}  # fmt: skip
_OFF_AT_FIRST = ("others", "published")  # coders see their own work first, and judge for themselves
KEYS = (
    (("←", "→", "↑", "↓"), "from word to word; with Shift they select"),
    (("j", "k"), "the next passage, the one before"),
    (("a",), "code what is selected: letters take themes, one or several, then 1 or 2 says how strong"),
    (("r",), "the same themes again"),
    (("i",), "a code of your own for what is selected; selected words are its name at first"),
    (("m",), "a memo on what is selected"),
    (("[", "]"), "the code before in the margin, the next one"),
    (("1", "2"), "the code at hand: mentioned, with evidence; a proposal: accept it so"),
    (("x", "0"), "take the code at hand back; reject the proposal"),
    (("n",), "a note on the code at hand"),
    (("z",), "undo, as often as you like"),
    (("v",), "one suggestion at a time, at the same place, and back"),
    (("t",), "flowing text in place of the page images, and back, at the same place"),
    (("c",), "the table of contents, on or off"),
    (("+", "-"), "larger, smaller"),
    (("/",), "search"),
    (("d",), "this study is done, or open it again"),
    (("?",), "these keys"),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents."""

    text: str
    level: int  # 1 = highest
    page: int  # 1-based
    top: float  # points


class DocumentPage:
    """The page of a whole document: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self._codes = DocumentCodes(context)

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/document/{source}", self.page, guest=True),
            PageRoute("/document/{source}/codes", self.codes, as_json=True, guest=True),
            PageRoute("/document/{source}/text", self.text, as_json=True, guest=True),
            PageRoute("/document/{source}/passages", self.passages, as_json=True, guest=True),
        )

    def page(self, request: Request, session: Session) -> Response:
        """The page as it opens."""
        context = self._context
        context.review_state.catch_up()
        source = context.review_items.source(request.path_params["source"])
        if source.id not in context.review_items.documents:
            return context.page("no_text.html", session, source=source)
        document = context.review_items.document(source.id)
        own = context.review_state.own(session.coder, source.id)
        looked = [passage_id for kind, passage_id, theme in own.marks if passage_id and kind in ("seen", "passed over")]
        layers = [
            (layer, LAYERS[layer], layer not in _OFF_AT_FIRST) for layer in self._codes.layers(session, source.id)
        ]
        return context.page(
            "document.html",
            session,
            here="/code",
            source=source,
            source_id=source.id,
            document=document,
            pages=document.pages,
            sha256=document.sha256,
            extractor=document.extractor,
            contents=list(headings(document)),
            layers=layers,
            looked=looked,
            scales=SCALES,
            keys=KEYS,
            choices=context.codables(),
            progress=context.progress(session.coder, source.id),
        )

    def codes(self, request: Request, session: Session) -> Response:
        """The codes in the margin, and the themes with their colours."""
        self._context.review_state.catch_up()
        source_id = request.path_params["source"]
        self._context.review_items.document(source_id)
        return JSONResponse(
            {
                "themes": self._themes(),
                "codes": [code.as_json() for code in self._codes.all(session, source_id)],
            }
        )

    def passages(self, request: Request, _session: Session) -> Response:
        """The passages in the order of the text: [id, [[page, x0, top, x1, bottom], ...]]."""
        document = self._context.review_items.document(request.path_params["source"])
        placed = [
            [passage.id, [[b.page, b.x0, b.top, b.x1, b.bottom] for b in passage.boxes]]
            for passage in document.passages
        ]
        return JSONResponse(placed, headers={"Cache-Control": "private, max-age=604800"})

    def text(self, request: Request, _session: Session) -> Response:
        """The document as flowing text, piece by piece in the order it is read."""
        document = self._context.review_items.document(request.path_params["source"])
        pieces = [one.as_json() for one in flowing_text(document)]
        return JSONResponse(pieces, headers={"Cache-Control": "private, max-age=604800"})

    def _themes(self) -> list[dict[str, str | int | bool]]:
        return [
            {
                "code": one.code,
                "short": one.short,
                "name": one.name,
                "colour": one.colour,
                "under": one.under,
                "level": one.level,
                "own": one.own,
            }
            for one in self._context.codables()
        ]

    def before(self, coder: str, source_id: str) -> set[str]:
        """What `stored` compares with, taken before an act is stored."""
        return self._codes.ids(coder, source_id)

    def stored(self, session: Session, source_id: str, result: ActResult, before: set[str]) -> Response:
        """The answer to an act: what has changed in the margin, and how far the coder is."""
        context = self._context
        touched = set(_passages(result, source_id))
        own = self._codes.own(session.coder, source_id, passages=touched)
        now = self._codes.ids(session.coder, source_id)
        added = [code.as_json() for code in own.values()]
        added += [code.as_json() for code in self._codes.machine(session, source_id, passages=touched)]
        if result.events.memos:
            added += [memo.as_json() for memo in self._codes.memos(session, source_id)]
        answer = {
            "say": result.say,
            "themes": self._themes(),
            "choices": context.fragment("choices.html", choices=context.codables()),
            "changed": {"added": added, "removed": sorted(before - now)},
            "progress": context.fragment(
                "document_progress.html",
                source=context.review_items.source(source_id),
                progress=context.progress(session.coder, source_id),
            ),
        }
        if result.at is not None and result.at.source_id == source_id:
            answer["at"] = {"passage": result.at.passage_id}
        return JSONResponse(answer)


def headings(document: Document) -> Iterator[Heading]:
    """The headings of a document, in its order."""
    for block in document.blocks:
        if block.role == "heading":
            start, end = block.span
            text = " ".join(document.text[start:end].split())
            yield Heading(text[:120], max(1, block.level), block.box.page, round(block.box.top, 1))


def _passages(result: ActResult, source_id: str) -> Iterator[str]:
    events: list[Decision | Mark] = [*result.events.decisions, *result.events.marks]
    for event in events:
        if event.source_id == source_id and event.anchor and event.anchor.passage_id:
            yield event.anchor.passage_id
