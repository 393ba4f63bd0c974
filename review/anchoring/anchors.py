"""Where on the page a decision belongs: a whole passage, or words selected on the page images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from annotations.decision import Anchor
from corpus.errors import UnknownChoiceError
from extract.document import Block, Document, Passage
from extract.views.word_layer import PlacedWord, quoted
from review.anchoring.word_boxes import covers, letters

_CONTEXT = 40  # characters of prefix and suffix kept with a decision


@dataclass(frozen=True, slots=True)
class SelectedWords:
    """Words selected on one page: those from `first` to `last` (0-based, both included) of `words`."""

    page: int  # 1-based
    words: Sequence[PlacedWord]  # all words of the page in the order they are read
    first: int
    last: int

    @property
    def chosen(self) -> tuple[PlacedWord, ...]:
        """The selected ones."""
        return tuple(self.words[self.first : self.last + 1])


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


def of_selection(document: Document, selection: Sequence[SelectedWords]) -> Anchor:
    """Words selected on one page or on several that follow each other, as the text of the document has them.

    In one passage: that part of its text. Over several passages, also over a page break: from the first word to the
    last, without what stands between and belongs to neither (running heads, footnotes); the anchor names the first.
    In none (a heading, a table, a footnote): the words as they are, with their place in the text.
    """
    touched: list[Passage] = []
    for part in selection:
        near = [passage for passage in document.passages if any(box.page == part.page for box in passage.boxes)]
        for word in part.chosen:
            found = next((passage for passage in near if covers(passage, part.page, word)), None)
            if found is not None and found not in touched:
                touched.append(found)
    if not touched:
        return _of_loose_words(document, selection)
    order = {passage.id: number for number, passage in enumerate(document.passages)}
    touched.sort(key=lambda passage: order[passage.id])
    first, last = touched[0], touched[-1]
    between = document.passages[order[first.id] : order[last.id] + 1]
    start, _ = _part(first, selection)
    _, end = _part(last, selection)
    texts = [passage.text for passage in between]
    texts[-1] = texts[-1][:end]
    texts[0] = texts[0][start:]
    quote = " ".join(text for text in texts if text)
    return _anchor(document, first, last, start, end, quote=quote, page=selection[0].page)


def of_text(document: Document, first: tuple[Passage, int], last: tuple[Passage, int]) -> Anchor:
    """Words of the flowing text, each told by its passage and its number there (from 0): what the same words selected
    on the page images are kept as. ValueError: there are no such words."""
    (from_, begin), (to, until) = first, last
    order = {passage.id: number for number, passage in enumerate(document.passages)}
    if (order[from_.id], begin) > (order[to.id], until):
        raise ValueError("the first of the selected words stands behind the last")
    start, end = _word(from_.text, begin)[0], _word(to.text, until)[1]
    if from_ is to:
        start, end = found_at(from_.text[start:end], from_.text, near=len(letters(from_.text[:start]))) or (start, end)
        quote = from_.text[start:end]
    else:
        between = [passage.text for passage in document.passages[order[from_.id] + 1 : order[to.id]]]
        quote = " ".join((from_.text[start:], *between, to.text[:end]))
    found = _anchor(document, from_, to, start, end, quote=quote, page=from_.page)
    on = [block.box.page for block in document.blocks if found.offset is not None and _holds(block, found.offset)]
    return replace(found, page=on[0] if on else from_.page)


def of_block(document: Document, block: Block, text: str, first: int, last: int) -> Anchor:
    """Words of `text`, a block that is in no passage (a heading, a table, a note): as they are, with their place."""
    start, end = _word(text, first)[0], _word(text, last)[1]
    quote = text[start:end]
    begin, stop = block.span
    raw = found_at(quote, document.text[begin:stop], near=len(letters(text[:start])))
    return Anchor(
        quote=quote,
        page=block.box.page,
        prefix=document.text[max(0, begin + raw[0] - _CONTEXT) : begin + raw[0]] if raw else "",
        suffix=document.text[begin + raw[1] : begin + raw[1] + _CONTEXT] if raw else "",
        offset=begin + raw[0] if raw else None,
        sha256=document.sha256,
    )


def _word(text: str, number: int) -> tuple[int, int]:
    """Start and end of a word of a text in which words stand between single spaces. ValueError: there is none."""
    words = text.split(" ")
    if not 0 <= number < len(words):
        raise ValueError("these words are not in the text: select them again")
    start = sum(len(word) + 1 for word in words[:number])
    return start, start + len(words[number])


def _holds(block: Block, offset: int) -> bool:
    return block.span[0] <= offset < block.span[1]


def of_words(document: Document, page: int, words: Sequence[PlacedWord]) -> Anchor:
    """`of_selection` for words of one page of which nothing but themselves is known."""
    return of_selection(document, [SelectedWords(page, words, 0, len(words) - 1)])


def _anchor(
    document: Document, first: Passage, last: Passage, start: int, end: int, *, quote: str, page: int
) -> Anchor:
    from_, to = first.whole_span
    part = first.text[start : end if first is last else None]
    raw = found_at(part, document.text[from_:to], near=len(letters(first.text[:start])))  # it has line breaks
    return Anchor(
        quote=quote,
        page=page,
        passage_id=first.id,
        prefix=first.text[max(0, start - _CONTEXT) : start],
        suffix=last.text[end : end + _CONTEXT],
        offset=from_ + raw[0] if raw else None,
        sha256=document.sha256,
    )


def _part(passage: Passage, selection: Sequence[SelectedWords]) -> tuple[int, int]:
    """Start and end in the passage's text of what is selected of it; all of it where that can't be told."""
    chosen: list[PlacedWord] = []
    before = after = 0  # letters of the passage, on the pages at hand, on either side of what is selected
    for part in selection:
        for number, word in enumerate(part.words):
            if not covers(passage, part.page, word):
                continue
            if part.first <= number <= part.last:
                chosen.append(word)
            elif chosen:
                after += len(letters(word.text))
            else:
                before += len(letters(word.text))
    quote = quoted(tuple(chosen))
    if passage.page < selection[0].page:  # what stands before it is on a page that is not at hand
        before = len(letters(passage.text)) - len(letters(quote)) - after
    return found_at(quote, passage.text, near=max(0, before)) or (0, len(passage.text))


def _of_loose_words(document: Document, selection: Sequence[SelectedWords]) -> Anchor:
    quote = quoted(tuple(word for part in selection for word in part.chosen))
    pages = {part.page for part in selection}
    spans = [block.span for block in document.blocks if block.box.page in pages]
    start, end = min((s for s, _ in spans), default=0), max((e for _, e in spans), default=0)
    raw = found_at(quote, document.text[start:end])
    return Anchor(
        quote=" ".join(document.text[start + raw[0] : start + raw[1]].split()) if raw else quote,
        page=selection[0].page,
        prefix=document.text[max(0, start + raw[0] - _CONTEXT) : start + raw[0]] if raw else "",
        suffix=document.text[start + raw[1] : start + raw[1] + _CONTEXT] if raw else "",
        offset=start + raw[0] if raw else None,
        sha256=document.sha256,
    )


def found_at(quote: str, text: str, *, near: int = 0) -> tuple[int, int] | None:
    """Start and end of `quote` in `text`, by their letters and digits: spaces and hyphens differ at line ends.

    `near` is how many letters stand before it, for a quote that occurs several times: the nearest counts.
    """
    sought = letters(quote)
    places = [index for index, character in enumerate(text) for _ in letters(character)]
    folded = letters(text)
    found = []
    at = folded.find(sought) if sought else -1
    while at >= 0:
        found.append(at)
        at = folded.find(sought, at + 1)
    if not found:
        return None
    at = min(found, key=lambda one: abs(one - near))
    start, end = places[at], places[at + len(sought) - 1] + 1
    while end < len(text) and text[end] in ".,;:!?)”’\"'" and quote.rstrip().endswith(text[end]):
        end += 1
    return start, end


def check_page(document: Document, page: int) -> None:
    """UnknownChoiceError where the document has no such page."""
    if not 1 <= page <= len(document.pages):
        raise UnknownChoiceError("page", str(page), [f"1 to {len(document.pages)}"])


def word_in(given: object) -> tuple[int, int]:
    """Page (counted from 1) and number of a word on it, as the browser sent them; ValueError where they are none."""
    place = (given.get("page"), given.get("word")) if isinstance(given, dict) else (None, None)
    if not all(isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in place):
        raise ValueError("the words selected are told by page and number")
    return place  # type: ignore[return-value]
