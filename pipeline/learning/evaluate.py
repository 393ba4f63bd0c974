"""Measuring a model and writing its evaluation card."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from corpus.errors import JaizaError, ModelError
from corpus.workspace import Workspace, write_atomic
from models.codebook.codebook import load_codebook
from models.codebook.lexicon import load_lexicon
from models.encoder.sentence_encoder import open_encoders
from models.evaluation.assessment import FOLDS, FRACTIONS, Assessment, assess
from models.evaluation.defaults import WORKERS
from models.evaluation.evaluation_card import markdown, page
from models.evaluation.evaluation_plots import draw
from models.model_list import find_model
from models.model_store import current_model
from models.registry.model_folder import check_seal, read_card
from models.registry.model_id import misfit
from models.registry.training_record import learned_passages


def evaluate(
    workspace: Workspace,
    name: str | None = None,
    *,
    out: Path | None = None,
    folds: int = FOLDS,
    fractions: Sequence[float] = FRACTIONS,
    workers: int = WORKERS,
    done: Callable[[int, int], None] | None = None,
) -> tuple[Assessment, Path]:
    """Measure the model `name` (None: the one that counts) and write evaluation.html, .md and .json.

    They go into the model's folder, or `out`. Returns what was measured, and the folder. ModelError: the model was
    changed, does not fit this review, or what it learned from is not here any more.
    """
    codebook = load_codebook(workspace)
    lexicon = load_lexicon(workspace, codebook)
    model_id = find_model(workspace, name) if name else current_model(workspace).model_id
    folder = workspace.models / model_id
    check_seal(folder)
    card = read_card(folder)
    if why := misfit(card, codebook, lexicon):
        raise ModelError(f"model {model_id} {why}, so it can't be measured here")
    passages = learned_passages(workspace, model_id, codebook)
    if not any(passage.labels for passage in passages):
        raise ModelError(f"model {model_id} has no labelled passage to be measured on: put some into seed/")
    if len({passage.group for passage in passages}) < folds:
        raise ModelError(f"model {model_id} learned from fewer than {folds} documents: name fewer rounds with --folds")
    found = assess(
        codebook,
        lexicon,
        model_id,
        passages,
        data=card.seed,
        folds=folds,
        fractions=fractions,
        workers=workers,
        done=done,
        encoders=open_encoders(workspace, only=card.encoder) if card.encoder else None,
    )
    target = out or folder
    try:
        write_atomic(target / "evaluation.json", json.dumps(asdict(found), ensure_ascii=False, indent=1).encode())
        write_atomic(target / "evaluation.md", markdown(found).encode())
        write_atomic(target / "evaluation.html", page(found, draw(found)).encode())
    except OSError as error:
        raise JaizaError(f"{target} can't be written ({error.strerror}): name another folder with --out") from None
    return found, target
