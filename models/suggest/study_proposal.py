"""From passages to a study: does it speak of a theme (1), with evidence (2), or is nothing shown (0)?

A long report collects false alarms, so a theme is shown only when its hits are more than chance explains: how probable
are so many hits in so many passages if the study said nothing on the theme (a binomial tail)? It is asked twice,
because two kinds of study are to be found: one that returns to the theme all the time (all hits count), and one with a
few clear passages (only hits at the strict threshold count). The smaller probability is doubled for having looked twice
(Bonferroni).

How often chance hits come is a matter of this review's texts. What its reviewers' decisions say counts, where the
caller has measured it; else 5 hits in 1,000 passages without the theme, one of them clear. That is low on
purpose: on eleven real reports 1 to 4 in 1,000 were counted, while the labelled passages, which are harder than the
plain text of a report, gave 40 for some themes, and with that 1 of 25 themes was found.

Strength 2 needs evidence likewise beyond what the model's mistakes explain: among the hits, more are called supported
than passages of strength 1 are called so by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, lgamma, log, log1p

from models.registry.model_card import Aim, ModelCard
from models.suggest.false_alarms import FalseAlarms, usual_alarms
from models.suggestion import StudyProposal, Suggestion

PRESENCE_LEVEL = 0.05  # probability of showing a theme in a study that has nothing on it, at most
STRENGTH_LEVEL = 0.05  # probability of calling a study's evidence strong when all its hits only assert
DIGITS = 6


def propose_study(
    suggestions: Sequence[Suggestion],
    *,
    passages: int,
    card: ModelCard,
    aim: Aim = "balanced",
    measured: Mapping[str, FalseAlarms] | None = None,
) -> tuple[StudyProposal, ...]:
    """A proposal for every theme of the model, in the order of the codebook, from one study's suggestions.

    `passages` is how many passages the model read, with or without a suggestion; `aim` is what they were made for.
    `measured` has the false alarms of themes as this review's decisions tell them; for the others the usual rates hold.
    """
    proposals = []
    for theme in card.themes:
        hits = [suggestion for suggestion in suggestions if suggestion.theme == theme.code]
        alarms = (measured or {}).get(theme.code) or usual_alarms(theme, aim)
        clear = sum(hit.score >= theme.strong.threshold for hit in hits)
        evidenced = sum(hit.strength == 2 for hit in hits)
        chance = min(1.0, 2 * min(_tail(len(hits), passages, alarms.rate), _tail(clear, passages, alarms.clear)))
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
    """Probability of `hits` or more in `trials` at `rate`: one less that of fewer."""
    if not hits:
        return 1.0
    if hits > trials:
        return 0.0
    if rate >= 1:
        return 1.0
    every, wrong, right = lgamma(trials + 1), log(rate), log1p(-rate)
    fewer = sum(
        exp(every - lgamma(at + 1) - lgamma(trials - at + 1) + at * wrong + (trials - at) * right) for at in range(hits)
    )
    return max(0.0, 1.0 - fewer)
