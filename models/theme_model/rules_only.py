"""Scores of a theme that has too few examples to train: the phrase rules alone. Ranks, not probabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

import numpy as np

from models.codebook.phrase_rules import PhraseHit
from models.suggestion import RULE_SCORES
from models.theme_model.tfidf import Floats

DENIED = -1.4  # log-odds of a phrase that its sentence takes back: a quarter of the odds. Chosen, not measured
PROPOSED_FROM = 0.5  # one rule proposes
STRONG_FROM = 0.75  # two already speak for a study


def take_back(scores: Floats, hits: Sequence[Sequence[PhraseHit]], themes: Sequence[str], untrained: Set[str]) -> None:
    """Lower the scores (passages, themes) of `untrained` themes whose phrases a passage only takes back (denied,
    solved, planned), by DENIED in log-odds."""
    for row, found in enumerate(hits):
        asserted = {hit.rule.theme for hit in found if hit.asserted}
        for theme in {hit.rule.theme for hit in found} & untrained - asserted:
            odds = scores[row, themes.index(theme)]
            if 0 < odds < 1:
                scores[row, themes.index(theme)] = 1 / (1 + (1 - odds) / odds * np.exp(-DENIED))


def rule_scores(hits: Sequence[Sequence[PhraseHit]], themes: Sequence[str]) -> Floats:
    """(passages, themes) scores from the number of different rules that assert each theme."""
    scores = np.zeros((len(hits), len(themes)))
    column = {theme: at for at, theme in enumerate(themes)}
    for row, found in enumerate(hits):
        asserting = {(hit.rule.theme, hit.rule.id) for hit in found if hit.asserted}
        for theme, number in Counter(theme for theme, _ in asserting if theme in column).items():
            scores[row, column[theme]] = RULE_SCORES[min(number, len(RULE_SCORES) - 1)]
    return scores
