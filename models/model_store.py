"""Models on disk: `models/<model-id>/` with the numbers (model.skops), the card (model.json) and CARD.md.

Nothing is unpickled: skops builds only the types it knows and those named here, and the file's hash is compared with
the card before it is opened.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import skops.io

from corpus.errors import ModelError
from corpus.json_table import JsonObject, JsonTable
from corpus.store.pdf_store import sha256_of
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook, load_codebook
from models.codebook.lexicon import Lexicon, load_lexicon
from models.codebook.phrase_rules import PhraseRules
from models.encoder.sentence_encoder import open_encoders
from models.labelled_passages import load_labelled
from models.registry.model_card import ModelCard, card_text
from models.registry.model_folder import CARD, NUMBERS, READABLE, check_seal, mending, read_card, seal
from models.registry.model_id import misfit, model_in_use
from models.theme_model.likeness import Likeness
from models.theme_model.linear import StrengthRegression, WordRegression
from models.theme_model.tfidf import TfIdf, Vectoriser
from models.theme_model.theme_model import Learned, Model
from models.theme_model.voices import VOICES, WORDS
from models.training.train import Progress, train

# Types in a model's file beyond those skops trusts by itself. A model needs none: dictionaries, strings, arrays and
# numbers are all it holds.
TRUSTED: tuple[str, ...] = ()


def current_model(workspace: Workspace, *, progress: Progress | None = None) -> Model:
    """The model that counts now: the promoted one, or that of the seed passages, loaded, or trained and kept.

    ModelError: the stored model was changed, or is not what its card says.
    """
    codebook = load_codebook(workspace)
    lexicon = load_lexicon(workspace, codebook)
    used = model_in_use(workspace)
    if used.promoted or (workspace.models / used.model_id / CARD).exists():
        return load_model(workspace, used.model_id, codebook=codebook, lexicon=lexicon)
    passages = load_labelled(workspace, codebook)
    model = train(codebook, lexicon, passages, progress=progress, encoders=open_encoders(workspace))
    store_model(workspace, model)
    return model


def store_model(workspace: Workspace, model: Model, *, beside: Mapping[str, bytes] | None = None) -> Path:
    """Keep `model`; its folder appears complete or not at all. Returns the folder.

    `beside`: further files by name.
    """
    target = workspace.models / model.model_id
    workspace.models.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=workspace.models, prefix=f".{model.model_id}."))
    try:
        skops.io.dump(_contents(model), made / NUMBERS)
        card = replace(model.card, file_sha256=sha256_of(made / NUMBERS))
        text = json.dumps(asdict(card), indent=2, ensure_ascii=False)
        (made / CARD).write_text(text + "\n", encoding="utf-8", newline="\n")
        (made / READABLE).write_text(card_text(card), encoding="utf-8", newline="\n")
        for name, content in (beside or {}).items():
            (made / name).write_bytes(content)
        seal(made)
        made.chmod(0o755)
        try:
            made.rename(target)
        except OSError:  # another run has just stored the same model, or a broken one is in the way
            if not (target / CARD).exists():
                shutil.rmtree(target)
                made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def load_model(workspace: Workspace, model_id: str, *, codebook: Codebook, lexicon: Lexicon) -> Model:
    """The stored model `model_id`; ModelError where it is missing, changed, or made for something else."""
    folder = workspace.models / model_id
    card = read_card(folder)
    remedy = mending(folder)
    if card.model_id != model_id:
        raise ModelError(f"{folder / CARD} is the card of model {card.model_id}: {remedy}")
    if why := misfit(card, codebook, lexicon):
        raise ModelError(f"model {model_id} {why}: {remedy}")
    path = folder / NUMBERS
    if not path.is_file():
        raise ModelError(f"{path} is missing: {remedy}")
    if sha256_of(path) != card.file_sha256:
        raise ModelError(f"{path} is not the file its card describes (it was changed or damaged): {remedy}")
    learned, likeness = _read_numbers(path, lexicon, codebook, card, remedy=remedy)
    check_seal(folder)
    encoders = open_encoders(workspace, only=card.encoder) if card.encoder else {}
    return Model(card, codebook, PhraseRules(lexicon), learned, likeness, encoders)


def _contents(model: Model) -> JsonObject:
    """What goes into the file: plain types and arrays."""
    likeness = model.likeness and {
        "reads": model.likeness.reads,
        "themes": list(model.likeness.themes),
        "texts": [list(texts) for texts in model.likeness.texts],
        "vectors": list(model.likeness.vectors),
    }
    if model.learned is None:
        return {"trained": False, "likeness": likeness}
    vectoriser, strength = model.learned.vectoriser, model.learned.strength
    return {
        "trained": True,
        "likeness": likeness,
        # One string each: a list of 40,000 would be 40,000 entries in the file's schema.
        "words": "\n".join(vectoriser.words.terms),
        "words_idf": vectoriser.words.idf,
        "letters": "\n".join(vectoriser.letters.terms),
        "letters_idf": vectoriser.letters.idf,
        "scorers": {name: dict(scorer.to_arrays()) for name, scorer in model.learned.scorers.items()},
        "strength": strength and {"weights": strength.weights, "intercept": strength.intercept},
    }


def _read_numbers(
    path: Path, lexicon: Lexicon, codebook: Codebook, card: ModelCard, *, remedy: str
) -> tuple[Learned | None, Likeness | None]:
    try:
        unknown = set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED)
        if unknown:
            raise ModelError(f"{path} holds what a model has no use for ({', '.join(sorted(unknown))}): {remedy}")
        held: JsonTable = skops.io.load(path, trusted=list(TRUSTED))
        likeness = _read_likeness(held["likeness"]) if held["likeness"] else None
        if not held["trained"]:
            return None, likeness
        words = TfIdf.of(held["words"].split("\n"), np.asarray(held["words_idf"], dtype=np.float64))
        letters = TfIdf.of(held["letters"].split("\n"), np.asarray(held["letters_idf"], dtype=np.float64))
        vectoriser = Vectoriser(words, letters, lexicon.rules, codebook.codes)
        scorers = {
            voice.name: voice.scorer.from_arrays(held["scorers"][voice.name], themes=card.trained, reads=voice.reads)
            for voice in VOICES
            if card.stages and voice.name in card.stages[-1].voices
        }
        strength = held["strength"] and StrengthRegression(held["strength"]["weights"], held["strength"]["intercept"])
    except ModelError:
        raise
    except Exception as error:  # skops raises what its parts raise: zip, JSON, key and type errors
        raise ModelError(f"{path} can't be read ({type(error).__name__}): {remedy}") from None
    by_words = scorers.get(WORDS)
    if not isinstance(by_words, WordRegression) or len(by_words.weights) != vectoriser.width:
        raise ModelError(f"{path} does not fit its vocabulary: {remedy}")
    if set(card.stages[-1].voices) != set(scorers):
        raise ModelError(f"{path} lacks what its card says: {remedy}")
    return Learned(vectoriser, scorers, strength or None), likeness


def _read_likeness(held: JsonTable) -> Likeness:
    return Likeness(
        reads=held["reads"],
        themes=tuple(held["themes"]),
        texts=held["texts"],
        vectors=[np.asarray(vectors, dtype=np.float32) for vectors in held["vectors"]],
    )
