"""Where on the pages the words of a code stand: rectangles, a line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotations.decision import Anchor
from extract.document import Box, Document, Passage
from extract.views.word_layer import PlacedWord

# The words of a page (1-based) in the order they are read; None where they can't be had just now.
PageWords = Callable[[int], Sequence[PlacedWord] | None]
_PAGES = 4  # on which the words of one code may lie: a code over more is marked by its passage alone


def boxes_of_code(
    document: Document, passage: Passage | None, anchor: Anchor, words_of: PageWords
) -> tuple[tuple[Box, ...], bool]:
    """The rectangles of an anchor's words, and whether they are exact.

    The whole passage: its own rectangles. A part of it, or words over several: the words found on the pages, joined
    line by line. Where the words of a page can't be had, the passage's rectangles, which are then not exact; nothing
    where there is no passage either.
    """
    if passage is not None and anchor.quote == passage.text:
        return passage.boxes, True
    first = passage.page if passage else anchor.page
    if first is None or not 1 <= first <= len(document.pages):
        return (), True
    words: list[tuple[int, PlacedWord]] = []
    for number in range(first, min(first + _PAGES, len(document.pages) + 1)):
        found = words_of(number)
        if found is None:
            return (passage.boxes if passage else ()), False
        words += [(number, word) for word in found]
        chosen = _words_of_quote(words, anchor, passage)
        if chosen:
            return joined(chosen), True
    return (passage.boxes if passage else ()), True


def joined(words: Sequence[tuple[int, PlacedWord]]) -> tuple[Box, ...]:
    """Words with their pages, one rectangle for each line of them."""
    boxes: list[Box] = []
    for page, word in words:
        last = boxes[-1] if boxes else None
        level = last is not None and last.page == page and abs(last.top - word.top) < (word.bottom - word.top) / 2
        if last is not None and level and word.x0 >= last.x0:
            boxes[-1] = Box(page, last.x0, min(last.top, word.top), word.x1, max(last.bottom, word.bottom))
        else:
            boxes.append(Box(page, word.x0, word.top, word.x1, word.bottom))
    return tuple(boxes)


def letters(text: str) -> str:
    """The letters and digits of a text, folded: what stays the same over line ends and hyphens."""
    return "".join(folded for folded in text.casefold() if folded.isalnum())


def _words_of_quote(
    words: Sequence[tuple[int, PlacedWord]], anchor: Anchor, passage: Passage | None
) -> Sequence[tuple[int, PlacedWord]]:
    """The run of `words` that the quote is; that in the passage where there are several."""
    sought = letters(anchor.quote)
    if not sought:
        return ()
    owner = [number for number, (_, word) in enumerate(words) for _ in letters(word.text)]
    text = "".join(letters(word.text) for _, word in words)
    runs = []
    at = text.find(sought)
    while at >= 0:
        runs.append(words[owner[at] : owner[at + len(sought) - 1] + 1])
        at = text.find(sought, at + 1)
    if passage is None or len(runs) < 2:
        return runs[0] if runs else ()
    inside = [run for run in runs if covers(passage, *run[0])]
    before = letters(anchor.prefix)
    follows = [run for run in inside if before and _before(words, run, len(before)).endswith(before[-20:])]
    return (follows or inside or runs)[0]


def covers(passage: Passage, page: int, word: PlacedWord) -> bool:
    """Does a word on `page` stand in the passage?"""
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return any(box.page == page and box.x0 <= x <= box.x1 and box.top <= y <= box.bottom for box in passage.boxes)


def _before(words: Sequence[tuple[int, PlacedWord]], run: Sequence[tuple[int, PlacedWord]], count: int) -> str:
    """The last `count` letters or so before a run of words."""
    at = next(number for number, one in enumerate(words) if one is run[0])
    found = ""
    while at > 0 and len(found) < count:
        at -= 1
        found = letters(words[at][1].text) + found
    return found
