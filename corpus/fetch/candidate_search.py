"""The search for one source: its addresses in turn, and the web pages on the way, until one gives the right work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from corpus.clock import now
from corpus.errors import PullError
from corpus.fetch.connection import Connections
from corpus.fetch.download import PAGE_CAP, Download, Fetcher
from corpus.fetch.landing_page import pdf_links, read_page
from corpus.fetch.pdf_check import PdfFinding, examine, remedy, title_warnings
from corpus.outcome import Attempt, FrontPageReader, Outcome, OutcomeState
from corpus.registry.sources import Candidate, Source
from corpus.store.pdf_store import Holding, Holdings, pdf_path
from corpus.urls import canonical, is_web_address
from corpus.workspace import Workspace

MAX_LINKS = 3  # tried of one web page
NO_NETWORK = "no network"

# From the failure that tells most about what to do, to the one that tells least.
_TELLING: tuple[OutcomeState, ...] = (
    "wrong work", "password", "damaged", "too large", "not allowed", "not a PDF", "timed out",
    "unreachable",
)  # fmt: skip
OF_THE_NETWORK: frozenset[OutcomeState] = frozenset({"unreachable", "timed out"})
_MARKS_OF_A_PAGE = ("<html", "<!doctype html", "<head", "<body")


@dataclass(frozen=True, slots=True)
class Means:
    """What a search works with; one for all sources of a run."""

    workspace: Workspace
    holdings: Holdings
    connections: Connections
    fetcher: Fetcher
    read_front_pages: FrontPageReader

    def may_try(self, url: str) -> bool:
        """False when there is no network that could lead to `url`."""
        return not self.connections.offline or self.is_given(url)

    def needs_a_network(self, source: Source) -> bool:
        """Is there no network, and does `source` have an address that needs one?"""
        return self.connections.offline and not all(self.is_given(candidate.url) for candidate in source.candidates)

    def is_given(self, url: str) -> bool:
        """Did the caller say where the host of `url` is?"""
        try:
            return self.connections.is_given(urlsplit(url).hostname or "")
        except ValueError:
            return False


@dataclass(slots=True)
class Search:
    """One source, and what was tried for it so far."""

    source: Source
    means: Means
    attempts: list[Attempt] = field(default_factory=list)
    failures: list[tuple[OutcomeState, Attempt]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _tried: set[str] = field(default_factory=set)  # canonical addresses
    _scan: Holding | None = None  # a file without a text layer: taken if nothing better comes

    @property
    def forbidden(self) -> Mapping[str, str]:
        """The canonical addresses of works that must not be taken for this one, each with the reason."""
        return {canonical(work.url): work.reason for work in self.source.other_works if work.url}

    def fail(self, state: OutcomeState, place: str, result: str) -> None:
        """Note that `place` (an address, or a file in the inbox) did not give the work."""
        attempt = Attempt(place, result)
        self.attempts.append(attempt)
        self.failures.append((state, attempt))

    def run(self) -> Outcome:
        """Try the candidates in turn. The outcome has no attempts and warnings of the search: they are here."""
        for candidate in self.source.candidates:
            if self.means.may_try(candidate.url):
                outcome = self._try(candidate.url, candidate, follow=True)
                if outcome is not None:
                    return outcome
        if self._scan is not None:
            held = self.means.holdings.record(self._scan)
            message, doing = f"pulled from {held.address}; {held.title_note}", remedy("no text layer", held.source_id)
            return Outcome(held.source_id, "no text layer", message, doing, held.sha256)
        return self._failure()

    def _try(self, url: str, candidate: Candidate, *, follow: bool, referer: str = "") -> Outcome | None:
        """What `url` gives; a web page is read for PDF links if `follow`. None: go on with the next."""
        if canonical(url) in self._tried:
            return None
        self._tried.add(canonical(url))
        headers = {"Referer": referer} if referer.isascii() and referer else {}
        try:
            download = self.means.fetcher.fetch(url, forbidden=self.forbidden, headers=headers)
        except PullError as error:
            self.fail(_state(error), url, str(error))
            return None
        if download.path is None:
            self.fail("unreachable", url, "the host says the file did not change, but none is held")
            return None
        try:
            if download.is_pdf:
                return self._judge(url, candidate, download, download.path)
            return self._read(url, candidate, download, download.path, follow=follow)
        finally:
            download.path.unlink(missing_ok=True)

    def _judge(self, url: str, candidate: Candidate, download: Download, path: Path) -> Outcome | None:
        """Keep a PDF that can be read and is the right work."""
        finding = examine(self.source, path, read_front_pages=self.means.read_front_pages)
        if finding.problem == "no text layer":
            self.attempts.append(Attempt(url, finding.note))
            self._scan = self._scan or keep(self.means.workspace, self.source, candidate.url, download, path, finding)
            return None
        if state := refusal(finding):
            self.fail(state, url, finding.note)
            return None
        held = keep(self.means.workspace, self.source, candidate.url, download, path, finding)
        self.means.holdings.record(held)
        self.attempts.append(Attempt(url, "pulled"))
        message = f"pulled from {download.address} ({_size(download.size)})"
        return Outcome(self.source.id, "pulled", message, sha256=held.sha256, warnings=title_warnings(finding.title))

    def _read(self, url: str, candidate: Candidate, download: Download, path: Path, *, follow: bool) -> Outcome | None:
        """Follow a web page to the PDFs it links to, if it is one that does."""
        text = _decode(path.read_bytes()[:PAGE_CAP], download.charset)
        if not any(mark in text[:4096].lower() for mark in _MARKS_OF_A_PAGE):
            self.fail("not a PDF", url, "another kind of file" if text.strip() else "an empty file")
            return None
        page = read_page(text)
        barrier = page.barrier()
        links: list[str] = []
        if follow and (candidate.kind == "landing" or not barrier):
            found = pdf_links(page, download.address, title=self.source.title)
            links = [link for link in found if canonical(link) not in self._tried | self.forbidden.keys()][:MAX_LINKS]
        if not links:
            self.fail("not a PDF", url, barrier or "a web page that leads to no PDF")
            return None
        self.attempts.append(Attempt(url, f"a web page, followed to {len(links)} PDF link{'s' * (len(links) > 1)}"))
        outcomes = (self._try(link, candidate, follow=False, referer=download.address) for link in links)
        return next((outcome for outcome in outcomes if outcome is not None), None)

    def _failure(self) -> Outcome:
        source, addresses = self.source, [candidate.url for candidate in self.source.candidates]
        states = {state for state, _ in self.failures}
        if not addresses and not self.failures:
            message = "the registry has no address for this source"
            return Outcome(source.id, "no URL known", message, remedy("no URL known", source.id))
        if states <= OF_THE_NETWORK and self.means.needs_a_network(source):
            return without_network(source)
        state = next(state for state in _TELLING if state in states)
        told = next(attempt for failed, attempt in self.failures if failed == state)
        message = told.result
        if len(self.failures) > 1:
            message = f"{len(self.failures)} addresses tried, none gave the work: {told.result}"
        address = next((one for one in (told.url, *addresses) if is_web_address(one)), "")  # nobody opens a script
        return Outcome(source.id, state, message, remedy(state, source.id, address))


def without_network(source: Source) -> Outcome:
    """What is said of a source that only a network could give."""
    doing = f"put the PDF in inbox/{source.id}.pdf, or run again when there is a network"
    return Outcome(source.id, "unreachable", NO_NETWORK, doing)


def refusal(finding: PdfFinding) -> OutcomeState | None:
    """Why a pulled file is not taken: its problem, or "wrong work"; None where it is."""
    if finding.problem:
        return finding.problem
    return "wrong work" if finding.title.verdict in ("differs", "other work") else None


def keep(
    workspace: Workspace, source: Source, candidate: str, download: Download, path: Path, finding: PdfFinding
) -> Holding:
    """Move the file at `path` into the store; the holding says what it is, and still has to be recorded."""
    path.replace(pdf_path(workspace, download.sha256))
    return Holding(
        source_id=source.id,
        sha256=download.sha256,
        size=download.size,
        origin="pulled",
        retrieved=now(),
        address=download.address,
        candidate=candidate,
        checked=now(),
        etag=download.etag,
        last_modified=download.last_modified,
        title_check=finding.title.verdict,
        title_note=finding.title.note,
    )


def _size(number: int) -> str:
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{number / 1e3:.0f} kB"


def _state(error: PullError) -> OutcomeState:
    return next((state for state in _TELLING if state == error.state), "unreachable")


def _decode(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset or "utf-8", errors="replace")
    except (LookupError, ValueError):  # a name the host made up
        return data.decode("utf-8", errors="replace")
