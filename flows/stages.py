"""The stages of a run, each on one source at a time, without Prefect: the commands and the flow share them.

pull -> extract -> suggest; every stage stores what it made under the hash of what it made it from, so that a second
run, or a run after a crash, finds it and does not do it again.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from corpus.errors import JaizaError
from corpus.outcome import USABLE, Outcome
from corpus.pull import Puller
from corpus.sources import Source
from corpus.store import Holdings, pdf_path
from corpus.workspace import Workspace
from extract import ocr
from extract.cache import load_document, store_document
from extract.document import Document
from extract.isolate import front_pages_isolated, read_isolated
from extract.read import OCR_EXTRACTOR
from models.cache import load_suggestions, store_suggestions
from models.identity import current_model_id
from models.revisions import keep_revision
from models.suggestion import DocumentSuggestions

if TYPE_CHECKING:
    from models.model import Model

# Two child processes read at once: more gain nothing on two cores and cost memory.
READERS = 2
WORKERS = 8  # threads: most of a pull is waiting for a host
CODED = frozenset({"read", "partial"})  # states of a Document that has passages to code


@dataclass(frozen=True, slots=True)
class Studied:
    """What a run did with one source."""

    outcome: Outcome
    document: Document | None = None
    suggestions: DocumentSuggestions | None = None
    did: tuple[str, ...] = ()  # the stages that had work to do; the others found it done
    seconds: Mapping[str, float] = field(default_factory=dict)  # per stage


class Stages:
    """The stages of one run over one workspace; its methods may be called from several threads."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        refresh: bool = False,
        host_addresses: Mapping[str, str] | None = None,
    ) -> None:
        self.workspace = workspace
        self.holdings = Holdings(workspace)
        self._refresh, self._host_addresses = refresh, host_addresses or {}
        self._puller: Puller | None = None
        self._guard = threading.Lock()  # one thread makes what all of them use
        self._model: Model | None = None
        self._model_id = ""
        self._readers = threading.Semaphore(READERS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._puller:
            self._puller.__exit__(kind, error, trace)

    @property
    def model(self) -> Model:
        """The current model; trained at first use, by one thread while the others wait."""
        from models.library import current_model  # seconds of imports that a repeated run does without

        with self._guard:
            if self._model is None:
                self._model = current_model(self.workspace, progress=_told_once())
            return self._model

    @property
    def model_id(self) -> str:
        """The id of the current model, which need not be loaded for it."""
        with self._guard:
            if not self._model_id:
                self._model_id = current_model_id(self.workspace)
            return self._model_id

    def study(self, source: Source) -> Studied:
        """Pull, extract and suggest for one source. What can't be had or read ends as a named state."""
        seconds: dict[str, float] = {}
        did: list[str] = []

        started = time.monotonic()
        outcome = self.pull(source)
        seconds["pull"] = time.monotonic() - started
        if outcome.state in ("pulled", "attached"):
            did.append("pull")
        if not outcome.sha256:
            return Studied(outcome, did=tuple(did), seconds=seconds)

        started = time.monotonic()
        document, fresh = self.extract(outcome.sha256)
        seconds["extract"] = time.monotonic() - started
        if fresh:
            did.append("extract")
        outcome = with_document(outcome, document)
        if document.state not in CODED:
            return Studied(outcome, document, did=tuple(did), seconds=seconds)

        started = time.monotonic()
        suggestions, fresh = self.suggest(document)
        seconds["suggest"] = time.monotonic() - started
        if fresh:
            did.append("suggest")
        return Studied(outcome, document, suggestions, tuple(did), seconds)

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
        return self._puller.pull(source)

    def in_hindsight(self, sources: Sequence[Source], studied: Sequence[Studied]) -> list[Studied]:
        """Once all are done: where it turned out that there is no network, every source says so."""
        puller = self._puller
        if puller is None:
            return list(studied)
        return [
            replace(done, outcome=puller.in_hindsight(source, done.outcome))
            for source, done in zip(sources, studied, strict=True)
        ]

    def extract(self, sha256: str) -> tuple[Document, bool]:
        """The Document of a stored PDF, and whether it had to be read now."""
        engine = ocr.available()
        document = load_document(self.workspace, sha256, ocr=engine is not None)
        if document is not None:
            return document, False
        limits = self.workspace.review.extract
        with self._readers:
            document = read_isolated(
                pdf_path(self.workspace, sha256),
                sha256,
                seconds=limits.seconds,
                memory_mb=limits.memory_mb,
                engine=engine,
            )
        store_document(self.workspace, document)
        return document, True

    def suggest(self, document: Document) -> tuple[DocumentSuggestions, bool]:
        """The machine's proposals for a document, and whether they had to be made now."""
        suggestions = load_suggestions(self.workspace, document.sha256, document.extractor, self.model_id)
        if suggestions is not None:
            return suggestions, False
        model = self.model
        from models.suggest import suggest_document

        keep_revision(self.workspace, model.codebook)  # every suggestion carries its hash
        suggestions = suggest_document(model, document)
        store_suggestions(self.workspace, suggestions)
        return suggestions, True


def _told_once() -> Callable[[str, int, int], None]:
    """Says once, to people at a terminal, that training has begun: nothing else would move for some seconds."""
    said: list[str] = []

    def tell(what: str, _done: int, _of: int) -> None:
        if not said and sys.stderr.isatty():
            print("Training the theme model on the labelled passages (once, some ten seconds)", file=sys.stderr)
        said.append(what)

    return tell


def failed(source: Source, error: BaseException) -> Studied:
    """What stands for a source when Jaiza itself failed on it: named, and no reason to stop the others.

    A JaizaError is raised again: a full disk or a model that was changed is no fault of this source.
    """
    if isinstance(error, JaizaError):
        raise error
    reason = f"{type(error).__name__}: {error}"
    return Studied(Outcome(source.id, "failed", reason, "run again; if it fails again, report this message"))


def with_document(outcome: Outcome, document: Document) -> Outcome:
    """The outcome of a source once its file has been read: a file that can't be coded is not a success."""
    if document.state == "read" or document.state == "partial":
        if outcome.state == "no text layer":  # of the file; OCR has read it since
            said = f"{outcome.message}, read by OCR"
            outcome = replace(outcome, state="cached", message=said, remedy="", warnings=(*outcome.warnings, _NO_TITLE))
        told = not document.note or document.note in outcome.warnings
        return outcome if told else replace(outcome, warnings=(*outcome.warnings, document.note))
    if document.extractor == OCR_EXTRACTOR and outcome.state == "no text layer":
        return replace(outcome, message=document.note, remedy="look for a version with text and attach it")
    if outcome.state not in USABLE:
        return outcome
    return replace(outcome, state=document.state, message=document.note, remedy=_REMEDY[document.state])


_NO_TITLE = "not checked whether it is the right work: its first pages have no text layer"
_REMEDY = {
    "no text layer": f"install text recognition ({ocr.INSTALL}) and run again, or look for a version with text",
    "password": "save a copy without the password and attach it",
    "damaged": "get the file again, or open and re-save it in a PDF reader, and attach it",
    "timed out": "raise `seconds` under [extract] in review.toml and run again",
    "too large": "raise `memory_mb` under [extract] in review.toml and run again",
}
