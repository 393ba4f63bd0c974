"""Thresholds for the texts of this review, and what its decisions say of the machine's scores.

Thresholds of an aim are those that make its F measure best *as expected*: a score is a probability, so that the scores
of all passages tell how many would be found and missed, without any label (the plug-in rule for F measures: Ye, Chai,
Lee and Chieu, ICML 2012). In five trials in which models learned from other kinds of text than they were tried on, F1
was so .01 higher on the mean than with the thresholds of the labelled passages. Estimating the base rates by
expectation maximisation first (Saerens, Latinne and Decaestecker 2002) lost .01 in all five and is left out: scores of
unfamiliar text are low, which looks like rarity.

Decisions tell more. Once a study is finished, or FEWEST_DECIDED suggestions are decided, the log-odds of the scores are
moved by what fits the decisions best, most themes by about the same, and the thresholds follow.

How often the machine is wrong on passages without the theme is counted on what was decided: rejected suggestions, as
share of the passages that those stand for. It begins with the usual rate, as if that had been seen on ALARM_TRIALS
passages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.registry.model_card import BETAS, Aim, ModelCard, ThemeCard
from models.suggest.false_alarms import FalseAlarms, usual_alarms
from models.suggest.review_calibration import FARTHEST, OWN_AIMS, ThemeCalibration, kept_from_score
from models.suggest.score_counts import (
    BINS,
    Counts,
    add_counts,
    bin_of,
    lower_edge,
    middle,
    to_log_odds,
    to_probability,
)

Floats = NDArray[np.float64]

FEWEST_PASSAGES = 100  # of a text on which thresholds are set
FEWEST_DECIDED = 50  # suggestions, where no study is finished
ALARM_TRIALS = 400.0  # passages that the usual rate of false alarms counts as
COMMON_SPREAD, THEME_SPREAD = 1.0, 0.5  # log-odds by which scores are off: all themes alike, and one against the others
_BELOW = 5  # bins below what is kept: where a passage with the theme is taken to lie that was not kept
_ROUNDS = 50  # of Newton's method; it stands still after some ten


@dataclass(frozen=True, slots=True)
class JudgedStudy:
    """What people said of one study, beside the machine's scores."""

    passages: int  # that the machine read
    counts: Mapping[str, Counts]  # by theme
    decided: Mapping[str, Sequence[tuple[float, bool]]]  # by theme: score of a suggestion, and whether it is right
    missed: Mapping[str, int]  # by theme: passages that have it and of which no score was kept
    finished: bool  # what nobody coded has no theme


def own_thresholds(card: ModelCard, aim: Aim, counts: Mapping[str, Counts]) -> dict[str, float]:
    """The same for texts of which no more than the scores are known: `counts` by theme."""
    name: Aim = "balanced" if aim == "f1" else aim
    return {theme.code: own_threshold(theme, counts[theme.code], aim=name) for theme in card.themes}


def calibrate_themes(
    card: ModelCard, counts: Mapping[str, Sequence[Counts]], judged: Sequence[JudgedStudy]
) -> tuple[ThemeCalibration, ...]:
    """Of every theme of the model. `counts` are those of all texts, by theme."""
    trained = [theme.code for theme in card.themes if theme.how == "trained"]
    shifts = dict(zip(trained, fit_shifts(card, trained, judged), strict=True)) if _tell_enough(judged) else {}
    made = []
    for theme in card.themes:
        every = add_counts(counts.get(theme.code, ()))
        shift = round(shifts.get(theme.code, 0.0), 3)
        decided = [right for study in judged for _, right in study.decided.get(theme.code, ())]
        by_aim = {aim: own_threshold(theme, every, aim=aim, shift=shift) for aim in OWN_AIMS}
        alarms = {
            str(aim): found for aim, at in by_aim.items() if (found := count_alarms(theme, judged, aim=aim, at=at))
        }
        made.append(
            ThemeCalibration(
                theme=theme.code,
                share=round(_expected(every, shift), 4),
                shift=shift,
                right=sum(decided),
                wrong=len(decided) - sum(decided),
                thresholds={str(aim): at for aim, at in by_aim.items()},
                alarms=alarms,
            )
        )
    return tuple(made)


def own_threshold(theme: ThemeCard, counts: Counts, *, aim: Aim, shift: float = 0.0) -> float:
    """The score from which on proposing gives the best F measure of `aim` to be expected on a text.

    That of the labelled passages where the text is short, or the theme's scores are no probabilities.
    """
    usual = theme.proposing(aim).threshold
    if aim not in OWN_AIMS or theme.how != "trained" or sum(counts) < FEWEST_PASSAGES:
        return usual
    odds = np.array([middle(at) for at in range(BINS)]) + shift
    passages = np.array(counts, dtype=np.float64)[::-1]
    right = passages * (1 / (1 + np.exp(-odds)))[::-1]
    beta = BETAS.get(aim, 1.0) ** 2
    measure = (1 + beta) * np.cumsum(right) / (np.cumsum(passages) + beta * right.sum())
    best = BINS - 1 - int(np.argmax(measure))
    near = to_log_odds(usual) - shift
    found = min(max(lower_edge(best), near - FARTHEST), near + FARTHEST)
    return round(max(to_probability(found), kept_from_score(theme, "balanced")), 4)


