"""What earlier runs found out about PDFs: the records of those that were read, and of those that were set aside."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal, cast, get_args

from corpus.store.object_store import ObjectStore
from corpus.workspace import VERSION, ExtractSettings
from extract.document import State
from extract.version import EXTRACTOR
from pipeline.documents.document_record import DocumentRecord, load_reading, store_reading
from pipeline.documents.quarantine import Quarantined, quarantined, release, set_aside

RETRIED: frozenset[State] = frozenset({"damaged", "timed out", "too large"})  # what --retry-failed reads again
_LONGEST_REASON = 300  # characters
_log = logging.getLogger(__name__)


class KnownDocuments:
    """The records of PDFs in one store, as one model codes them."""

    def __init__(
        self,
        store: ObjectStore,
        *,
        coding_id: Callable[[], str],
        has_ocr: Callable[[], bool],
        limits: ExtractSettings,
        retry_failed: bool = False,
    ) -> None:
        """`coding_id` and `has_ocr` are asked when a record is: naming a model and finding a program take time."""
        self._store, self._coding_id, self._has_ocr = store, coding_id, has_ocr
        self._limits, self._retry_failed = limits, retry_failed

    def find(self, sha256: str) -> DocumentRecord | None:
        """What is known of a PDF; None where it has to be read or coded."""
        found = load_reading(self._store, sha256, self._coding_id(), ocr=self._has_ocr())
        if self._retry_failed:
            return None if found and found.state in RETRIED else found
        if found is None and (aside := quarantined(self._store, sha256, self._tried_with())):
            return _record_of_quarantined(aside)
        return found

    def keep(self, record: DocumentRecord) -> DocumentRecord:
        """Keep what was found out; written last, so that it speaks of files that are there."""
        store_reading(self._store, record, self._coding_id())
        if self._retry_failed:
            release(self._store, record.sha256)
        return record

    def set_aside(
        self, sha256: str, reason: str, *, stage: Literal["extract", "suggest"] = "suggest", state: str = "failed"
    ) -> DocumentRecord:
        """Keep that a PDF hurts, and why: no later run spends its time on it, unless it is told to."""
        reason = " ".join(reason.split())[:_LONGEST_REASON]
        _log.debug("%s is set aside at %s: %s", sha256, stage, reason)
        aside = Quarantined(sha256, stage, state, reason, self._tried_with())
        set_aside(self._store, aside)
        return _record_of_quarantined(aside)

    def _tried_with(self) -> tuple[str, ...]:
        limits = self._limits
        return VERSION, EXTRACTOR, f"{limits.seconds:g} s", f"{limits.memory_mb} MB", self._coding_id()


def _record_of_quarantined(aside: Quarantined) -> DocumentRecord:
    if aside.state in get_args(State):
        return DocumentRecord(aside.sha256, EXTRACTOR, cast(State, aside.state), aside.reason)
    return DocumentRecord(aside.sha256, EXTRACTOR, "damaged", failure=aside.reason)
