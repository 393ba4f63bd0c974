"""The flow of studies through a review, after the PRISMA 2020 statement (Page et al. 2021, BMJ 372:n71).

Every number is counted from the registry, the screening, the store and the matrix. What nobody recorded, such as the
databases searched, is said to be not recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from annotations.screening.flow import ScreeningFlow
from corpus.registry.screening import FlowCounts, flow_counts
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
    """The boxes from top to bottom: records identified and screened, reports sought and read, studies included."""
    read = {one.source_id for one in result.documents if one.state in ("read", "partial")}
    flow = flow_counts(result.screenings)
    if result.screening:
        return (*screened_boxes(result.screening), _read(result, read), _included(result, read))
    return (
        _identified(result, flow),
        _screened(result, flow),
        _sought(result),
        _read(result, read),
        _included(result, read),
    )


def screened_boxes(flow: ScreeningFlow) -> tuple[FlowBox, ...]:
    """The boxes of a review whose records were screened: identified, screened, sought, and judged by their text."""
    told = [f"{flow.waiting} wait to be screened"] if flow.waiting else []
    told += [f"{flow.conflicts} in dispute"] if flow.conflicts else []
    boxes = [
        FlowBox(
            "Identification",
            "Records identified",
            flow.total_identified,
            tuple(f"{origin}: {number}" for origin, number in flow.identified.items()),
            beside="Records removed before screening",
            beside_count=flow.duplicates,
            beside_lines=(f"Duplicates and other editions: {flow.duplicates}",),
        ),
        FlowBox(
            "Screening",
            "Records screened",
            flow.screened,
            tuple(told),
            beside="Records excluded",
            beside_count=sum(flow.excluded.values()),
            beside_lines=_lines(flow.excluded),
        ),
        FlowBox(
            "Screening",
            "Reports sought for retrieval",
            flow.sought,
            beside="Reports not retrieved",
            beside_count=flow.not_retrieved,
        ),
    ]
    if flow.assessed:
        boxes.append(
            FlowBox(
                "Screening",
                "Reports assessed for eligibility",
                flow.assessed,
                (f"{flow.undecided_reports} retrieved and not yet assessed",) if flow.undecided_reports else (),
                beside="Reports excluded",
                beside_count=sum(flow.excluded_reports.values()),
                beside_lines=_lines(flow.excluded_reports),
            )
        )
    return tuple(boxes)


def _lines(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(f"{reason}: {number}" for reason, number in counts.items())


def _identified(result: ReviewResult, flow: FlowCounts) -> FlowBox:
    total = len(result.sources)
    return FlowBox(
        "Identification",
        "Records in the registry",
        total,
        (f"{counted(len(flow.identified), 'work')} identified", "Databases and search strings: not recorded"),
        beside="Of which not identified",
        beside_count=total - len(flow.identified),
        beside_lines=(f"Duplicates of another record: {len(flow.not_met.get('duplicate', ()))}",),
    )


def _screened(result: ReviewResult, flow: FlowCounts) -> FlowBox:
    reasons = {
        key: result.criteria.get(key, "A person’s judgement" if key == "judgement" else key) for key in flow.not_met
    }
    return FlowBox(
        "Screening",
        "Records screened",
        len(result.sources) - len(flow.not_screened),
        (f"{len(flow.passed)} pass, {len(flow.doubtful)} are doubtful",),
        beside="Records that fail a criterion",
        beside_count=len(flow.failed),
        beside_lines=(
            *(f"{reasons[key].rstrip('.')}: {len(ids)}" for key, ids in flow.not_met.items()),
            "They stay in the matrix, marked",
        ),
    )


def _sought(result: ReviewResult) -> FlowBox:
    outcomes = {one.source_id: one for one in result.outcomes}
    had = _had(result)
    missing = [source.id for source in result.sources if source.id not in had]
    return FlowBox(
        "Screening",
        "Reports sought for retrieval",
        len(result.sources),
        beside="Reports not retrieved",
        beside_count=len(missing),
        beside_lines=_states([outcomes[key].state for key in missing if key in outcomes]),
    )


def _read(result: ReviewResult, read: AbstractSet[str]) -> FlowBox:
    had = _had(result)
    unread = [source.id for source in result.sources if source.id in had and source.id not in read]
    return FlowBox(
        "Screening",
        "Reports read",
        len(read),
        (f"{counted(sum(one.passages for one in result.documents if one.source_id in read), 'passage')}",),
        beside="Reports that could not be read",
        beside_count=len(unread),
        beside_lines=_states([one.state for one in result.documents if one.source_id in unread]),
    )


def _included(result: ReviewResult, read: AbstractSet[str]) -> FlowBox:
    judged = {cell.source_id for cell in result.cells if cell.merged is not None}
    return FlowBox(
        "Included",
        "Studies in the matrix",
        len(result.sources),
        (f"{len(judged)} with a known value", f"{len(judged & read)} of them with a text that was read"),
    )


def _had(result: ReviewResult) -> set[str]:
    """Sources whose PDF is or was there."""
    return {one.source_id for one in result.holdings} | {one.source_id for one in result.documents}


def _states(states: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{state}: {number}" for state, number in Counter(states).most_common())
