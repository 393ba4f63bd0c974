"""What stands beside a page image: one suggestion or passage, with all that its panel shows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup, escape

from annotations.decision import Decision
from corpus.json_table import JsonTable
from corpus.registry.sources import Source
from extract.document import Document, Passage
from models.suggestion import Suggestion
from review.context import ReviewContext
from review.review_items import ReviewItem
from review.worklist import Wanted

_WHY_HERE = {
    "study": "in the order of the study", "next": "teaches the machine most", "theme": "likeliest of its theme",
    "lot": "by lot", "conflict": "you and the machine differ", "again": "to be looked at again",
    "unsure": "you were unsure", "skipped": "you skipped it", "decided": "decided by you",
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
    by_lot: bool  # the whole passage is asked about, to measure what the machine misses
    label_after: bool  # the machine's probability and strength are told once the coder has judged
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


class SuggestionPanel:
    """Makes what panel.html shows of a suggestion or a passage."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def of(
        self, coder: str, chosen: Wanted, item: ReviewItem | None, *, after: ReviewItem | None = None, study: str = ""
    ) -> JsonTable:
        """What panel.html needs for `item`, or for the first that waits behind `after`; `study` is the one at hand."""
        context, listing = self._context, self._context.listing
        listed = listing.listed(coder, chosen)
        if item is None:
            item = next(listing.following(coder, listed, chosen, after.key if after else None), None)
        if item is None:
            ended = self._ended(coder, after.source_id if after else study or chosen.study)
            undecided = sum(listing.open(coder, one) for one in listed.items)
            return {"item": None, "total": len(listed.items), "undecided": undecided, **ended}
        ahead = islice(listing.following(coder, listed, chosen, item.key), _AHEAD)
        own = context.review_state.own(coder, item.source_id)
        return {
            "item": self._shown(coder, item),
            "theme": context.review_items.codebook.theme(item.theme) if item.theme else None,
            "own": [(self._title(one), one) for one in own.by_passage.get(item.passage_id, {}).values()],
            "number": listed.number.get(item.key, -1) + 1,
            "total": len(listed.items),
            "open": listing.how_many_wait(coder, listed, chosen),
            "coming": [self._picture_of(one) for one in ahead],
            "why_here": self._why_here(item, chosen),
            "study": context.progress(coder, item.source_id),
            "source": context.review_items.source(item.source_id),
        }

    def _title(self, decision: Decision) -> str:
        """How the theme or code of a decision is called now."""
        now = self._context.matrix.theme_now(decision)
        return next((one.name if one.own else one.short for one in self._context.codables() if one.code == now), now)

    def _why_here(self, item: ReviewItem, chosen: Wanted) -> str:
        """Why this passage is on the screen."""
        if chosen.words:
            return f"found by “{chosen.words}”"
        if not item.theme:
            hidden = self._context.coder_items.hidden(item.source_id, item.passage_id)
            if self._context.coder_items.by_lot(item.source_id, item.passage_id):
                return "by lot: this measures what the machine misses"
            return "by lot, without the machine's view" if hidden else "beside the one before"
        return _WHY_HERE[chosen.by]

    def _ended(self, coder: str, study: str) -> JsonTable:
        """What to offer where nothing waits: to finish the study at hand, and the studies that are not finished."""
        context = self._context
        known = study in context.review_items.documents
        left = [
            source
            for source in context.review_items.sources
            if source.id in context.review_items.documents
            and not context.coder_items.finished(coder, source.id)
            and source.id != study
        ]
        return {
            "source": context.review_items.source(study) if known else None,
            "study": context.progress(coder, study) if known else None,
            "left": left,
            "assigned": bool(context.coder_items.items(coder)),
        }

    def _shown(self, coder: str, item: ReviewItem) -> Shown:
        review_items, own = self._context.review_items, self._context.review_state.own(coder, item.source_id)
        passage = review_items.passage(item.source_id, item.passage_id)
        answers = [d for d in own.by_passage.get(item.passage_id, {}).values() if d.theme == item.theme]
        whole_passage = [d for d in answers if d.anchor and d.anchor.quote == passage.text]
        again = own.marked("look again", item.passage_id, item.theme)
        phrases = [r.text for r in item.suggestion.reasons if r.weight > 0] if item.suggestion else []
        return Shown(
            review_items.source(item.source_id),
            review_items.document(item.source_id),
            passage,
            item.theme,
            item.suggestion,
            next(reversed(whole_passage or answers), None),
            unsure=own.marked("unsure", item.passage_id, item.theme) is not None,
            look_again=(again.note or "the codebook has changed") if again else "",
            hidden=self._context.coder_items.hidden(item.source_id, item.passage_id),
            by_lot=not item.theme and self._context.coder_items.by_lot(item.source_id, item.passage_id),
            label_after=not answers and self._context.judges_first(coder),
            marked=with_marks(passage.text, phrases),
        )

    def _picture_of(self, item: ReviewItem) -> str:
        passage = self._context.review_items.passage(item.source_id, item.passage_id)
        sha256 = self._context.review_items.document(item.source_id).sha256
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
