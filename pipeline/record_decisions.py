"""A file of decisions into the log, each in the place of the one that it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from annotations.anchor import Finder
from annotations.decision import Decision, place
from annotations.decisions_csv import read_decisions
from annotations.following import following
from annotations.log.decision_log import DecisionLog, Recorded
from annotations.log.open_log import open_log
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from extract.document import Document
from models.codebook.codebook import load_codebook
from models.codebook.revisions import keep_revision


def with_followed(
    log: DecisionLog, decisions: Sequence[Decision], documents: Mapping[str, Document]
) -> tuple[Decision, ...]:
    """`decisions`, of which each on words that stood elsewhere, or otherwise, when their coder judged them before names
    that earlier decision. `documents` are the texts there are, by source id; one is asked for at a time."""
    made = {decision.source_id for decision in decisions if decision.anchor}
    current = [decision for decision in log.current() if decision.source_id in made]
    found = list(decisions)
    for source_id in sorted(made):
        if source_id not in documents:
            continue
        finder = Finder(documents[source_id])
        standing = [(place(one), finder.anchored(one)) for one in current if one.source_id == source_id]
        for number, decision in enumerate(decisions):
            if decision.anchor and decision.source_id == source_id:
                found[number] = following(decision, standing, finder)
    return tuple(found)


def record_file(workspace: Workspace, sources: Sequence[Source], file: Path) -> tuple[tuple[Decision, ...], Recorded]:
    """The decisions in a CSV file, all of them in the log now, and how many were new."""
    codebook = load_codebook(workspace)
    decisions = read_decisions(file, sources=[source.id for source in sources], codebook=codebook)
    keep_revision(workspace, codebook)  # every decision carries its hash
    with open_log(workspace) as log:
        return decisions, log.record(decisions)
