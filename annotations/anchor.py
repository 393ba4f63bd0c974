"""Finding a quote again: in the passage it came from, or in what a newer extraction made of it."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, islice, pairwise
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from annotations.decision import Anchor, Decision, Mark
from extract.document import Document, Passage

Said = TypeVar("Said", Decision, Mark)
Match = Literal["exact", "fuzzy", "none"]

# A quote counts as found where this share (per cent) of its characters agree in order. Two different sentences of
# one report seldom pass 75; a quote retyped by hand, or with another hyphenation, seldom falls below 95.
FOUND = 90.0
_SAME_PAGE = 2.0  # a hint for ties: the page named with the quote
_MOST = 0.6  # share of a quote longer than a passage that whole passages must make up, to be found in them
_LIKELY = 8  # passages to compare letter by letter before all are
_MOST_PLACES = 100  # of a quote that is repeated in a text
_CONTEXT = 40  # characters of prefix and suffix kept


def anchored(said: Said, document: Document | None) -> Said:
    """A decision or mark with its anchor pointing into `document` as it is extracted now.

    First the passage id, if its text still holds the quote; then the exact quote, in a passage or over several, of
    which the first counts; then the words as they stand outside of passages, in a heading or a table, and have a place
    in the text (`offset`) but no passage; then the nearest match. Where none is found passage id and offset are
    emptied: the decision is orphaned and shown as such, never dropped.
    """
    return said if document is None else Finder(document).anchored(said)


def anchored_all(said: Iterable[Said], documents: Mapping[str, Document]) -> list[Said]:
    """The same for many of any source; `documents` are keyed by source id. A text is asked for and prepared once, and
    let go before the next: all of them need not fit into memory.
    """
    found = list(said)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(found):
        if one.anchor is not None and one.source_id in documents:
            places[one.source_id].append(place)
    for source_id, own in places.items():
        finder = Finder(documents[source_id])
        for place in own:
            found[place] = finder.anchored(found[place])
    return found


def fold(text: str) -> str:
    """Text for comparing: one case, one kind of quote, dash and space, no line-end hyphen."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.replace("-\n", "").replace("\u00ad", "").translate(_SAME_MARK)
    return " ".join(text.split())


_SAME_MARK = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})


