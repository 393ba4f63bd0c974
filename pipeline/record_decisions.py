"""A file of decisions into the log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from annotations.decision import Decision
from annotations.decisions_csv import read_decisions
from annotations.log.decision_log import Recorded
from annotations.log.open_log import open_log
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from models.codebook.codebook import load_codebook
from models.codebook.revisions import keep_revision


def record_file(workspace: Workspace, sources: Sequence[Source], file: Path) -> tuple[tuple[Decision, ...], Recorded]:
    """The decisions in a CSV file, all of them in the log now, and how many were new."""
    codebook = load_codebook(workspace)
    decisions = read_decisions(file, sources=[source.id for source in sources], codebook=codebook)
    keep_revision(workspace, codebook)  # every decision carries its hash
    with open_log(workspace) as log:
        return decisions, log.record(decisions)
