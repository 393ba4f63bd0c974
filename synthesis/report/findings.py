"""What a review found, in a few sentences, each with how firm it is."""

from __future__ import annotations

from collections.abc import Sequence

from synthesis.humanize import counted, listed, percent
from synthesis.result import ReviewResult
from synthesis.statistics.frequency import Frequency, frequencies
from synthesis.statistics.robustness import robustness

FIRM = 0.95  # probability from which a theme is said to come first
ASSOCIATED = 0.05  # q below which two themes are said to go together
FEWEST = 3  # studies with a known value from which on a share is told


def findings(result: ReviewResult) -> list[str]:
    """What the merged matrix says, in a few sentences, each with how firm it is."""
    counted_themes = [item for item in frequencies(result.cells, "merged") if item.share is not None]
    if not counted_themes:
        return ["No cell has a known value yet, so there is nothing to report."]
    ordered = sorted(
        (item for item in counted_themes if item.known >= FEWEST), key=lambda item: (-item.known, -(item.share or 0))
    )
    said = _shares(result, ordered)
    few = [f"{item.theme} ({item.present} of {item.known})" for item in counted_themes if item.known < FEWEST]
    if few:
        least = counted(FEWEST, "study", "studies")
        said.append(f"Known in fewer than {least}, so that a share would say nothing: {listed(few)}.")
    if len(ordered) > 1:
        said.append(_first(result, ordered))
    unknown = sum(item.unknown for item in counted_themes)
    if unknown:
        said.append(
            f"{counted(unknown, 'cell is', 'cells are')} not known; they could move every one of these figures."
        )
    if result.patterns and (strong := [pair for pair in result.patterns.pairs if pair.q < ASSOCIATED]):
        pairs = [f"{one.first} with {one.second} (lift {one.lift or 0:.2f}, q {one.q:.3f})" for one in strong]
        said.append(f"Themes that go together more or less often than chance explains: {listed(pairs)}.")
    elif result.patterns:
        said.append("No two themes go together more or less often than chance explains.")
    if result.audit:
        disagreeing = result.audit.verdicts.get("disagrees", 0)
        said.append(
            f"Of the {len(result.audit.findings)} claims of the publication {disagreeing} disagree with its own matrix."
        )
    return said


def _shares(result: ReviewResult, ordered: Sequence[Frequency]) -> list[str]:
    """How many studies report each theme: those of which most is known first, of these the most reported."""
    told = [
        f"{result.themes[one.theme]} ({one.theme}) is reported by {one.present} of {one.known} studies "
        f"({percent(one.share or 0)}; 95% interval {percent(one.low or 0)} to {percent(one.high or 0)})"
        for one in ordered
    ]
    return [f"By the merged coding {listed(told)}."] if told else []


def _first(result: ReviewResult, ordered: Sequence[Frequency]) -> str:
    """Which theme comes first, and how surely."""
    firm = {item.theme: item for item in robustness(result.cells, "merged")}
    leading = sorted(ordered, key=lambda item: -(firm[item.theme].first or 0))[:2]
    chances = [f"{one.theme} in {percent(firm[one.theme].first or 0)}" for one in leading]
    sure = (firm[leading[0].theme].first or 0) >= FIRM
    return (
        f"Which theme comes first is {'firm' if sure else 'not firm'}: of samples drawn from these studies it is "
        f"{listed(chances)}."
    )
