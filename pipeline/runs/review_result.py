"""Everything about a review that its report, workbook and tables tell, from what the stages stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from corpus.registry.registry_file import load_sources
from corpus.registry.screening import Screening, load_criteria, screen_all
from corpus.workspace import VERSION, Workspace
from models.registry.model_card import ModelCard
from models.registry.promotion import history
from models.registry.training_record import own_passages
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.source_result import SourceResult
from pipeline.documents.stages import Stages
from pipeline.documents.stored_sources import stored_sources
from pipeline.merged_review import MergedReview, judge, patterns_of
from pipeline.runs.evidence_images import evidence_pictures
from pipeline.screening.prisma_numbers import read_flow
from pipeline.screening.screening_state import sources_to_read
from synthesis.audit.audit import Audit, audit
from synthesis.audit.claims import load_claims
from synthesis.humanize import listed
from synthesis.matrix.views import unfolded
from synthesis.result import DocumentSummary, ModelFacts, ReviewResult
from synthesis.statistics.frequency import frequencies
from synthesis.statistics.machine_use import MachineUse, count_answers

if TYPE_CHECKING:
    from annotations.agreement.intercoder_agreement import Agreement

# Versions worth knowing when two runs differ.
_LIBRARIES = ("pypdfium2", "pdfplumber", "spacy", "scikit-learn", "pandas", "prefect")


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """The review held against its inclusion criteria and the claims of its publication."""

    screenings: Sequence[Screening]
    criteria: Mapping[str, str]  # id -> statement
    audit: Audit | None  # None where there are no claims


def stored_result(stages: Stages, *, include_proposed: bool = False) -> ReviewResult:
    """The review as it stands, from what is stored, for files outside `out/`."""
    sources = sources_to_read(stages.workspace, load_sources(stages.workspace))
    results = stored_sources(stages, sources)
    judged = judge(stages, sources, results, include_proposed=include_proposed)
    facts = audit_review(stages.workspace, judged)
    return build_result(stages, results, judged, facts, include_proposed=include_proposed, run_id="export")


def build_result(
    stages: Stages,
    results: Sequence[SourceResult],
    judged: MergedReview,
    facts: AuditFacts,
    *,
    include_proposed: bool,
    run_id: str,
) -> ReviewResult:
    """Everything about the review that its report, workbook and tables tell."""
    workspace = stages.workspace
    return ReviewResult(
        title=workspace.review.title,
        run_id=run_id,
        generated=datetime.now(UTC).isoformat(timespec="seconds"),
        codebook=judged.codebook,
        sources=judged.sources,
        cells=judged.cells,
        sample=workspace.review.sample,
        include_proposed=include_proposed,
        screenings=facts.screenings,
        criteria=facts.criteria,
        outcomes=[done.outcome for done in results],
        holdings=list(stages.holdings),
        documents=[_summary(done.outcome.source_id, done.reading) for done in results if done.reading],
        decisions=Counter(decision.role for decision in judged.decisions),
        model=_model_facts(stages, results),
        screening=read_flow(workspace),
        trust=judged.trust(_ranked(stages)) if any(done.is_coded for done in results) else None,
        machine_use=_machine_use(stages, results, judged),
        audit=facts.audit,
        pictures=evidence_pictures(workspace, judged.cells),
        pdf_links={done.reading.sha256: f"../../pdfs/{done.reading.sha256}.pdf" for done in results if done.reading},
        versions=_versions(),
        patterns=patterns_of(workspace, judged, judged.cells, judged.sources, view="merged"),
        every_theme=frequencies(
            judged.merged_for(unfolded(judged.codebook), include_proposed=include_proposed), "merged"
        ),
        agreement=_agreement(judged),
        coders=sorted({decision.coder for decision in judged.decisions if decision.role != "published"}),
    )


def _agreement(judged: MergedReview) -> list[Agreement]:
    """Of coders on the same passages, and on the same studies; empty where no two judged the same."""
    from annotations.agreement.intercoder_agreement import SCALES, agreements, pairs
    from annotations.agreement.ratings import coder_ratings

    found = []
    for ratings in coder_ratings(
        judged.independent or judged,
        sources=[source.id for source in judged.sources],
        themes=judged.codebook.codes,
        documents=judged.documents,
        assignment=judged.assignment,
        judged_themes=judged.judged_themes,
    ):
        if pairs(ratings):
            found += [one for scale in SCALES for one in agreements(ratings, scale=scale)]
    return found


def audit_review(workspace: Workspace, judged: MergedReview) -> AuditFacts:
    criteria = load_criteria(workspace)
    screenings = screen_all(judged.sources, criteria)
    claims = load_claims(workspace, judged.codebook)
    verdicts = {screening.source_id: screening.verdict for screening in screenings}
    found = audit(claims, judged.cells, judged.sources, judged.codebook, screening=verdicts) if claims else None
    return AuditFacts(screenings, {criterion.id: criterion.statement for criterion in criteria}, found)


def _summary(source_id: str, reading: DocumentRecord) -> DocumentSummary:
    return DocumentSummary(
        source_id, reading.state, reading.pages, reading.passages, reading.suggestions, reading.failure or reading.note
    )


def _model_facts(stages: Stages, results: Sequence[SourceResult]) -> ModelFacts | None:
    if not any(done.is_coded for done in results):
        return None
    card, aim = stages.model.card, stages.workspace.review.models.aim
    quality = {
        theme.code: {
            "precision": (at := theme.proposing(aim)).precision,
            "recall": at.recall,
            "f1": theme.f1 if at is theme.proposed else at.f1,
        }
        for theme in card.themes
        if theme.f1 is not None
    }
    return ModelFacts(
        stages.model.coding_id,
        quality,
        _how_measured(card),
    )


def _how_measured(card: ModelCard) -> str:
    if not card.passages:
        return "Nothing was learned, so nothing could be measured before people decided on suggestions."
    return (
        f"Measured on {card.passages:,} labelled passages of {card.groups} documents, each scored by a model that had "
        f"not seen its document ({card.folds} rounds)."
    )


def _ranked(stages: Stages) -> tuple[str, ...]:
    return tuple(theme.code for theme in stages.model.card.themes if theme.how != "trained")


def _machine_use(stages: Stages, results: Sequence[SourceResult], judged: MergedReview) -> MachineUse | None:
    if not any(done.is_coded for done in results):
        return None
    card, workspace = stages.model.card, stages.workspace
    events = [event for event in history(workspace) if event.model_id == card.model_id]
    return MachineUse(
        model_id=stages.model.coding_id,
        aim=workspace.review.models.aim,
        voices=tuple(dict.fromkeys(voice for stage in card.stages for voice in stage.voices)),
        encoders=listed(card.encoder.split("+")) if card.encoder else "",
        passages=card.passages,
        documents=card.groups,
        own=own_passages(workspace, card.model_id),
        promoted_by=events[-1].by if events else "",
        suggestions=sum(done.reading.suggestions for done in results if done.reading),
        record=count_answers(judged.decisions),
    )


def _versions() -> dict[str, str]:
    return {"Jaiza": VERSION, **{library: version(library) for library in _LIBRARIES}}
