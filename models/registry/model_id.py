"""The name of a model, known before it is trained or loaded: what it would be made from.

Light, so that a repeated run can find its stored suggestions without loading a model or the libraries it needs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from corpus.workspace import Workspace
from models.codebook.codebook import Codebook, load_codebook
from models.codebook.lexicon import Lexicon, load_lexicon
from models.encoder.sentence_encoder import JOINED, encoder_id
from models.labelled_passages import LabelledPassage, load_labelled, revision_of
from models.registry.model_card import Aim, ModelCard
from models.registry.model_folder import check_seal, read_card
from models.registry.promotion import SEED_MODEL, champions, history

TRAINING = "6"  # raise when a change in this room gives other numbers from the same data
USUAL_AIM: Aim = "balanced"
WIDEST: Aim = "recall95"
LIBRARIES = ("scikit-learn", "scipy", "numpy", "spacy")  # whose versions can move a score
ENCODING = ("ctranslate2", "tokenizers")  # the same, of a model with a sentence encoder


def model_id_of(codebook: Codebook, lexicon: Lexicon, passages: Sequence[LabelledPassage], *, encoder: str = "") -> str:
    """The id that training on these would give, known before training: 12 hex digits.

    `encoder` is the id of the sentence encoder; "" for none.
    """
    parts = [codebook.revision, lexicon.revision, revision_of(passages), TRAINING, library_versions(encoder), encoder]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def coding_id(model_id: str, aim: str) -> str:
    """What suggestions are stamped and stored under: the model, and its aim where that keeps more of them than all
    others do.
    """
    return f"{model_id}-{WIDEST}" if aim == WIDEST else model_id


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """Which model counts now."""

    model_id: str
    promoted: bool  # False: trained on the seed passages, at the first use
    passed_over: str = ""  # a promoted model that does not fit any more
    why: str = ""  # it does not


def current_model_id(workspace: Workspace) -> str:
    """The id of the model that counts now: see `model_in_use`."""
    return model_in_use(workspace).model_id


def model_in_use(workspace: Workspace) -> ModelInUse:
    """The promoted model where it fits this review and these libraries, or else that of the seed passages.

    ModelError: the promoted model was changed or damaged. That is refused, not passed over.
    """
    codebook = load_codebook(workspace)
    lexicon = load_lexicon(workspace, codebook)
    champion, why = champions(history(workspace))[-1], ""
    if champion != SEED_MODEL:
        folder = workspace.models / champion
        if not folder.exists():
            why = f"its folder {folder} is gone"
        else:
            check_seal(folder)
            why = misfit(read_card(folder), codebook, lexicon)
        if not why:
            return ModelInUse(champion, promoted=True)
    seed_model = model_id_of(codebook, lexicon, load_labelled(workspace, codebook), encoder=encoder_id())
    return ModelInUse(seed_model, promoted=False, passed_over=champion, why=why)


def misfit(card: ModelCard, codebook: Codebook, lexicon: Lexicon) -> str:
    """Why a model can't be used here: what it was made for and what is here; empty where it fits."""
    if card.codebook != codebook.revision:
        return f"was trained for codebook {card.codebook}, this review has {codebook.revision}"
    if card.lexicon != lexicon.revision:
        return f"was trained with lexicon {card.lexicon}, this review has {lexicon.revision}"
    here = encoder_id()
    if card.encoder and not set(card.encoder.split(JOINED)) <= set(here.split(JOINED)):
        return f"reads with the sentence encoder {card.encoder}, here is {here or 'none'}"
    for name, now in library_versions(card.encoder).items():
        if card.versions.get(name) != now:
            return f"was made with {name} {card.versions.get(name, 'of unknown version')}, here is {now}"
    if card.training != TRAINING:
        return f"was made by training code {card.training}, this is {TRAINING}"
    return ""


def library_versions(encoder: str = "") -> dict[str, str]:
    """Versions of the libraries that can move a score of a model with or without a sentence encoder."""
    return {name: version(name) for name in (*LIBRARIES, *(ENCODING if encoder else ()))}
