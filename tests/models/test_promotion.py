"""Which model counts: promotions and rollbacks, and what happens where the champion can't be used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from corpus.errors import ModelError
from corpus.workspace import Workspace, open_workspace
from models.model_store import current_model
from models.registry.model_folder import CARD, LEARNED, NUMBERS, SEAL, check_seal, seal
from models.registry.model_id import current_model_id, model_in_use
from models.registry.promotion import HISTORY, SEED_MODEL, champions, history, promote, roll_back


@pytest.fixture
def workspace(trained_models: Path, tmp_path: Path) -> Workspace:
    """A review with the seed's model and another one, "aaaaaaaaaaaa", that differs in its name only."""
    made = open_workspace(tmp_path)
    shutil.copytree(trained_models, made.models)
    (seed_model,) = made.models.iterdir()
    other = made.models / "aaaaaaaaaaaa"
    shutil.copytree(seed_model, other)
    rewrite_card(other, model_id="aaaaaaaaaaaa")
    return made


def rewrite_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    (folder / CARD).write_text(json.dumps({**card, **changes}), encoding="utf-8")
    seal(folder)


def test_without_a_promotion_the_model_of_the_seed_counts(workspace: Workspace) -> None:
    assert not model_in_use(workspace).promoted
    assert current_model(workspace).model_id == current_model_id(workspace) != "aaaaaaaaaaaa"


def test_a_promoted_model_counts_and_is_loaded(workspace: Workspace) -> None:
    promote(workspace, "aaaaaaaaaaaa", by="Amina", why="better")
    assert current_model_id(workspace) == "aaaaaaaaaaaa"
    assert current_model(workspace).model_id == "aaaaaaaaaaaa"


def test_rollbacks_go_back_step_by_step_and_keep_the_history(workspace: Workspace) -> None:
    for model_id in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        promote(workspace, model_id, by="Amina", why="better")
    assert roll_back(workspace, by="Bilal", why="worse").model_id == "aaaaaaaaaaaa"
    assert roll_back(workspace, by="Bilal", why="worse").model_id == SEED_MODEL
    with pytest.raises(ModelError, match="no promotion to take back"):
        roll_back(workspace, by="Bilal", why="worse")
    assert [(event.event, event.before, event.model_id) for event in history(workspace)] == [
        ("promoted", "", "aaaaaaaaaaaa"),
        ("promoted", "aaaaaaaaaaaa", "bbbbbbbbbbbb"),
        ("rolled back", "bbbbbbbbbbbb", "aaaaaaaaaaaa"),
        ("rolled back", "aaaaaaaaaaaa", ""),
    ]


def test_a_promotion_after_a_rollback_goes_back_to_what_counted_then(workspace: Workspace) -> None:
    for model_id in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        promote(workspace, model_id, by="A", why="")
    roll_back(workspace, by="A", why="")
    promote(workspace, "cccccccccccc", by="A", why="")
    assert champions(history(workspace)) == ("", "aaaaaaaaaaaa", "cccccccccccc")


def test_the_champion_is_not_promoted_twice(workspace: Workspace) -> None:
    promote(workspace, "aaaaaaaaaaaa", by="A", why="")
    with pytest.raises(ModelError, match="is the champion already"):
        promote(workspace, "aaaaaaaaaaaa", by="A", why="")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"codebook": "0" * 12}, "was trained for codebook 000000000000", id="another codebook"),
        pytest.param({"versions": {}}, "of unknown version", id="other libraries"),
        pytest.param({"training": "0"}, "by training code 0", id="older code"),
    ],
)
def test_a_champion_that_does_not_fit_is_passed_over_and_it_is_said_why(
    workspace: Workspace, changes: dict[str, object], why: str
) -> None:
    promote(workspace, "aaaaaaaaaaaa", by="A", why="")
    rewrite_card(workspace.models / "aaaaaaaaaaaa", **changes)
    used = model_in_use(workspace)
    assert (used.promoted, used.passed_over) == (False, "aaaaaaaaaaaa")
    assert why in used.why
    assert current_model(workspace).model_id == used.model_id


def test_a_champion_whose_folder_is_gone_is_passed_over(workspace: Workspace) -> None:
    promote(workspace, "aaaaaaaaaaaa", by="A", why="")
    shutil.rmtree(workspace.models / "aaaaaaaaaaaa")
    assert "is gone" in model_in_use(workspace).why


@pytest.mark.parametrize("name", [CARD, NUMBERS, "CARD.md", SEAL])
@pytest.mark.parametrize("done", ["changed", "deleted"])
def test_a_tampered_champion_is_refused(workspace: Workspace, name: str, done: str) -> None:
    promote(workspace, "aaaaaaaaaaaa", by="A", why="")
    path = workspace.models / "aaaaaaaaaaaa" / name
    path.unlink() if done == "deleted" else path.write_bytes(path.read_bytes() + b" ")
    if (name, done) != (SEAL, "changed"):  # a blank at its end changes nothing
        with pytest.raises(ModelError, match=r"was changed since|is missing|damaged"):
            current_model_id(workspace)


def test_the_remedy_for_a_retrained_model_is_not_to_delete_it(workspace: Workspace) -> None:
    folder = workspace.models / "aaaaaaaaaaaa"
    (folder / LEARNED).write_text("{}\n")
    seal(folder)
    (folder / NUMBERS).unlink()
    with pytest.raises(ModelError, match="jaiza models rollback"):
        check_seal(folder)


def test_a_damaged_history_is_named_with_its_line(workspace: Workspace) -> None:
    promote(workspace, "aaaaaaaaaaaa", by="A", why="")
    path = workspace.models / HISTORY
    path.write_text(path.read_text() + "half a li")
    with pytest.raises(ModelError, match=r"promotions\.jsonl: line 2 is no promotion"):
        current_model_id(workspace)
