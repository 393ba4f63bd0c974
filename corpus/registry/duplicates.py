"""Twins: two entries of the registry that are one work, or two editions of one, and must not be counted twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from corpus.registry.sources import Source
from corpus.registry.title_match import distinctive, words, years
from corpus.store.pdf_store import Holding

SAME_TITLE = 92.0  # per cent of letters (Indel similarity) of the distinctive words; "programme" and "program" give 95

# A text is compared by a sample of its runs of five words: those whose hash is small. The share of the shorter text's
# sample that the longer one has too is at most .023 between any two of 15 real reports, four of them labour force
# surveys with much wording in common; a paper and its reprint share nearly all.
SHINGLE = 5
KEPT = 16  # one run of words in so many is kept
SAME_TEXT = 0.5
FEWEST = 20  # kept runs, about 320 words; a shorter text is not compared
COMMON = 50  # a run of words in more texts than this is a phrase of the field, and makes no pair

TwinKind = Literal["same file", "same DOI", "same title", "same text"]
Sketch = NDArray[np.uint64]  # in ascending order


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two sources that seem to be one work; `first` stands earlier in the registry."""

    first: str
    second: str
    kind: TwinKind
    note: str  # for example "87 % of the shorter text is in the longer one"


def sketch(text: str) -> Sketch:
    """A sample of the runs of words in `text`, to compare it with others; the same text gives the same sample."""
    found = words(text)
    hashes = {
        int.from_bytes(blake2b(" ".join(found[at : at + SHINGLE]).encode(), digest_size=8).digest())
        for at in range(len(found) - SHINGLE + 1)
    }
    return np.array(sorted(value for value in hashes if value < 2**64 // KEPT), dtype=np.uint64)


def find_twins(
    sources: Sequence[Source], holdings: Iterable[Holding] = (), sketches: Mapping[str, Sketch] | None = None
) -> tuple[DuplicatePair, ...]:
    """Every pair that has a file, a DOI, a title or most of a text in common, told once by the surest sign.

    `sketches` is keyed by source id.
    """
    order = {source.id: place for place, source in enumerate(sources)}
    found: dict[tuple[str, str], DuplicatePair] = {}
    for one, other, kind, note in [
        *_same_file(holdings),
        *_same_doi(sources),
        *_same_title(sources),
        *_same_text(sketches or {}),
    ]:
        if one in order and other in order:
            first, second = sorted((one, other), key=order.__getitem__)
            found.setdefault((first, second), DuplicatePair(first, second, kind, note))
    return tuple(sorted(found.values(), key=lambda twin: (order[twin.second], order[twin.first])))


def same_title(one: Source, other: Source) -> bool:
    """Do two entries name one work? Letters may differ a little; years in the title and known authors must not."""
    if not one.title or not other.title or years(one.title) != years(other.title):
        return False
    left, right = distinctive(one.title), distinctive(other.title)
    if [word for word in left if word.isdigit()] != [word for word in right if word.isdigit()]:
        return False
    alike = fuzz.ratio(" ".join(left), " ".join(right)) >= SAME_TITLE
    surnames = [_surnames(source) for source in (one, other)]
    return alike and (not all(surnames) or bool(surnames[0] & surnames[1]))


_Sign = tuple[str, str, TwinKind, str]


def _same_file(holdings: Iterable[Holding]) -> list[_Sign]:
    by_file: defaultdict[str, list[str]] = defaultdict(list)
    for held in holdings:
        by_file[held.sha256].append(held.source_id)
    return [
        (one, other, "same file", f"both are the file {sha256[:8]}")
        for sha256, ids in by_file.items()
        for one, other in combinations(ids, 2)
    ]


def _same_doi(sources: Sequence[Source]) -> list[_Sign]:
    by_doi: defaultdict[str, list[str]] = defaultdict(list)
    for source in sources:
        if source.doi:
            by_doi[source.doi.lower()].append(source.id)
    return [
        (one, other, "same DOI", f"both have the DOI {doi}")
        for doi, ids in by_doi.items()
        for one, other in combinations(ids, 2)
    ]


def _same_title(sources: Sequence[Source]) -> list[_Sign]:
    """Only titles with a rare word in common are compared: ten thousand of them have fifty million pairs."""
    titles = {source.id: set(distinctive(source.title)) for source in sources}
    spread: defaultdict[str, list[Source]] = defaultdict(list)
    for source in sources:
        for word in titles[source.id]:
            spread[word].append(source)
    compared: set[tuple[str, str]] = set()
    signs: list[_Sign] = []
    for source in sources:
        # A title misspelt in all of its three rarest words is missed.
        for word in sorted(titles[source.id], key=lambda word: (len(spread[word]), word))[:3]:
            for other in spread[word]:
                pair = (min(source.id, other.id), max(source.id, other.id))
                if source.id != other.id and pair not in compared:
                    compared.add(pair)
                    if same_title(source, other):
                        signs.append((*pair, "same title", f"“{source.title}” and “{other.title}”"))
    return signs


def _same_text(sketches: Mapping[str, Sketch]) -> list[_Sign]:
    ids = [source_id for source_id, kept in sketches.items() if len(kept) >= FEWEST]
    if len(ids) < 2:
        return []
    hashes = np.concatenate([sketches[source_id] for source_id in ids])
    owners = np.repeat(np.arange(len(ids)), [len(sketches[source_id]) for source_id in ids])
    order = np.argsort(hashes, kind="stable")
    begins = np.flatnonzero(np.diff(hashes[order], prepend=hashes[order[0]] + np.uint64(1)))
    sizes = np.diff(begins, append=len(order))
    holders, of_run = owners[order], np.empty(len(order), dtype=np.int64)  # who has it, and which run of words it is
    of_run[order] = np.repeat(np.arange(len(begins)), sizes)
    lengths = np.array([len(sketches[source_id]) for source_id in ids])
    signs: list[_Sign] = []
    for one, (start, length) in enumerate(zip(np.cumsum(lengths) - lengths, lengths, strict=True)):
        runs = of_run[start : start + length]
        shared = runs[(sizes[runs] >= 2) & (sizes[runs] <= COMMON)]
        if len(shared) < SAME_TEXT * FEWEST:
            continue
        with_it = np.concatenate([holders[begins[run] : begins[run] + sizes[run]] for run in shared])
        others, counts = np.unique(with_it[with_it > one], return_counts=True)
        shares = counts / np.minimum(length, lengths[others])
        for other, share in zip(others[shares >= SAME_TEXT], shares[shares >= SAME_TEXT], strict=True):
            signs.append((ids[one], ids[other], "same text", f"{share:.0%} of the shorter text is in the longer one"))
    return signs


def _surnames(source: Source) -> set[str]:
    return {" ".join(words(author.split(",")[0])) for author in source.authors}
