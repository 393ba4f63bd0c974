"""Samples of texts, to find two editions of one report: `text/<sha256>.<extractor>.sketch`, safe to delete."""

from __future__ import annotations

import numpy as np

from corpus.registry.duplicates import Sketch, sketch
from corpus.workspace import Workspace, write_atomic
from extract.cache import document_path, load_document
from extract.document import Document
from extract.version import EXTRACTOR, OCR_EXTRACTOR

_STORED = np.dtype("<u8")


def load_sketch(workspace: Workspace, sha256: str) -> Sketch | None:
    """The sample of the text read from the PDF with this hash; None where it has not been read."""
    for extractor in (OCR_EXTRACTOR, EXTRACTOR):
        path = document_path(workspace, sha256, extractor).with_suffix(".sketch")
        if path.is_file():
            return np.fromfile(path, dtype=_STORED).astype(np.uint64)
    document = load_document(workspace, sha256)
    return _made(workspace, document) if document else None


def _made(workspace: Workspace, document: Document) -> Sketch:
    made = sketch(" ".join(passage.text for passage in document.passages))
    path = document_path(workspace, document.sha256, document.extractor).with_suffix(".sketch")
    write_atomic(path, made.astype(_STORED).tobytes())
    return made
