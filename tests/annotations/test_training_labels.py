"""From decisions and marks to passages to learn from."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.codes import new_code_id, place_codes
from annotations.decision import Anchor, Code, Decision, Mark, MarkKind
from annotations.training_labels import JUDGED_WEIGHT, PASSED_OVER_WEIGHT, TrainingLabels, training_labels, with_seed
from extract.document import Box, Document, Passage
from models.codebook.codebook import Codebook, Theme
from models.evaluation.champion_challenger import HUMAN, PICKED
from models.labelled_passages import LabelledPassage

CODEBOOK = Codebook("Roads", tuple(Theme(code, code, "What it is.", (), (), ()) for code in ("HOLE", "KERB")))
TEXTS = ("The road is full of deep holes.", "The kerb is broken for a mile.", "The council met on Tuesday at noon.")
DOCUMENT = Document(
    "f" * 64,
    "1",
    "read",
    text=" ".join(TEXTS),
    passages=tuple(
        Passage(f"p{number}", text, ((number, number + 1),), (Box(1, 0, 0, 1, 1),)) for number, text in enumerate(TEXTS)
    ),
)


def decision(
    value: Any, at: int | None = 0, *, theme: str = "HOLE", coder: str = "Amina", quote: str = "", **more: Any
) -> Decision:
    anchor = None if at is None else Anchor(quote or TEXTS[at], 1, f"p{at}")
    return Decision("study", theme, value, coder, anchor=anchor, **more)


def mark(kind: MarkKind, at: int | None = None, *, coder: str = "Amina", on: bool = True) -> Mark:
    return Mark("study", kind, coder, anchor=None if at is None else Anchor(TEXTS[at], 1, f"p{at}"), on=on)


def learn(*said: Decision | Mark, document: Document | None = DOCUMENT) -> TrainingLabels:
    return training_labels(
        [one for one in said if isinstance(one, Decision)],
        [one for one in said if isinstance(one, Mark)],
        {"study": document} if document else {},
        CODEBOOK,
    )


def labels(*said: Decision | Mark) -> dict[str, dict[str, int]]:
    return {passage.id.split(":")[1]: dict(passage.labels) for passage in learn(*said).passages}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([decision(2)], {"p0": {"HOLE": 2}}, id="accepted"),
        pytest.param([decision(0)], {"p0": {}}, id="rejected"),
        pytest.param([decision(0), decision(1, theme="KERB")], {"p0": {"KERB": 1}}, id="corrected"),
        pytest.param([decision(1), decision(2, coder="Bilal")], {"p0": {"HOLE": 1}}, id="agreed: the lower strength"),
        pytest.param([decision(1), decision(0, coder="Bilal")], {}, id="disputed: left out"),
        pytest.param(
            [decision(1), decision(0, coder="Bilal"), decision(2, coder="Chanda", role="adjudicator")],
            {"p0": {"HOLE": 2}},
            id="adjudicated",
        ),
        pytest.param(
            [decision(1), decision(1, coder="Bilal"), decision(0, coder="Chanda", role="adjudicator")],
            {"p0": {}},
            id="an adjudicator overrules those who agree",
        ),
        pytest.param(
            [
                decision(1, coder="Chanda", role="adjudicator", decided="2026-01-01", number=2),
                decision(0, coder="Dara", role="adjudicator", decided="2026-02-01", number=1),
            ],
            {"p0": {"HOLE": 1}},
            id="the last adjudicator in the log",
        ),
        pytest.param([mark("seen", 2)], {"p2": {}}, id="seen and left uncoded"),
        pytest.param([decision(1), mark("seen", 0, coder="Bilal")], {"p0": {"HOLE": 1}}, id="seen is no contradiction"),
        pytest.param([mark("done"), decision(1)], {"p0": {"HOLE": 1}, "p1": {}, "p2": {}}, id="study finished"),
        pytest.param([mark("done", on=False)], {}, id="mark taken back"),
        pytest.param([mark("done"), mark("unsure", 1), mark("skipped", 2)], {"p0": {}}, id="unsure is no no"),
        pytest.param([decision(1), mark("done", coder="Bilal")], {"p1": {}, "p2": {}}, id="silence against a code"),
        pytest.param([decision(1), decision(0, quote="deep holes")], {"p0": {"HOLE": 1}}, id="two quotes, one coder"),
        pytest.param([decision(1, None), decision(0, None, theme="KERB")], {}, id="judgements on the study"),
        pytest.param([decision(1, role="published")], {}, id="published coding"),
        pytest.param([decision(1, theme="GONE")], {}, id="a theme the codebook has not"),
    ],
)
def test_labels_of_passages(said: list[Decision | Mark], expected: dict[str, dict[str, int]]) -> None:
    assert labels(*said) == expected


def test_what_was_judged_weighs_more_than_what_was_passed_over() -> None:
    weights = {passage.id: passage.weight for passage in learn(mark("done"), decision(0)).passages}
    assert weights == {"study:p0": JUDGED_WEIGHT, "study:p1": PASSED_OVER_WEIGHT, "study:p2": PASSED_OVER_WEIGHT}


def test_counts_tell_what_there_was_to_learn() -> None:
    learned = learn(
        mark("done"), decision(1, 0), decision(0, 1), decision(1, 2), decision(0, 2, coder="Bilal", codebook="older")
    )
    assert (learned.positive, learned.rejected, learned.passed_over, learned.disputed) == (1, 1, 0, 1)
    assert learned.older_codebook == 1


def test_answers_to_suggestions_are_picked_by_the_machine_unless_all_was_read() -> None:
    answer = decision(0, model_id="m", shown=True)
    assert [passage.origin for passage in learn(answer).passages] == [PICKED]
    assert [passage.origin for passage in learn(answer, mark("seen", 0), mark("seen", 1)).passages] == [PICKED] * 2
    assert learn(answer, mark("done")).passages[0].origin == HUMAN
    assert learn(decision(0, model_id="m", shown=False)).passages[0].origin == HUMAN
    assert learn(decision(0)).passages[0].origin == HUMAN


def test_thresholds_may_be_set_on_studies_that_are_finished() -> None:
    assert not any(passage.calibrates for passage in learn(decision(1)).passages)
    assert all(passage.calibrates for passage in learn(decision(1), mark("done")).passages)


def test_a_code_of_one_s_own_teaches_the_theme_it_stands_under() -> None:
    code = Code(new_code_id(), "craters", "Amina", under="HOLE")
    said = place_codes([decision(2, theme=code.code_id)], [code])
    assert labels(*said) == {"p0": {"HOLE": 2}}


def test_a_quote_that_is_nowhere_in_the_text_is_learned_by_its_own_words() -> None:
    lost = decision(1, quote="A sentence of an edition that is not here.")
    (passage,) = learn(lost).passages
    assert passage.text == "A sentence of an edition that is not here."
    assert learn(lost, document=None).passages == (passage,)
    assert learn(decision(1, quote="too short"), document=None).passages == ()


def test_a_quote_is_learned_as_the_passage_it_stands_in() -> None:
    assert learn(decision(1, quote="full of deep holes")).passages[0].text == TEXTS[0]


def test_all_passages_of_a_study_are_one_group() -> None:
    assert {passage.group for passage in learn(mark("done")).passages} == {"study:study"}


def test_where_seed_and_people_speak_of_the_same_text_people_count() -> None:
    seed = [LabelledPassage("s1", "d", TEXTS[0].upper(), {}), LabelledPassage("s2", "d", "Another text.", {})]
    human = learn(decision(1)).passages
    assert [passage.id for passage in with_seed(seed, human)] == ["s2", "study:p0"]
