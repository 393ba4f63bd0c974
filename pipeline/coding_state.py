"""A review's coding as it stands: what every command on decisions, agreement and the record begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotations.agreement.assignment import Assignment
from annotations.anchor import anchored_all
from annotations.codebook_changes import Recoding, load_recoding, recoded
from annotations.decision import Decision, Mark
from annotations.log.open_log import open_log
from annotations.log.schema import Entry
from corpus.registry.edition_links import counted, load_links
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from extract.document import Document
from models.codebook.codebook import Codebook, load_codebook
from models.suggestion import DocumentSuggestions
from pipeline.documents.stages import Stages
from pipeline.documents.stored_sources import stored_sources
from pipeline.lazy_documents import LazyDocuments
from pipeline.open_review import open_review


@dataclass(frozen=True, slots=True)
class CodingState:
    """Everything that was said about a review, by people and machine."""

    workspace: Workspace
    sources: Sequence[Source]
    codebook: Codebook
    assignment: Assignment
    documents: Mapping[str, Document]  # by source id: the texts there are
    proposals: Mapping[str, DocumentSuggestions]  # by source id
    entries: Sequence[Entry]  # the whole record, as it was written
    changes: Sequence[Recoding]  # themes merged and split
    as_decided: Sequence[Decision]  # that count now, under the themes they were decided under
    decisions: Sequence[Decision]  # the same under the themes of `codebook`, anchored in the texts as they are
    marks: Sequence[Mark]  # likewise


def open_coding(root: Path) -> CodingState:
    """The coding of the review in the folder `root`."""
    workspace, sources = open_review(root)
    with Stages(workspace) as stages:
        results, lazy = stored_sources(stages, sources), LazyDocuments(stages)
        documents, proposals = dict(lazy.texts(results)), dict(lazy.suggestions(results))
    with open_log(workspace) as log:
        entries, decisions, marks = log.entries(), log.current(), log.marks()
    codebook, changes = load_codebook(workspace), load_recoding(workspace)
    return CodingState(
        workspace=workspace,
        sources=counted(sources, load_links(workspace, sources)),
        codebook=codebook,
        assignment=Assignment(workspace.review.coding),
        documents=documents,
        proposals=proposals,
        entries=entries,
        changes=changes,
        as_decided=decisions,
        decisions=anchored_all(recoded(decisions, changes, codebook), documents),
        marks=anchored_all(marks, documents),
    )
