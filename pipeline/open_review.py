"""Opening a review: every file that people edit is read and checked before anything is written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotations.codebook_changes import load_recoding
from corpus.registry.edition_links import load_links
from corpus.registry.registry_file import load_sources
from corpus.registry.screening import load_criteria
from corpus.registry.sources import Source
from corpus.store.workspace_lease import leased
from corpus.workspace import Workspace, establish, open_workspace
from models.codebook.codebook import load_codebook
from models.codebook.lexicon import load_lexicon
from synthesis.audit.claims import load_claims


def open_review(root: Path) -> tuple[Workspace, tuple[Source, ...]]:
    """The workspace at `root`, made if it is new, and its sources.

    DataFileError, WorkspaceError: something is wrong with it; then nothing has changed on disk.
    """
    workspace = open_workspace(root)
    sources = load_sources(workspace)
    load_links(workspace, sources)
    codebook = load_codebook(workspace)
    load_lexicon(workspace, codebook)
    load_criteria(workspace)
    load_claims(workspace, codebook)
    load_recoding(workspace)
    establish(workspace)
    return workspace, sources


@contextmanager
def at_work(workspace: Workspace, doing: str) -> Iterator[None]:
    """Nobody else works in the workspace for the time of the block; WorkspaceBusyError where somebody does."""
    with leased(workspace, doing, tell=tell_aside):
        yield


def tell_aside(said: str) -> None:
    """Print a line for people on standard error: standard output is for results."""
    print(f"jaiza: {said}", file=sys.stderr)
