"""Reasons in words: what each number means, a rule is named as a rule, and a denial pulls down."""

from __future__ import annotations

import pytest

from models.codebook.codebook import Codebook, Theme
from models.codebook.lexicon import Lexicon, shipped_lexicon
from models.codebook.rule import Rule
from models.reason_words import is_rank, reason_words, score_words
from models.suggestion import Reason, Suggestion
from models.training.train import train

CODEBOOK = Codebook("Own", (Theme("DEL", "Delays", "Payments came late.", (), (), ()),))
RULE = Rule("DEL.late", "DEL", ("payment delays",), "", "")


def _suggested(score: float, *reasons: Reason) -> Suggestion:
    return Suggestion("p", "DEL", score, 1, reasons, "m", "c")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason("phrase", "delays", 1.7, "DEL.late"), "“delays” (rule DEL.late) speaks strongly for it, +1.7"),
        (Reason("term", "on time", -0.8), "“on time” speaks clearly against it, −0.8"),
        (
            Reason("denial", "payment delays", -1.4, "DEL.late"),
            "“payment delays” (rule DEL.late) is denied, solved or only planned in its sentence and speaks clearly "
            "against it, −1.4",
        ),
        (
            Reason("denial", "delays", 0.0, "DEL.draft-1"),
            "“delays” (draft rule DEL.draft-1, taken from the codebook) is denied, solved or only planned in its "
            "sentence and does not speak for it",
        ),
        (Reason("likeness", "Payments came late.", 0.62), "like the codebook's “Payments came late.” (likeness 0.62)"),
    ],
)
def test_a_reason_says_what_it_is_and_how_much_it_counts(reason: Reason, words: str) -> None:
    assert reason_words(reason) == words


def test_what_rules_propose_is_told_as_a_rank_and_never_as_likely() -> None:
    by_rule = _suggested(0.5, Reason("phrase", "payment delays", 2.9, "DEL.late"))
    assert is_rank(by_rule)
    assert score_words(by_rule) == "a phrase rule finds it here; not calibrated"
    learned = _suggested(0.62, Reason("phrase", "payment delays", 1.1, "DEL.late"), Reason("term", "late", 0.4))
    assert score_words(learned) == "62 % likely"


def test_a_denial_pulls_down_what_is_only_ranked() -> None:
    model = train(CODEBOOK, Lexicon((RULE,), shipped_lexicon().cues), [])
    said, denied = model.scores(
        ["We found payment delays in all districts.", "There were no payment delays at all here."]
    )
    assert said[0] == 0.5
    assert denied[0] == 0.0
    assert not list(model.suggest([("p", "There were no payment delays at all here.")]))
