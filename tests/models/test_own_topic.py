"""A topic of one's own: ranked by likeness without any example, learned from a few."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from corpus.workspace import Workspace, open_workspace
from models.codebook.codebook import Codebook, Theme
from models.codebook.lexicon import shipped_lexicon
from models.encoder.sentence_encoder import SMALL
from models.encoder.transformer import Vectors
from models.evaluation.assessment import assess
from models.evaluation.champion_challenger import PICKED
from models.labelled_passages import LabelledPassage
from models.model_store import load_model, store_model
from models.registry.model_card import card_text
from models.training.train import train

REPLY = Theme("REPLY", "Low response", "Few people answered the survey.", ("A low response rate.",), (), ())
ERRORS = Theme("ERR", "Wrong answers", "Respondents remembered wrongly.", ("Recall errors.",), (), ())
CODEBOOK = Codebook("Quality of surveys", (REPLY, ERRORS))
LEXICON = shipped_lexicon().for_codebook(CODEBOOK)
SUBJECTS = ("the north", "the coast", "two towns", "the camps", "older men", "tenants")
ABOUT = ("answered survey response few rate", "remembered recall wrongly errors", "road bridge canal wheat")


class Subjects:
    """Stands for an encoder: a text's vector tells which subject its words are of."""

    id = "subjects"

    def encode(self, texts: Sequence[str], *, step: Callable[[int], None] | None = None) -> Vectors:
        """(texts, subjects), of length one."""
        counts = [
            [1e-3 + sum(word.strip(".") in about.split() for word in text.lower().split()) for about in ABOUT]
            for text in texts
        ]
        found = np.array(counts, dtype=np.float32)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float16).astype(np.float32)


def passages(positive: int, *, documents: int = 3) -> list[LabelledPassage]:
    made = []
    for at in range(positive * 3):
        subject, kind = SUBJECTS[at % len(SUBJECTS)], at % 3
        text = (
            f"In {subject} few answered the survey and the response rate was {at} in a hundred.",
            f"People in {subject} remembered wrongly how often they went, and recall errors were {at} in a hundred.",
            f"The road to {subject} crosses a bridge and a canal of {at} metres beside the wheat.",
        )[kind]
        labels = {"REPLY": 1} if kind == 0 else {"ERR": 1} if kind == 1 else {}
        made.append(LabelledPassage(f"p{at:03}", f"d{at % documents}", text, labels, weight=3.0, origin=PICKED))
    return made


def test_without_any_example_passages_are_ranked_by_likeness_to_the_codebook() -> None:
    model = train(CODEBOOK, LEXICON, [], encoders={SMALL: Subjects()})
    assert {theme.how for theme in model.card.themes} == {"likeness"}
    assert "not calibrated" in card_text(model.card)
    asked, away = model.scores(["Few answered the survey at all.", "A bridge carries the road over the canal."])
    assert asked[0] > 0.5 > asked[1]
    assert max(away) < 0.5
    (found,) = model.suggest([("a", "Few answered the survey at all.")])
    assert found.theme == "REPLY"
    assert [reason.kind for reason in found.reasons] == ["likeness"]
    assert found.reasons[0].text in {REPLY.definition, *REPLY.include}


def test_without_example_encoder_and_rules_nothing_is_proposed_and_the_card_says_so() -> None:
    model = train(CODEBOOK, LEXICON, [])
    assert list(model.suggest([("a", "Few answered the survey at all.")])) == []
    assert "It is never proposed" in card_text(model.card)


@pytest.mark.parametrize("documents", [1, 2, 5])
def test_five_examples_a_theme_teach_a_model(documents: int) -> None:
    model = train(CODEBOOK, LEXICON, passages(5, documents=documents), encoders={SMALL: Subjects()})
    assert {theme.how for theme in model.card.themes} == {"trained"}
    asked, away = model.scores(["Few in the hills answered the survey.", "A bridge carries the road over the canal."])
    assert asked[0] == max(*asked, *away)
    assert ("flatter" in card_text(model.card)) is (documents < 5)


def test_a_theme_with_examples_is_learned_beside_one_that_is_ranked() -> None:
    some = [passage for passage in passages(6) if "ERR" not in passage.labels]
    model = train(CODEBOOK, LEXICON, some, encoders={SMALL: Subjects()})
    assert [theme.how for theme in model.card.themes] == ["trained", "likeness"]
    (scores,) = model.scores(["They remembered wrongly, with recall errors."])
    assert scores[1] > 0.5


def test_a_model_that_only_ranks_is_kept_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace: Workspace = open_workspace(tmp_path)
    made = train(CODEBOOK, LEXICON, [], encoders={SMALL: Subjects()})
    monkeypatch.setattr("models.model_store.open_encoders", lambda *_args, **_options: {SMALL: Subjects()})
    monkeypatch.setattr("models.model_store.misfit", lambda *_: "")
    store_model(workspace, made)
    found = load_model(workspace, made.model_id, codebook=CODEBOOK, lexicon=LEXICON)
    text = ["Few answered the survey at all."]
    assert (found.scores(text) == made.scores(text)).all()
    shutil.rmtree(workspace.models)


def test_answers_to_suggestions_alone_can_not_be_measured_and_a_line_says_so() -> None:
    with pytest.raises(ModelError, match="nothing yet to measure a model on"):
        assess(CODEBOOK, LEXICON, "m", passages(6), data="d", workers=1)
