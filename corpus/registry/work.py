"""A record of a reference list before it is a source: what a bibliography says of one work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.registry.sources import Candidate, Eligibility, Source

ScreeningDecision = Literal["include", "exclude", "maybe"]
_PAST: dict[ScreeningDecision, str] = {"include": "included it", "exclude": "excluded it", "maybe": "was unsure"}


@dataclass(frozen=True, slots=True)
class PriorScreening:
    """What somebody decided on a record in another screening program, before the record came here."""

    decision: ScreeningDecision
    by: str = ""  # the name there, for example "Amna"; empty where the file does not say who
    program: str = ""  # for example "Rayyan"
    reasons: tuple[str, ...] = ()  # for example ("wrong population",)


@dataclass(frozen=True, slots=True)
class Work:
    """One record of a reference list; what it does not say is empty."""

    place: str  # in its file, for example "record 3" or "entry khan2016 (line 12)"
    title: str
    authors: tuple[str, ...] = ()  # "Surname, Given" or an institution
    year: int | None = None
    publisher: str = ""  # who issued it: a publishing house, an institution, a university
    kind: str = "unknown"  # as in the registry
    doi: str = ""  # bare, lower case
    urls: tuple[str, ...] = ()  # web addresses, files before pages
    language: str = ""  # English name, for example "Urdu"; several are joined by "; "
    container_title: str = ""  # the journal, book, proceedings or series that it appeared in
    volume: str = ""
    issue: str = ""
    pages: str = ""  # for example "12-34", or the number of an article
    pmid: str = ""  # its number in PubMed
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    screenings: tuple[PriorScreening, ...] = ()
    files: tuple[str, ...] = ()  # PDFs on the disk of who made the list, in its words: "files/12/Khan 2016.pdf"


def as_source(work: Work, *, source_id: str, label: str) -> Source:
    """`work` as it stands in the registry; its addresses are tried when the source is pulled.

    What was decided on it in another screening program counts as a person's judgement.
    """
    addresses = [*work.urls, *([f"https://doi.org/{work.doi}"] if work.doi else [])]
    eligibility, reason = _judged(work.screenings)
    return Source(
        id=source_id,
        label=label,
        title=work.title,
        authors=work.authors,
        year=work.year,
        publisher=work.publisher,
        kind=work.kind,
        language=work.language,
        doi=work.doi,
        container_title=work.container_title,
        volume=work.volume,
        issue=work.issue,
        pages=work.pages,
        pmid=work.pmid,
        identified="seen",
        candidates=tuple(Candidate(url, kind_of(url), "seen") for url in dict.fromkeys(addresses)),
        eligibility=eligibility,
        eligibility_reason=reason,
    )


def kind_of(url: str) -> Literal["pdf", "landing"]:
    """Whether an address looks like the file itself ("pdf") or like a page that leads to it ("landing")."""
    return "pdf" if url.partition("?")[0].lower().endswith(".pdf") else "landing"


def _judged(screenings: Sequence[PriorScreening]) -> tuple[Eligibility | None, str]:
    """The judgement that decisions elsewhere come to, and whose they were; those who differ make it doubtful."""
    if not screenings:
        return None, ""
    verdicts: dict[ScreeningDecision, Eligibility] = {"include": "pass", "exclude": "fails", "maybe": "doubtful"}
    found = {verdicts[one.decision] for one in screenings}
    return found.pop() if len(found) == 1 else "doubtful", "; ".join(map(_in_words, screenings)) + "."


def _in_words(one: PriorScreening) -> str:
    where = f" in {one.program}" if one.program else ""
    why = f" ({', '.join(one.reasons)})" if one.reasons else ""
    return f"{one.by or 'a reviewer'} {_PAST[one.decision]}{where}{why}"
