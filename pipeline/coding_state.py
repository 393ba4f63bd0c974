"""A review's coding as it stands: what every command on decisions, agreement and the record begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotations.agreement.assignment import Assignment
from annotations.codebook_changes import JudgedThemes, Recoding, load_recoding
from annotations.decision import Decision, Mark
from annotations.independence import independent
from annotations.log.open_log import open_log
from annotations.log.schema import Entry
from annotations.standing import StandingLog, standing
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
from pipeline.screening.screening_state import sources_to_read
from pipeline.text_history import files_read, note_texts, open_assignment, themes_judged

if TYPE_CHECKING:
    from annotations.agreement.ratings import Ratings, Said


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
    independent: StandingLog  # the same of what each coder said before the study was revealed to them
    judged_themes: JudgedThemes  # which of today's themes could be given under which revision

    def ratings(self, said: Said) -> tuple[Ratings, Ratings]:
        """The coders' ratings of passages, and of studies: of all that counts, or of what is `independent`."""
        from annotations.agreement.ratings import coder_ratings  # with NumPy, for commands that need it

        return coder_ratings(
            said,
            sources=[source.id for source in self.sources],
            themes=self.codebook.codes,
            documents=self.documents,
            assignment=self.assignment,
            judged_themes=self.judged_themes,
        )


def open_coding(root: Path) -> CodingState:
    """The coding of the review in the folder `root`."""
    workspace, sources = open_review(root)
    sources = sources_to_read(workspace, sources)
    with Stages(workspace) as stages:
        results, lazy = stored_sources(stages, sources), LazyDocuments(stages)
        documents, proposals = dict(lazy.texts(results)), dict(lazy.suggestions(results))
    with open_log(workspace) as log:
        note_texts(workspace, log, files_read(results), documents)
        held = log.contents()
        assignment = open_assignment(workspace, log)
    codebook, changes = load_codebook(workspace), load_recoding(workspace)
    sources = counted(sources, load_links(workspace, sources))
    here = {source.id for source in sources}

    def as_it_stands(said: tuple[Sequence[Decision], Sequence[Mark]]) -> StandingLog:
        return standing(
            [decision for decision in said[0] if decision.source_id in here],
            said[1],
            held.codes,
            documents,
            codebook=codebook,
            changes=changes,
            assignment=assignment,
        )

    now = as_it_stands((held.decisions, held.marks))
    return CodingState(
        workspace=workspace,
        sources=sources,
        codebook=codebook,
        assignment=assignment,
        judged_themes=themes_judged(workspace, codebook),
        documents=documents,
        proposals=proposals,
        entries=held.entries,
        changes=changes,
        as_decided=held.decisions,
        decisions=now.decisions,
        marks=now.marks,
        independent=as_it_stands(independent(held.entries)),
    )
