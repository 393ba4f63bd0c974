"""What has come to a review since its pages were opened: a run, sources, another model, another codebook."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.workspace import Workspace
from models.codebook.recoding import FILE as RECODING
from models.registry.promotion import HISTORY

CODEBOOK_FILES = ("codebook.toml", RECODING, "lexicon.toml")
# File of the workspace -> what has happened when it is another one.
_TOLD = {
    "outcomes.json": "a run has finished",
    "sources.toml": "the list of sources was changed",
    "links.toml": "editions were linked",
    **dict.fromkeys(CODEBOOK_FILES, "the codebook was changed"),
    f"models/{HISTORY}": "another model was chosen",
}
Stamps = Mapping[str, int]  # file -> when it was written; 0 where there is none


def stamps(workspace: Workspace) -> Stamps:
    """The files that pages are made from, as they are now."""
    return {name: _written(workspace, name) for name in _TOLD}


def news_since(workspace: Workspace, then: Stamps) -> str:
    """What has happened since, for example "a run has finished, the codebook was changed"; empty where nothing has."""
    return ", ".join(dict.fromkeys(words for name, words in _TOLD.items() if _written(workspace, name) != then[name]))


def _written(workspace: Workspace, name: str) -> int:
    try:
        return (workspace.root / name).stat().st_mtime_ns
    except OSError:
        return 0
