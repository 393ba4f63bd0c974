"""Search over the full text of all studies and by meaning, and coding what was found, all at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import UnknownChoiceError
from models.encoder.sentence_encoder import SMALL, open_encoders
from review.auth import Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute
from review.search.full_text import MOST, FullText, Hit
from review.search.similar_passages import Key, SimilarPassages

_SHOWN = 100  # hits on a page
_LONGEST = 300  # characters of a search
EXAMPLES = (
    ("payment delay", "both words, in any form: payments, delayed"),
    ("“poor harvest”", "the words in this order; put them in quotes"),
    ("women OR girls", "either word"),
    ("pension NOT military", "the first without the second"),
    ("register NEAR/5 district", "at most five words apart"),
    ("decentral*", "the beginning of a word"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A place that was found, as the page shows it."""

    source_id: str
    label: str
    passage_id: str
    page: int
    page_label: str
    top: float
    snippet: tuple[tuple[str, bool], ...]
    likeness: float | None  # of a search by meaning
    codes: tuple[str, ...]  # this coder's own codes there


class SearchPage:
    """The page of the search: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self._full_text = FullText(context.workspace.root / "search")
        self._similar = SimilarPassages(open_encoders(context.workspace).get(SMALL))
        self._making = threading.Lock()
        context.on_warm_up.append(self.warm_up)

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/search", self.page, menu="Search", guest=True),
            PageRoute("/search", self.save, method="POST"),
        )

    def page(self, request: Request, session: Session) -> Response:
        """The hits of `q` (words), or of `like` (a passage as "study passage", or a theme as "theme:GW")."""
        context, query = self._context, request.query_params
        context.review_state.catch_up()
        sought, like = query.get("q", "")[:_LONGEST], query.get("like", "")[:200]
        study, without = query.get("study", ""), query.get("without", "")
        if study:
            context.review_items.source(study)
        if without:
            context.codable(without)
        carrying = self._carrying(session.coder, without) if without else set()
        problem, count, found = "", 0, list[Found]()
        if like:
            found = self._by_meaning(session.coder, like, study, carrying)
            count = len(found)
        elif sought.strip():
            try:
                count, found = self._by_words(session.coder, sought, study, carrying)
            except ValueError as error:
                problem = str(error)
        return context.page(
            "search.html",
            session,
            here="/search",
            q=sought,
            like=like,
            study=study,
            without=without,
            count=count,
            found=found,
            shown=_SHOWN,
            problem=problem,
            examples=EXAMPLES,
            codables=context.codables(),
            sources=[s for s in context.review_items.sources if s.id in context.review_items.documents],
            most=MOST,
            meaning=self._similar.available,
            ready=self._similar.ready,
            saved=self._saved(),
        )

    def save(self, request: Request, session: Session) -> Response:
        """Keep a search under its own words, or let go of it."""
        given = request.state.given
        sought = str(given.get("q", "")).strip()[:_LONGEST]
        if not sought:
            raise UnknownChoiceError("search", "", [], "Type it first")
        kept = [one for one in self._saved() if one["q"] != sought]
        if given.get("what") != "forget":
            kept.append({"q": sought, "by": session.coder})
        with self._making:
            self._context.write_file("searches.json", json.dumps(kept, ensure_ascii=False, indent=1).encode())
        return RedirectResponse(f"/search?{urlencode({'q': sought})}", 303)

    def warm_up(self) -> None:
        """Make the index, and the vectors of all passages; what is there already is kept."""
        with self._making:
            self._full_text.bring_up_to_date(self._context.review_items.documents)
        self._similar.bring_up_to_date(self._context.review_items.documents)

    def _by_words(self, coder: str, sought: str, study: str, without: Collection[Key]) -> tuple[int, list[Found]]:
        with self._making:
            self._full_text.bring_up_to_date(self._context.review_items.documents)
        count, hits = self._full_text.search(sought, source_id=study, limit=MOST if without else _SHOWN)
        kept = [hit for hit in hits if (hit.source_id, hit.passage_id) not in without]
        if without:
            count = len(kept)
        return count, [self._found(coder, hit) for hit in kept[:_SHOWN]]

    def _by_meaning(self, coder: str, like: str, study: str, without: Collection[Key]) -> list[Found]:
        review_items = self._context.review_items
        left_out = set(without)
        if like.startswith("theme:"):
            one = self._context.codable(like.removeprefix("theme:"))
            text = f"{one.name}. {one.definition}"
        else:
            source_id, _, passage_id = like.partition(" ")
            text = review_items.passage(source_id, passage_id).text
            left_out.add((source_id, passage_id))
        found = []
        for (source_id, passage_id), likeness in self._similar.like(text, without=left_out, count=_SHOWN * 4):
            if study in ("", source_id) and review_items.has(source_id, passage_id):
                passage = review_items.passage(source_id, passage_id)
                hit = Hit(source_id, passage_id, passage.page, passage.boxes[0].top, ((passage.text, False),))
                found.append(self._found(coder, hit, likeness))
        return found[:_SHOWN]

    def _found(self, coder: str, hit: Hit, likeness: float | None = None) -> Found:
        context = self._context
        page = context.review_items.document(hit.source_id).pages[hit.page - 1]
        own = context.review_state.own(coder, hit.source_id).by_passage.get(hit.passage_id, {}).values()
        codes = tuple(context.short(decision.theme) for decision in own if decision.value)
        label = context.review_items.source(hit.source_id).label
        return Found(
            hit.source_id,
            label,
            hit.passage_id,
            hit.page,
            page.label or str(page.number),
            hit.top,
            hit.snippet,
            likeness,
            codes,
        )

    def _carrying(self, coder: str, theme: str) -> set[Key]:
        """The passages that this coder has coded with a theme."""
        return {
            (decision.source_id, decision.anchor.passage_id)
            for decision in self._context.review_state.counting(coder)
            if decision.anchor and decision.theme == theme and decision.value
        }

    def _saved(self) -> list[dict[str, str]]:
        path = self._context.workspace.root / "searches.json"
        try:
            kept = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return []
        return [one for one in kept if isinstance(one, dict) and isinstance(one.get("q"), str)]
