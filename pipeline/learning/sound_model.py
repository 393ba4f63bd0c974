"""Is a stored model what it was when it was made, and can it be used in this review?"""

from __future__ import annotations

from corpus.workspace import Workspace


def require_sound(workspace: Workspace, model_id: str) -> None:
    """ModelError unless the model is what it was when it was made, and can be used here."""
    from models.codebook.codebook import load_codebook
    from models.codebook.lexicon import load_lexicon
    from models.model_store import load_model
    from models.registry.model_folder import check_seal

    check_seal(workspace.models / model_id)
    codebook = load_codebook(workspace)
    load_model(workspace, model_id, codebook=codebook, lexicon=load_lexicon(workspace, codebook))
