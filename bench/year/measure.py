"""The figures of a review as Jaiza works them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from annotations.agreement.assignment import Assignment
from annotations.agreement.intercoder_agreement import agreements
from annotations.agreement.ratings import coder_ratings
from bench.year.figures import BLIND, Figures, Key
from corpus.workspace import Workspace
from pipeline.learning.retrain import learn_from_decisions
from pipeline.merged_review import MergedReview
from review.context import ReviewContext
from synthesis.runs.run_changes import Changes
from synthesis.statistics.frequency import frequencies

if TYPE_CHECKING:
    from annotations.standing import StandingLog


def figures_of(
    workspace: Workspace, judged: MergedReview, changes: Changes | None, context: ReviewContext | None
) -> Figures:
    """The figures as Jaiza works them out."""
    assert judged.assignment
    texts = {source: {p.id: p.text for p in document.passages} for source, document in judged.documents.items()}
    return Figures(
        cells={(c.source_id, c.theme): (c.human, c.basis, c.disputed) for c in judged.cells},
        counts={
            (one.theme,): (one.present, one.known)
            for one in frequencies(judged.cells, "human", themes=judged.codebook.columns)
        },
        agreement=_agreement(judged),
        labels=_labels(workspace, judged),
        draw=_draw(judged, judged.assignment, texts),
        news={(study, coder): news for study, coder, news in judged.reopened},
        why={(row.source, row.theme): row.why for row in changes.of("cell")} if changes else {},
        page=_page(judged, context),
    )


def _agreement(judged: MergedReview) -> dict[Key, object]:
    said: StandingLog | None = judged.independent
    assert said
    passages, _ = coder_ratings(
        said,
        sources=[source.id for source in judged.sources],
        themes=judged.codebook.codes,
        documents=judged.documents,
        assignment=judged.assignment,
        judged_themes=judged.judged_themes,
    )
    if len(passages.raters) < 2:
        return {}
    found: dict[Key, object] = {}
    for one in agreements(passages, scale="presence", draws=0):
        found[one.theme, "units"] = one.units
        for name, estimate in one.coefficients.items():
            found[one.theme, name] = None if estimate.value is None else round(estimate.value, 9)
    return found


def _labels(workspace: Workspace, judged: MergedReview) -> dict[Key, object]:
    learned = learn_from_decisions(workspace, judged.codebook)
    return {
        (one.group.removeprefix("study:"), one.text): (tuple(sorted(one.labels.items())), tuple(sorted(one.unknown)))
        for one in learned.passages
    } | {("", "disputed"): learned.disputed}


def _draw(judged: MergedReview, assignment: Assignment, texts: Mapping[str, Mapping[str, str]]) -> dict[Key, object]:
    drawn = replace(assignment, settings=replace(assignment.settings, blind_share=BLIND))
    return {
        (source, text, key.partition("-")[2] or "1"): (drawn.coders_of(source, key), drawn.shows_machine(source, key))
        for source, own in texts.items()
        for key, text in own.items()
    }


def _page(judged: MergedReview, context: ReviewContext | None) -> dict[Key, object]:
    if context is None:
        return {}
    return {
        (cell.source_id, cell.theme): (cell.human, cell.basis, cell.disputed)
        for source in judged.sources
        for cell in context.cells(source.id)
    }
