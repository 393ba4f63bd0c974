"""What a run keeps in mind of each PDF: a few facts beside the stored text and suggestions, so that a run over ten
thousand unchanged documents opens ten thousand small files and not one text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from pydantic import TypeAdapter, ValidationError

from corpus.json_table import JsonObject
from corpus.store.object_store import ObjectStore
from extract.cache import UNREAD, document_name
from extract.document import State
from extract.version import EXTRACTOR, OCR_EXTRACTOR
from models.suggest.suggestion_cache import suggestions_name

CODED: frozenset[State] = frozenset({"read", "partial"})  # states of a Document that has passages to code


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """One PDF as read and coded."""

    sha256: str
    extractor: str
    state: State
    note: str = ""  # as in `Document.note`
    pages: int = 0
    passages: int = 0
    suggestions: int = 0
    model_id: str = ""  # "" where there was nothing to code
    text_bytes: int = 0  # as stored; 0 where the text is not kept
    suggestion_bytes: int = 0
    failure: str = ""  # why Jaiza gave up on it, where it is quarantined
    did: tuple[str, ...] = ()  # the stages that had work to do; the others found it done
    seconds: Mapping[str, float] = field(default_factory=dict)  # per stage
    began: float = 0.0  # seconds since the epoch, by the clock of the machine that did it
    worker: str = ""  # who did it, for example "node7:4711"

    @property
    def is_coded(self) -> bool:
        """Are there suggestions for it?"""
        return self.state in CODED and not self.failure


_OF_THIS_RUN = ("failure", "did", "seconds", "began", "worker")  # nothing that a later run could use
_STORED: TypeAdapter[DocumentRecord] = TypeAdapter(DocumentRecord)


def store_reading(store: ObjectStore, reading: DocumentRecord, model_id: str) -> None:
    """Keep the facts; written last, so that they speak of files that are there."""
    facts: JsonObject = {key: value for key, value in asdict(reading).items() if key not in _OF_THIS_RUN}
    store.write(_name(reading.sha256, model_id), json.dumps(facts, ensure_ascii=False).encode() + b"\n")


def load_reading(store: ObjectStore, sha256: str, model_id: str, *, ocr: bool) -> DocumentRecord | None:
    """The facts of a PDF read and coded before; None where it has to be read or coded again.

    Of files in the workspace the sizes are compared too: a text that was deleted or cut off is made again. With `ocr`,
    a program for it is there now, and pages that were not read without one are.
    """
    try:
        found = _STORED.validate_json(store.read(_name(sha256, model_id)))
    except (FileNotFoundError, ValidationError):
        return None
    if found.sha256 != sha256 or found.extractor not in (EXTRACTOR, OCR_EXTRACTOR):
        return None
    if ocr and found.extractor == EXTRACTOR and found.state in UNREAD:
        return None
    if not store.is_local:
        return found
    if store.size(document_name(sha256, found.extractor)) != found.text_bytes:
        return None
    if found.model_id:
        suggested = store.size(suggestions_name(sha256, found.extractor, found.model_id))
        if suggested != found.suggestion_bytes:
            return None
    return found


def _name(sha256: str, model_id: str) -> str:
    return f"readings/{sha256}.{model_id}.json"
