"""The passages under a cell: what people marked, and the strongest of what the machine proposes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotations.decision import Anchor, Decision
from corpus.errors import StoreError
from extract.document import Document, Passage
from models.reason_words import reason_words
from models.suggestion import DocumentSuggestions, Reason, Suggestion
from synthesis.matrix.cell import Evidence

# Of the machine's passages a cell carries this many. Twelve quotations can be judged at a sitting; the number of all
# of them is kept in `Cell.machine_hits`, and the review page shows every one.
MACHINE_PASSAGES = 12


def human_evidence(decisions: Sequence[Decision], document: Document | None) -> tuple[Evidence, ...]:
    """What people marked or noted, strongest first; a passage with value 0 was rejected by its coder.

    A quotation that is not in the text as now extracted stays, marked as orphaned.
    """
    passages = _passages(document)
    found = [
        _from_anchor(decision, decision.anchor, passages.get(decision.anchor.passage_id), document)
        if decision.anchor
        else _from_note(decision)
        for decision in decisions
        if decision.anchor or decision.note
    ]
    return tuple(sorted(found, key=lambda item: (-item.value, item.page or 0, item.by, item.passage_id)))


def machine_evidence(
    proposed: DocumentSuggestions | None, document: Document | None, themes: Sequence[str]
) -> tuple[Evidence, ...]:
    """The strongest proposed passages for a column: those that decided its value first, then by probability."""
    if proposed is None or document is None:
        return ()
    if proposed.sha256 != document.sha256 or proposed.extractor != document.extractor:
        raise StoreError(
            f"the suggestions for {document.sha256[:12]}.pdf were made from another reading of it: run `jaiza suggest`"
        )
    passages = _passages(document)
    deciding = [key for study in proposed.studies if study.theme in themes for key in study.decided_by]
    place = {key: rank for rank, key in reversed(list(enumerate(deciding)))}
    ranked = sorted(
        (suggestion for suggestion in proposed.suggestions if suggestion.theme in themes),
        key=lambda suggestion: (place.get(suggestion.passage_id, len(deciding)), -suggestion.score),
    )
    return tuple(
        _from_suggestion(suggestion, passages[suggestion.passage_id], document)
        for suggestion in ranked[:MACHINE_PASSAGES]
    )


def machine_hits(proposed: DocumentSuggestions | None, themes: Sequence[str]) -> int:
    """How many suggestions the machine makes for a column."""
    return sum(suggestion.theme in themes for suggestion in proposed.suggestions) if proposed else 0


def machine_best(proposed: DocumentSuggestions | None, themes: Sequence[str]) -> float | None:
    """The highest probability among the suggestions for a column; None without any."""
    found = proposed.suggestions if proposed else ()
    return max((suggestion.score for suggestion in found if suggestion.theme in themes), default=None)


def machine_chance(proposed: DocumentSuggestions | None, themes: Sequence[str]) -> float | None:
    """The probability that so many hits are chance: that of the theme of the column for which it is smallest."""
    found = proposed.studies if proposed else ()
    return min((study.chance for study in found if study.theme in themes), default=None)


def _from_anchor(decision: Decision, anchor: Anchor, passage: Passage | None, document: Document | None) -> Evidence:
    page = passage.page if passage else anchor.page
    return Evidence(
        by=decision.coder,
        theme=decision.theme,
        value=decision.value or 0,
        quote=anchor.quote,
        page=page,
        page_label=_page_label(document, page) if not anchor.orphaned else "",
        boxes=passage.boxes if passage else (),
        passage_id=anchor.passage_id if passage else "",
        sha256=document.sha256 if passage and document else anchor.sha256,
        heading=passage.heading if passage else "",
        section=passage.section if passage else None,
        why=(decision.note,) if decision.note else (),
        orphaned=document is not None and passage is None and (bool(anchor.passage_id) or anchor.orphaned),
    )


def _from_note(decision: Decision) -> Evidence:
    return Evidence(
        by=decision.coder,
        theme=decision.theme,
        value=decision.value or 0,
        quote="",
        page=None,
        page_label="",
        boxes=(),
        passage_id="",
        sha256="",
        why=(decision.note,),
    )


def _from_suggestion(suggestion: Suggestion, passage: Passage, document: Document) -> Evidence:
    return Evidence(
        by="machine",
        theme=suggestion.theme,
        value=suggestion.strength,
        quote=passage.text,
        page=passage.page,
        page_label=_page_label(document, passage.page),
        boxes=passage.boxes,
        passage_id=passage.id,
        sha256=document.sha256,
        heading=passage.heading,
        section=passage.section,
        score=suggestion.score,
        why=tuple(reason_words(reason) for reason in suggestion.reasons),
        marks=_for_the_theme(suggestion.reasons),
    )


def _for_the_theme(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(reason.text for reason in reasons if reason.kind == "phrase" and reason.weight > 0)


def _passages(document: Document | None) -> dict[str, Passage]:
    return {passage.id: passage for passage in document.passages} if document else {}


def _page_label(document: Document | None, number: int | None) -> str:
    pages = document.pages if document else ()
    return next((page.label for page in pages if page.number == number), "")
