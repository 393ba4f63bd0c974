"""What a review found, in a few sentences, each with how firm it is."""

from __future__ import annotations

from synthesis.humanize import counted, listed, percent
from synthesis.result import ReviewResult
from synthesis.statistics.frequency import frequencies
from synthesis.statistics.robustness import firmness

FIRM = 0.95  # probability from which a theme is said to come first
ASSOCIATED = 0.05  # q below which two themes are said to go together


def findings(result: ReviewResult) -> list[str]:
    """What the merged matrix says, in a few sentences, each with how firm it is."""
    counted_themes = [item for item in frequencies(result.cells, "merged") if item.share is not None]
    if not counted_themes:
        return ["No cell has a known value yet, so there is nothing to report."]
    firm = {item.theme: item for item in firmness(result.cells, "merged")}
    ordered = sorted(counted_themes, key=lambda item: (-(item.share or 0), -item.known))
    said = [
        "By the merged coding "
        + listed(
            [
                f"{result.themes[one.theme]} ({one.theme}) is reported by {one.present} of {one.known} studies "
                f"({percent(one.share or 0)}; 95% interval {percent(one.low or 0)} to {percent(one.high or 0)})"
                for one in ordered
            ]
        )
        + "."
    ]
    leading = sorted(ordered, key=lambda item: -(firm[item.theme].first or 0))[:2]
    chances = [f"{one.theme} in {percent(firm[one.theme].first or 0)}" for one in leading]
    if len(leading) > 1:
        sure = (firm[leading[0].theme].first or 0) >= FIRM
        said.append(
            f"Which theme comes first is {'firm' if sure else 'not firm'}: of samples drawn from these studies it is "
            f"{listed(chances)}."
        )
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
