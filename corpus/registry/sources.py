"""The registry: what is read, what is known about it and where it may be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from corpus.datafile import NO_UNKNOWN_KEYS

Standing = Literal["published", "seen", "probable", "unverified", "unknown"]
Eligibility = Literal["pass", "doubtful", "fails"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One address at which a source may be had."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    url: str
    kind: Literal["pdf", "landing"]  # the file itself, or a page that links to it
    standing: Literal["published", "seen", "unverified"]  # printed in the paper; found by research; a guess
    note: str = ""


@dataclass(frozen=True, slots=True)
class OtherWork:
    """A different work that a reference or a search leads to: it must not be coded as this source."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    reason: str
    url: str = ""  # never fetched for this source
    title: str = ""  # a file with this title on its first pages is refused


@dataclass(frozen=True, slots=True)
class PrintedReference:
    """The reference as the synthesis under review printed it."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    verdict: str  # for example "direct PDF", "truncated", "points to another work", "none given"
    numbers: tuple[int, ...] = ()  # its numbers in the reference list
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One study of the review. Unknown stays unknown: an empty string, an empty tuple, None or "unknown"."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    id: str  # short and stable, for example "gazdar-2011"; names files, so only a-z, 0-9 and "-"
    label: str  # as in the matrix of the synthesis, for example "Gazdar (2011) – SP Pakistan"
    title: str = ""
    authors: tuple[str, ...] = ()  # "Surname, Given" or an institution
    year: int | None = None
    publisher: str = ""
    kind: str = "unknown"  # journal article, working paper, policy report, thesis ...
    peer_reviewed: Literal["yes", "no", "unknown"] = "unknown"
    language: str = ""  # English name of the language; empty where unknown
    countries: tuple[str, ...] = ()  # for example ("Pakistan",); ("multi",) for a cross-country work
    programmes: tuple[str, ...] = ()
    method: str = "unknown"
    doi: str = ""
    container_title: str = ""  # the journal, book, proceedings or series that it appeared in
    volume: str = ""
    issue: str = ""
    pages: str = ""  # for example "12-34", or the number of an article
    pmid: str = ""  # its number in PubMed
    identified: Standing = "unknown"  # how sure it is which work the label means
    reference: PrintedReference | None = None
    candidates: tuple[Candidate, ...] = ()  # in the order to try
    other_works: tuple[OtherWork, ...] = ()
    eligibility: Eligibility | None = None  # a person's judgement, beside the computed screening
    eligibility_reason: str = ""
    notes: str = ""
