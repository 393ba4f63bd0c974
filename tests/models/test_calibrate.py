"""Thresholds and false alarms of a review: from its own texts, then from its decisions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.registry.model_card import Aim, ModelCard, Operating, StrengthCard, ThemeCard
from models.suggest.calibrate import (
    ALARM_TRIALS,
    FEWEST_PASSAGES,
    JudgedStudy,
    calibrate_themes,
    count_alarms,
    own_threshold,
)
from models.suggest.document_suggestions import as_shown
from models.suggest.false_alarms import USUAL_RATE
from models.suggest.review_calibration import ReviewCalibration, kept_from, thresholds_of
from models.suggest.score_counts import bin_of, count_scores, to_log_odds, to_probability
from models.suggestion import DocumentSuggestions, Suggestion


def operating(threshold: float) -> Operating:
    return Operating(threshold, 0.7, 0.7, 54, 1800, 0.03)


GW = ThemeCard(
    "GW", "Governance", "trained", 180, 80, 7, operating(0.4), operating(0.9), 0.7, 0.7, wide=operating(0.05),
    aims={"find more": operating(0.2), "sure": operating(0.65)},
)  # fmt: skip
RANKED = replace(GW, code="OWN", how="likeness", proposed=operating(0.5), aims={})
CARD = ModelCard("m", "c", "l", "s", "1", {}, 1980, 170, 5, (GW, RANKED), StrengthCard(True, 1400, 0.8, 0.6, 0.15))


def counted(*scores: float) -> tuple[int, ...]:
    (found,) = count_scores(np.array(scores)[:, None])
    return found


def drawn(number: int, *, off: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Scores of passages and whether they have the theme; the scores are too low by `off` log-odds."""
    rng = np.random.default_rng(1)
    truth = 1 / (1 + np.exp(-rng.normal(-3, 2, number)))
    told = 1 / (1 + np.exp(-(np.log(truth / (1 - truth)) - off)))
    return told, rng.random(number) < truth


def f1(scores: np.ndarray, truth: np.ndarray, at: float) -> float:
    return float(2 * np.sum(truth & (scores >= at)) / (np.sum(scores >= at) + np.sum(truth)))


def test_the_threshold_comes_near_the_best_f1_without_a_label() -> None:
    scores, truth = drawn(20_000)
    at = own_threshold(GW, counted(*scores), aim="balanced")
    assert f1(scores, truth, at) >= max(f1(scores, truth, one) for one in np.linspace(0.1, 0.9, 81)) - 0.01


def test_finding_more_is_shown_from_lower_and_being_sure_from_higher_scores() -> None:
    scores, _ = drawn(2000)
    more, balanced, sure = (own_threshold(GW, counted(*scores), aim=aim) for aim in ("find more", "balanced", "sure"))
    assert more < balanced < sure


@pytest.mark.parametrize(
    ("theme", "aim", "passages", "expected"),
    [
        pytest.param(GW, "balanced", FEWEST_PASSAGES - 1, 0.4, id="a short text"),
        pytest.param(GW, "recall95", 1000, 0.05, id="the aim of recall"),
        pytest.param(RANKED, "balanced", 1000, 0.5, id="scores that are no probabilities"),
    ],
)
def test_the_threshold_of_the_card_holds_for(theme: ThemeCard, aim: Aim, passages: int, expected: float) -> None:
    assert own_threshold(theme, counted(*[0.3] * passages), aim=aim) == expected


@pytest.mark.parametrize("scores", [[0.001] * 500, [0.98] * 500, [0.02] * 500])
def test_no_text_moves_a_threshold_below_what_is_kept(scores: list[float]) -> None:
    for aim in ("find more", "balanced", "sure"):
        assert own_threshold(GW, counted(*scores), aim=aim) >= kept_from(CARD, aim)["GW"] - 1e-4


def finished(scores: np.ndarray, truth: np.ndarray) -> JudgedStudy:
    """A study in which every passage was judged; scores above what is kept have their answer."""
    kept = scores >= kept_from(CARD, "balanced")["GW"]
    decided = list(zip(scores[kept].tolist(), truth[kept].tolist(), strict=True))
    missed = int(np.sum(truth & ~kept))
    return JudgedStudy(len(scores), {"GW": counted(*scores)}, {"GW": decided}, {"GW": missed}, finished=True)


