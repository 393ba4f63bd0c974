"""The stages of a run, each on one source or one PDF at a time, without Prefect: the commands and the flow share them.

pull -> extract -> suggest; every stage stores what it made under the hash of what it made it from, so that a second
run, or a run after a crash, or another worker, finds it and does not do it again.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast, get_args

from corpus.errors import JaizaError
from corpus.fetch.pull import Puller
from corpus.outcome import USABLE, Outcome, OutcomeState
from corpus.registry.sources import Source
from corpus.retry import retry
from corpus.store.object_store import ObjectStore
from corpus.store.pdf_store import Holdings, local_pdf, share_pdf
from corpus.workspace import VERSION, Workspace
from extract.cache import document_name, load_document, store_document
from extract.document import Document, State
from extract.isolation.isolated_read import front_pages_isolated, read_isolated
from extract.isolation.run_isolated import NOT_STARTED
from extract.read import EXTRACTOR, OCR_EXTRACTOR
from extract.readers import tesseract
from models.codebook.codebook import load_codebook
from models.codebook.lexicon import load_lexicon
from models.codebook.revisions import keep_revision
from models.registry.model_card import ModelCard
from models.registry.model_folder import CARD, read_card
from models.registry.model_id import coding_id, current_model_id
from models.suggest.suggestion_cache import load_suggestions, store_suggestions, suggestions_name
from models.suggestion import DocumentSuggestions
from pipeline.document_record import CODED, DocumentRecord, load_reading, store_reading
from pipeline.quarantine import RETRY, Quarantined, quarantined, release, set_aside

if TYPE_CHECKING:
    from models.theme_model.theme_model import Model

# Child processes that read at once, one a core; on one core two, as each waits for the disk at times.
READERS = max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2)
WORKERS = 8  # threads that pull: most of it is waiting for hosts
RETRIED: frozenset[State] = frozenset({"damaged", "timed out", "too large"})  # what --retry-failed reads again


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What a run did with one source: small, so that ten thousand of them fit into memory."""

    outcome: Outcome
    reading: DocumentRecord | None = None  # of its PDF, where there is one
    did: tuple[str, ...] = ()  # the stages that had work to do; the others found it done
    seconds: Mapping[str, float] = field(default_factory=dict)  # per stage
    pull_began: float = 0.0  # seconds since the epoch
    stages: Stages | None = field(default=None, repr=False, compare=False)  # loads its text when that is asked for

    @property
    def document(self) -> Document | None:
        """Its text, loaded anew unless it was the last one asked for; None where there is none."""
        reading = self.reading
        if reading is None or self.stages is None or reading.failure or not reading.text_bytes:
            return None
        return self.stages.text(reading.sha256)

    @property
    def suggestions(self) -> DocumentSuggestions | None:
        """What the machine proposes for it; None where it was not coded."""
        document = self.document if self.is_coded else None
        return self.stages.suggest(document)[0] if document and self.stages else None

    @property
    def is_coded(self) -> bool:
        """Was its text read, so that there are passages and suggestions?"""
        return self.reading is not None and self.reading.is_coded


