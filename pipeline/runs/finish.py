"""The end of a run: its results written, unless the latest run had the same inputs and so has them already."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotations.standing import StandingLog
from corpus.json_table import JsonTable
from corpus.outcome import Outcome
from corpus.registry.edition_links import load_links
from corpus.registry.sources import Source
from pipeline.documents.source_result import SourceResult
from pipeline.documents.stages import Stages
from pipeline.merged_review import LogSnapshot, MergedReview, calibrate, coded_sources, judge, read_log, standing_now
from pipeline.outcomes import save_outcomes
from pipeline.runs.facts import run_facts
from pipeline.runs.inputs import HASHED, run_inputs, same_as_latest
from pipeline.runs.link_duplicates import settle_duplicates
from pipeline.runs.model_notice import missing_encoder, model_news, without_examples
from pipeline.runs.summary import RunResult
from synthesis.statistics.frequency import Frequency, frequencies

if TYPE_CHECKING:
    from corpus.registry.duplicates import DuplicatePair
    from models.suggestion import DocumentSuggestions

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Processed:
    """What a run knows once all its sources are settled, before any result is made."""

    results: Sequence[SourceResult]
    outcomes: Sequence[Outcome]
    logged: LogSnapshot
    ask_now: Callable[[], StandingLog]  # what counts of it; made once, where it is needed
    inputs: JsonTable  # what the results depend on, see `run_inputs`
    editions: Mapping[str, str]  # source -> the one that is counted for it
    duplicates: Sequence[DuplicatePair]  # pairs that look like one work, found now
    model: str  # what there is to say about the model
    examples: str  # which themes have too few example passages
    seconds: Mapping[str, float]  # per stage, summed over the sources: they run side by side, so a run takes less


def finish(
    stages: Stages,
    sources: Sequence[Source],
    results: Sequence[SourceResult],
    *,
    include_proposed: bool,
    before_making: Callable[[], None] = lambda: None,
) -> RunResult:
    """Merge, and write every result of the review unless the latest run had the same inputs.

    `before_making` is called where results have to be made, which takes seconds.
    """
    started = time.monotonic()
    processed = _settle(stages, sources, results, include_proposed=include_proposed)
    latest = same_as_latest(stages.workspace, processed.inputs)
    if latest is not None:
        _log.debug("the inputs are those of %s", latest[0].name)
        return _point_to_latest(processed, *latest)
    before_making()
    return _make_results(stages, sources, processed, include_proposed=include_proposed, started=started)


def _settle(
    stages: Stages, sources: Sequence[Source], results: Sequence[SourceResult], *, include_proposed: bool
) -> _Processed:
    workspace = stages.workspace
    outcomes = [one.outcome for one in results]
    save_outcomes(workspace, outcomes)
    duplicates = settle_duplicates(workspace, sources, results, judged=coded_sources(workspace, sources))
    logged = read_log(stages, sources, results)
    ask_now = cache(partial(standing_now, stages, sources, results, logged))
    calibration = calibrate(stages, sources, results, logged, ask_now)
    return _Processed(
        results=results,
        outcomes=outcomes,
        logged=logged,
        ask_now=ask_now,
        inputs=run_inputs(
            workspace,
            sources,
            results,
            logged.head,
            include_proposed=include_proposed,
            events=logged.events,
            calibration=calibration.key if calibration else "",
        ),
        editions=load_links(workspace, sources).editions,
        duplicates=duplicates,
        model=model_news(workspace, results),
        examples=without_examples(workspace),
        seconds=_sum_seconds(results),
    )


def _point_to_latest(processed: _Processed, folder: Path, record: JsonTable) -> RunResult:
    return RunResult(
        folder=folder,
        unchanged=True,
        counts=record["counts"],
        frequencies=[Frequency(**one) for one in record["frequencies"]],
        verdicts=record["audit"],
        seconds=sum(processed.seconds.values()),
        outcomes=processed.outcomes,
        editions=processed.editions,
        duplicates=processed.duplicates,
        model=processed.model,
        examples=processed.examples,
        encoder=missing_encoder(),
        reopened=[(one["study"], one["coder"], one["news"]) for one in record.get("reopened", [])],
    )


def _make_results(
    stages: Stages, sources: Sequence[Source], processed: _Processed, *, include_proposed: bool, started: float
) -> RunResult:
    from pipeline.runs.changes import changes_since_latest  # these load NumPy, pandas and pdfium
    from pipeline.runs.folder import new_folder, write_folder
    from pipeline.runs.review_result import audit_review, build_result

    workspace, results, inputs = stages.workspace, processed.results, processed.inputs
    stages.model.forget()
    judged = judge(
        stages, sources, results, include_proposed=include_proposed, logged=processed.logged, ask_now=processed.ask_now
    )
    results = with_shown_counts(results, judged.proposals)
    facts = audit_review(workspace, judged)
    folder = new_folder(workspace, inputs)
    result = build_result(stages, results, judged, facts, include_proposed=include_proposed, run_id=folder.name)
    changes = changes_since_latest(workspace, result, inputs, results)
    hashes = {key: str(inputs[key]) for key in HASHED}
    seconds = {**processed.seconds, "results": time.monotonic() - started}
    result = replace(result, timings=seconds, changes=changes, run=run_facts(results), hashes=hashes)
    run = RunResult(
        folder=folder,
        unchanged=False,
        counts=_count(results, judged),
        frequencies=frequencies(judged.cells, "merged", themes=judged.codebook.columns),
        verdicts=dict(facts.audit.verdicts) if facts.audit else {},
        seconds=sum(seconds.values()),
        outcomes=processed.outcomes,
        editions=processed.editions,
        duplicates=processed.duplicates,
        model=processed.model,
        examples=processed.examples,
        encoder=missing_encoder(),
        reopened=judged.reopened,
        changes=changes,
    )
    write_folder(workspace, run, result, inputs, results, seconds)
    return run


def with_shown_counts(
    results: Sequence[SourceResult], proposals: Mapping[str, DocumentSuggestions]
) -> list[SourceResult]:
    """The results with how many suggestions are shown now: that follows the thresholds of the review."""
    return [
        replace(one, reading=replace(one.reading, suggestions=len(proposals[one.outcome.source_id].suggestions)))
        if one.reading and one.outcome.source_id in proposals
        else one
        for one in results
    ]


def _count(results: Sequence[SourceResult], judged: MergedReview) -> dict[str, int]:
    had = {done.outcome.source_id: done.reading for done in results if done.reading and done.is_coded}
    return {
        "sources": len(results),
        "held": sum(bool(done.outcome.sha256) for done in results),
        "read": len(had),
        "pages": sum(reading.pages for reading in had.values()),
        "passages": sum(reading.passages for reading in had.values()),
        "suggestions": sum(reading.suggestions for reading in had.values()),
        "decisions": sum(decision.role != "published" for decision in judged.decisions),
        "orphaned": sum(
            bool(decision.anchor and decision.anchor.orphaned and decision.source_id in had)
            for decision in judged.decisions
        ),
        "conflicts": sum(cell.conflict for cell in judged.cells),
        "disputed": sum(cell.disputed for cell in judged.cells),
    }


def _sum_seconds(results: Sequence[SourceResult]) -> dict[str, float]:
    total: defaultdict[str, float] = defaultdict(float)
    for done in results:
        for stage, seconds in done.seconds.items():
            total[stage] += seconds
    return dict(total)
