"""Suggestions on disk: `suggestions/<sha256>.<extractor>.<model-id>.json`, safe to delete, rebuilt byte for byte."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.workspace import Workspace, write_atomic
from models.suggestion import DocumentSuggestions

_STORED = TypeAdapter(DocumentSuggestions)


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
