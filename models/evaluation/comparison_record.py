"""How a challenger did against the champion, as it is kept beside the model. Light: it is read to list models."""

from __future__ import annotations

from dataclasses import dataclass

from models.interval import Interval


@dataclass(frozen=True, slots=True)
class ThemeTrial:
    """One theme in the comparison: average precision of both, and the difference with its interval."""

    theme: str
    examples: int  # passages with the theme among those tried on
    champion: float
    challenger: float
    difference: Interval
    worse: bool  # lost more than the margin


@dataclass(frozen=True, slots=True)
class ChampionComparison:
    """How a challenger did against the champion."""

    champion: str  # model id
    challenger: str
    documents: int
    passages: int  # tried on
    human: int  # of them, judged by people of this review
    overall: Interval  # difference of macro average precision, challenger - champion
    f1: Interval  # the same of macro F1 at each model's own thresholds
    better: float  # share of draws in which the challenger's macro average precision is higher
    themes: tuple[ThemeTrial, ...]
    promote: bool
    why: str  # in words
