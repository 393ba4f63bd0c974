"""All models of a review: what each learned from, how it came out, and whether it can be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from corpus.errors import ModelError, UnknownChoiceError
from corpus.workspace import Workspace
from models.codebook.codebook import load_codebook
from models.codebook.lexicon import load_lexicon
from models.evaluation.comparison_record import ChampionComparison
from models.registry.model_card import ModelCard
from models.registry.model_folder import CARD, LEARNED, TRIAL, check_seal, mending, read_card
from models.registry.model_id import misfit, model_in_use
from models.registry.promotion import champions, history

State = Literal["champion", "in use", "candidate", "former champion", "not in use", "unfit", "refused"]
_TRIAL = TypeAdapter(ChampionComparison)
_SHORTEST = 4  # characters of an id that may stand for all of it


@dataclass(frozen=True, slots=True)
class Catalogued:
    """One stored model."""

    model_id: str
    state: State  # "in use": the seed's model, which counts without a promotion
    made: str  # ISO 8601, UTC
    passages: int
    average_precision: float | None  # mean over themes, on held-out documents of its own passages
    why: str = ""  # of the state
    retrained: bool = False  # learned from decisions too


def catalogue(workspace: Workspace) -> tuple[Catalogued, ...]:
    """Every model in `models/`, newest first."""
    if not workspace.models.is_dir():
        return ()
    used = model_in_use_or_none(workspace)
    stack = champions(history(workspace))
    ever = {event.model_id for event in history(workspace)}
    folders = [path for path in workspace.models.iterdir() if path.is_dir() and not path.name.startswith(".")]
    models = [_catalogued(workspace, folder, used, stack[-1], ever) for folder in folders]
    return tuple(sorted(models, key=lambda model: (model.made, model.model_id), reverse=True))


def model_in_use_or_none(workspace: Workspace) -> str:
    """The id of the model that counts, or nothing where the champion is refused."""
    try:
        return model_in_use(workspace).model_id
    except ModelError:
        return ""


def ranked_themes(workspace: Workspace) -> tuple[str, ...]:
    """Themes for which the model that counts has learned nothing: their scores are ranks and no probabilities."""
    try:
        card = read_card(workspace.models / model_in_use_or_none(workspace))
    except ModelError:
        return ()
    return tuple(theme.code for theme in card.themes if theme.how != "trained")


def find_model(workspace: Workspace, name: str) -> str:
    """The id of the stored model called `name`: its id or the beginning of it; UnknownChoiceError lists them."""
    known = (
        [path.name for path in workspace.models.iterdir() if path.is_dir() and not path.name.startswith(".")]
        if workspace.models.is_dir()
        else []
    )
    found = [model_id for model_id in known if model_id.startswith(name)]
    if name in known:
        return name
    if len(name) >= _SHORTEST and len(found) == 1:
        return found[0]
    raise UnknownChoiceError("model", name, sorted(known), "`jaiza models list` shows them")


def read_trial(folder: Path) -> ChampionComparison | None:
    """How a retrained model did against the champion of the day; None for one that was never tried."""
    try:
        return _TRIAL.validate_json((folder / TRIAL).read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise ModelError(f"{folder / TRIAL} is damaged: {mending(folder)}") from None


def mean_average_precision(card: ModelCard) -> float | None:
    """Mean over the themes for which it could be measured."""
    known = [theme.average_precision for theme in card.themes if theme.average_precision is not None]
    return sum(known) / len(known) if known else None


def _catalogued(workspace: Workspace, folder: Path, used: str, champion: str, ever: set[str]) -> Catalogued:
    made = datetime.fromtimestamp(folder.stat().st_mtime, UTC).isoformat(timespec="seconds")
    retrained = (folder / LEARNED).exists()
    try:
        card = read_card(folder)
        check_seal(folder)
        trial = read_trial(folder)
    except ModelError as error:
        return Catalogued(folder.name, "refused", made, 0, None, str(error), retrained)
    made = datetime.fromtimestamp((folder / CARD).stat().st_mtime, UTC).isoformat(timespec="seconds")
    codebook = load_codebook(workspace)
    unfit = misfit(card, codebook, load_lexicon(workspace, codebook))
    state: State
    why = trial.why if trial else ""
    if unfit:
        state, why = "unfit", unfit
    elif folder.name == used:
        state = "champion" if folder.name == champion else "in use"
        why = why if state == "champion" else "trained on the seed passages"
    elif folder.name in ever:
        state = "former champion"
    else:
        state = "candidate" if retrained else "not in use"
    return Catalogued(folder.name, state, made, card.passages, mean_average_precision(card), why, retrained)