class Stages:
    """The stages of one run over one workspace; its methods may be called from several threads."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        refresh: bool = False,
        retry_failed: bool = False,
        host_addresses: Mapping[str, str] | None = None,
        model_id: str = "",
    ) -> None:
        """`model_id` names the model to code with where that is settled already, as it is for a worker."""
        self.workspace = workspace
        self.depot = ObjectStore(workspace)
        self.holdings = Holdings(workspace)
        self.retry_failed = retry_failed
        self._refresh, self._host_addresses = refresh, host_addresses or {}
        self._puller: Puller | None = None
        self._guard = threading.Lock()  # one thread makes what all of them use
        self._model: Model | None = None
        self._model_id, self._model_is_settled = model_id, bool(model_id)
        self._engine: tesseract.Engine | None = None
        self._engine_known = False
        self._last_text: Document | None = None
        self._readers = threading.Semaphore(READERS)
        self._worker = f"{socket.gethostname()}:{os.getpid()}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._puller:
            self._puller.__exit__(kind, error, trace)
            self.holdings.fold()

    @property
    def model(self) -> Model:
        """The current model; trained at first use, by one thread while the others wait."""
        from models.model_store import current_model, load_model  # seconds of imports that a repeated run does without

        aim = self.workspace.review.models.aim
        with self._guard:
            if self._model is None:
                if self._model_is_settled:
                    codebook = load_codebook(self.workspace)
                    lexicon = load_lexicon(self.workspace, codebook)
                    loaded = load_model(self.workspace, self._model_id, codebook=codebook, lexicon=lexicon)
                else:
                    loaded = current_model(self.workspace, progress=_told_once())
                self._model = loaded.aimed(aim)
            return self._model

    @property
    def card(self) -> ModelCard:
        """The card of the current model, which need not be loaded for it."""
        with self._guard:
            model = self._model
        if model is None and (self.workspace.models / self.model_id / CARD).exists():
            return read_card(self.workspace.models / self.model_id)
        return self.model.card

    def forget_model(self) -> None:
        """Let go of the model and of the last text: what follows needs their memory for other things."""
        with self._guard:
            self._model = self._last_text = None
        gc.collect()

    @property
    def model_id(self) -> str:
        """The id of the current model, which need not be loaded for it."""
        with self._guard:
            if not self._model_id:
                self._model_id = current_model_id(self.workspace)
            return self._model_id

    @property
    def coding_id(self) -> str:
        """What this run's suggestions are stored under: the current model and the review's aim."""
        return coding_id(self.model_id, self.workspace.review.models.aim)

    @property
    def engine(self) -> tesseract.Engine | None:
        """The program that reads pictures of pages, where this machine has one."""
        with self._guard:
            if not self._engine_known:
                self._engine, self._engine_known = tesseract.available(), True
            return self._engine

    def pull(self, source: Source) -> Outcome:
        """Have the source's PDF in the store, or say why not."""
        with self._guard:
            if self._puller is None:
                self._puller = Puller(
                    self.workspace,
                    self.holdings,
                    read_front_pages=front_pages_isolated,
                    refresh=self._refresh,
                    host_addresses=self._host_addresses,
                )
        outcome = self._puller.pull(source)
        if outcome.sha256:
            share_pdf(self.workspace, outcome.sha256)
        return outcome

    def in_hindsight(self, source: Source, outcome: Outcome) -> Outcome:
        """Once all are done: where it turned out that there is no network, every source says so."""
        return self._puller.in_hindsight(source, outcome) if self._puller else outcome

    def known(self, sha256: str) -> DocumentRecord | None:
        """What an earlier run found out about a PDF; None where it has to be read or coded."""
        found = load_reading(self.depot, sha256, self.coding_id, ocr=self.engine is not None)
        if self.retry_failed:
            return None if found and found.state in RETRIED else found
        if found is None and (hurt := quarantined(self.depot, sha256, self._tried_with())):
            return _as_reading(hurt)
        return found

    def study(self, sha256: str) -> DocumentRecord:
        """Read and code one PDF. What can't be read, and what Jaiza fails on, ends as a DocumentRecord that says so.

        JaizaError: trouble that is no fault of this PDF, for example a full disk.
        """
        known = self.known(sha256)
        if known is not None:
            return known
        began = time.time()
        try:
            reading = retry(lambda: self._study(sha256))
        except JaizaError:
            raise
        except Exception as error:  # whatever it is, the other documents go on
            reading = self.give_up(sha256, f"{type(error).__name__}: {error}")
        thread = threading.current_thread().name.rpartition("_")[2]
        return replace(reading, began=began, worker=f"{self._worker} {thread}" if thread.isdigit() else self._worker)

    def stored(self, sha256: str) -> DocumentRecord | None:
        """What is known of a PDF without reading it now; what was read but not coded yet is coded."""
        known = self.known(sha256)
        if known is None and load_document(self.workspace, sha256) is not None:
            known = self._study(sha256)
        return known

    def give_up(self, sha256: str, reason: str) -> DocumentRecord:
        """Set a PDF aside on which Jaiza itself failed."""
        hurt = Quarantined(sha256, "suggest", "failed", " ".join(reason.split())[:300], self._tried_with())
        set_aside(self.depot, hurt)
        return _as_reading(hurt)

    def _study(self, sha256: str) -> DocumentRecord:
        did: list[str] = []
        started = time.monotonic()
        document, fresh = self.extract(sha256)
        seconds = {"extract": time.monotonic() - started}
        if fresh:
            did.append("extract")
        if fresh and document.state in ("timed out", "too large"):
            if document.note != NOT_STARTED:  # which is a trouble of this machine
                state, note = document.state, document.note
                set_aside(self.depot, Quarantined(sha256, "extract", state, note, self._tried_with()))
            return _facts(document, None, did, seconds)
        made: DocumentSuggestions | None = None
        if document.state in CODED:
            started = time.monotonic()
            made, fresh = self.suggest(document)
            seconds["suggest"] = time.monotonic() - started
            if fresh:
                did.append("suggest")
        suggested = suggestions_name(sha256, document.extractor, made.model_id) if made else ""
        reading = replace(
            _facts(document, made, did, seconds),
            text_bytes=self.depot.size(document_name(sha256, document.extractor)) or 0,
            suggestion_bytes=(self.depot.size(suggested) or 0) if suggested else 0,
        )
        store_reading(self.depot, reading, self.coding_id)
        if self.retry_failed:
            release(self.depot, sha256)
        return reading

    def text(self, sha256: str) -> Document:
        """A Document that was read before; the last one asked for is kept."""
        last = self._last_text
        if last is None or last.sha256 != sha256:
            last = self._last_text = self.extract(sha256)[0]
        return last

    def extract(self, sha256: str) -> tuple[Document, bool]:
        """The Document of a stored PDF, and whether it had to be read now."""
        document = load_document(self.workspace, sha256, ocr=self.engine is not None)
        if document is not None and not (self.retry_failed and document.state in RETRIED):
            return document, False
        limits = self.workspace.review.extract
        path = local_pdf(self.workspace, sha256)
        with self._readers:
            document = read_isolated(
                path, sha256, seconds=limits.seconds, memory_mb=limits.memory_mb, engine=self.engine
            )
        store_document(self.workspace, document)
        return document, True

    def suggest(self, document: Document) -> tuple[DocumentSuggestions, bool]:
        """The machine's proposals for a document, and whether they had to be made now."""
        suggestions = load_suggestions(self.workspace, document.sha256, document.extractor, self.coding_id)
        if suggestions is not None:
            return suggestions, False
        model = self.model
        from models.suggest.document_suggestions import suggest_document

        keep_revision(self.workspace, model.codebook)  # every suggestion carries its hash
        suggestions = suggest_document(model, document)
        store_suggestions(self.workspace, suggestions)
        return suggestions, True

    def _tried_with(self) -> tuple[str, ...]:
        limits = self.workspace.review.extract
        return VERSION, EXTRACTOR, f"{limits.seconds:g} s", f"{limits.memory_mb} MB", self.coding_id


