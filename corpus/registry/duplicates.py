"""Duplicates: two entries of the registry that are one work, or two editions of one, and must not be counted twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus.registry.same_work import WorkIndex, fingerprint
from corpus.registry.sources import Source
from corpus.registry.title_match import words
from corpus.store.pdf_store import Holding

# A text is compared by a sample of its runs of five words: those whose hash is small. The share of the shorter text's
# sample that the longer one has too is at most .023 between any two of 15 real reports, four of them labour force
# surveys with much wording in common; a paper and its reprint share nearly all.
SHINGLE = 5
KEPT = 16  # one run of words in so many is kept
SAME_TEXT = 0.5
FEWEST = 20  # kept runs, about 320 words; a shorter text is not compared
COMMON = 50  # a run of words in more texts than this is a phrase of the field, and makes no pair

DuplicateSign = Literal["same file", "same DOI", "same title", "like title", "same text"]
Sketch = NDArray[np.uint64]  # in ascending order


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two sources that seem to be one work; `first` stands earlier in the registry."""

    first: str
    second: str
    kind: DuplicateSign
    note: str  # for example "87 % of the shorter text is in the longer one"


def sketch(text: str) -> Sketch:
    """A sample of the runs of words in `text`, to compare it with others; the same text gives the same sample."""
    found = words(text)
    hashes = {
        int.from_bytes(blake2b(" ".join(found[at : at + SHINGLE]).encode(), digest_size=8).digest())
        for at in range(len(found) - SHINGLE + 1)
    }
    return np.array(sorted(value for value in hashes if value < 2**64 // KEPT), dtype=np.uint64)


def find_duplicates(
    sources: Sequence[Source], holdings: Iterable[Holding] = (), sketches: Mapping[str, Sketch] | None = None
) -> tuple[DuplicatePair, ...]:
    """Every pair that has a file, a DOI, a title or most of a text in common, told once by the surest sign.

    `sketches` is keyed by source id.
    """
    order = {source.id: place for place, source in enumerate(sources)}
    found: dict[tuple[str, str], DuplicatePair] = {}
    entries = _same_entry(sources)
    for one, other, kind, note in [
        *_same_file(holdings),
        *(sign for sign in entries if sign[2] != "like title"),
        *_same_text(sketches or {}),
        *entries,
    ]:
        if one in order and other in order:
            first, second = sorted((one, other), key=order.__getitem__)
            found.setdefault((first, second), DuplicatePair(first, second, kind, note))
    return tuple(sorted(found.values(), key=lambda pair: (order[pair.second], order[pair.first])))


_Sign = tuple[str, str, DuplicateSign, str]


def _same_file(holdings: Iterable[Holding]) -> list[_Sign]:
    by_file: defaultdict[str, list[str]] = defaultdict(list)
    for held in holdings:
        by_file[held.sha256].append(held.source_id)
    return [
        (one, other, "same file", f"both are the file {sha256[:8]}")
        for sha256, ids in by_file.items()
        for one, other in combinations(ids, 2)
    ]


def _same_entry(sources: Sequence[Source]) -> list[_Sign]:
    """What DOIs, titles, years and authors say: see `corpus.registry.same_work`."""
    index = WorkIndex()
    signs: list[_Sign] = []
    titles = {source.id: source.title for source in sources}
    for source in sources:
        print_ = fingerprint(source)
        for other, sign in index.signs(print_):
            if sign.likeness == "same" and sign.number:
                signs.append((other, source.id, "same DOI", f"both have {sign.why.removeprefix('the same ')}"))
            else:
                note = f"{sign.why}: “{titles[other]}” and “{source.title}”"
                signs.append((other, source.id, "same title" if sign.likeness != "alike" else "like title", note))
        index.add(source.id, print_)
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
