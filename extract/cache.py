"""Documents on disk: `text/<sha256>.<extractor>.json`, safe to delete, rebuilt byte for byte.

What was read with OCR lies beside what was read without it, under an extractor of its own, and is preferred.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.store.object_store import ObjectStore
from corpus.workspace import Workspace
from extract.document import Document, State
from extract.version import EXTRACTOR, OCR_EXTRACTOR

# What another try would give again. A document that timed out may be read with other limits or on another machine.
FINAL: frozenset[State] = frozenset({"read", "partial", "no text layer", "password", "damaged"})
# What OCR could add pages to, once it is there.
UNREAD: frozenset[State] = frozenset({"partial", "no text layer"})
_DOCUMENT = TypeAdapter(Document)


def document_name(sha256: str, extractor: str = EXTRACTOR) -> str:
    """The name under which the Document of the PDF with this hash is kept, whether or not it is there."""
    return f"text/{sha256}.{extractor}.json"


def document_path(workspace: Workspace, sha256: str, extractor: str = EXTRACTOR) -> Path:
    """Where that is, in a workspace that is its own store."""
    return workspace.root / document_name(sha256, extractor)


def load_document(workspace: Workspace, sha256: str, *, ocr: bool = False) -> Document | None:
    """The stored Document; None where there is none of this extractor or the file is damaged.

    With `ocr`, a program for it is there now: a Document with unread pages that was read without one counts as none.
    """
    store = ObjectStore(workspace)
    for extractor in (OCR_EXTRACTOR, EXTRACTOR):
        try:
            document = document_from_json(store.read(document_name(sha256, extractor)))
        except (FileNotFoundError, ValidationError):
            continue
        if (document.sha256, document.extractor) == (sha256, extractor):
            again = ocr and extractor == EXTRACTOR and document.state in UNREAD
            return None if again else document
    return None


def store_document(workspace: Workspace, document: Document) -> int:
    """Keep `document` if its state is final; the bytes it takes. StoreError: the store can't be written."""
    if document.state not in FINAL:
        return 0
    data = document_to_json(document)
    ObjectStore(workspace).write(document_name(document.sha256, document.extractor), data)
    return len(data)


def document_to_json(document: Document) -> bytes:
    """The Document as JSON, the same bytes for the same Document."""
    return _DOCUMENT.dump_json(document)


def document_from_json(data: bytes) -> Document:
    """The Document from its JSON; pydantic.ValidationError where it is none."""
    return _DOCUMENT.validate_json(data)
