"""From what the stages stored to the results of a run.

A run whose inputs are those of the latest one has the same results, so it points there and writes nothing.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from corpus.registry.edition_links import load_links
from corpus.registry.registry_file import load_sources
from corpus.registry.screening import load_criteria, screen_all
from corpus.registry.sources import Source
from corpus.workspace import VERSION, Workspace
from pipeline.document_record import DocumentRecord
from pipeline.link_duplicates import settle_duplicates
from pipeline.merged_review import MergedReview, coded_sources, judge, patterns_of, read_log, stored_studies
from pipeline.model_notice import model_news
from pipeline.outcomes import save_outcomes
from pipeline.runs.facts import run_facts
from pipeline.runs.folder import new_folder, write_folder
from pipeline.runs.inputs import HASHED, run_inputs, same_as_latest
from pipeline.runs.summary import RunResult
from pipeline.stages import SourceResult, Stages
from synthesis.audit.audit import Audit, audit
from synthesis.audit.claims import load_claims
from synthesis.matrix.views import unfolded
from synthesis.result import DocumentSummary, ModelFacts, ReviewResult
from synthesis.statistics.frequency import Frequency, frequencies

if TYPE_CHECKING:
    from annotations.agreement.intercoder_agreement import Agreement

# Versions worth knowing when two runs differ.
_LIBRARIES = ("pypdfium2", "pdfplumber", "spacy", "scikit-learn", "pandas", "prefect")


def finish(
    stages: Stages, sources: Sequence[Source], studied: Sequence[SourceResult], *, include_proposed: bool
) -> RunResult:
    """Merge, and write every result of the review unless the latest run had the same inputs."""
    workspace, started = stages.workspace, time.monotonic()
    save_outcomes(workspace, [done.outcome for done in studied])
    twins = settle_duplicates(workspace, sources, studied, judged=coded_sources(workspace, sources))
    logged, seconds = read_log(workspace, sources), _seconds(studied)
    inputs = run_inputs(workspace, sources, studied, logged.head, include_proposed=include_proposed)
    outcomes, editions = [done.outcome for done in studied], load_links(workspace, sources).editions
    news = model_news(workspace, studied)
    latest = same_as_latest(workspace, inputs)
    if latest is not None:
        folder, record = latest
        return RunResult(
            folder=folder,
            unchanged=True,
            counts=record["counts"],
            frequencies=[Frequency(**one) for one in record["frequencies"]],
            verdicts=record["audit"],
            seconds=sum(seconds.values()),
            outcomes=outcomes,
            editions=editions,
            twins=twins,
            model=news,
        )
    stages.forget_model()
    judged = judge(workspace, sources, studied, include_proposed=include_proposed, logged=logged)
    facts = _facts(workspace, judged)
    folder = new_folder(workspace, inputs)
    result = _result(stages, studied, judged, facts, include_proposed=include_proposed, run_id=folder.name)
    from pipeline.runs.changes import changes_since_latest

    changes = changes_since_latest(workspace, result, inputs, studied)
    hashes = {key: str(inputs[key]) for key in HASHED}
    result = replace(result, timings=seconds, changes=changes, run=run_facts(studied), hashes=hashes)
    seconds["results"] = time.monotonic() - started
    run = RunResult(
        folder=folder,
        unchanged=False,
        counts=_counts(studied, judged),
        frequencies=frequencies(judged.cells, "merged", themes=judged.codebook.columns),
        verdicts=dict(facts.audit.verdicts) if facts.audit else {},
        seconds=sum(seconds.values()),
        outcomes=outcomes,
        editions=editions,
        twins=twins,
        model=news,
        changes=changes,
    )
    write_folder(workspace, run, result, inputs, studied, seconds)
    return run


def stored_result(stages: Stages, *, include_proposed: bool = False) -> ReviewResult:
    """The review as it stands, from what is stored, for files outside `out/`."""
    sources = load_sources(stages.workspace)
    studied = stored_studies(stages, sources)
    judged = judge(stages.workspace, sources, studied, include_proposed=include_proposed)
    facts = _facts(stages.workspace, judged)
    return _result(stages, studied, judged, facts, include_proposed=include_proposed, run_id="export")


def _result(
    stages: Stages,
    studied: Sequence[SourceResult],
    judged: MergedReview,
    facts: _Facts,
    *,
    include_proposed: bool,
    run_id: str,
) -> ReviewResult:
    """Everything about the review that its report, workbook and tables tell."""
    from pipeline.evidence_images import evidence_pictures  # as below: a run without news does without NumPy and pdfium

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
        outcomes=[done.outcome for done in studied],
        holdings=list(stages.holdings),
        documents=[_summary(done.outcome.source_id, done.reading) for done in studied if done.reading],
        decisions=Counter(decision.role for decision in judged.decisions),
        model=_model_facts(stages, studied),
        audit=facts.audit,
        pictures=evidence_pictures(workspace, judged.cells),
        pdf_links={done.reading.sha256: f"../../pdfs/{done.reading.sha256}.pdf" for done in studied if done.reading},
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
    from annotations.agreement.ratings import passage_ratings, study_ratings

    codes = judged.codebook.codes
    ids = [source.id for source in judged.sources]
    found = []
    for ratings in (
        passage_ratings(judged.decisions, judged.marks, judged.documents, themes=codes),
        study_ratings(judged.decisions, judged.marks, sources=ids, themes=codes),
    ):
        if pairs(ratings):
            found += [one for scale in SCALES for one in agreements(ratings, scale=scale)]
    return found


@dataclass(frozen=True, slots=True)
class _Facts:
    screenings: Sequence[Any]
    criteria: Mapping[str, str]
    audit: Audit | None


def _facts(workspace: Workspace, judged: MergedReview) -> _Facts:
    criteria = load_criteria(workspace)
    screenings = screen_all(judged.sources, criteria)
    claims = load_claims(workspace, judged.codebook)
    verdicts = {screening.source_id: screening.verdict for screening in screenings}
    found = audit(claims, judged.cells, judged.sources, judged.codebook, screening=verdicts) if claims else None
    return _Facts(screenings, {criterion.id: criterion.statement for criterion in criteria}, found)


def _summary(source_id: str, reading: DocumentRecord) -> DocumentSummary:
    return DocumentSummary(
        source_id, reading.state, reading.pages, reading.passages, reading.suggestions, reading.failure or reading.note
    )


def _model_facts(stages: Stages, studied: Sequence[SourceResult]) -> ModelFacts | None:
    if not any(done.is_coded for done in studied):
        return None
    card, aim = stages.card, stages.workspace.review.models.aim
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
        stages.coding_id,
        quality,
        f"Measured on {card.passages:,} labelled passages of {card.groups} documents, each scored by a model that had "
        f"not seen its document ({card.folds} rounds).",
    )


def _counts(studied: Sequence[SourceResult], judged: MergedReview) -> dict[str, int]:
    had = {done.outcome.source_id: done.reading for done in studied if done.reading and done.is_coded}
    return {
        "sources": len(studied),
        "held": sum(bool(done.outcome.sha256) for done in studied),
        "read": len(had),
        "pages": sum(reading.pages for reading in had.values()),
        "passages": sum(reading.passages for reading in had.values()),
        "suggestions": sum(reading.suggestions for reading in had.values()),
        "decisions": sum(decision.role != "published" for decision in judged.decisions),
        "orphaned": sum(
            bool(decision.anchor and not decision.anchor.passage_id and decision.source_id in had)
            for decision in judged.decisions
        ),
        "conflicts": sum(cell.conflict for cell in judged.cells),
        "disputed": sum(cell.disputed for cell in judged.cells),
    }


def _seconds(studied: Sequence[SourceResult]) -> dict[str, float]:
    """Per stage, summed over the sources: they run side by side, so a run takes less."""
    total: defaultdict[str, float] = defaultdict(float)
    for done in studied:
        for stage, seconds in done.seconds.items():
            total[stage] += seconds
    return dict(total)


def _versions() -> dict[str, str]:
    return {"Jaiza": VERSION, **{library: version(library) for library in _LIBRARIES}}
