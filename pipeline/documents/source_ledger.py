"""What is known of every source of a run so far: pulled, waiting for its PDF to be read, settled. Thread-safe."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.outcome import Outcome
from corpus.registry.sources import Source
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.known_documents import KnownDocuments
from pipeline.documents.source_result import SourceResult, outcome_after_reading

OnSource = Callable[[SourceResult], None]  # is told of every source as soon as it is settled


@dataclass(frozen=True, slots=True)
class PulledSource:
    """A source that was pulled, or could not be."""

    source: Source
    outcome: Outcome
    began: float  # seconds since the epoch
    seconds: float  # that pulling took


class SourceLedger:
    """Sources as they are pulled, and the records of their PDFs as they come in, from any thread."""

    def __init__(self, known: KnownDocuments, on_source: OnSource) -> None:
        self._known, self._on_source = known, on_source
        self._guard = threading.Lock()
        self._pulled: dict[str, PulledSource] = {}  # by source id
        self._records: dict[str, DocumentRecord] = {}  # by sha256
        self._waiting: dict[str, list[str]] = {}  # sha256 -> ids of sources: a file may stand for two of them
        self._settled: dict[str, SourceResult] = {}  # by source id

    def note_pulled(self, pulled: PulledSource) -> str:
        """Note a pulled source; returns the sha256 of its PDF where that has to be read and coded now, else ""."""
        sha256, source_id = pulled.outcome.sha256, pulled.source.id
        with self._guard:
            self._pulled[source_id] = pulled
            if sha256 in self._waiting:
                self._waiting[sha256].append(source_id)
                return ""
            record = self._records.get(sha256)
        if sha256 and record is None and (record := self._known.find(sha256)) is None:
            with self._guard:
                self._waiting[sha256] = [source_id]
            return sha256
        with self._guard:
            if record:
                self._records[sha256] = record
            self._settle(source_id, record)
        return ""

    def note_record(self, record: DocumentRecord) -> None:
        """Note what became of a PDF: every source that waited for it is settled."""
        with self._guard:
            self._records[record.sha256] = record
            for source_id in self._waiting.pop(record.sha256, ()):
                self._settle(source_id, record)

    def is_done(self, sha256: str) -> bool:
        """Was the PDF finished after all, before the worker at it ended?"""
        record = self._known.find(sha256)
        if record is not None:
            self.note_record(record)
        return record is not None

    def results(self, sources: Sequence[Source]) -> list[SourceResult]:
        """What became of every source, in the order of `sources`; all are settled by now."""
        return [self._settled[source.id] for source in sources]

    def _settle(self, source_id: str, record: DocumentRecord | None) -> None:
        pulled = self._pulled[source_id]
        outcome, seconds = pulled.outcome, {"pull": pulled.seconds}
        did = ("pull",) if outcome.state in ("pulled", "attached") else ()
        if record:
            outcome = outcome_after_reading(outcome, record)
            did, seconds = (*did, *record.did), {**seconds, **record.seconds}
        self._settled[source_id] = SourceResult(outcome, record, did, seconds, pulled.began)
        self._on_source(self._settled[source_id])
