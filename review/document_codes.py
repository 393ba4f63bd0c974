"""The codes of one document as its margin shows them: one's own, the others', the machine's, published and rulings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from annotations.decision import Anchor, Decision
from annotations.log.schema import place_key
from corpus.json_table import JsonObject
from extract.document import Document
from models.reason_words import score_words
from review.anchoring.word_boxes import boxes_of_code
from review.auth import Session
from review.context import ReviewContext
from review.matrix.wording import spoken
from review.review_items import ReviewItem

_LABEL_AFTER = "how likely is told after your own judgement"
Layer = Literal["mine", "others", "machine", "published", "adjudicated", "memos"]


@dataclass(frozen=True, slots=True)
class MarginCode:
    """One code on one place of a document."""

    id: str  # of one's own: what an act names it by
    layer: Layer
    theme: str
    who: str
    value: int | None  # 0, 1, 2; None of a suggestion
    said: str  # it in words
    note: str
    when: str  # ISO 8601; "" where unknown
    quote: str
    passage: str  # "" where the words stand in no passage
    label: str  # of the page, as printed
    boxes: list[list[float]] | None  # page, x0, top, x1, bottom; None: those of the passage
    rough: bool = False  # the rectangles are the passage's, for the words of the page were not at hand
    why: str = ""  # what spoke for a suggestion
    answered: bool = False  # a suggestion that this coder has decided on
    gone: bool = False  # its words are nowhere in the text as it is now

    def as_json(self) -> JsonObject:
        """For the page."""
        return asdict(self)


class DocumentCodes:
    """Makes them, for whoever looks: nobody is shown what they must not see yet."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def own(self, coder: str, source_id: str, *, passages: Collection[str] | None = None) -> dict[str, MarginCode]:
        """A coder's own codes by id; with `passages` those there, and those that stand in no passage."""
        found = {}
        for decision in self._context.review_state.own(coder, source_id).decisions:
            if decision.anchor is None or (passages is not None and decision.anchor.passage_id not in {*passages, ""}):
                continue
            code = self._of_decision(decision, "mine")
            found[code.id] = code
        return found

    def ids(self, coder: str, source_id: str) -> set[str]:
        """The ids of a coder's own codes."""
        own = self._context.review_state.own(coder, source_id)
        return {place_key(decision) for decision in own.decisions if decision.anchor}

    def all(self, session: Session, source_id: str) -> list[MarginCode]:
        """Everything that this person may see."""
        whole = self._context.reveal(session, source_id)
        others = list(self._others(session, source_id)) if whole else []
        own = self.own(session.coder, source_id).values()
        return [*own, *others, *self.machine(session, source_id), *self.memos(session, source_id)]

    def memos(self, session: Session, source_id: str) -> Iterator[MarginCode]:
        """The memos on words or passages of the study that this person may see."""
        whole = self._context.coder_items.may_see_all(session, source_id)
        for memo in self._context.review_state.memos:
            if memo.source_id == source_id and memo.anchor and (whole or memo.coder == session.coder):
                boxes, exact = self._boxes(source_id, memo.anchor)
                yield MarginCode(
                    memo.memo_id,
                    "memos",
                    memo.theme,
                    memo.coder,
                    None,
                    "memo",
                    memo.text,
                    memo.decided,
                    memo.anchor.quote,
                    memo.anchor.passage_id,
                    "",
                    boxes,
                    rough=not exact,
                )

    def machine(
        self, session: Session, source_id: str, *, passages: Collection[str] | None = None
    ) -> Iterator[MarginCode]:
        """What the machine proposes, where this person may see it; with `passages` there only."""
        whole = self._context.coder_items.may_see_all(session, source_id)
        by_study = self._context.review_items.by_study if whole else self._context.coder_items.by_study(session.coder)
        own = self._context.review_state.own(session.coder, source_id)
        for item in by_study.get(source_id, ()):
            if item.suggestion is None or (passages is not None and item.passage_id not in passages):
                continue
            answers = own.by_passage.get(item.passage_id, {}).values()
            answered = any(answer.theme == item.theme for answer in answers)
            label = answered or not self._context.judges_first(session.coder)
            yield self._of_item(item, answered=answered, label=label)

    def layers(self, session: Session, source_id: str) -> list[Layer]:
        """Which layers there may be for this person."""
        if self._context.coder_items.may_see_all(session, source_id):
            return ["mine", "others", "machine", "published", "adjudicated", "memos"]
        return ["mine", "machine", "memos"]

    def _others(self, session: Session, source_id: str) -> Iterator[MarginCode]:
        for decision in self._context.review_state.of_study(source_id):
            if decision.anchor is None or (decision.role == "coder" and decision.coder == session.coder):
                continue
            layers: Mapping[str, Layer] = {"coder": "others", "published": "published", "adjudicator": "adjudicated"}
            yield self._of_decision(decision, layers[decision.role])

    def _of_decision(self, decision: Decision, layer: Layer) -> MarginCode:
        anchor = decision.anchor
        assert anchor is not None
        document = self._context.review_items.document(decision.source_id)
        boxes, exact = self._boxes(decision.source_id, anchor)
        now = self._context.matrix.theme_now(decision)
        return MarginCode(
            place_key(decision),
            layer,
            now,
            decision.coder,
            decision.value,
            spoken(decision.value),
            decision.note,
            decision.decided,
            anchor.quote,
            anchor.passage_id,
            _label(document, anchor.page),
            boxes,
            rough=not exact,
            gone=anchor.orphaned,
        )

    def _boxes(self, source_id: str, anchor: Anchor) -> tuple[list[list[float]] | None, bool]:
        """The rectangles of an anchor, None where they are the passage's; and whether they are exact."""
        review_items = self._context.review_items
        there = review_items.has(source_id, anchor.passage_id)
        passage = review_items.passage(source_id, anchor.passage_id) if there else None
        if passage is not None and anchor.quote == passage.text:
            return None, True
        document, images = review_items.document(source_id), self._context.pictures
        boxes, exact = boxes_of_code(document, passage, anchor, lambda page: images.words_at_hand(document, page))
        return [[b.page, b.x0, b.top, b.x1, b.bottom] for b in boxes], exact

    def _of_item(self, item: ReviewItem, *, answered: bool, label: bool) -> MarginCode:
        """A suggestion; without `label` how likely and how strong is kept until the coder has judged."""
        suggestion = item.suggestion
        assert suggestion is not None
        document = self._context.review_items.document(item.source_id)
        passage = self._context.review_items.passage(item.source_id, item.passage_id)
        said = f"{score_words(suggestion)}, {spoken(suggestion.strength)}" if label else _LABEL_AFTER
        why = ", ".join(reason.text for reason in suggestion.reasons if reason.weight > 0)
        return MarginCode(
            f"{item.passage_id} {item.theme}",
            "machine",
            item.theme,
            "",
            None,
            said,
            "",
            "",
            passage.text,
            passage.id,
            _label(document, passage.page),
            None,
            why=f"Because of: {why}" if why else "",
            answered=answered,
        )


def _label(document: Document, page: int | None) -> str:
    if page is None or not 1 <= page <= len(document.pages):
        return ""
    return document.pages[page - 1].label or str(page)
