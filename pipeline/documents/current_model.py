"""The model that a run codes with: named at once, loaded or trained at first use, let go of when it is done."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from corpus.workspace import Workspace
from models.codebook.codebook import load_codebook
from models.codebook.lexicon import load_lexicon
from models.registry.model_card import ModelCard
from models.registry.model_folder import CARD, read_card
from models.registry.model_id import coding_id, current_model_id

if TYPE_CHECKING:
    from models.theme_model.theme_model import Model

_log = logging.getLogger(__name__)


class CurrentModel:
    """The model in use in one workspace. Thread-safe: one thread loads it while the others wait."""

    def __init__(self, workspace: Workspace, model_id: str = "") -> None:
        """`model_id` names the model where that is settled already, as it is for a worker; "" for the one in use."""
        self._workspace = workspace
        self._guard = threading.Lock()
        self._id, self._is_settled = model_id, bool(model_id)
        self._loaded: Model | None = None

    @property
    def id(self) -> str:
        """The model's id, for which it need not be loaded."""
        with self._guard:
            if not self._id:
                self._id = current_model_id(self._workspace)
            return self._id

    @property
    def coding_id(self) -> str:
        """What this run's suggestions are stored under: the model and the review's aim."""
        return coding_id(self.id, self._workspace.review.models.aim)

    @property
    def card(self) -> ModelCard:
        """The model's card, for which it need not be loaded."""
        with self._guard:
            loaded = self._loaded
        if loaded is None and (self._workspace.models / self.id / CARD).exists():
            return read_card(self._workspace.models / self.id)
        return self.load().card

    def load(self) -> Model:
        """The model itself, with the review's aim; trained now where it was never trained before."""
        with self._guard:
            if self._loaded is None:
                self._loaded = self._load().aimed(self._workspace.review.models.aim)
            return self._loaded

    def forget(self) -> None:
        """Let go of the model: what follows needs its memory for other things."""
        with self._guard:
            self._loaded = None
        gc.collect()

    def _load(self) -> Model:
        from models.model_store import current_model, load_model  # seconds of imports that a repeated run does without

        _log.debug("loading the model %s", self._id or "in use")
        if not self._is_settled:
            return current_model(self._workspace, progress=_announce_training())
        codebook = load_codebook(self._workspace)
        lexicon = load_lexicon(self._workspace, codebook)
        return load_model(self._workspace, self._id, codebook=codebook, lexicon=lexicon)


def _announce_training() -> Callable[[str, int, int], None]:
    """Says once, to people at a terminal, that training has begun: nothing else would move for some seconds."""
    announced: list[str] = []

    def announce(step: str, _done: int, _of: int) -> None:
        if not announced and sys.stderr.isatty():
            print("Training the theme model on the labelled passages (once, half a minute)", file=sys.stderr)
        announced.append(step)

    return announce
