"""How often the machine proposes a theme on passages that don't have it."""

from __future__ import annotations

from dataclasses import dataclass

from models.registry.model_card import Aim, ThemeCard

USUAL_RATE, USUAL_CLEAR_RATE = 0.005, 0.001  # of hits, and of clear ones, on passages without the theme


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """How often the machine proposes one theme on passages of this review that don't have it."""

    rate: float  # of suggestions
    clear: float  # of those at the strict threshold


def usual_alarms(theme: ThemeCard, aim: Aim) -> FalseAlarms:
    """What is taken before anybody has decided. An aim that proposes more brings as many more false alarms as it did on
    the labelled passages.
    """
    usual = theme.proposing("balanced").chance
    more = theme.proposing(aim).chance / usual if usual else 1.0
    return FalseAlarms(min(1.0, USUAL_RATE * max(1.0, more)), USUAL_CLEAR_RATE)
