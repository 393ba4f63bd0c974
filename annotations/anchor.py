"""Finding a quote again: in the passage it came from, or in what a newer extraction made of it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from rapidfuzz import fuzz

from annotations.decision import Anchor, Decision
from extract.document import Document, Passage

# A quote counts as found where this share (per cent) of its characters agree in order. Two different sentences of
# one report seldom pass 75; a quote retyped by hand, or with another hyphenation, seldom falls below 95.
FOUND = 90.0
_SAME_PAGE = 2.0  # a hint for ties: the page named with the quote
_CONTEXT = 40  # characters of prefix and suffix kept


def anchored(decision: Decision, document: Document | None) -> Decision:
    """`decision` with its anchor pointing into `document` as it is extracted now.

    First the passage id, if its text still holds the quote; then the exact quote; then the nearest match. Where
    none is found the passage id is emptied: the decision is orphaned and shown as such, never dropped.
    """
    anchor = decision.anchor
    if anchor is None or document is None:
        return decision
    passage = _passage_with(anchor, document)
    return replace(
        decision, anchor=_pointing_at(anchor, passage, document) if passage else replace(anchor, passage_id="")
    )


def fold(text: str) -> str:
    """Text for comparing: one case, one kind of quote, dash and space, no line-end hyphen."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.replace("-\n", "").replace("\u00ad", "").translate(_SAME_MARK)
    return " ".join(text.split())


_SAME_MARK = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})


def _passage_with(anchor: Anchor, document: Document) -> Passage | None:
    quote = fold(anchor.quote)
    if not quote:
        return None
    folded = [(passage, fold(passage.text)) for passage in document.passages]
    exact = [passage for passage, text in folded if quote in text]
    if exact:
        return min(exact, key=lambda p: (p.id != anchor.passage_id, p.page != (anchor.page or p.page)))
    best, best_score = None, 0.0
    for passage, text in folded:
        # A short passage inside a longer quote must not count as the whole quote: compare over the quote's length.
        score = fuzz.partial_ratio(quote, text) if len(text) >= len(quote) else fuzz.ratio(quote, text)
        score += _SAME_PAGE if score >= FOUND and passage.page == anchor.page else 0.0
        if score > best_score:
            best, best_score = passage, score
    return best if best_score >= FOUND else None


def _pointing_at(anchor: Anchor, passage: Passage, document: Document) -> Anchor:
    start, end = passage.whole_span
    return replace(
        anchor,
        passage_id=passage.id,
        page=passage.page,
        prefix=anchor.prefix or document.text[max(0, start - _CONTEXT) : start],
        suffix=anchor.suffix or document.text[end : end + _CONTEXT],
        offset=start,
        sha256=document.sha256,
    )
