"""The evaluation card: what is measured, on cases worked out by hand, and how it is shown."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from models.codebook.codebook import Codebook, Theme
from models.codebook.lexicon import Lexicon
from models.evaluation.assessment import OTHER_GENRES, Assessment, assess
from models.evaluation.champion_challenger import HUMAN, PICKED
from models.evaluation.confusion import NO_THEME, confusion
from models.evaluation.evaluation_card import markdown, page
from models.evaluation.evaluation_plots import draw
from models.labelled_passages import LabelledPassage

CODEBOOK = Codebook("Roads", tuple(Theme(code, code.title(), "What.", (), (), ()) for code in ("HOLE", "KERB", "SIGN")))


def passages() -> list[LabelledPassage]:
    """Twelve documents of eight passages; holes are told by a word, one passage has the word and not the theme."""
    made = []
    for n in range(96):
        hole = n % 2 == 0
        text = f"the council heard about {'a deep crater' if hole else 'a new lamp'} on street {n} and noted it"
        labels = {"HOLE": 1} if hole and n != 0 else {}
        genre = "minutes" if n < 48 else "letter" if n < 90 else "a rare <kind>"
        made.append(LabelledPassage(f"p{n}", f"d{n // 8}", text, labels, genre=genre))
    return made


@pytest.fixture(scope="module")
def found() -> Assessment:
    return assess(
        CODEBOOK, Lexicon((), {}), "abc", passages(), data="d", folds=3, fractions=(0.5,), rounds=50, workers=1
    )


def test_quality_is_measured_with_intervals(found: Assessment) -> None:
    (hole,) = found.themes  # the other two have no example
    assert hole.examples == 47
    assert hole.recall.value == 1.0
    assert hole.precision.value == pytest.approx(47 / 48)
    assert hole.precision.low < hole.precision.value <= hole.precision.high <= 1.0
    assert found.f1.value == hole.f1.value == pytest.approx(2 * 47 / (47 + 48))
    assert found.silent == pytest.approx(48 / 49)
    assert sum(one.passages for one in hole.reliability) == 96


def test_the_learning_curve_ends_with_all_documents(found: Assessment) -> None:
    assert [(step.documents, step.passages) for step in found.curve] == [(6, 48), (12, 96)]
    assert found.curve[-1].average_precision == found.average_precision.value


def test_the_worst_error_comes_first_with_its_text(found: Assessment) -> None:
    worst = found.mistakes[0]
    assert (worst.passage_id, worst.theme, worst.given) == ("p0", "HOLE", False)
    assert "a deep crater" in worst.text
    assert worst.probability > 0.5


def test_kinds_of_text_are_told_apart_and_rare_ones_together(found: Assessment) -> None:
    assert {genre.genre: genre.passages for genre in found.genres} == {"minutes": 48, "letter": 42, OTHER_GENRES: 6}
    assert found.genres[0].genre == "minutes"  # where the error is


def test_confusions_by_hand() -> None:
    truth = np.array([[1, 0], [1, 0], [1, 1], [0, 1], [0, 0], [0, 0]], dtype=np.bool_)
    proposed = np.array([[1, 0], [0, 1], [1, 0], [0, 0], [0, 1], [0, 0]], dtype=np.bool_)
    assert confusion(proposed, truth) == ((2, 1, 0), (0, 0, 1), (0, 1, 1))


def test_answers_to_suggestions_are_learned_from_but_not_tried_on() -> None:
    made = [replace(p, origin=PICKED if p.group == "d0" else HUMAN if p.group == "d1" else "seed") for p in passages()]
    result = assess(CODEBOOK, Lexicon((), {}), "abc", made, data="d", folds=2, fractions=(), rounds=5, workers=1)
    assert (result.passages, result.documents, result.human) == (88, 11, 8)


def test_the_card_tells_everything_in_words(found: Assessment) -> None:
    text = markdown(found)
    for part in (
        "Theme by theme",
        "Reliability",
        "Learning curve",
        "Confusion",
        "By kind of text",
        "The worst 1 errors",
    ):
        assert f"## {part}" in text
    assert "| HOLE Hole | 47 | 0.98 (" in text
    assert f"| {NO_THEME} |" in text
    assert "A proposal of this model is never a finding" in text


def test_the_page_carries_its_pictures_and_loads_nothing(found: Assessment) -> None:
    pictures = draw(found)
    assert set(pictures) == {"quality", "reliability", "learning", "confusion"}
    for picture in pictures.values():
        ElementTree.fromstring(picture)
    shown = page(found, pictures)
    assert shown.count('src="data:image/svg+xml;base64,') == 4
    assert not re.search(r'(src|href)="(?!data:)', shown)
    assert "<script" not in shown
    assert draw(found) == pictures  # the same bytes each time


def test_text_from_documents_is_shown_as_text(found: Assessment) -> None:
    bad = replace(found.mistakes[0], text="<script>alert(1)</script>", genre="<b>")
    shown = page(replace(found, mistakes=(bad,)), {})
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
