"""Training on small invented sets: what is learned, what is left to the rules, and that it repeats."""

from __future__ import annotations

import pytest

from models.codebook.codebook import Codebook, Theme, shipped_codebook
from models.codebook.lexicon import shipped_lexicon
from models.labelled_passages import LabelledPassage
from models.registry.model_card import card_text
from models.registry.model_id import model_id_of
from models.training.theme_cards import ASSUMED_RATE
from models.training.train import train

WATER = Theme("WATER", "Water", "Water is short.", (), (), ())
CROPS = Theme("CROPS", "Crops", "Crops fail.", (), (), ())
CODEBOOK = Codebook("Farming", (WATER, CROPS))
LEXICON = shipped_lexicon().for_codebook(CODEBOOK)
SUBJECTS = ("the canal", "the district", "the upper valley", "the village", "our own field", "the tail of the channel")


def passages(*, crops: int) -> list[LabelledPassage]:
    made = []
    for at in range(60):
        subject = SUBJECTS[at % len(SUBJECTS)]
        kind = at % 3
        text = (
            f"Water in {subject} is short and pumps fall silent in June of year {at}.",
            f"The road to {subject} was opened by the member in year {at}.",
            f"Maize and wheat withered in {subject} before harvest in year {at}.",
        )[kind]
        labels = {"WATER": 1 + at % 2} if kind == 0 else {"CROPS": 1} if kind == 2 and at < crops * 3 else {}
        made.append(LabelledPassage(f"p{at:02}", f"d{at % 12}", text, labels))
    return made


def test_a_theme_with_examples_is_learned() -> None:
    model = train(CODEBOOK, LEXICON, passages(crops=20))
    wet, dry = model.scores(["Water is short and the pumps are silent.", "The road was opened by the member."])
    assert wet[0] > 0.5 > dry[0]
    assert model.card.theme("WATER").how == "trained"
    assert model.card.theme("WATER").average_precision == pytest.approx(1.0)


def test_without_an_encoder_the_card_says_so() -> None:
    assert "there was no sentence encoder" in card_text(train(CODEBOOK, LEXICON, passages(crops=20)).card)


def test_a_theme_with_too_few_examples_is_left_out_and_the_card_says_so() -> None:
    model = train(CODEBOOK, LEXICON, passages(crops=4))
    assert model.card.theme("CROPS").how == "nothing"
    assert "CROPS: neither examples nor phrase rules" in card_text(model.card)
    assert not any(s.theme == "CROPS" for s in model.suggest([("a", "Maize and wheat withered before harvest.")]))


def test_without_any_examples_the_phrase_rules_propose_and_the_card_says_so() -> None:
    model = train(shipped_codebook(), shipped_lexicon(), [])
    card = model.card.theme("GW")
    assert (card.how, card.proposed.chance, card.average_precision) == ("rules only", ASSUMED_RATE, None)
    assert "its scores are ranks, not probabilities" in card_text(model.card)
    (found,) = model.suggest([("a", "Ghost beneficiaries were paid for years in this district.")])
    assert (found.theme, found.strength) == ("GW", 1)
    assert found.reasons[0].rule_id == "GW.corruption"


def test_rules_are_tried_on_the_passages_there_are() -> None:
    without = [LabelledPassage(f"p{n}", f"d{n}", "The road was opened.") for n in range(40)]
    card = train(shipped_codebook(), shipped_lexicon(), without).card.theme("GW")
    assert (card.proposed.false_positives, card.proposed.without) == (0, 40)


def test_the_same_data_in_another_order_give_the_same_model() -> None:
    one, other = passages(crops=20), list(reversed(passages(crops=20)))
    first, second = train(CODEBOOK, LEXICON, one), train(CODEBOOK, LEXICON, other)
    assert first.card == second.card
    texts = [passage.text for passage in one]
    assert (first.scores(texts) == second.scores(texts)).all()


@pytest.mark.parametrize("changed", ["codebook", "lexicon", "passages"])
def test_the_id_depends_on_everything_that_is_learned_from(changed: str) -> None:
    made = passages(crops=20)
    usual = model_id_of(CODEBOOK, LEXICON, made)
    codebook = Codebook("Other", CODEBOOK.themes) if changed == "codebook" else CODEBOOK
    lexicon = shipped_lexicon() if changed == "lexicon" else LEXICON
    assert model_id_of(codebook, lexicon, made[1:] if changed == "passages" else made) != usual


def test_progress_is_told_from_start_to_end() -> None:
    told: list[tuple[str, int, int]] = []
    train(CODEBOOK, LEXICON, passages(crops=20), progress=lambda what, done, total: told.append((what, done, total)))
    assert told[0][1] == 0
    assert told[-1][1] == told[-1][2]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
