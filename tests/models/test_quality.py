"""The floor under the shipped model's quality, and the passages it was measured on.

Figures are those of the model's card: from documents of the seed passages that were held out. They are invented, and
harder than most real text: a third of the passages without a theme were written to look as if they had one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from models.encoder import minilm
from models.registry.model_card import ModelCard
from models.registry.model_folder import read_card

SEED = (
    "389961965d6a"  # revision of the passages the floors were measured on: a change of passages means measuring again
)
MACRO_AP, MACRO_F1 = 0.74, 0.66
WORST_AP = 0.60  # of a single theme
CALIBRATION_ERROR = 0.02
ALARMS = 0.035  # of one theme among passages without it
LOST = 0.01  # of the proposals, by not encoding every passage

pytestmark = pytest.mark.skipif(not minilm.installed(), reason="the floors are those of a model with the encoder")


@pytest.fixture(scope="module")
def card(trained_models: Path) -> ModelCard:
    (folder,) = (path for path in trained_models.iterdir() if path.is_dir())
    return read_card(folder)


def test_the_floors_were_measured_on_these_passages(card: ModelCard) -> None:
    assert card.seed == SEED


def test_average_precision_keeps_its_floor(card: ModelCard) -> None:
    found = [theme.average_precision or 0.0 for theme in card.themes]
    assert sum(found) / len(found) >= MACRO_AP
    assert min(found) >= WORST_AP


def test_f1_keeps_its_floor(card: ModelCard) -> None:
    found = [theme.f1 or 0.0 for theme in card.themes]
    assert sum(found) / len(found) >= MACRO_F1


def test_scores_are_frequencies(card: ModelCard) -> None:
    assert card.error_after is not None
    assert card.error_after <= CALIBRATION_ERROR


def test_false_alarms_stay_rare(card: ModelCard) -> None:
    assert all(theme.proposed.false_positives <= ALARMS * theme.proposed.without for theme in card.themes)


def test_reading_in_two_steps_loses_next_to_nothing(card: ModelCard) -> None:
    assert card.lost is not None
    assert card.lost <= LOST
