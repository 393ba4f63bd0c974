"""In which order the records come to their screeners, and when it is safe to stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from annotations.decision import ScreeningStage
from annotations.screening.verdicts import ScreenedRecord, in_order_screened
from pipeline.screening.screening_state import ScreeningState

if TYPE_CHECKING:
    from annotations.progress.stopping_rule import RecallEstimate
    from models.relevance import RecordRanking


class RecordOrder:
    """The order of the records of one review, learned anew when verdicts come in; kept while the review is served."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._ranking: RecordRanking | None = None
        self._learned_from: dict[str, bool] = {}
        self._scores: dict[str, float] | None = None

    def scores(self, state: ScreeningState) -> dict[str, float] | None:
        """How likely each record seems to belong; None while there is nothing to learn from."""
        belongs = {
            key: belongs_finally(state, one) for key, one in state.abstracts.items() if one.standing != "waiting"
        }
        texts = {key: state.text(key) for key in state.sources}
        if texts != self._texts or self._ranking is None:
            from models.relevance import RecordRanking

            self._texts, self._ranking, self._learned_from = texts, RecordRanking(texts), {}
        if belongs != self._learned_from:
            self._learned_from, self._scores = belongs, self._ranking.scores(belongs)
        return self._scores

    def queue(self, state: ScreeningState, coder: str, stage: ScreeningStage) -> list[str]:
        """The records that wait for `coder`: the likeliest first, or by lot while there is nothing to learn from.

        What one of several screeners has screened already comes first, so that it is settled soon.
        """
        from models.relevance import drawn_order

        waiting = [key for key, one in state.at(stage).items() if one.waits_for(coder)]
        scores = self.scores(state) if state.sources else None
        drawn = drawn_order(waiting)
        if scores:
            drawn.sort(key=lambda key: -scores[key])
        return sorted(drawn, key=lambda key: -len(state.at(stage)[key].said))


def belongs_finally(state: ScreeningState, record: ScreenedRecord) -> bool:
    """Does a record belong in the review by all that was said of it? One in dispute counts as if it did."""
    full_text = state.full_texts.get(record.source_id)
    if full_text and full_text.standing == "exclude":
        return False
    return record.is_kept


def stopping(
    records: Mapping[str, ScreenedRecord], *, target: float, confidence: float, points: int = 0
) -> RecallEstimate | None:
    """What share of the records that belong has been found, at least; None before any was screened.

    Two who differ count as having found one: the statement is rather too careful than too sure.
    """
    from annotations.progress.stopping_rule import recall_estimate

    done = in_order_screened(records)
    if not done:
        return None
    elsewhere = sum(one.standing != "waiting" for one in records.values()) - len(done)
    found = [one.is_kept for one in done]
    return recall_estimate(found, total=len(records) - elsewhere, confidence=confidence, target=target, points=points)


def in_words(estimate: RecallEstimate | None, waiting: int, halfway: int = 0) -> str:
    """The stopping statement, as a sentence or two; `halfway` of those that wait were screened by somebody already."""
    others = f" {halfway:,} {'waits' if halfway == 1 else 'wait'} for what another screener says." if halfway else ""
    if estimate is None:
        return (
            f"No record was screened by all who are to screen it.{others}" if halfway else "Nothing was screened yet."
        )
    return _told(estimate, waiting) + others


def _told(estimate: RecallEstimate, waiting: int) -> str:
    screened = f"{estimate.reviewed:,} of {estimate.total:,} records were screened and {estimate.found:,} kept."
    if not waiting:
        return f"{screened} Nothing is left to screen."
    if not estimate.found:
        return f"{screened} Nothing can be said before a record was kept."
    sure = f"{100 * estimate.confidence:.0f} %"
    said = (
        f"{screened} With {sure} confidence these are at least {100 * estimate.bound:.0f} % of all that belong in the "
        f"review: at most {estimate.most - estimate.found:,} are among the {waiting:,} that are left."
    )
    if estimate.reached:
        return f"{said} The target of {100 * estimate.target:.0f} % is reached: you may stop here."
    return f"{said} The target of {100 * estimate.target:.0f} % is not shown to be reached: go on."
