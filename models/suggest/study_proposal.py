"""From passages to a study: does it speak of a theme (1), with evidence (2), or not (0)?

A long report collects false alarms: at 2 in 100, three thousand passages give sixty. So a theme is there only when
its hits are more than chance explains. Chance is the model's false positive rate on held-out passages, taken at its
upper 95 % limit; the question is a binomial tail: how probable are so many hits in so many passages if the study
said nothing on the theme? It is put twice, because two kinds of study are to be found: one that returns to the
theme all the time (all hits count), and a short one with a few clear passages (only hits at the strict threshold
count). The smaller probability is doubled for having looked twice (Bonferroni).

Strength 2 needs evidence likewise beyond what the model's mistakes explain: among the hits, more are called
supported than passages of strength 1 are called so by mistake.
"""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import binom

from models.registry.model_card import Aim, ModelCard
from models.suggestion import StudyProposal, Suggestion

PRESENCE_LEVEL = 0.01  # probability of finding a theme in a study that has nothing on it
STRENGTH_LEVEL = 0.05  # probability of calling a study's evidence strong when all its hits only assert
DIGITS = 6


def propose_study(
    suggestions: Sequence[Suggestion], *, passages: int, card: ModelCard, aim: Aim = "f1"
) -> tuple[StudyProposal, ...]:
    """A proposal for every theme of the model, in the order of the codebook, from one study's suggestions.

    `passages` is how many passages the model read, with or without a suggestion; `aim` is what they were made for.
    """
    proposals = []
    for theme in card.themes:
        hits = [suggestion for suggestion in suggestions if suggestion.theme == theme.code]
        rate, strong_rate = theme.proposing(aim).chance, theme.strong.chance
        clear = sum(hit.score >= theme.strong.threshold for hit in hits)
        evidenced = sum(hit.strength == 2 for hit in hits)
        chance = min(1.0, 2 * min(_tail(len(hits), passages, rate), _tail(clear, passages, strong_rate)))
        present = chance < PRESENCE_LEVEL
        supported = _tail(evidenced, len(hits), card.strength.mistaken) < STRENGTH_LEVEL
        hits.sort(key=lambda hit: (-hit.score, hit.passage_id))
        proposals.append(
            StudyProposal(
                theme=theme.code,
                value=0 if not present else 2 if supported else 1,
                passages=passages,
                hits=len(hits),
                chance=round(chance, DIGITS),
                decided_by=tuple(hit.passage_id for hit in hits) if present else (),
            )
        )
    return tuple(proposals)


def _tail(hits: int, trials: int, rate: float) -> float:
    """Probability of `hits` or more in `trials` at `rate`."""
    return float(binom.sf(hits - 1, trials, rate)) if hits else 1.0
