"""What a stored model learned from: kept beside it, so that it can be tried, compared and explained later."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError

from corpus.errors import ModelError
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook
from models.labelled_passages import LabelledPassage, load_labelled, revision_of
from models.registry.model_folder import LEARNED, check_seal, mending, read_card

_PASSAGE = TypeAdapter(LabelledPassage)
_OF_STUDY = "study:"  # begins the group of passages of this review: see `annotations.training_labels`


def learned_lines(passages: Iterable[LabelledPassage]) -> bytes:
    """The content of passages.jsonl."""
    return b"".join(json.dumps(asdict(passage), ensure_ascii=False).encode() + b"\n" for passage in passages)


def own_passages(workspace: Workspace, model_id: str) -> int:
    """How many of the passages that a model learned from people of this review labelled."""
    path = workspace.models / model_id / LEARNED
    lines = path.read_bytes().splitlines() if path.exists() else []
    return sum(_PASSAGE.validate_json(line).group.startswith(_OF_STUDY) for line in lines)


def learned_passages(workspace: Workspace, model_id: str, codebook: Codebook) -> tuple[LabelledPassage, ...]:
    """The passages the model learned from: kept with it, or else the seed as it is now.

    ModelError: the file was changed, or the seed is not any more what the model learned from.
    """
    folder = workspace.models / model_id
    card = read_card(folder)
    path = folder / LEARNED
    if path.exists():
        check_seal(folder)
        try:
            passages = tuple(_PASSAGE.validate_json(line) for line in path.read_text(encoding="utf-8").splitlines())
        except (ValidationError, UnicodeDecodeError):
            raise ModelError(f"{path} can't be read: {mending(folder)}") from None
    else:
        passages = load_labelled(workspace, codebook)
    if revision_of(passages) != card.seed:
        raise ModelError(
            f"the passages model {model_id} learned from are not here any more (the seed has changed since), "
            "so it can't be tried again"
        )
    return passages
