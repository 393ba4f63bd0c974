"""What a review's texts and decisions say of a model's scores, and from which score on a theme is kept and shown.

Light: it is read wherever suggestions are shown. `models.suggest.calibrate` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.registry.model_card import Aim, ModelCard, ThemeCard
from models.suggest.false_alarms import FalseAlarms
from models.suggest.score_counts import to_log_odds, to_probability

FARTHEST = 0.5  # log-odds that a threshold may lie from that of the labelled passages, before decisions
KEPT_BELOW = 1.0  # log-odds below the lowest of the card's thresholds from which on suggestions are kept
OWN_AIMS: tuple[Aim, ...] = ("balanced", "find more", "sure")  # "recall95" keeps the threshold of held-out passages


@dataclass(frozen=True, slots=True)
class ThemeCalibration:
    """One theme in the texts of this review. Thresholds are on the model's own scores."""

    theme: str
    share: float  # of the passages that have it, as the scores, moved by `shift`, say
    shift: float  # log-odds that decisions add to a score; 0 without any
    right: int  # decided suggestions
    wrong: int
    thresholds: Mapping[str, float]  # by aim
    alarms: Mapping[str, FalseAlarms] = field(default_factory=dict)  # by aim, where decisions tell


@dataclass(frozen=True, slots=True)
class ReviewCalibration:
    """What a review's texts and decisions say of one model."""

    key: str  # of what it was made from
    coding: str  # whose suggestions it is for
    made: str  # ISO 8601
    studies: int
    passages: int
    finished: int  # studies that a coder is done with
    decided: int  # suggestions
    themes: tuple[ThemeCalibration, ...]

    def alarms(self, aim: Aim) -> dict[str, FalseAlarms]:
        """False alarms by theme, as far as decisions tell them."""
        name = "balanced" if aim == "f1" else aim
        return {one.theme: one.alarms[name] for one in self.themes if name in one.alarms}


def thresholds_of(card: ModelCard, aim: Aim, calibration: ReviewCalibration | None = None) -> dict[str, float]:
    """From which score of the model on each theme is shown under `aim`: the review's own, or else the card's."""
    name = "balanced" if aim == "f1" else aim
    own = {one.theme: one.thresholds for one in calibration.themes} if calibration else {}
    return {theme.code: own.get(theme.code, {}).get(name, theme.proposing(aim).threshold) for theme in card.themes}


def kept_from(card: ModelCard, aim: Aim) -> dict[str, float]:
    """From which score on suggestions are kept, by theme: whatever threshold is set later, under any aim but
    "recall95", lies above.
    """
    return {theme.code: kept_from_score(theme, aim) for theme in card.themes}


def kept_from_score(theme: ThemeCard, aim: Aim) -> float:
    if aim == "recall95" or theme.how != "trained":
        return theme.proposing(aim).threshold
    lowest = min(theme.proposing(one).threshold for one in OWN_AIMS)
    return to_probability(to_log_odds(lowest) - KEPT_BELOW)
