"""The shipped model at work: themes, reasons, documents."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.workspace import Workspace, open_workspace
from extract.document import Box, Document, Passage, SectionKind
from models.model_store import current_model
from models.registry.model_card import Aim
from models.suggest.document_suggestions import suggest_document
from models.suggest.false_alarms import FalseAlarms
from models.suggest.study_proposal import propose_study
from models.suggest.suggestion_cache import load_suggestions, store_suggestions, suggestions_path
from models.suggestion import Suggestion
from models.theme_model.linear import WordRegression
from models.theme_model.nearest_passages import NearestPassages
from models.theme_model.reasons import MOST
from models.theme_model.theme_model import Model
from models.theme_model.voices import WORDS

PLAIN = {
    "GW": "Corruption, political interference and weak monitoring continue to undermine the Zakat system.",
    "IF": "Social protection in Pakistan is fragmented across many programmes with overlapping mandates and little "
    "coordination between federal and provincial governments.",
    "TI": "The proxy means test used by BISP produces high exclusion and inclusion errors, and many deserving "
    "households have been left out.",
    "FS": "Public spending on social protection remains low at less than 1 percent of GDP, and programmes depend "
    "heavily on donor funding.",
    "DIG": "NSER data are outdated and not linked with provincial databases.",
    "CGL": "The experience of Brazil and Turkey shows that an integrated registry can improve targeting; Pakistan can "
    "learn from these countries.",
    "COV": "Informal workers, who make up more than 70 percent of the labour force, remain outside the social "
    "security system.",
    "REC": "The government should establish a single authority to coordinate all social protection programmes.",
}


@pytest.fixture(scope="module")
def model(trained_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Model:
    root = tmp_path_factory.mktemp("suggest")
    workspace = open_workspace(root)
    shutil.copytree(trained_models, workspace.models)
    return current_model(workspace)


@pytest.mark.parametrize("theme", PLAIN)
def test_plain_policy_language_is_recognised(model: Model, theme: str) -> None:
    assert theme in {suggestion.theme for suggestion in model.suggest([("a", PLAIN[theme])])}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Corruption",
        "Fragmentation and duplication",
        "Chapter 4 turns to institutional fragmentation and Chapter 5 to financing.",
        "Wheat was sown on nine million hectares, and exports of rice rose by a tenth in the year.",
        "The questionnaire has three sections, and the interviewer enters one code in each column.",
    ],
)
def test_nothing_is_proposed_where_nothing_is_asserted(model: Model, text: str) -> None:
    assert list(model.suggest([("a", text)])) == []


def test_scores_are_probabilities_for_every_theme(model: Model) -> None:
    scores = model.scores([*PLAIN.values(), "", "!!!", "ا ب پ"])
    assert scores.shape == (11, 8)
    assert np.all((scores >= 0) & (scores <= 1))


def test_scores_do_not_depend_on_the_company(model: Model) -> None:
    texts = list(PLAIN.values())
    alone = np.concatenate([model.scores([text]) for text in texts])
    assert (model.scores(texts * 100)[:8] == alone).all()


@pytest.mark.parametrize("theme", PLAIN)
def test_all_reasons_of_the_words_and_the_intercept_add_up_to_their_log_odds(model: Model, theme: str) -> None:
    (batch,) = model.batches([PLAIN[theme]])
    assert model.learned is not None
    words = model.learned.scorers[WORDS]
    assert isinstance(words, WordRegression)
    at, inputs = words.themes.index(theme), batch.stages[0].inputs
    total = sum(reason.weight for reason in words.parts(inputs, 0, theme)) + words.intercepts[at]
    assert total == pytest.approx(words.log_odds(inputs)[0, at], abs=0.005)


@pytest.mark.parametrize("theme", PLAIN)
def test_reasons_are_few_quoted_from_the_text_and_strongest_first(model: Model, theme: str) -> None:
    for suggestion in model.suggest([("a", PLAIN[theme])]):
        assert 0 < len(suggestion.reasons) <= MOST
        assert all(reason.text in PLAIN[theme] for reason in suggestion.reasons if reason.kind != "meaning")
        weights = [abs(reason.weight) for reason in suggestion.reasons]
        assert weights == sorted(weights, reverse=True)


def test_the_aim_of_recall_proposes_all_that_the_other_does_and_more(model: Model) -> None:
    texts = list(PLAIN.values())
    (usual,), (wide,) = model.batches(texts), model.aimed("recall95").batches(texts)
    assert (wide.proposed | ~usual.proposed).all()
    assert all(theme.wide and theme.wide.recall >= 0.945 for theme in model.card.themes)


def test_finding_more_and_being_sure_lie_on_either_side_of_the_balance(model: Model) -> None:
    texts = list(PLAIN.values())
    more, usual, sure = ((next(model.aimed(aim).batches(texts))).proposed for aim in ("find more", "balanced", "sure"))
    assert (more | ~usual).all()
    assert (usual | ~sure).all()
    for theme in model.card.themes:
        assert theme.aims["find more"].recall >= theme.proposed.recall
        assert theme.aims["sure"].precision >= theme.proposed.precision - 0.005


def test_the_older_name_of_the_usual_aim_means_the_same(model: Model) -> None:
    assert model.aimed("f1").coding_id == model.coding_id
    assert (model.aimed("f1").thresholds == model.thresholds).all()


def test_suggestions_of_another_aim_are_never_taken_for_those_of_the_usual_one(model: Model, tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    read = document((PLAIN["GW"], "findings"))
    usual, wide = suggest_document(model, read), suggest_document(model.aimed("recall95"), read)
    store_suggestions(workspace, usual)
    assert usual.model_id == model.model_id
    assert wide.model_id == f"{model.model_id}-recall95"
    assert {one.model_id for one in wide.suggestions} == {wide.model_id}
    assert load_suggestions(workspace, read.sha256, read.extractor, wide.model_id) is None
    store_suggestions(workspace, wide)
    assert load_suggestions(workspace, read.sha256, read.extractor, usual.model_id) == usual
    assert load_suggestions(workspace, read.sha256, read.extractor, wide.model_id) == wide


@pytest.mark.parametrize("text", ["", "poor", "the " * 50_000, "Les pauvres sont exclus.", "غریب لوگ", "\x00\ud800"])
def test_any_text_gets_scores(model: Model, text: str) -> None:
    assert model.scores([text]).shape == (1, 8)


def test_what_meaning_added_is_told_with_the_nearest_labelled_passage(model: Model) -> None:
    told = [r for s in model.suggest([("a", PLAIN["IF"])]) for r in s.reasons if r.kind == "meaning"]
    assert model.learned is not None
    near = model.learned.scorers["small encoder, neighbours"]
    assert isinstance(near, NearestPassages)
    assert told
    assert all(reason.text in near.examples for reason in told)


def test_the_sentence_that_says_a_theme_most_is_told(model: Model) -> None:
    text = f"The board met four times in the year, as in the year before. {PLAIN['IF']} It closed at noon on Fridays."
    (found, *_) = [s for s in model.suggest([("a", text)]) if s.theme == "IF"]
    assert [reason.text for reason in found.reasons if reason.kind == "sentence"] == [PLAIN["IF"]]


def test_a_denial_is_told_and_never_speaks_for_the_theme(model: Model) -> None:
    denied = "The auditors found no evidence of corruption, and no ghost beneficiaries in any of the nine districts."
    (batch,) = model.batches([denied])
    told = [reason for reason in model.reasons(batch, 0, "GW") if reason.kind == "denial"]
    assert told
    assert batch.scores[0, 0] < model.scores(["The auditors found corruption and ghost beneficiaries."])[0, 0]


def test_a_phrase_carries_its_rule_id(model: Model) -> None:
    (found, *_) = [s for s in model.suggest([("a", PLAIN["GW"])]) if s.theme == "GW"]
    assert "GW.political-interference" in {reason.rule_id for reason in found.reasons}


def document(*passages: tuple[str, SectionKind]) -> Document:
    made = tuple(
        Passage(f"p-{at}", text, ((at, at + 1),), (Box(1, 0, 0, 1, 1),), "", section)
        for at, (text, section) in enumerate(passages)
    )
    return Document("a" * 64, "x1", "read", passages=made)


def test_a_list_of_references_is_not_coded(model: Model) -> None:
    found = suggest_document(model, document((PLAIN["GW"], "references"), (PLAIN["GW"], "findings")))
    assert {suggestion.passage_id for suggestion in found.suggestions} == {"p-1"}
    assert {study.passages for study in found.studies} == {1}


def test_a_passage_in_another_language_is_not_coded(model: Model) -> None:
    both = document((PLAIN["GW"], "findings"), (PLAIN["GW"], "findings"))
    foreign = replace(both, passages=(replace(both.passages[0], language="fr"), both.passages[1]))
    found = suggest_document(model, foreign)
    assert {suggestion.passage_id for suggestion in found.suggestions} == {"p-1"}
    assert {study.passages for study in found.studies} == {1}


def test_a_document_without_passages_has_a_proposal_of_nothing(model: Model) -> None:
    found = suggest_document(model, document())
    assert found.suggestions == ()
    assert [study.value for study in found.studies] == [0] * 8


def test_stored_suggestions_come_back_and_are_the_same_bytes_when_made_again(model: Model, tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    made = suggest_document(model, document(*((text, "findings") for text in PLAIN.values())))
    store_suggestions(workspace, made)
    path = suggestions_path(workspace, made.sha256, made.extractor, made.model_id)
    before = path.read_bytes()
    assert load_suggestions(workspace, made.sha256, made.extractor, made.model_id) == made
    store_suggestions(workspace, suggest_document(model, document(*((text, "findings") for text in PLAIN.values()))))
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b'{"sha256": "b"}'])
def test_a_damaged_cache_counts_as_none(tmp_path: Path, content: bytes) -> None:
    workspace: Workspace = open_workspace(tmp_path)
    workspace.suggestions.mkdir()
    suggestions_path(workspace, "a", "x1", "m").write_bytes(content)
    assert load_suggestions(workspace, "a", "x1", "m") is None


@pytest.mark.parametrize("aim", ["balanced", "recall95"])
def test_three_hundred_pages_with_no_more_hits_than_the_false_alarms_measured_there_have_no_theme(
    model: Model, aim: Aim
) -> None:
    passages = 3000
    made, measured = [], {}
    for theme in model.card.themes:
        rates = [at.false_positives / at.without for at in (theme.proposing(aim), theme.strong)]
        measured[theme.code] = FalseAlarms(*rates)
        alarms, clear = (round(rate * passages) for rate in rates)
        scores = [theme.strong.threshold] * clear + [theme.proposing(aim).threshold] * (alarms - clear)
        made += [Suggestion(f"{at}", theme.code, score, 1, (), "m", "c") for at, score in enumerate(scores)]
    assert len(made) > 300
    studies = propose_study(made, passages=passages, card=model.card, aim=aim, measured=measured)
    assert [study.theme for study in studies if study.value] == []