def _expected(counts: Counts, shift: float) -> float:
    every = sum(counts)
    return sum(n * to_probability(middle(at) + shift) for at, n in enumerate(counts)) / every if every else 0.0


def _tell_enough(judged: Sequence[JudgedStudy]) -> bool:
    decided = sum(len(found) for study in judged for found in study.decided.values())
    return any(study.finished for study in judged) or decided >= FEWEST_DECIDED


def fit_shifts(card: ModelCard, themes: Sequence[str], judged: Sequence[JudgedStudy]) -> list[float]:
    """By how much the log-odds of each theme's scores are too low, as far as decisions tell.

    A logistic regression whose only terms are a shift common to all themes and one for each, drawn towards 0 (the best
    a posteriori under normal priors), by Newton's method.
    """
    tables = [_judged_bins(card.theme(code), judged) for code in themes]
    if not tables:  # a codebook of one's own, of which the machine has learned no theme yet
        return []
    having, lacking = np.array([one[0] for one in tables]), np.array([one[1] for one in tables])
    odds = np.array([middle(at) for at in range(BINS)])
    shared, own = 0.0, np.zeros(len(themes))
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-(odds + shared + own[:, None])))
        pull = (having - (having + lacking) * chance).sum(axis=1) - own / THEME_SPREAD**2
        bend = ((having + lacking) * chance * (1 - chance)).sum(axis=1) + 1 / THEME_SPREAD**2
        own = own + np.clip(pull / bend, -1, 1)
        chance = 1 / (1 + np.exp(-(odds + shared + own[:, None])))
        step = ((having - (having + lacking) * chance).sum() - shared / COMMON_SPREAD**2) / (
            ((having + lacking) * chance * (1 - chance)).sum() + 1 / COMMON_SPREAD**2
        )
        shared += float(np.clip(step, -1, 1))
    return [float(shared + one) for one in own]


def _judged_bins(theme: ThemeCard, judged: Sequence[JudgedStudy]) -> tuple[Floats, Floats]:
    """How many passages with and without the theme were judged, by score: two arrays (BINS,)."""
    having, lacking = np.zeros(BINS), np.zeros(BINS)
    unkept = max(0, bin_of(kept_from_score(theme, "balanced")) - _BELOW)
    for study in judged:
        here, not_here = np.zeros(BINS), np.zeros(BINS)
        for score, right in study.decided.get(theme.code, ()):
            (here if right else not_here)[bin_of(score)] += 1
        if study.finished and theme.code in study.counts:
            here[unkept] += study.missed.get(theme.code, 0)
            not_here = np.maximum(np.array(study.counts[theme.code]) - here, 0)
        having, lacking = having + here, lacking + not_here
    return having, lacking


def count_alarms(theme: ThemeCard, judged: Sequence[JudgedStudy], *, aim: Aim, at: float) -> FalseAlarms | None:
    """How often the theme is proposed, from the score `at` on, on passages without it; None where nobody decided."""
    usual = usual_alarms(theme, aim)
    wrong, trials = _wrong(theme.code, judged, at)
    clear, clear_trials = _wrong(theme.code, judged, theme.strong.threshold)
    if not trials:
        return None
    return FalseAlarms(
        (usual.rate * ALARM_TRIALS + wrong) / (ALARM_TRIALS + trials),
        (usual.clear * ALARM_TRIALS + clear) / (ALARM_TRIALS + clear_trials),
    )


def _wrong(theme: str, judged: Sequence[JudgedStudy], at: float) -> tuple[float, float]:
    """Wrong suggestions from the score `at` on, and the passages without the theme that those who decided stand for.

    Of a study that is not finished the decided suggestions stand for as large a part of its passages.
    """
    wrong = trials = 0.0
    for study in judged:
        if theme not in study.counts:
            continue
        decided = study.decided.get(theme, ())
        here = [right for score, right in decided if score >= at]
        without = study.passages - sum(right for _, right in decided) - study.missed.get(theme, 0)
        hits = max(sum(study.counts[theme][bin_of(at) :]), len(here))
        if study.finished:
            wrong, trials = wrong + hits - sum(here), trials + max(0, without)
        elif here:
            wrong, trials = wrong + len(here) - sum(here), trials + max(0, without) * len(here) / hits
    return wrong, trials
