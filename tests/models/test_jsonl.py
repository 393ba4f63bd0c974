"""Coding passages given as JSON lines."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.workspace import open_workspace
from models.model_store import current_model
from models.suggest.calibrate import FEWEST_PASSAGES
from models.suggest.jsonl import code_lines
from models.theme_model.theme_model import BATCH, Model


@pytest.fixture(scope="module")
def model(trained_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Model:
    workspace = open_workspace(tmp_path_factory.mktemp("lines"))
    shutil.copytree(trained_models, workspace.models)
    return current_model(workspace)


def line(id_: str, text: str) -> str:
    return json.dumps({"id": id_, "text": text})


def test_a_line_holds_all_scores_the_proposed_themes_and_their_reasons(model: Model) -> None:
    (coded,) = code_lines(model, [line("a", "Overlapping mandates and duplication persist between the two funds.")])
    entry = json.loads(coded)
    assert entry["id"] == "a"
    assert list(entry["scores"]) == list(model.codebook.codes)
    assert entry["themes"] == ["IF"]
    assert set(entry["reasons"]) == {"IF"}
    assert set(entry["reasons"]["IF"][0]) == {"text", "weight", "kind", "rule_id"}


def test_every_passage_gives_one_line_in_the_order_given(model: Model) -> None:
    ids = [f"p{number}" for number in range(BATCH + 3)]
    coded = list(code_lines(model, [line(id_, "The road was opened in May.") for id_ in ids]))
    assert [json.loads(one)["id"] for one in coded] == ids


@pytest.mark.parametrize("text", ["", " ", "Corruption", "fraud fraud", "."])
def test_empty_and_tiny_passages_are_given_no_theme(model: Model, text: str) -> None:
    (coded,) = code_lines(model, [line("a", text)])
    assert json.loads(coded)["themes"] == []


@pytest.mark.parametrize("text", ["", ".", "word"])
def test_a_passage_that_says_nothing_has_low_scores(model: Model, text: str) -> None:
    (coded,) = code_lines(model, [line("a", text)])
    assert max(json.loads(coded)["scores"].values()) < 0.2


@pytest.mark.parametrize("text", ["poor widows excluded " * 17_000, "x" * 400_000], ids=["50,000 words", "one word"])
def test_a_huge_passage_is_coded(model: Model, text: str) -> None:
    (coded,) = code_lines(model, [line("a", text)])
    assert json.loads(coded)["id"] == "a"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        pytest.param("{", "in.jsonl: line 2: not valid JSON", id="not JSON"),
        pytest.param("[]", "line 2: is not an object", id="a list"),
        pytest.param('{"text": "x"}', "line 2: id: is missing", id="no id"),
        pytest.param('{"id": 7, "text": "x"}', "line 2: id: is missing or not text", id="id is a number"),
        pytest.param('{"id": "a"}', "line 2: text: is missing", id="no text"),
        pytest.param('{"id": "a", "text": null}', "line 2: text: is missing or not text", id="text is null"),
    ],
)
def test_a_bad_line_is_named_before_anything_is_given_out(model: Model, bad: str, message: str) -> None:
    coded = code_lines(model, [line("a", "x"), bad], file="in.jsonl")
    with pytest.raises(DataFileError, match=message):
        next(coded)


def test_the_same_lines_give_the_same_codes_and_reasons_on_every_run(model: Model) -> None:
    texts = [
        "Ghost beneficiaries were found in nine districts, and no audit has been held since the fund was set up.",
        "Overlapping mandates persist; the two funds keep lists apart, and the poor are left out of both of them.",
        "The office is open from nine to five on all working days.",
    ]
    lines = [line(f"p{at}", texts[at % 3]) for at in range(FEWEST_PASSAGES + 20)]
    first = list(code_lines(model, lines))
    assert list(code_lines(model, lines)) == first
    assert list(code_lines(model.aimed("balanced"), lines)) == first


def test_thresholds_follow_the_lines_where_there_are_enough(model: Model) -> None:
    theme = "Overlapping mandates and duplication persist between the two funds."
    other = "The office is open from nine to five on all working days."
    few = [json.loads(one)["themes"] for one in code_lines(model, [line("a", theme), line("b", other)])]
    many = [line(f"p{at}", (theme, other)[at % 2]) for at in range(FEWEST_PASSAGES)]
    assert [json.loads(one)["themes"] for one in code_lines(model, many)][:2] == few == [["IF"], []]