def test_where_the_machine_has_learned_no_theme_a_finished_study_moves_nothing() -> None:
    scores, truth = drawn(60)
    untrained = replace(CARD, themes=(RANKED,))
    (made,) = calibrate_themes(untrained, {"OWN": [counted(*scores)]}, [finished(scores, truth)])
    assert made.shift == 0.0


def test_a_finished_study_moves_scores_that_are_too_low() -> None:
    scores, truth = drawn(600, off=1.2)
    (made, _) = calibrate_themes(CARD, {"GW": [counted(*scores)]}, [finished(scores, truth)])
    assert 0.6 < made.shift < 1.6
    (before, _) = calibrate_themes(CARD, {"GW": [counted(*scores)]}, [])
    assert before.shift == 0.0
    assert f1(scores, truth, made.thresholds["balanced"]) > f1(scores, truth, before.thresholds["balanced"])
    assert abs(made.share - truth.mean()) < abs(before.share - truth.mean())


def test_a_few_decisions_without_a_finished_study_move_nothing() -> None:
    study = JudgedStudy(400, {"GW": counted(*[0.5] * 400)}, {"GW": [(0.5, True)] * 20}, {}, finished=False)
    (made, _) = calibrate_themes(CARD, {"GW": [study.counts["GW"]]}, [study])
    assert made.shift == 0.0
    assert made.right == 20


def test_without_decisions_no_false_alarms_are_told() -> None:
    assert count_alarms(GW, [], aim="balanced", at=0.4) is None


def test_false_alarms_of_a_finished_study_are_what_nobody_coded() -> None:
    counts = counted(*[0.5] * 30, *[0.01] * 970)
    study = JudgedStudy(1000, {"GW": counts}, {"GW": [(0.5, True)] * 10}, {}, finished=True)
    alarms = count_alarms(GW, [study], aim="balanced", at=0.4)
    assert alarms is not None
    assert alarms.rate == pytest.approx((USUAL_RATE * ALARM_TRIALS + 20) / (ALARM_TRIALS + 990))


def test_rejected_suggestions_stand_for_their_share_of_a_study() -> None:
    counts = counted(*[0.5] * 20, *[0.01] * 980)
    study = JudgedStudy(1000, {"GW": counts}, {"GW": [(0.5, False)] * 10}, {}, finished=False)
    alarms = count_alarms(GW, [study], aim="balanced", at=0.4)
    assert alarms is not None
    assert alarms.rate == pytest.approx((USUAL_RATE * ALARM_TRIALS + 10) / (ALARM_TRIALS + 500))


def test_scores_are_counted_where_they_lie() -> None:
    assert counted(0.5)[bin_of(0.5)] == 1
    assert to_probability(to_log_odds(0.3)) == pytest.approx(0.3)
    assert sum(counted(0.0, 1.0, 0.5)) == 3


def suggested(score: float) -> Suggestion:
    return Suggestion("p", "GW", score, 1, (), "m", "c")


def test_the_aim_decides_what_of_the_kept_suggestions_is_shown() -> None:
    made = DocumentSuggestions(
        "a", "x", "m", "c", tuple(suggested(score) for score in (0.15, 0.3, 0.5, 0.8)), (), 200,
        {"GW": counted(*[0.01] * 200)},
    )  # fmt: skip
    shown = {
        aim: len(as_shown(made, card=CARD, aim=aim).suggestions) for aim in ("find more", "balanced", "sure", "f1")
    }
    assert shown == {"find more": 3, "balanced": 2, "sure": 1, "f1": 2}


def test_a_calibrated_review_shows_its_own_thresholds_and_probabilities() -> None:
    made = DocumentSuggestions("a", "x", "m", "c", (suggested(0.3),), (), 200, {"GW": counted(*[0.01] * 200)})
    scores, truth = drawn(600, off=1.2)
    themes = calibrate_themes(CARD, {"GW": [counted(*scores)]}, [finished(scores, truth)])
    review = ReviewCalibration("k", "m", "2026-11-30", 1, 600, 1, 20, themes)
    (shown,) = as_shown(made, card=CARD, aim="balanced", calibration=review).suggestions
    assert shown.score == pytest.approx(to_probability(to_log_odds(0.3) + themes[0].shift), abs=1e-3)
    assert thresholds_of(CARD, "balanced", review)["GW"] == themes[0].thresholds["balanced"]
