"""The cards of themes: thresholds for each aim, and how well they did on held-out passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.codebook.codebook import Codebook
from models.codebook.lexicon import Lexicon
from models.metrics import (
    Flags,
    Floats,
    Integers,
    average_precision,
    best_threshold,
    count,
    threshold_for_rate,
    threshold_for_recall,
    upper_rate,
)
from models.registry.model_card import BETAS, Operating, StrengthCard, ThemeCard
from models.theme_model import likeness, rules_only

WIDE_RECALL = 0.95  # of the aim "recall95"
STRONG_RATE = 0.005  # false positive rate at which a few hits already speak for a study
ASSUMED_RATE = 0.05  # false positive rate of rules that could be tried on no passage


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One theme on held-out passages."""

    scores: Floats  # (passages,): calibrated, with weights learned on other folds
    labels: Integers  # (passages,): below 0 where nobody knows
    folds: Integers  # (passages,)
    basis: Flags  # (passages,): those on which thresholds are set and figures measured


def trained_card(codebook: Codebook, lexicon: Lexicon, code: str, measured: Measured) -> ThemeCard:
    """The card of a theme that scorers learned."""
    known = measured.labels >= 0
    basis, labels, every = measured.basis[known], measured.labels[known], measured.scores[known]
    scores, truth, folds = every[basis], labels[basis] > 0, measured.folds[known][basis]
    threshold = best_threshold(scores, truth)
    strong = max(threshold, threshold_for_rate(scores, truth, STRONG_RATE))
    wide = min(threshold, threshold_for_recall(scores, truth, WIDE_RECALL))
    rest = None if basis.all() else average_precision(every[~basis], labels[~basis] > 0)
    by_aim = {str(aim): best_threshold(scores, truth, beta=beta) for aim, beta in BETAS.items()}
    return ThemeCard(
        code=code,
        name=codebook.theme(code).name,
        how="trained",
        examples=int(np.sum(labels > 0)),
        strong_examples=int(np.sum(labels == 2)),
        rules=_rules_of(lexicon, code),
        proposed=_operating(scores, truth, threshold),
        strong=_operating(scores, truth, strong),
        average_precision=average_precision(scores, truth),
        f1=count(_proposed_by_others(scores, truth, folds), truth).f1,
        rest_average_precision=rest,
        wide=_operating(scores, truth, wide),
        aims={aim: _operating(scores, truth, at) for aim, at in by_aim.items()},
    )


def untrained_card(
    codebook: Codebook, lexicon: Lexicon, code: str, scores: Floats, labels: Integers, *, alike: bool
) -> ThemeCard:
    """The card of a theme with too few examples; `scores` (passages,) are those of the phrase rules.

    `alike`: a sentence encoder ranks passages by their likeness to what the codebook says.
    """
    scores, labels = scores[labels >= 0], labels[labels >= 0]
    truth: Flags = labels > 0
    rules = _rules_of(lexicon, code)
    how = likeness if alike else rules_only
    return ThemeCard(
        code=code,
        name=codebook.theme(code).name,
        how="likeness" if alike else "rules only" if rules else "nothing",
        examples=int(truth.sum()),
        strong_examples=int(np.sum(labels == 2)),
        rules=rules,
        proposed=_operating(scores, truth, how.PROPOSED_FROM),
        strong=_operating(scores, truth, how.STRONG_FROM),
        average_precision=None,
        f1=None,
        wide=_operating(scores, truth, how.PROPOSED_FROM),
    )


def strength_card(called_strong: Flags, labels: Integers) -> StrengthCard:
    """How well strength is told: `called_strong` (passages,), `labels` (passages, themes)."""
    passages, columns = np.nonzero(labels > 0)
    truth = labels[passages, columns] == 2
    called = called_strong[passages]
    found = count(called, truth)
    return StrengthCard(
        trained=True,
        examples=len(truth),
        accuracy=float(np.mean(called == truth)),
        majority=float(max(np.mean(truth), np.mean(~truth))),
        mistaken=upper_rate(found.false_positives, found.false_positives + found.true_negatives),
    )


def _proposed_by_others(scores: Floats, truth: Flags, folds: Integers) -> Flags:
    """What is proposed with the threshold that the other folds give: flags (passages,)."""
    proposed = np.zeros(len(truth), dtype=np.bool_)
    for fold in np.unique(folds):
        away = folds == fold
        if not away.all():
            proposed[away] = scores[away] >= best_threshold(scores[~away], truth[~away])
    return proposed


def _rules_of(lexicon: Lexicon, code: str) -> int:
    return sum(rule.theme == code for rule in lexicon.rules)


def _operating(scores: Floats, truth: Flags, threshold: float) -> Operating:
    found = count(scores >= threshold, truth)
    without = found.false_positives + found.true_negatives
    chance = upper_rate(found.false_positives, without) if without else ASSUMED_RATE
    return Operating(threshold, found.precision, found.recall, found.false_positives, without, chance)


def mean_calibration_error(errors: Sequence[float]) -> float | None:
    """The mean over themes; None without any."""
    return float(np.mean(errors)) if errors else None
