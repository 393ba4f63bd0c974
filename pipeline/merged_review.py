"""Everything that people and machine said about a review, merged from what the stages stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache, partial

from annotations.agreement.assignment import Assignment
from annotations.codebook_changes import JudgedThemes, load_recoding
from annotations.decision import Code, Decision, Mark
from annotations.decisions_csv import published_decisions
from annotations.independence import independent
from annotations.log.open_log import open_log
from annotations.log.texts import text_events
from annotations.progress.trust import WIDTH, ReviewTrust, trust_in_review
from annotations.standing import StandingLog, reopened, standing
from corpus.digest import digest
from corpus.registry.edition_links import counted, load_links
from corpus.registry.registry_file import load_sources
from corpus.registry.sources import Source
from corpus.workspace import CodingSettings, Workspace
from extract.document import Document
from models.codebook.codebook import Codebook, load_codebook
from models.codebook.revisions import keep_revision
from models.suggest.review_calibration import ReviewCalibration
from models.suggestion import DocumentSuggestions
from pipeline.documents.calibration import calibration_key, make_calibration
from pipeline.documents.source_result import SourceResult
from pipeline.documents.stages import Stages
from pipeline.documents.stored_sources import stored_sources
from pipeline.lazy_documents import LazyDocuments
from pipeline.screening.screening_state import sources_to_read
from pipeline.text_history import files_read, note_texts, open_assignment, themes_judged
from synthesis.matrix.cell import Cell, View
from synthesis.matrix.coding import Standing
from synthesis.matrix.merge import merge_cells
from synthesis.matrix.spill import Spill
from synthesis.patterns.patterns import PatternMaterial, Patterns, find_patterns
from synthesis.patterns.subthemes import FILE as SUBTHEMES
from synthesis.patterns.subthemes import Naming, read_namings
from synthesis.runs.event_counts import EventCounts, event_counts
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
    independent: StandingLog | None = None  # what each coder had said before a study was revealed to them
    judged_themes: JudgedThemes | None = None  # which of today's themes could be given under which revision
    assignment: Assignment | None = None
    reopened: Sequence[tuple[str, str, str]] = ()  # study, coder, what came since the coder was done with it

    def trust(self, ranks: Sequence[str] = (), *, width: float = WIDTH) -> ReviewTrust:
        """What can be trusted in the review; `ranks` are themes whose scores are no probabilities."""
        return trust_in_review(
            self.decisions,
            self.marks,
            self.documents,
            self.proposals,
            assignment=self.assignment or Assignment(CodingSettings()),
            themes=self.judged_themes or JudgedThemes(self.codebook.codes),
            ranks=ranks,
            width=width,
        )

    def merged_for(self, codebook: Codebook, *, include_proposed: bool) -> Sequence[Cell]:
        """The cells once more, with the columns of another folding of the codebook, and without their evidence."""
        return merge_cells(
            self.sources,
            self.decisions,
            self.proposals,
            self.documents,
            codebook,
            include_proposed=include_proposed,
            standing=self.standing,
            keep=None,
        )


@dataclass(frozen=True, slots=True)
class LogSnapshot:
    """What the decision log says now, the published coding included."""

    decisions: Sequence[Decision]
    marks: Sequence[Mark]
    head: str  # changes whenever the log does
    codes: Sequence[Code]  # of one's own
    independent: tuple[Sequence[Decision], Sequence[Mark]]  # what counts of what was said before studies were revealed
    assignment: Assignment
    events: EventCounts  # of each source, how many there are of each kind: see `run_changes`


def read_log(stages: Stages, sources: Sequence[Source], results: Sequence[SourceResult]) -> LogSnapshot:
    """Bring the published coding and what became of the texts into the log, and read what counts now."""
    workspace = stages.workspace
    codebook = load_codebook(workspace)
    keep_revision(workspace, codebook)  # decisions and suggestions carry its hash
    with open_log(workspace) as log:
        log.record(published_decisions(workspace, codebook, sources=[source.id for source in sources]))
        note_texts(workspace, log, files_read(results), LazyDocuments(stages).texts(results))
        assignment, texts, held = open_assignment(workspace, log), text_events(log), log.contents()
    head = held.head
    changes = load_recoding(workspace)
    if changes:
        head = f"{head} {digest([asdict(one) for one in changes])}"
    coding = workspace.review.coding
    counts = event_counts(
        (entry.what for entry in held.entries),
        texts,
        codebook=codebook,
        changes=changes,
        given_out=bool(coding.coders) and coding.unit == "passage",
    )
    return LogSnapshot(held.decisions, held.marks, head, held.codes, independent(held.entries), assignment, counts)


def judge(
    stages: Stages,
    sources: Sequence[Source],
    results: Sequence[SourceResult],
    *,
    include_proposed: bool,
    logged: LogSnapshot | None = None,
    ask_now: Callable[[], StandingLog] | None = None,
) -> MergedReview:
    """Merge everything that people and machine said. One text is held at a time.

    `logged` is what the log says, where it was read already, and `ask_now` gives what `standing_now` makes of it.
    """
    from annotations.agreement.team_coding import counting_for_studies

    workspace, lazy = stages.workspace, LazyDocuments(stages)
    logged = logged or read_log(stages, sources, results)
    ask_now = ask_now or cache(partial(standing_now, stages, sources, results, logged))
    calibrate(stages, sources, results, logged, ask_now)
    now = ask_now()
    codebook = load_codebook(workspace)
    sources = counted(sources, load_links(workspace, sources))
    documents, proposals = lazy.texts(results), lazy.suggestions(results)
    judged_then = themes_judged(workspace, codebook)
    counting = counting_for_studies(
        now.decisions,
        now.marks,
        documents,
        assignment=logged.assignment,
        themes=codebook.codes,
        judged_themes=judged_then,
    )
    spill = Spill(workspace.root)
    cells = merge_cells(
        sources,
        now.decisions,
        proposals,
        documents,
        codebook,
        include_proposed=include_proposed,
        standing=counting,
        keep=spill.put,
    )
    return MergedReview(
        sources=sources,
        codebook=codebook,
        decisions=now.decisions,
        cells=cells,
        log_head=logged.head,
        documents=documents,
        proposals=proposals,
        marks=now.marks,
        standing=counting,
        spill=spill,
        independent=standing_now(stages, sources, results, logged, independently=True) if _is_revealed(logged) else now,
        judged_themes=judged_then,
        assignment=logged.assignment,
        reopened=list(reopened(now, documents, logged.assignment, codebook, judged_then.changes)),
    )


def standing_now(
    stages: Stages,
    sources: Sequence[Source],
    results: Sequence[SourceResult],
    logged: LogSnapshot,
    *,
    independently: bool = False,
) -> StandingLog:
    """What counts of all that was said of the sources that are counted, anchored in their texts; `independently`: of
    what was said before a study was revealed."""
    workspace = stages.workspace
    here = {source.id for source in counted(sources, load_links(workspace, sources))}
    decisions, marks = logged.independent if independently else (logged.decisions, logged.marks)
    return standing(
        [decision for decision in decisions if decision.source_id in here],
        marks,
        logged.codes,
        LazyDocuments(stages).texts(results),
        codebook=load_codebook(workspace),
        changes=load_recoding(workspace),
        assignment=logged.assignment,
    )


def calibrate(
    stages: Stages,
    sources: Sequence[Source],
    results: Sequence[SourceResult],
    logged: LogSnapshot,
    ask_now: Callable[[], StandingLog],
) -> ReviewCalibration | None:
    """What the texts and the decisions so far say of the machine's scores, made anew where something is new.

    From here on suggestions are shown by it. None where nothing was coded. `ask_now` gives what `standing_now`
    makes, which takes all texts: it is asked where the calibration is made anew.
    """
    workspace, kept = stages.workspace, LazyDocuments(stages).kept_suggestions(results)
    if not kept:
        return None
    texts = [(one.reading.sha256, one.reading.extractor) for one in results if one.reading and one.is_coded]
    key = calibration_key(stages.model.coding_id, texts, logged.head, load_codebook(workspace).revision)
    found = stages.calibration
    if found is None or found.key != key:
        here = {source.id for source in counted(sources, load_links(workspace, sources))}
        proposals = ((source_id, kept[source_id]) for source_id in kept if source_id in here)
        found = make_calibration(workspace, key, stages.model, proposals, ask_now())
        if found:
            stages.use_calibration(found)
    return found


def _is_revealed(logged: LogSnapshot) -> bool:
    """Was a study revealed to its coders? Otherwise all that was said is independent."""
    return any(mark.kind == "revealed" for mark in logged.marks)


def merged(workspace: Workspace, *, include_proposed: bool) -> MergedReview:
    """The matrix from what is stored."""
    sources = sources_to_read(workspace, load_sources(workspace))
    with Stages(workspace) as stages:
        return judge(stages, sources, stored_sources(stages, sources), include_proposed=include_proposed)


def patterns_of(
    workspace: Workspace,
    judged: MergedReview,
    cells: Sequence[Cell],
    sources: Sequence[Source],
    *,
    view: View,
    standing: Standing | None = None,
) -> Patterns:
    """What comes back across `sources`, which may be a part of the review, as may `cells`."""
    return find_patterns(
        cells,
        sources,
        judged.codebook,
        PatternMaterial(judged.decisions, judged.marks, judged.documents, judged.proposals),
        view=view,
        standing=standing,
        namings=_as_named_now(read_namings(workspace.root / SUBTHEMES, judged.codebook), judged.assignment),
        programmes=load_programmes(workspace),
        keep=judged.spill.put if judged.spill else tuple,
    )


def _as_named_now(namings: Sequence[Naming], assignment: Assignment | None) -> list[Naming]:
    """Names of sub-themes that were given when passages were named by the bytes of their file."""
    now = {unit: passage for (_, passage), unit in (assignment.drawn_as if assignment else {}).items()}
    return [replace(one, like=tuple(now.get(key, key) for key in one.like)) for one in namings]


def coded_sources(workspace: Workspace, sources: Sequence[Source]) -> set[str]:
    """Sources that people, or the publication, have coded."""
    ticks = published_decisions(workspace, load_codebook(workspace), sources=[source.id for source in sources])
    with open_log(workspace) as log:
        return {decision.source_id for decision in (*ticks, *log.current())}
