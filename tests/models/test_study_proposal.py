"""From passages to a study: chance hits are not findings, a few clear ones are."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from models.registry.model_card import ModelCard, Operating, StrengthCard, ThemeCard
from models.suggest.false_alarms import USUAL_CLEAR_RATE, USUAL_RATE, FalseAlarms
from models.suggest.study_proposal import PRESENCE_LEVEL, propose_study
from models.suggestion import Suggestion

RATE, STRONG_RATE = 0.03, 0.005
CODES = ("GW", "IF", "TI", "FS", "DIG", "CGL", "COV", "REC")


def theme(code: str) -> ThemeCard:
    proposed = Operating(0.4, 0.7, 0.7, 54, 1800, RATE)
    return ThemeCard(
        code, code, "trained", 180, 80, 7, proposed, Operating(0.9, 0.9, 0.3, 9, 1800, STRONG_RATE), 0.7, 0.7
    )


CARD = ModelCard(
    "m", "c", "l", "s", "1", {}, 1980, 170, 5, tuple(map(theme, CODES)),
    StrengthCard(True, 1400, 0.8, 0.6, 0.15), True, 0.05, 0.01,
)  # fmt: skip


def hits(code: str, number: int, *, score: float = 0.5, strong: int = 0) -> list[Suggestion]:
    return [Suggestion(f"{code}-{at:04}", code, score, 2 if at < strong else 1, (), "m", "c") for at in range(number)]


WIDE_RATE = 0.2


def test_of_the_aim_of_recall_more_hits_are_chance() -> None:
    wide = Operating(0.1, 0.3, 0.95, 360, 1800, WIDE_RATE)
    card = replace(CARD, themes=tuple(replace(theme(code), wide=wide) for code in CODES))
    chance = USUAL_RATE * WIDE_RATE / RATE  # as many more as on the labelled passages
    found = [hit for code in CODES for hit in hits(code, round(3000 * chance), score=0.2)]
    assert {p.value for p in propose_study(found, passages=3000, card=card)} == {1}
    assert {p.value for p in propose_study(found, passages=3000, card=card, aim="recall95")} == {0}


def value(suggestions: list[Suggestion], passages: int, code: str = "GW") -> int:
    return next(p.value for p in propose_study(suggestions, passages=passages, card=CARD) if p.theme == code)


def test_a_long_report_with_chance_hits_has_no_theme() -> None:
    found = [hit for code in CODES for hit in hits(code, round(3000 * USUAL_RATE))]
    found += [hit for code in CODES for hit in hits(code, round(3000 * USUAL_CLEAR_RATE), score=0.95)]
    assert {p.value for p in propose_study(found, passages=3000, card=CARD)} == {0}


def test_a_short_article_with_three_clear_passages_has_the_theme() -> None:
    assert value(hits("GW", 3, score=0.95), 30) >= 1


def test_a_short_article_with_one_middling_passage_has_not() -> None:
    assert value(hits("GW", 1), 30) == 0


def test_a_theme_that_returns_all_the_time_is_there_without_one_clear_passage() -> None:
    assert value(hits("GW", 150), 1000) >= 1


def test_chance_reports_are_given_a_theme_no_more_often_than_the_level_says() -> None:
    chance = random.Random(7)
    given = 0
    for _ in range(1000):
        drawn = (chance.random() for _ in range(400))
        scores = [0.95 if draw < USUAL_CLEAR_RATE else 0.5 for draw in drawn if draw < USUAL_RATE]
        found = [Suggestion(str(at), "GW", score, 1, (), "m", "c") for at, score in enumerate(scores)]
        given += value(found, 400) > 0
    assert given <= 1000 * PRESENCE_LEVEL * 1.5


@pytest.mark.parametrize(
    ("strong", "expected"),
    [
        pytest.param(0, 1, id="all only assert"),
        pytest.param(1, 1, id="one called strong by mistake"),
        pytest.param(6, 2, id="most with evidence"),
    ],
)
def test_strength_needs_more_evidence_than_mistakes_explain(strong: int, expected: int) -> None:
    assert value(hits("GW", 8, score=0.95, strong=strong), 60) == expected


def test_the_deciding_passages_are_named_strongest_first() -> None:
    found = [*hits("GW", 3, score=0.92), Suggestion("best", "GW", 0.99, 1, (), "m", "c")]
    (first, *_) = propose_study(found, passages=30, card=CARD)
    assert first.decided_by[0] == "best"
    assert first.hits == 4


def test_a_study_without_passages_has_no_theme() -> None:
    assert {p.value for p in propose_study([], passages=0, card=CARD)} == {0}


def test_what_decisions_say_of_false_alarms_counts_before_what_is_usual() -> None:
    found = hits("GW", 5)
    assert value(found, 200) >= 1
    measured = {"GW": FalseAlarms(0.03, 0.01)}
    proposed = propose_study(found, passages=200, card=CARD, measured=measured)
    assert [p.value for p in proposed if p.theme == "GW"] == [0]
