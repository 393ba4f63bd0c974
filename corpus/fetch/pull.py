"""Pulling a source: a file put in the inbox, else the one held, else the first good one from its addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from corpus.clock import now
from corpus.errors import JaizaError, PullError, StoreError
from corpus.fetch.attach import attach, inbox_files
from corpus.fetch.candidate_search import NO_NETWORK, OF_THE_NETWORK, Means, Search, keep, refusal, without_network
from corpus.fetch.connection import Connections
from corpus.fetch.download import Download, Fetcher, remove_stale_parts
from corpus.fetch.pdf_check import NO_TEXT, examine, remedy, title_warnings
from corpus.outcome import NOT_CHECKED, Attempt, FrontPageReader, Outcome
from corpus.registry.sources import Source
from corpus.registry.title_match import TitleCheck
from corpus.store.pdf_store import Holding, Holdings, pdf_path, sha256_of
from corpus.urls import canonical
from corpus.workspace import Workspace

# A file is asked for again so much earlier than it is due: a run that comes every week never comes a week later to the
# second, and would ask every other week.
_SLACK = timedelta(hours=12)
SHORT_HASH = 8  # characters that people can compare


class Puller:
    """Pulls the sources of one run. Use it in a `with`; `pull` may run in several threads, each with its source."""

    def __init__(
        self,
        workspace: Workspace,
        holdings: Holdings,
        *,
        read_front_pages: FrontPageReader,
        refresh: bool = False,
        host_addresses: Mapping[str, str] | None = None,
    ) -> None:
        """`refresh`: ask every host again whether its file changed.

        `host_addresses` works like a hosts file, {"sample.invalid": "127.0.0.1:8123"}: such a host may be on this
        computer and is tried even without a network. StoreError: the store can't be written.
        """
        self._workspace = workspace
        self._holdings = holdings
        self._refresh = refresh
        self._settings = workspace.review.pull
        try:
            workspace.pdfs.mkdir(parents=True, exist_ok=True)
            remove_stale_parts(workspace.pdfs)
        except OSError as error:
            raise StoreError(f"{workspace.pdfs} can't be written ({error.strerror}): check who may write it") from None
        self._connections = Connections(self._settings, host_addresses or {})
        fetcher = Fetcher(self._connections, self._settings, workspace.pdfs)
        self._means = Means(workspace, holdings, self._connections, fetcher, read_front_pages)

    def __enter__(self) -> Puller:
        return self

    def __exit__(self, *_: object) -> None:
        self._connections.close()

    @cached_property
    def _inbox(self) -> Mapping[str, Path]:
        """As it was when the first source was pulled: to look for each anew takes minutes for ten thousand."""
        return inbox_files(self._workspace)

    @property
    def offline(self) -> bool:
        """Is it clear by now that there is no network?"""
        return self._connections.offline

    def pull(self, source: Source) -> Outcome:
        """The file for `source`, or why there is none and what to do.

        Nothing that a host sends or a file holds makes this raise. StoreError: the store can't be written.
        """
        search = Search(source, self._means)
        try:
            outcome = self._from_inbox(search) or self._from_store(search) or search.run()
        except OSError as error:  # a host's failures have become states by now: this is the disk
            raise StoreError(f"{self._workspace.root} can't be written ({error.strerror}): make room there") from None
        return replace(outcome, warnings=(*search.warnings, *outcome.warnings), attempts=tuple(search.attempts))

    def in_hindsight(self, source: Source, outcome: Outcome) -> Outcome:
        """`outcome` as it would be, had it been clear from the start that there is no network.

        The first hosts tried are each said not to answer, the rest that there is no network: which is which depends
        on the order of the threads. Once all are done, they should say the same.
        """
        if outcome.state in OF_THE_NETWORK and not outcome.sha256 and self._means.needs_a_network(source):
            return replace(without_network(source), warnings=outcome.warnings)
        return outcome

    def _from_inbox(self, search: Search) -> Outcome | None:
        path = self._inbox.get(search.source.id)
        if path is None:
            return None
        place = f"inbox/{path.name}"
        held = self._holdings.get(search.source.id)
        try:
            sha256 = sha256_of(path)
        except OSError as error:
            search.fail("damaged", place, f"can't be read ({error.strerror})")
            search.warnings.append(f"{place} can't be read ({error.strerror}): check who may read it")
            return None
        if held and held.sha256 == sha256 and self._is_sound(held):
            return None
        if held and sha256 in held.previous:
            search.warnings.append(f"{place} is an earlier version: to go back to it, attach it by name")
            return None
        return self._attach(search, path, place)

    def _attach(self, search: Search, path: Path, place: str) -> Outcome | None:
        read = self._means.read_front_pages
        try:
            outcome = attach(self._workspace, search.source, path, self._holdings, read_front_pages=read)
        except PullError:
            search.fail("not a PDF", place, "not a PDF")
        except StoreError:
            raise
        except JaizaError as error:  # gone or made unreadable since it was listed
            search.fail("damaged", place, str(error))
        else:
            if outcome.sha256:
                search.attempts.append(Attempt(place, "attached"))
                return outcome
            search.fail(outcome.state, place, outcome.message)
        search.warnings.append(f"{place} was not taken: {search.attempts[-1].result}")
        return None

    def _from_store(self, search: Search) -> Outcome | None:
        held = self._holdings.get(search.source.id)
        if held is None:
            return None
        pulled = held.origin == "pulled"
        if pulled and (reason := search.forbidden.get(canonical(held.address))):
            self._holdings.forget(held.source_id)
            search.warnings.append(f"the file held came from the address of a different work, let go ({reason})")
            return None
        if not self._is_sound(held):
            search.warnings.append("the stored file was missing or damaged")
            return None
        if pulled and (self._refresh or self._is_due(held)):
            return self._recheck(search, held)
        return _cached(held)

    def _is_sound(self, held: Holding) -> bool:
        path = pdf_path(self._workspace, held.sha256)
        return path.is_file() and path.stat().st_size == held.size

    def _is_due(self, held: Holding) -> bool:
        try:
            last = datetime.fromisoformat(held.checked or held.retrieved)
        except ValueError:
            return True
        last = last if last.tzinfo else last.replace(tzinfo=UTC)
        due = timedelta(days=self._settings.recheck_days)
        return datetime.now(UTC) - last > due - min(due / 10, _SLACK)

    def _recheck(self, search: Search, held: Holding) -> Outcome:
        """Ask the host whether the file changed; what is held is never lost by that."""
        if not self._means.may_try(held.address):
            search.warnings.append(f"{NOT_CHECKED}: {NO_NETWORK}")
            return _cached(held)
        known = {"If-None-Match": held.etag, "If-Modified-Since": held.last_modified}
        given = {name: value for name, value in known.items() if value}
        try:
            download = self._means.fetcher.fetch(held.address, forbidden=search.forbidden, headers=given)
        except PullError as error:
            search.attempts.append(Attempt(held.address, str(error)))
            search.warnings.append(f"{NOT_CHECKED}: {error}")
            return _cached(held)
        held = replace(held, checked=now())
        if download.path is None:
            search.attempts.append(Attempt(held.address, "not changed"))
            return _cached(self._holdings.record(held))
        try:
            return self._compare(search, held, download, download.path)
        finally:
            download.path.unlink(missing_ok=True)

    def _compare(self, search: Search, held: Holding, download: Download, path: Path) -> Outcome:
        """Take what the address gives now as a new version, if it is another file and the right work."""
        old, new = held.sha256[:SHORT_HASH], download.sha256[:SHORT_HASH]
        if download.sha256 == held.sha256:
            search.attempts.append(Attempt(held.address, "not changed"))
            validators = replace(held, etag=download.etag, last_modified=download.last_modified)
            return _cached(self._holdings.record(validators))
        problem = "it is not a PDF"
        if download.is_pdf:
            finding = examine(search.source, path, read_front_pages=self._means.read_front_pages)
            if not refusal(finding):
                holding = keep(self._workspace, search.source, held.candidate, download, path, finding)
                self._holdings.record(holding)
                search.attempts.append(Attempt(held.address, "changed"))
                search.warnings.append(f"the file at the address changed: {old} became {new}, both are kept")
                message = f"new version pulled from {download.address}"
                warnings = title_warnings(finding.title)
                return Outcome(held.source_id, "pulled", message, sha256=holding.sha256, warnings=warnings)
            problem = finding.note
        self._holdings.record(held)
        search.attempts.append(Attempt(held.address, problem))
        search.warnings.append(f"the address now gives another file ({problem}): {old} is kept, {new} is not")
        return _cached(held)


def _cached(held: Holding) -> Outcome:
    """What to say of a file that is in the store; a scan stays a scan."""
    since = held.retrieved[:10]
    if held.title_note == NO_TEXT:
        doing = remedy("no text layer", held.source_id)
        return Outcome(held.source_id, "no text layer", f"held since {since}; {NO_TEXT}", doing, held.sha256)
    warnings = title_warnings(TitleCheck(held.title_check, held.title_note))
    return Outcome(held.source_id, "cached", f"held since {since}", sha256=held.sha256, warnings=warnings)
