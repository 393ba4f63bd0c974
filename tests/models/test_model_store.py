"""Models on disk: kept once, found again, refused when they are not what their card says."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import skops.io

from corpus.errors import ModelError
from corpus.workspace import Workspace, open_workspace
from models import model_store
from models.model_store import CARD, NUMBERS, READABLE, TRUSTED, current_model, store_model


@pytest.fixture
def workspace(trained_models: Path, tmp_path: Path) -> Workspace:
    made = open_workspace(tmp_path)
    shutil.copytree(trained_models, made.models)
    return made


@pytest.fixture
def folder(workspace: Workspace) -> Path:
    (found,) = workspace.models.iterdir()
    return found


def rewrite_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    (folder / CARD).write_text(json.dumps({**card, **changes}), encoding="utf-8")


def test_a_stored_model_is_found_without_training(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **options: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(model_store, "train", never)
    assert current_model(workspace).model_id


def test_a_loaded_model_scores_as_the_trained_one_did(workspace: Workspace) -> None:
    texts = ["Ghost beneficiaries were paid for years.", "Funds were released in June, and half of them lapsed."]
    loaded = current_model(workspace)
    assert loaded.learned is not None
    shutil.rmtree(workspace.models)
    store_model(workspace, loaded)
    assert (current_model(workspace).scores(texts) == loaded.scores(texts)).all()


def test_a_model_is_kept_with_a_card_for_people(folder: Path) -> None:
    text = (folder / READABLE).read_text(encoding="utf-8")
    assert "A proposal is never a finding" in text
    assert "are invented" in text


def test_a_models_file_holds_only_types_that_are_trusted(folder: Path) -> None:
    assert set(skops.io.get_untrusted_types(file=folder / NUMBERS)) <= set(TRUSTED)


def test_a_changed_file_is_refused(workspace: Workspace, folder: Path) -> None:
    data = bytearray((folder / NUMBERS).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / NUMBERS).write_bytes(bytes(data))
    with pytest.raises(ModelError, match="is not the file its card describes"):
        current_model(workspace)


def test_a_file_with_a_strange_type_is_refused_even_if_the_card_fits(workspace: Workspace, folder: Path) -> None:
    skops.io.dump({"trained": True, "words": pytest.approx(1.0)}, folder / NUMBERS)
    rewrite_card(folder, file_sha256=hashlib.sha256((folder / NUMBERS).read_bytes()).hexdigest())
    with pytest.raises(ModelError, match="holds what a model has no use for"):
        current_model(workspace)


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_an_unreadable_file_is_refused_even_if_the_card_fits(workspace: Workspace, folder: Path, data: bytes) -> None:
    (folder / NUMBERS).write_bytes(data)
    rewrite_card(folder, file_sha256=hashlib.sha256(data).hexdigest())
    with pytest.raises(ModelError, match="can't be read"):
        current_model(workspace)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"codebook": "0" * 12}, "was trained for codebook 000000000000", id="another codebook"),
        pytest.param({"lexicon": "0" * 12}, "was trained with lexicon", id="another lexicon"),
        pytest.param({"versions": {"scikit-learn": "0.1"}}, "was made with scikit-learn 0.1", id="another library"),
        pytest.param({"model_id": "other"}, "is the card of model other", id="another model's card"),
        pytest.param({"themes": 3}, "is damaged", id="damaged card"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(
    workspace: Workspace, folder: Path, changes: dict[str, object], message: str
) -> None:
    rewrite_card(folder, **changes)
    with pytest.raises(ModelError, match=message):
        current_model(workspace)


def test_a_missing_file_is_named(workspace: Workspace, folder: Path) -> None:
    (folder / NUMBERS).unlink()
    with pytest.raises(ModelError, match=r"model\.skops is missing"):
        current_model(workspace)


def test_what_a_crash_left_half_written_is_replaced(workspace: Workspace, folder: Path) -> None:
    model = current_model(workspace)
    (folder / CARD).unlink()
    store_model(workspace, model)
    assert current_model(workspace).model_id == model.model_id
    assert [path.name for path in workspace.models.iterdir()] == [model.model_id]