class Finder:
    """Finds quotes in one document; made once for many quotes."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._by_id = {passage.id: passage for passage in document.passages}

    def anchored(self, said: Said) -> Said:
        """A decision or mark with its anchor pointing into the document."""
        anchor = said.anchor and self.placed(said.anchor)[0]
        return said if anchor is said.anchor else replace(said, anchor=anchor)

    def placed(self, anchor: Anchor) -> tuple[Anchor, Match]:
        """An anchor pointing into the document, and how well its quote was found there."""
        if self._points_here(anchor):  # the usual case: nothing to be searched for, nothing to be made anew
            return anchor, "exact"
        passage, how = self.find(anchor)
        if how != "exact" and (start := self._elsewhere(anchor)) is not None:
            return replace(anchor, passage_id="", offset=start, sha256=self._document.sha256), how
        if passage:
            return _pointing_at(anchor, passage, self._document), how
        return replace(anchor, passage_id="", offset=None), how

    def _points_here(self, anchor: Anchor) -> bool:
        """Does an anchor say all that `_pointing_at` would, of a passage that holds its quote letter for letter?"""
        named = self._by_id.get(anchor.passage_id)
        return (
            named is not None
            and anchor.sha256 == self._document.sha256
            and (anchor.page, anchor.offset) == (named.page, named.whole_span[0])
            and bool(anchor.prefix and anchor.suffix and anchor.quote.strip())
            and anchor.quote in named.text
        )

    def runs_on(self, quote: str) -> bool:
        """Whether the words stand in the passages one after the other, as they are."""
        return fold(quote) in self._run_on[0]

    def text_of(self, passage_id: str) -> str:
        """The text of a passage; empty where there is none of that id."""
        passage = self._by_id.get(passage_id)
        return passage.text if passage else ""

    def _elsewhere(self, anchor: Anchor) -> int | None:
        """Where the words of a quote stand in the text, whether or not a passage holds them."""
        words = anchor.quote.split()
        if not words or " ".join(words) not in self._one_line:
            return None
        pattern = re.compile(r"\s+".join(map(re.escape, words)))
        starts = [found.start() for found in islice(pattern.finditer(self._document.text), _MOST_PLACES)]
        return min(starts, key=lambda start: abs(start - (anchor.offset or 0)), default=None)

    @cached_property
    def _one_line(self) -> str:
        """The text with every run of white space as one blank."""
        return " ".join(self._document.text.split())

    @cached_property
    def _on_page(self) -> Mapping[int, list[tuple[Passage, str]]]:
        pages: defaultdict[int, list[tuple[Passage, str]]] = defaultdict(list)
        for passage, text in self._folded:
            pages[passage.page].append((passage, text))
        return pages

    @cached_property
    def _folded(self) -> list[tuple[Passage, str]]:
        return [(passage, fold(passage.text)) for passage in self._document.passages]

    @cached_property
    def _folded_by_id(self) -> Mapping[str, str]:
        return {passage.id: text for passage, text in self._folded}

    @cached_property
    def _run_on(self) -> tuple[str, list[int]]:
        """All passages as one text, and where each begins."""
        starts = accumulate((len(text) + 1 for _, text in self._folded), initial=0)
        return " ".join(text for _, text in self._folded), list(starts)

    def find(self, anchor: Anchor) -> tuple[Passage | None, Match]:
        """The passage a quote belongs to, the first where it runs over several, and how well it agrees."""
        quote = fold(anchor.quote)
        if not quote:
            return None, "none"
        if not anchor.passage_id and anchor.offset is not None and self._stands_at(anchor):
            return None, "none"  # words that were picked outside of every passage
        named = self._by_id.get(anchor.passage_id)
        if named and (anchor.quote == named.text or quote in self._folded_by_id[named.id]):
            return named, "exact"
        for passage, text in self._on_page.get(anchor.page or 0, ()):
            if quote in text:
                return passage, "exact"
        exact = list(self._holding(quote))
        inside = [passage for passage, whole in exact if whole]
        if inside:
            return inside[0], "exact"
        if exact:
            return exact[0][0], "exact"
        return self._nearest(quote, anchor.page)

    def _stands_at(self, anchor: Anchor) -> bool:
        start = anchor.offset or 0
        return self._document.text[start : start + len(anchor.quote)] == anchor.quote

    def _holding(self, quote: str) -> Iterator[tuple[Passage, bool]]:
        """The passages in which a quote begins word for word, and whether it ends there too."""
        text, starts = self._run_on
        start = text.find(quote)
        while start >= 0:
            place = bisect_right(starts, start) - 1
            yield self._folded[place][0], start + len(quote) < starts[place + 1]
            start = text.find(quote, starts[place + 1])

    def _best(self, quote: str, page: int | None, places: Iterable[int]) -> tuple[int, float]:
        """The place of the passage that is nearest to a quote, of equal ones the first, and how near it is."""
        best, best_score = len(self._folded), 0.0
        for place in places:
            passage, text = self._folded[place]
            # A short passage inside a longer quote must not count as the whole quote: compare over the quote's length.
            # What can't win need not be computed to the end.
            likeness = fuzz.partial_ratio if len(text) >= len(quote) else fuzz.ratio
            score = likeness(quote, text, score_cutoff=max(FOUND, best_score - _SAME_PAGE))
            score += _SAME_PAGE if score >= FOUND and passage.page == page else 0.0
            if (score, -place) > (best_score, -best) and score:
                best, best_score = place, score
        return best, best_score

    @cached_property
    def _pairs(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """The pairs of words that follow each other in a passage, as numbers in order, and the place of each one's
        passage."""
        signs, places = array("q"), array("l")
        for place, (_, text) in enumerate(self._folded):
            own = _pairs_in(text)
            signs.extend(own)
            places.extend([place] * len(own))
        numbers = np.array(signs, dtype=np.int64)
        order = np.argsort(numbers, kind="stable")
        return numbers[order], np.array(places, dtype=np.int32)[order]

    def _likely(self, quote: str) -> list[int]:
        """The places of the passages that share most pairs of words with a quote, at least half as many as the first
        of them, which is the likeliest: what is far from it need not be compared to the end. Single words would not
        do: passages on one subject share most of them."""
        signs, places = self._pairs
        wanted = np.array(sorted(_pairs_in(quote)), dtype=np.int64)
        ends = zip(np.searchsorted(signs, wanted, "left"), np.searchsorted(signs, wanted, "right"), strict=True)
        found = np.concatenate([places[start:end] for start, end in ends] or [places[:0]])
        shared = np.bincount(found, minlength=len(self._folded))
        first = np.argsort(-shared, kind="stable")[:_LIKELY]
        return [int(place) for place in first[2 * shared[first] >= shared.max(initial=0)]]

    def _nearest(self, quote: str, page: int | None) -> tuple[Passage | None, Match]:
        """Comparing letters is slow, so the passages with most in common come first; only where none of these is near
        enough are all compared."""
        likely = self._likely(quote)
        if len(likely) == 1 and fuzz.ratio(quote, self._folded[likely[0]][1], score_cutoff=FOUND):
            return self._folded[likely[0]][0], "fuzzy"  # a passage with slips: the usual case, and quickly seen
        best, best_score = self._best(quote, page, likely)
        if best_score < FOUND:
            best, best_score = self._best(quote, page, range(len(self._folded)))
        if best_score >= FOUND:
            return self._folded[best][0], "fuzzy"
        parts = [
            (start, passage, len(text))
            for passage, text in self._folded
            if len(text) < len(quote) and (start := _part_at(text, quote)) is not None
        ]
        found = sum(length for *_, length in parts) >= _MOST * len(quote)
        return (min(parts, key=lambda part: part[0])[1], "fuzzy") if found else (None, "none")


def _pairs_in(text: str) -> set[int]:
    """Each pair of neighbouring words as a number, another one in every process."""
    return set(map(hash, pairwise(text.split())))


def _part_at(text: str, quote: str) -> int | None:
    """Where in a longer quote a passage stands; None where it does not."""
    start = quote.find(text)
    if start >= 0:
        return start
    found = fuzz.partial_ratio_alignment(text, quote, score_cutoff=FOUND)
    return found.dest_start if found else None


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
