"""Looking for a source that its own addresses don't give: in open indexes, and in the web archive.

Every hit has to pass the title check, first as the index describes it and then, where it is a PDF that can be had, by
its first pages. Nothing is taken over: what passes is proposed to a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from corpus.discovery.open_indexes import Address, Answer, Indexes, IndexRecord
from corpus.errors import PullError
from corpus.fetch.candidate_search import refusal
from corpus.fetch.connection import Connections
from corpus.fetch.download import Fetcher
from corpus.fetch.pdf_check import examine
from corpus.outcome import FrontPageReader
from corpus.registry.sources import Source
from corpus.registry.title_match import check_title
from corpus.urls import canonical
from corpus.workspace import Workspace

MOST_FILES = 4  # fetched for one source to look at their first pages
ARCHIVE = "Wayback Machine"

# file: its first pages carry the title; record: the index's record does, the file was not seen; refused: neither
Basis = Literal["file", "record", "refused"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An address that may give the source."""

    url: str
    kind: Literal["pdf", "landing"]
    found_by: str  # an index, or the archive
    basis: Basis
    verdict: str  # of the title check: "match", "probable", "differs" ...
    note: str  # in words: what the title check found, or why the file was not had


@dataclass(frozen=True, slots=True)
class Resolved:
    """What was found for one source."""

    source_id: str
    proposals: tuple[Proposal, ...] = ()  # those whose file was seen first
    doi: str = ""  # the DOI the indexes give the work, where the registry has none
    notes: tuple[str, ...] = ()  # which index gave no answer, and why


class Resolver:
    """Looks for sources, one at a time."""

    def __init__(self, workspace: Workspace, connections: Connections, *, read_front_pages: FrontPageReader) -> None:
        workspace.pdfs.mkdir(parents=True, exist_ok=True)
        self._fetcher = Fetcher(connections, workspace.review.pull, workspace.pdfs)
        self._indexes = Indexes(self._fetcher, workspace.review.resolve)
        self._read_front_pages = read_front_pages
        self._connections = connections

    @property
    def offline(self) -> bool:
        """Is it clear by now that there is no network?"""
        return self._connections.offline

    def resolve(self, source: Source) -> Resolved:
        """What the indexes and the archive have for `source`; no failure of a host raises."""
        if not source.title:
            return Resolved(source.id, notes=("the registry has no title for it: no hit could be checked",))
        looked = _Look(source)
        for answer in self._answers(source):
            self._take(answer, looked)
        for address in [one for one in source.candidates if one.kind == "pdf"]:
            copy, problem = self._indexes.archived(address.url, year=source.year)
            if copy:
                self._offer(Address(copy, "pdf"), ARCHIVE, f"archived copy of {address.url}", looked)
            elif problem:
                looked.notes.append(f"{ARCHIVE}: {problem} ({address.url})")
        order: list[Basis] = ["file", "record", "refused"]
        found = sorted(looked.proposals, key=lambda one: (order.index(one.basis), one.kind != "pdf"))
        return Resolved(source.id, tuple(found), "" if source.doi else looked.doi, tuple(dict.fromkeys(looked.notes)))

    def _answers(self, source: Source) -> Iterator[Answer]:
        if source.doi:
            yield from self._indexes.by_doi(source.doi)
        yield from self._indexes.by_title(source.title, source.authors)

    def _take(self, answer: Answer, looked: _Look) -> None:
        if answer.problem:
            looked.notes.append(f"{answer.index}: {answer.problem}")
        for hit in answer.hits:
            check = check_title(looked.source, _described(hit))
            if check.verdict not in ("match", "probable"):
                place = f"https://doi.org/{hit.doi}" if hit.doi else next((one.url for one in hit.addresses), "")
                looked.add(place, "landing", answer.index, "refused", check.verdict, f"“{hit.title}”: {check.note}")
                continue
            looked.doi = looked.doi or hit.doi
            for address in hit.addresses:
                self._offer(address, answer.index, f"“{hit.title}” ({hit.year or 'no year'})", looked, check.verdict)

    def _offer(
        self, address: Address, found_by: str, described: str, looked: _Look, verdict: str = "not checked"
    ) -> None:
        """Propose `address` unless it is known; a PDF is looked into first."""
        if looked.is_known(address.url):
            return
        if address.kind != "pdf":
            looked.add(address.url, "landing", found_by, "record", verdict, described)
            return
        if looked.files >= MOST_FILES:
            looked.add(address.url, "pdf", found_by, "record", verdict, f"{described}; file not looked at")
            return
        looked.files += 1
        basis, said, note = self._look_at(address.url, looked.source)
        looked.add(address.url, "pdf", found_by, basis, said or verdict, f"{described}; {note}")

    def _look_at(self, url: str, source: Source) -> tuple[Basis, str, str]:
        """What the first pages of the file at `url` say."""
        forbidden = {canonical(work.url): work.reason for work in source.other_works if work.url}
        try:
            download = self._fetcher.fetch(url, forbidden=forbidden)
        except PullError as error:
            return "refused" if error.state == "wrong work" else "record", "", f"file not had: {error}"
        if download.path is None:
            return "record", "", "file not had"
        try:
            if not download.is_pdf:
                return "refused", "", "the address gives no PDF"
            finding = examine(source, download.path, read_front_pages=self._read_front_pages)
        finally:
            download.path.unlink(missing_ok=True)
        if finding.problem == "no text layer":
            return "record", "", "its pages are pictures: look at it yourself"
        return "refused" if refusal(finding) else "file", finding.title.verdict, finding.note


@dataclass(slots=True)
class _Look:
    """What was found for one source so far."""

    source: Source
    proposals: list[Proposal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doi: str = ""
    files: int = 0
    _seen: set[str] = field(default_factory=set)  # canonical addresses

    def is_known(self, url: str) -> bool:
        """Is `url` in the registry, forbidden for the source, or found already?"""
        listed = [one.url for one in self.source.candidates] + [one.url for one in self.source.other_works if one.url]
        return canonical(url) in self._seen | {canonical(one) for one in listed}

    def add(
        self, url: str, kind: Literal["pdf", "landing"], found_by: str, basis: Basis, verdict: str, note: str
    ) -> None:
        """Propose `url`, or say why it is refused; once for each address."""
        if url and canonical(url) not in self._seen:
            self._seen.add(canonical(url))
            self.proposals.append(Proposal(url, kind, found_by, basis, verdict, note))


def _described(hit: IndexRecord) -> str:
    return "\n".join([hit.title, *hit.authors, str(hit.year or "")])
