"""The stages of a run, each on one source or one PDF at a time, without Prefect: pull, extract, suggest.

Every stage stores what it made under the hash of what it made it from, so that a second run, or a run after a crash, or
another worker, finds it and does not do it again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

from corpus.outcome import Outcome
from corpus.registry.sources import Source
from corpus.store.object_store import ObjectStore
from corpus.store.pdf_store import Holdings, local_pdf, share_pdf
from corpus.workspace import Workspace
from extract.cache import document_name, load_document, store_document
from extract.document import Document
from extract.readers.ocr_engine import Engine, available
from models.codebook.revisions import keep_revision
from models.registry.model_id import USUAL_AIM
from models.suggest.suggestion_cache import load_suggestions, store_suggestions, suggestions_name
from models.suggestion import DocumentSuggestions
from pipeline.documents.calibration import load_calibration
from pipeline.documents.current_model import CurrentModel
from pipeline.documents.known_documents import RETRIED, KnownDocuments
from pipeline.tuning import READERS

if TYPE_CHECKING:
    from corpus.fetch.pull import Puller
    from models.suggest.review_calibration import ReviewCalibration

_log = logging.getLogger(__name__)


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
        self.store = ObjectStore(workspace)
        self.holdings = Holdings(workspace)
        self.model = CurrentModel(workspace, model_id)
        self.retry_failed = retry_failed
        self.known = KnownDocuments(
            self.store,
            coding_id=lambda: self.model.coding_id,
            has_ocr=lambda: self.engine is not None,
            limits=workspace.review.extract,
            retry_failed=retry_failed,
        )
        self._refresh, self._host_addresses = refresh, host_addresses or {}
        self._guard = threading.Lock()  # one thread makes what all of them use
        self._puller: Puller | None = None
        self._engine: Engine | None = None
        self._is_engine_known = False
        self._readers = threading.Semaphore(READERS)
        self._calibration: ReviewCalibration | None = None
        self._is_calibration_known = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._puller:
            self._puller.__exit__(kind, error, trace)
            self.holdings.fold()

    @property
    def engine(self) -> Engine | None:
        """The program that reads pictures of pages, where this machine has one."""
        with self._guard:
            if not self._is_engine_known:
                self._engine, self._is_engine_known = available(), True
            return self._engine

    def pull(self, source: Source) -> Outcome:
        """Have the source's PDF in the store, or say why not."""
        outcome = self._open_puller().pull(source)
        if outcome.sha256:
            share_pdf(self.workspace, outcome.sha256)
        _log.debug("%s: %s %s", source.id, outcome.state, outcome.message)
        return outcome

    def in_hindsight(self, source: Source, outcome: Outcome) -> Outcome:
        """Once all are done: where it turned out that there is no network, every source says so."""
        return self._puller.in_hindsight(source, outcome) if self._puller else outcome

    def extract(self, sha256: str) -> tuple[Document, bool]:
        """The Document of a stored PDF, and whether it had to be read now."""
        document = load_document(self.workspace, sha256, ocr=self.engine is not None)
        if document is not None and not (self.retry_failed and document.state in RETRIED):
            return document, False
        from extract.isolation.isolated_read import read_isolated

        limits = self.workspace.review.extract
        path = local_pdf(self.workspace, sha256)
        with self._readers:
            document = read_isolated(
                path, sha256, seconds=limits.seconds, memory_mb=limits.memory_mb, engine=self.engine
            )
        store_document(self.workspace, document)
        _log.debug("%s read: %s, %d passages", sha256, document.state, len(document.passages))
        return document, True

    def suggest(self, document: Document) -> tuple[DocumentSuggestions, bool]:
        """The machine's proposals for a document, and whether they had to be made now."""
        suggestions = load_suggestions(self.workspace, document.sha256, document.extractor, self.model.coding_id)
        if suggestions is not None:
            return suggestions, False
        model = self.model.load()
        from models.suggest.document_suggestions import suggest_document

        keep_revision(self.workspace, model.codebook)  # every suggestion carries its hash
        suggestions = suggest_document(model, document)
        store_suggestions(self.workspace, suggestions)
        _log.debug("%s coded: %d suggestions", document.sha256, len(suggestions.suggestions))
        return suggestions, True

    @property
    def calibration(self) -> ReviewCalibration | None:
        """What the review's texts and decisions say of the model's scores; None before the first run has found out."""
        with self._guard:
            if not self._is_calibration_known:
                self._calibration = load_calibration(self.workspace, self.model.coding_id)
                self._is_calibration_known = True
            return self._calibration

    def use_calibration(self, calibration: ReviewCalibration) -> None:
        """What is shown from now on is shown by it."""
        with self._guard:
            self._calibration, self._is_calibration_known = calibration, True

    def shown(self, made: DocumentSuggestions, *, calibrated: bool = True) -> DocumentSuggestions:
        """What of a document's suggestions, all that are kept, is shown under the review's aim.

        Without `calibrated` by the thresholds of the model's card: what is kept of a document hangs on nothing else.
        """
        if not made.counts:
            return made
        from models.suggest.document_suggestions import as_shown

        aim = self.workspace.review.models.aim if calibrated else USUAL_AIM
        return as_shown(made, card=self.model.card, aim=aim, calibration=self.calibration if calibrated else None)

    def size_of_text(self, document: Document) -> int:
        """Bytes of the stored text; 0 where it is not kept."""
        return self.store.size(document_name(document.sha256, document.extractor)) or 0

    def size_of_suggestions(self, suggestions: DocumentSuggestions) -> int:
        """Bytes of the stored suggestions."""
        name = suggestions_name(suggestions.sha256, suggestions.extractor, suggestions.model_id)
        return self.store.size(name) or 0

    def _open_puller(self) -> Puller:
        from corpus.fetch.pull import Puller  # the libraries of HTTP, which commands on stored texts do without
        from extract.isolation.isolated_read import front_pages_isolated

        with self._guard:
            if self._puller is None:
                self._puller = Puller(
                    self.workspace,
                    self.holdings,
                    read_front_pages=front_pages_isolated,
                    refresh=self._refresh,
                    host_addresses=self._host_addresses,
                )
            return self._puller
