"""Proposals for a whole document, and their cache."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.workspace import Workspace, write_atomic
from extract.document import Document, SectionKind
from models.model import Model
from models.study import propose_study
from models.suggestion import DocumentSuggestions

# A list of references names everything and asserts nothing. Front matter is read: forewords and summaries argue,
# and where no heading is recognised a whole article may count as front.
SKIPPED: frozenset[SectionKind] = frozenset({"references"})

_STORED = TypeAdapter(DocumentSuggestions)


def suggest_document(model: Model, document: Document) -> DocumentSuggestions:
    """What the model proposes for the passages of `document` and for the study as a whole."""
    read = [passage for passage in document.passages if passage.section not in SKIPPED]
    suggestions = tuple(model.suggest((passage.id, passage.text) for passage in read))
    return DocumentSuggestions(
        sha256=document.sha256,
        extractor=document.extractor,
        model_id=model.model_id,
        codebook=model.codebook.revision,
        suggestions=suggestions,
        studies=propose_study(suggestions, passages=len(read), card=model.card),
    )


def suggestions_path(workspace: Workspace, sha256: str, extractor: str, model_id: str) -> Path:
    """Where the suggestions for one PDF, extraction and model are kept."""
    return workspace.suggestions / f"{sha256}.{extractor}.{model_id}.json"


def load_suggestions(workspace: Workspace, sha256: str, extractor: str, model_id: str) -> DocumentSuggestions | None:
    """The stored suggestions, or None where there are none that can be read: they are then made again."""
    path = suggestions_path(workspace, sha256, extractor, model_id)
    try:
        stored = _STORED.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    same = (stored.sha256, stored.extractor, stored.model_id) == (sha256, extractor, model_id)
    return stored if same else None


def store_suggestions(workspace: Workspace, suggestions: DocumentSuggestions) -> Path:
    """Keep `suggestions`; the same suggestions give the same bytes. Returns where they lie."""
    path = suggestions_path(workspace, suggestions.sha256, suggestions.extractor, suggestions.model_id)
    text = json.dumps(asdict(suggestions), ensure_ascii=False, indent=1)
    write_atomic(path, text.encode() + b"\n")
    return path
