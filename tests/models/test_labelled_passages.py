"""Labelled passages: the shipped ones, a workspace's own, and mistakes in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.workspace import open_workspace
from models.codebook.codebook import Codebook, Theme, shipped_codebook
from models.labelled_passages import LabelledPassage, load_labelled, read_labelled, revision_of

GOOD = {"id": "a-1", "doc": "a", "genre": "note", "text": "Funds were never released.", "labels": {"FS": 1}}


def written(tmp_path: Path, *entries: object) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(e if isinstance(e, str) else json.dumps(e) for e in entries), encoding="utf-8")
    return path


def test_shipped_passages_can_all_be_read(tmp_path: Path) -> None:
    passages = load_labelled(open_workspace(tmp_path), shipped_codebook())
    assert len(passages) > 2000
    assert len({passage.id for passage in passages}) == len(passages)


def test_a_workspaces_own_passages_are_used_instead(tmp_path: Path) -> None:
    (tmp_path / "seed").mkdir()
    written(tmp_path / "seed", GOOD)
    (passage,) = load_labelled(open_workspace(tmp_path), shipped_codebook())
    assert passage == LabelledPassage("a-1", "a", "Funds were never released.", {"FS": 1}, genre="note")


def test_documents_that_rest_on_one_source_can_be_one_group(tmp_path: Path) -> None:
    path = written(tmp_path, {**GOOD, "group": "one source"}, {**GOOD, "id": "b-1", "doc": "b", "group": "one source"})
    assert {passage.group for passage in read_labelled([path], themes=["FS"])} == {"one source"}


def test_passages_can_be_marked_as_those_on_which_thresholds_are_set(tmp_path: Path) -> None:
    path = written(tmp_path, {**GOOD, "calibrate": True}, {**GOOD, "id": "a-2"})
    assert [passage.calibrates for passage in read_labelled([path], themes=["FS"])] == [True, False]


def test_shipped_labels_are_not_given_to_a_theme_of_another_name(tmp_path: Path) -> None:
    food = Theme("FS", "Food security", "Enough to eat.", (), (), ())
    assert load_labelled(open_workspace(tmp_path), Codebook("", (food,))) == ()


def test_shipped_labels_are_kept_for_a_theme_that_is_the_same(tmp_path: Path) -> None:
    theme = shipped_codebook().theme("GW")
    passages = load_labelled(open_workspace(tmp_path), Codebook("", (theme,)))
    assert {code for passage in passages for code in passage.labels} == {"GW"}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        pytest.param([GOOD, GOOD], r"own.jsonl: line 2: id: 'a-1' is used twice", id="duplicate id"),
        pytest.param([{**GOOD, "labels": {"XX": 1}}], "line 1: labels: unknown theme 'XX'", id="unknown theme"),
        pytest.param([{**GOOD, "labels": {"FS": 3}}], "labels: FS: strength 3", id="strength"),
        pytest.param([{**GOOD, "labels": {"FS": True}}], "strength True", id="strength is a flag"),
        pytest.param([{**GOOD, "text": "  "}], "text: is missing or empty", id="empty text"),
        pytest.param([{"id": "a", "doc": "a", "text": "x"}], "labels: is missing", id="no labels"),
        pytest.param([{**GOOD, "lables": {}}], "unknown key 'lables'", id="unknown key"),
        pytest.param([{**GOOD, "calibrate": "yes"}], "calibrate: is neither true nor false", id="calibrate"),
        pytest.param(["", "{nonsense"], "line 2: not valid JSON", id="not JSON"),
        pytest.param(["[1]"], "not an object", id="a list"),
    ],
)
def test_a_mistake_is_named_with_line_and_key(tmp_path: Path, entries: list[object], message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        read_labelled([written(tmp_path, *entries)], themes=("FS",))


def test_revision_depends_on_what_can_be_learned_and_not_on_order() -> None:
    a, b = LabelledPassage("a", "d", "one"), LabelledPassage("b", "d", "two")
    assert revision_of([a, b]) == revision_of([b, a])
    assert revision_of([a, b]) != revision_of([a, LabelledPassage("b", "d", "two", {"FS": 1})])
