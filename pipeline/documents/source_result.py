"""What a run did with one source, as facts alone: ten thousand of them fit into memory and travel between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from corpus.errors import JaizaError
from corpus.outcome import USABLE, Outcome, OutcomeState
from corpus.registry.sources import Source
from extract.readers.ocr_engine import INSTALL
from extract.version import OCR_EXTRACTOR
from pipeline.documents.document_record import CODED, DocumentRecord
from pipeline.documents.quarantine import RETRY

_NO_TITLE = "not checked whether it is the right work: its first pages have no text layer"
_REMEDY = {
    "no text layer": f"install text recognition ({INSTALL}) and run again, or look for a version with text",
    "password": "save a copy without the password and attach it",
    "damaged": "get the file again, or open and re-save it in a PDF reader, and attach it",
    "timed out": f"raise `seconds` under [extract] in review.toml and run again; {RETRY} as it is",
    "too large": f"raise `memory_mb` under [extract] in review.toml and run again; {RETRY} as it is",
}


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What a run did with one source."""

    outcome: Outcome  # of pulling and reading together
    reading: DocumentRecord | None = None  # of its PDF, where there is one
    did: tuple[str, ...] = ()  # the stages that had work to do; the others found it done
    seconds: Mapping[str, float] = field(default_factory=dict)  # per stage
    pull_began: float = 0.0  # seconds since the epoch

    @property
    def is_coded(self) -> bool:
        """Was its text read, so that there are passages and suggestions?"""
        return self.reading is not None and self.reading.is_coded

    @property
    def has_text(self) -> bool:
        """Is a text of it stored?"""
        return self.reading is not None and bool(self.reading.text_bytes) and not self.reading.failure


def failed_outcome(source: Source, error: BaseException) -> Outcome:
    """What stands for a source when pulling it failed for a reason nobody thought of: it stops no other source.

    A JaizaError is raised again: a full disk is no fault of this source.
    """
    if isinstance(error, JaizaError):
        raise error
    reason = f"{type(error).__name__}: {error}"
    return Outcome(source.id, "failed", reason, "run again; if it fails again, report this message")


def outcome_after_reading(outcome: Outcome, reading: DocumentRecord) -> Outcome:
    """The outcome of a source once its file has been read: a file that can't be coded is not a success."""
    if reading.failure:
        remedy = f"report this message; {RETRY}"
        return replace(outcome, state="failed", message=reading.failure, remedy=remedy)
    if reading.state in CODED:
        return _outcome_of_coded(outcome, reading)
    if reading.extractor == OCR_EXTRACTOR and outcome.state == "no text layer":
        return replace(outcome, message=reading.note, remedy="look for a version with text and attach it")
    if outcome.state not in USABLE:
        return outcome
    state = cast(OutcomeState, reading.state)
    return replace(outcome, state=state, message=reading.note, remedy=_REMEDY[state])


def _outcome_of_coded(outcome: Outcome, reading: DocumentRecord) -> Outcome:
    if outcome.state == "no text layer":  # of the file; OCR has read it since
        message = f"{outcome.message}, read by OCR"
        outcome = replace(outcome, state="cached", message=message, remedy="", warnings=(*outcome.warnings, _NO_TITLE))
    if not reading.note or reading.note in outcome.warnings:
        return outcome
    return replace(outcome, warnings=(*outcome.warnings, reading.note))
