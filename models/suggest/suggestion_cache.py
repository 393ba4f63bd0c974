"""Suggestions on disk: `suggestions/<sha256>.<extractor>.<model-id>.json`, safe to delete, rebuilt byte for byte."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.store.object_store import ObjectStore
from corpus.workspace import Workspace
from models.suggestion import DocumentSuggestions

_STORED = TypeAdapter(DocumentSuggestions)


def suggestions_name(sha256: str, extractor: str, model_id: str) -> str:
    """The name under which the suggestions for one PDF, extraction and model are kept."""
    return f"suggestions/{sha256}.{extractor}.{model_id}.json"


def suggestions_path(workspace: Workspace, sha256: str, extractor: str, model_id: str) -> Path:
    """The file with the suggestions for one PDF, in a workspace without an object store."""
    return workspace.root / suggestions_name(sha256, extractor, model_id)


def load_suggestions(workspace: Workspace, sha256: str, extractor: str, model_id: str) -> DocumentSuggestions | None:
    """The stored suggestions, or None where there are none that can be read: they are then made again."""
    try:
        stored = _STORED.validate_json(ObjectStore(workspace).read(suggestions_name(sha256, extractor, model_id)))
    except (FileNotFoundError, ValidationError):
        return None
    same = (stored.sha256, stored.extractor, stored.model_id) == (sha256, extractor, model_id)
    return stored if same else None


def store_suggestions(workspace: Workspace, suggestions: DocumentSuggestions) -> int:
    """Keep `suggestions`; the same suggestions give the same bytes. Returns how many."""
    data = json.dumps(asdict(suggestions), ensure_ascii=False, indent=1).encode() + b"\n"
    ObjectStore(workspace).write(
        suggestions_name(suggestions.sha256, suggestions.extractor, suggestions.model_id), data
    )
    return len(data)
