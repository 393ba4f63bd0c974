"""The folder of one stored model: what lies in it, and whether it is still what was put there."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import ModelError
from corpus.store.pdf_store import sha256_of
from models.registry.model_card import ModelCard

NUMBERS, CARD, READABLE = "model.skops", "model.json", "CARD.md"
LEARNED = "passages.jsonl"  # of a retrained model: the passages it learned from, seed and human
TRIAL = "trial.json"  # of a retrained model: how it did against the champion of the day
SEAL = "seal.json"  # sha256 of each file; written last
_CARD = TypeAdapter(ModelCard)
_SEAL = TypeAdapter(dict[str, str])


def read_card(folder: Path) -> ModelCard:
    """The card of the model in `folder`; ModelError where there is none, or it is damaged."""
    try:
        return _CARD.validate_json((folder / CARD).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise ModelError(f"there is no model in {folder}") from None
    except ValidationError:
        raise ModelError(f"{folder / CARD} is damaged: {mending(folder)}") from None


def seal(folder: Path) -> None:
    """Note the hash of every file in `folder`, once all of them are there."""
    sums = {path.name: sha256_of(path) for path in sorted(folder.iterdir()) if path.is_file() and path.name != SEAL}
    (folder / SEAL).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8", newline="\n")


def check_seal(folder: Path) -> None:
    """ModelError where a file of the model is not the one that was put there, or is gone."""
    try:
        sums = _SEAL.validate_json((folder / SEAL).read_bytes())
    except (FileNotFoundError, ValidationError):
        raise ModelError(f"{folder / SEAL} is missing or damaged: {mending(folder)}") from None
    for name in sorted({CARD, NUMBERS, *sums}):
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path} is missing: {mending(folder)}")
        if sha256_of(path) != sums.get(name):
            raise ModelError(f"{path} was changed since the model was made: {mending(folder)}")


def mending(folder: Path) -> str:
    """What to do about a model that can't be used."""
    if (folder / LEARNED).exists():
        return "`jaiza models rollback` goes back to the one before, `jaiza retrain` makes a new one"
    return f"delete the folder {folder}, and it is trained again"
