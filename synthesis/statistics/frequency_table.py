"""Frequencies and how firm they are, as the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from synthesis.statistics.frequency import Frequency
from synthesis.statistics.robustness import Robustness

if TYPE_CHECKING:
    import pandas as pd  # half a second to load, and a run without news does without it


def frequencies_table(found: Sequence[Frequency], firm: Sequence[Robustness] = ()) -> pd.DataFrame:
    """The rows of frequencies.csv; shares and probabilities as per cent with one decimal.

    `firm` has the robustness of the same themes and views, where it was computed.
    """
    import pandas as pd

    table = pd.DataFrame(
        {
            "view": [item.view for item in found],
            "theme": [item.theme for item in found],
            "rank": pd.array([item.rank for item in found], dtype="Int64"),
            "present": [item.present for item in found],
            "known": [item.known for item in found],
            "unknown": [item.unknown for item in found],
            "studies": [item.total for item in found],
            "percent_of_known": [_percent(item.share) for item in found],
            "wilson_low": [_percent(item.low) for item in found],
            "wilson_high": [_percent(item.high) for item in found],
            "least_percent": [_percent(item.least) for item in found],
            "most_percent": [_percent(item.most) for item in found],
            "mean_strength": [None if item.mean_strength is None else round(item.mean_strength, 2) for item in found],
        }
    )
    if not firm:
        return table
    by_key = {(item.view, item.theme): item for item in firm}
    ordered = [by_key[item.view, item.theme] for item in found]
    more = pd.DataFrame(
        {
            "strength_weighted_percent": [_percent(item.weighted) for item in ordered],
            "first_probability": [_percent(item.first) for item in ordered],
            "rank_low": pd.array([item.rank_low for item in ordered], dtype="Int64"),
            "rank_high": pd.array([item.rank_high for item in ordered], dtype="Int64"),
            "without_one_low": [_percent(item.without_one_low) for item in ordered],
            "without_one_high": [_percent(item.without_one_high) for item in ordered],
        }
    )
    return pd.concat([table, more], axis=1)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
