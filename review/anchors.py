"""Where on the page a decision belongs: a whole passage, or words selected on the page image."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from annotations.decision import Anchor
from extract.document import Document, Passage
from extract.views.word_layer import PlacedWord, quoted

_CONTEXT = 40  # characters of prefix and suffix kept with a decision


def of_passage(document: Document, passage: Passage) -> Anchor:
    """The whole passage."""
    start, end = passage.whole_span
    return Anchor(
        quote=passage.text,
        page=passage.page,
        passage_id=passage.id,
        prefix=document.text[max(0, start - _CONTEXT) : start],
        suffix=document.text[end : end + _CONTEXT],
        offset=start,
        sha256=document.sha256,
    )


def of_words(document: Document, page: int, words: Sequence[PlacedWord]) -> Anchor:
    """Words selected on `page`: the part of a passage they are, as the passage's text has it.

    Where they reach over several passages, the part in the one with most of them. Where they stand in none (a
    heading, a footnote), the words as they are, with no passage id.
    """
    chosen = tuple(words)
    quote = quoted(chosen)
    passage = _passage_under(document, page, chosen)
    if passage is None:
        return Anchor(quote=quote, page=page, sha256=document.sha256)
    place = _found(quote, passage.text)
    if place is None:  # over the edge of the passage: only what is in it
        inside = tuple(word for word in chosen if _covers(passage, page, word))
        place = _found(quoted(inside), passage.text) or (0, len(passage.text))
    start, end = place
    first, last = passage.whole_span
    raw = _found(passage.text[start:end], document.text[first:last])  # the text has line breaks, the passage none
    return Anchor(
        quote=passage.text[start:end],
        page=page,
        passage_id=passage.id,
        prefix=passage.text[max(0, start - _CONTEXT) : start],
        suffix=passage.text[end : end + _CONTEXT],
        offset=first + raw[0] if raw else None,
        sha256=document.sha256,
    )


def _passage_under(document: Document, page: int, words: Sequence[PlacedWord]) -> Passage | None:
    near = [passage for passage in document.passages if any(box.page == page for box in passage.boxes)]
    hits = Counter(number for number, passage in enumerate(near) for word in words if _covers(passage, page, word))
    return near[hits.most_common(1)[0][0]] if hits else None


def _covers(passage: Passage, page: int, word: PlacedWord) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return any(box.page == page and box.x0 <= x <= box.x1 and box.top <= y <= box.bottom for box in passage.boxes)


def _found(quote: str, text: str) -> tuple[int, int] | None:
    """Start and end of `quote` in `text`, by their letters and digits: spaces and hyphens differ at line ends."""
    sought = "".join(character for character in quote.casefold() if character.isalnum())
    places = [index for index, character in enumerate(text) for folded in character.casefold() if folded.isalnum()]
    letters = "".join(folded for character in text for folded in character.casefold() if folded.isalnum())
    at = letters.find(sought) if sought else -1
    if at < 0:
        return None
    start, end = places[at], places[at + len(sought) - 1] + 1
    while end < len(text) and text[end] in ".,;:!?)”’\"'" and quote.rstrip().endswith(text[end]):
        end += 1
    return start, end
