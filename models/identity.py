"""The name of a model, known before it is trained or loaded: what it would be made from.

Light, so that a repeated run can find its stored suggestions without loading a model or the libraries it needs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version

from corpus.workspace import Workspace
from models.codebook import Codebook, load_codebook
from models.labelled import LabelledPassage, load_labelled, revision_of
from models.lexicon import Lexicon, load_lexicon

TRAINING = "1"  # raise when a change in this room gives other numbers from the same data
LIBRARIES = ("scikit-learn", "scipy", "numpy", "spacy")  # whose versions can move a score


def model_id_of(codebook: Codebook, lexicon: Lexicon, passages: Sequence[LabelledPassage]) -> str:
    """The id that training on these would give, known before training: 12 hex digits."""
    parts = [codebook.revision, lexicon.revision, revision_of(passages), TRAINING, library_versions()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def current_model_id(workspace: Workspace) -> str:
    """The id of the model that the workspace's codebook, lexicon and labelled passages call for."""
    codebook = load_codebook(workspace)
    return model_id_of(codebook, load_lexicon(workspace, codebook), load_labelled(workspace, codebook))


def library_versions() -> dict[str, str]:
    """Versions of the libraries that can move a score."""
    return {name: version(name) for name in LIBRARIES}