def _facts(
    document: Document, made: DocumentSuggestions | None, did: Sequence[str], seconds: Mapping[str, float]
) -> DocumentRecord:
    return DocumentRecord(
        sha256=document.sha256,
        extractor=document.extractor,
        state=document.state,
        note=document.note,
        pages=len(document.pages),
        passages=len(document.passages),
        suggestions=len(made.suggestions) if made else 0,
        model_id=made.model_id if made else "",
        did=tuple(did),
        seconds=seconds,
    )


def _as_reading(hurt: Quarantined) -> DocumentRecord:
    if hurt.state in get_args(State):
        return DocumentRecord(hurt.sha256, EXTRACTOR, cast(State, hurt.state), hurt.reason)
    return DocumentRecord(hurt.sha256, EXTRACTOR, "damaged", failure=hurt.reason)


def _told_once() -> Callable[[str, int, int], None]:
    """Says once, to people at a terminal, that training has begun: nothing else would move for some seconds."""
    said: list[str] = []

    def tell(what: str, _done: int, _of: int) -> None:
        if not said and sys.stderr.isatty():
            print("Training the theme model on the labelled passages (once, half a minute)", file=sys.stderr)
        said.append(what)

    return tell


def failed(source: Source, error: BaseException) -> Outcome:
    """What stands for a source when pulling it failed for a reason nobody thought of: it stops no other source.

    A JaizaError is raised again: a full disk is no fault of this source.
    """
    if isinstance(error, JaizaError):
        raise error
    reason = f"{type(error).__name__}: {error}"
    return Outcome(source.id, "failed", reason, "run again; if it fails again, report this message")


def with_reading(outcome: Outcome, reading: DocumentRecord) -> Outcome:
    """The outcome of a source once its file has been read: a file that can't be coded is not a success."""
    if reading.failure:
        doing = f"report this message; {RETRY}"
        return replace(outcome, state="failed", message=reading.failure, remedy=doing)
    if reading.state in CODED:
        if outcome.state == "no text layer":  # of the file; OCR has read it since
            said = f"{outcome.message}, read by OCR"
            outcome = replace(outcome, state="cached", message=said, remedy="", warnings=(*outcome.warnings, _NO_TITLE))
        told = not reading.note or reading.note in outcome.warnings
        return outcome if told else replace(outcome, warnings=(*outcome.warnings, reading.note))
    if reading.extractor == OCR_EXTRACTOR and outcome.state == "no text layer":
        return replace(outcome, message=reading.note, remedy="look for a version with text and attach it")
    if outcome.state not in USABLE:
        return outcome
    state = cast(OutcomeState, reading.state)
    return replace(outcome, state=state, message=reading.note, remedy=_REMEDY[state])


_NO_TITLE = "not checked whether it is the right work: its first pages have no text layer"
_REMEDY = {
    "no text layer": f"install text recognition ({tesseract.INSTALL}) and run again, or look for a version with text",
    "password": "save a copy without the password and attach it",
    "damaged": "get the file again, or open and re-save it in a PDF reader, and attach it",
    "timed out": f"raise `seconds` under [extract] in review.toml and run again; {RETRY} as it is",
    "too large": f"raise `memory_mb` under [extract] in review.toml and run again; {RETRY} as it is",
}
