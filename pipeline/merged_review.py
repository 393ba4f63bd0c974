"""Everything that people and machine said about a review, merged from what the stages stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from annotations.agreement.assignment import Assignment
from annotations.anchor import anchored_all
from annotations.codebook_changes import load_recoding, recoded
from annotations.decision import Decision, Mark
from annotations.decisions_csv import published_decisions
from annotations.log.open_log import open_log
from corpus.digest import digest
from corpus.registry.edition_links import counted, load_links
from corpus.registry.registry_file import load_sources
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from extract.document import Document
from models.codebook.codebook import Codebook, load_codebook
from models.codebook.revisions import keep_revision
from models.suggestion import DocumentSuggestions
from pipeline.documents.source_result import SourceResult
from pipeline.documents.stages import Stages
from pipeline.documents.stored_sources import stored_sources
from pipeline.lazy_documents import LazyDocuments
from synthesis.matrix.cell import Cell, View
from synthesis.matrix.coding import Standing
from synthesis.matrix.merge import merge_cells
from synthesis.matrix.spill import Spill
from synthesis.patterns.patterns import PatternMaterial, Patterns, find_patterns
from synthesis.patterns.subthemes import FILE as SUBTHEMES
from synthesis.patterns.subthemes import read_namings
from synthesis.statistics.crosstab import load_programmes


@dataclass(frozen=True, slots=True)
class MergedReview:
    """All judgements on a review, merged."""

    sources: Sequence[Source]  # that are counted: other editions of one of them are left out
    codebook: Codebook
    decisions: Sequence[Decision]  # that count now, anchored in the texts as they are
    cells: Sequence[Cell]
    log_head: str  # changes whenever the log does
    documents: Mapping[str, Document] = field(default_factory=dict)  # by source id: the texts there are
    proposals: Mapping[str, DocumentSuggestions] = field(default_factory=dict)  # by source id
    marks: Sequence[Mark] = ()  # that count now, anchored likewise
    standing: Sequence[Decision] | None = None  # people's value of a study is read from these, see `team_coding`
    spill: Spill | None = None  # holds the evidence of the cells

    def merged_for(self, codebook: Codebook, *, include_proposed: bool) -> Sequence[Cell]:
        """The cells once more, with the columns of another folding of the codebook, and without their evidence."""
        return merge_cells(
            self.sources, self.decisions, self.proposals, self.documents, codebook,
            include_proposed=include_proposed, standing=self.standing, keep=None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LogSnapshot:
    """What the decision log says now, the published coding included."""

    decisions: Sequence[Decision]
    marks: Sequence[Mark]
    head: str  # changes whenever the log does


def read_log(workspace: Workspace, sources: Sequence[Source]) -> LogSnapshot:
    """Bring the published coding into the log, and read what counts now."""
    codebook = load_codebook(workspace)
    keep_revision(workspace, codebook)  # decisions and suggestions carry its hash
    with open_log(workspace) as log:
        log.record(published_decisions(workspace, codebook, sources=[source.id for source in sources]))
        decisions, marks, head = log.current(), log.marks(), log.head()
    changes = load_recoding(workspace)
    if changes:
        decisions, head = recoded(decisions, changes, codebook), f"{head} {digest([asdict(one) for one in changes])}"
    return LogSnapshot(decisions, marks, head)


def judge(
    stages: Stages, sources: Sequence[Source], results: Sequence[SourceResult], *, include_proposed: bool,
    logged: LogSnapshot | None = None,
) -> MergedReview:  # fmt: skip
    """Merge everything that people and machine said. One text is held at a time."""
    from annotations.agreement.team_coding import counting_for_studies

    workspace, lazy = stages.workspace, LazyDocuments(stages)
    logged = logged or read_log(workspace, sources)
    codebook = load_codebook(workspace)
    sources = counted(sources, load_links(workspace, sources))
    documents, proposals = lazy.texts(results), lazy.suggestions(results)
    decisions = anchored_all(logged.decisions, documents)
    marks = anchored_all(logged.marks, documents)
    assignment = Assignment(workspace.review.coding)
    counting = counting_for_studies(decisions, marks, documents, assignment=assignment, themes=codebook.codes)
    spill = Spill(workspace.root)
    cells = merge_cells(
        sources, decisions, proposals, documents, codebook, include_proposed=include_proposed, standing=counting,
        keep=spill.put,
    )  # fmt: skip
    return MergedReview(sources, codebook, decisions, cells, logged.head, documents, proposals, marks, counting, spill)


def merged(workspace: Workspace, *, include_proposed: bool) -> MergedReview:
    """The matrix from what is stored."""
    sources = load_sources(workspace)
    with Stages(workspace) as stages:
        return judge(stages, sources, stored_sources(stages, sources), include_proposed=include_proposed)


def patterns_of(
    workspace: Workspace, judged: MergedReview, cells: Sequence[Cell], sources: Sequence[Source], *, view: View,
    standing: Standing | None = None,
) -> Patterns:  # fmt: skip
    """What comes back across `sources`, which may be a part of the review, as may `cells`."""
    return find_patterns(
        cells,
        sources,
        judged.codebook,
        PatternMaterial(judged.decisions, judged.marks, judged.documents, judged.proposals),
        view=view,
        standing=standing,
        namings=read_namings(workspace.root / SUBTHEMES, judged.codebook),
        programmes=load_programmes(workspace),
        keep=judged.spill.put if judged.spill else tuple,
    )


def coded_sources(workspace: Workspace, sources: Sequence[Source]) -> set[str]:
    """Sources that people, or the publication, have coded."""
    ticks = published_decisions(workspace, load_codebook(workspace), sources=[source.id for source in sources])
    with open_log(workspace) as log:
        return {decision.source_id for decision in (*ticks, *log.current())}
