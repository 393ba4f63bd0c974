"""The flow of studies through a review, after the PRISMA 2020 statement (Page et al. 2021, BMJ 372:n71).

Every number is counted from the registry, the screening, the store and the matrix. What nobody recorded, such as the
databases searched, is said to be not recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.registry.screening import flow_counts
from synthesis.humanize import counted
from synthesis.result import ReviewResult

Stage = Literal["Identification", "Screening", "Included"]


@dataclass(frozen=True, slots=True)
class FlowBox:
    """One box of the diagram, with what leaves the flow beside it."""

    stage: Stage
    title: str
    count: int
    lines: tuple[str, ...] = ()  # below the title
    beside: str = ""  # title of the box beside it; empty: there is none
    beside_count: int = 0
    beside_lines: tuple[str, ...] = ()  # reasons


def prisma(result: ReviewResult) -> tuple[FlowBox, ...]:
    """The boxes from top to bottom."""
    flow = flow_counts(result.screenings)
    total = len(result.sources)
    outcomes = {one.source_id: one for one in result.outcomes}
    read = {one.source_id for one in result.documents if one.state in ("read", "partial")}
    had = {one.source_id for one in result.holdings} | {one.source_id for one in result.documents}
    missing = [source.id for source in result.sources if source.id not in had]
    unread = [source.id for source in result.sources if source.id in had and source.id not in read]
    reasons = {
        key: result.criteria.get(key, "A person’s judgement" if key == "judgement" else key) for key in flow.not_met
    }
    judged = {cell.source_id for cell in result.cells if cell.merged is not None}
    duplicates = flow.not_met.get("duplicate", ())
    return (
        FlowBox(
            "Identification",
            "Records in the registry",
            total,
            (f"{counted(len(flow.identified), 'work')} identified", "Databases and search strings: not recorded"),
            beside="Of which not identified",
            beside_count=total - len(flow.identified),
            beside_lines=(f"Duplicates of another record: {len(duplicates)}",),
        ),
        FlowBox(
            "Screening",
            "Records screened",
            total - len(flow.not_screened),
            (f"{len(flow.passed)} pass, {len(flow.doubtful)} are doubtful",),
            beside="Records that fail a criterion",
            beside_count=len(flow.failed),
            beside_lines=(
                *(f"{reasons[key].rstrip('.')}: {len(ids)}" for key, ids in flow.not_met.items()),
                "They stay in the matrix, marked",
            ),
        ),
        FlowBox(
            "Screening",
            "Reports sought for retrieval",
            total,
            beside="Reports not retrieved",
            beside_count=len(missing),
            beside_lines=_states([outcomes[key].state for key in missing if key in outcomes]),
        ),
        FlowBox(
            "Screening",
            "Reports read",
            len(read),
            (f"{counted(sum(one.passages for one in result.documents if one.source_id in read), 'passage')}",),
            beside="Reports that could not be read",
            beside_count=len(unread),
            beside_lines=_states([one.state for one in result.documents if one.source_id in unread]),
        ),
        FlowBox(
            "Included",
            "Studies in the matrix",
            total,
            (
                f"{len(judged)} with a known value",
                f"{len(judged & read)} of them with a text that was read",
            ),
        ),
    )


def _states(states: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{state}: {number}" for state, number in Counter(states).most_common())
