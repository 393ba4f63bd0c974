"""Who reads what: from where on a passage goes on to the next, slower stage.

Only passages in which some theme is likely enough so far go on; the others keep their score, and get no proposal. From
where on is chosen on held-out passages, so that next to no proposal is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.metrics import Flags, Floats

LOST = 0.003  # share of the final proposals that one gate may lose
# A gate is never higher, whatever the held-out passages say: at .137 it cost .05 of average precision on real reports,
# where themes are told in words that words alone give .04 to. Nor lower: below, nearly everything goes on.
HIGHEST_GATE = 0.06
LOWEST_GATE = 0.01
JUST_BELOW = 1e-4  # a passage that did not go on stays so far below the threshold


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """One gate, chosen on held-out passages."""

    probability: float  # so far, of the likeliest theme, from which on a passage goes on
    passed: float  # share of the held-out passages
    lost: float  # share of the final proposals


def choose_gate(so_far: Floats, proposed: Flags) -> Gate:
    """From probabilities `so_far` (passages, themes) and what would be `proposed` in the end (passages, themes)."""
    likeliest = so_far.max(axis=1)
    proposals = proposed.sum(axis=1)
    order = np.argsort(likeliest, kind="stable")
    missed = np.cumsum(proposals[order])
    skipped = int(np.searchsorted(missed, LOST * proposals.sum(), side="right"))  # so many passages need not go on
    found = float(likeliest[order[skipped]]) if skipped < len(order) else HIGHEST_GATE
    gate = min(max(found, LOWEST_GATE), HIGHEST_GATE)
    passed = likeliest >= gate
    return Gate(gate, float(passed.mean()), float(proposals[~passed].sum() / max(1, proposals.sum())))


def hold_back(scores: Floats, thresholds: Floats) -> Floats:
    """Scores of passages that did not go on: what they have so far, below every threshold."""
    return np.minimum(scores, np.maximum(thresholds - JUST_BELOW, 0.0))


def through_gates(stages: Sequence[Floats], gates: Sequence[float], thresholds: Floats) -> Floats:
    """The scores that a cascade gives, from those that each stage would give to all passages: (passages, themes)."""
    found = stages[0].copy()
    going = np.ones(len(found), dtype=np.bool_)
    for scores, gate in zip(stages[1:], gates, strict=True):
        on = going & (found.max(axis=1) >= gate)
        found[going & ~on] = hold_back(found[going & ~on], thresholds)
        found[on] = scores[on]
        going = on
    return found
