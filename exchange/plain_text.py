"""The text of a document as it is handed to other programs, in which every passage stands word for word.

`Document.text` has a line break at the end of every printed line and a hyphen in a broken word; a passage's own text
has neither. A colleague who opens a coding wants to see the passage, and a program that cuts the text at a coding's
positions must get the quote. So the passages stand here in their readable form, and all other text between them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from extract.document import Box, Document, Passage, Span

# What XML can't hold, and the carriage return, which programs drop or add.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_REACH = 4000  # characters: longer than any passage, so that a quote that begins in one is found whole
_SAME_MARKS = ("'’‘ʼ", '"“”„«»', "-–—−\u2010\u2011")  # printed and typed forms of one sign


@dataclass(frozen=True)
class PlainText:
    """A document as plain text. Spans are 0-based, end-exclusive positions of Unicode code points in `text`."""

    text: str
    spans: Mapping[str, Span]  # passage id -> where it stands, in the order of the text

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in self.spans.values()]

    @cached_property
    def _in_order(self) -> list[tuple[str, Span]]:
        return list(self.spans.items())

    def touched(self, span: Span) -> Iterator[tuple[str, Span]]:
        """The passages that have a part in `span`."""
        for passage_id, place in self._in_order[bisect_right(self._ends, span[0]) :]:
            if place[0] >= span[1]:
                return
            yield passage_id, place


def clean(text: str) -> str:
    """`text` with a space for each character that XML can't hold and each carriage return: no position moves."""
    return _UNFIT.sub(" ", text)


def read(document: Document) -> PlainText:
    """The document's text with its passages in readable form; nothing of it is left out."""
    pieces: list[str] = []
    spans: dict[str, Span] = {}
    length = cursor = 0
    starts = [
        (span, None if number else passage)
        for passage in document.passages
        for number, span in enumerate(sorted(passage.spans))
    ]
    for (start, end), passage in sorted(starts, key=lambda item: item[0]):
        if start > cursor:
            pieces.append(_between(document.text[cursor:start]))
            length += len(pieces[-1])
        if passage:
            pieces.append(clean(passage.text))
            spans[passage.id] = (length, length + len(pieces[-1]))
            length += len(pieces[-1])
        cursor = max(cursor, end)
    pieces.append(clean(document.text[cursor:]))
    return PlainText("".join(pieces), spans)


def place(quote: str, passage: Passage, reading: PlainText) -> Span:
    """Where in `reading.text` a quote stands that begins in `passage`: word for word, else with other spaces,
    quotation marks, dashes or case, else where most of its characters agree."""
    first, last = reading.spans[passage.id]
    start = reading.text.find(clean(quote).strip(), first)
    if first <= start < last:
        return start, start + len(quote.strip())
    found = re.compile(_loosely(quote), re.IGNORECASE).search(reading.text, first, first + _REACH + 2 * len(quote))
    if found and found.start() < last:
        return found.span()
    text = reading.text[first:last]
    if len(text) <= len(quote) or len(text.casefold()) != len(text):
        return first, last
    nearest = fuzz.partial_ratio_alignment(quote.casefold(), text.casefold())
    if nearest is None:
        return first, last
    start, end = _whole_words(text, nearest.dest_start, nearest.dest_end)
    return first + start, first + end


def lines_of(span: Span, passage: Passage, document: Document) -> Sequence[Box]:
    """The printed lines of a part of a passage; all of its lines where the text does not tell them apart."""
    lines = [line for start, end in passage.spans for line in document.text[start:end].split("\n")]
    if len(lines) != len(passage.boxes):
        return passage.boxes
    before, within = (_letters(passage.text[a:b]) for a, b in ((0, span[0]), span))
    first, last, seen = before, before + within, 0
    chosen = []
    for line, box in zip(lines, passage.boxes, strict=True):
        letters = _letters(line)
        if seen < last and seen + letters > first:
            chosen.append(box)
        seen += letters
    return chosen or passage.boxes


def _between(raw: str) -> str:
    """What stands between two passages; the line break inside a paragraph becomes a space."""
    return clean(raw) if raw.strip() else ("\n\n" if "\n\n" in raw else " ")


def _loosely(quote: str) -> str:
    return r"\s+".join("".join(map(_any_form, word)) for word in clean(quote).split())


def _any_form(character: str) -> str:
    marks = next((marks for marks in _SAME_MARKS if character in marks), "")
    return f"[{re.escape(marks)}]" if marks else re.escape(character)


def _whole_words(text: str, start: int, end: int) -> Span:
    while start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1 : end].isalnum():
        end += 1
    return start, end


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)
