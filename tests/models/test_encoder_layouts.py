"""Weights laid out for CTranslate2 give the vectors that a forward pass written out in NumPy gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import erf

from models.encoder import minilm
from models.encoder.layouts import lay_out

pytestmark = pytest.mark.skipif(not minilm.runnable(), reason="the libraries that run encoders are not installed")

WIDTH, HEADS, LAYERS, WORDS = 16, 2, 2, 11
CONFIG = {
    "model_type": "mpnet",
    "hidden_size": WIDTH,
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "layer_norm_eps": 1e-5,
}
Weights = dict[str, NDArray[np.float32]]


def test_an_mpnet_encoder_is_run_as_it_was_made(tmp_path: Path) -> None:
    import ctranslate2

    weights = made()
    spec = lay_out(weights, CONFIG, {("[UNK]" if at == 0 else f"w{at}"): at for at in range(WORDS)})
    spec.save(str(tmp_path))
    model = ctranslate2.Encoder(str(tmp_path), device="cpu", compute_type="float32")
    tokens = [1, 5, 2, 9, 9, 3, 10, 4, 7, 7, 8, 6] * 4  # longer than the sixteen nearest relative positions
    found = np.array(model.forward_batch([tokens], token_type_ids=[list(range(len(tokens)))]).last_hidden_state)[0]
    assert found == pytest.approx(forward(weights, tokens), abs=1e-4)


def made() -> Weights:
    random = np.random.default_rng(3)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (WORDS, WIDTH),
        "embeddings.position_embeddings.weight": (64, WIDTH),
        "encoder.relative_attention_bias.weight": (32, HEADS),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        shapes |= {f"{name}.attention.attn.{part}.weight": (WIDTH, WIDTH) for part in "qkvo"}
        shapes |= {f"{name}.attention.attn.{part}.bias": (WIDTH,) for part in "qkvo"}
        shapes |= {f"{name}.intermediate.dense.weight": (32, WIDTH), f"{name}.intermediate.dense.bias": (32,)}
        shapes |= {f"{name}.output.dense.weight": (WIDTH, 32), f"{name}.output.dense.bias": (WIDTH,)}
        norms += [f"{name}.attention.LayerNorm", f"{name}.output.LayerNorm"]
    shapes |= {f"{norm}.{part}": (WIDTH,) for norm in norms for part in ("weight", "bias")}
    return {name: random.normal(scale=0.5, size=shape).astype(np.float32) for name, shape in shapes.items()}


def forward(weights: Weights, tokens: list[int]) -> NDArray[np.float32]:
    """The last layer, after Song et al. 2020."""

    def norm(rows: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        spread = np.sqrt(rows.var(-1, keepdims=True) + 1e-5)
        scaled: NDArray[np.float32] = (rows - rows.mean(-1, keepdims=True)) / spread
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def linear(rows: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    length, size = len(tokens), WIDTH // HEADS
    rows = weights["embeddings.word_embeddings.weight"][tokens]
    rows = norm(rows + weights["embeddings.position_embeddings.weight"][2 : 2 + length], "embeddings.LayerNorm")
    bias = weights["encoder.relative_attention_bias.weight"][buckets(length)].transpose(2, 0, 1)
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            linear(rows, f"{name}.attention.attn.{part}").reshape(length, HEADS, size).transpose(1, 0, 2)
            for part in "qkv"
        )
        weighed = np.exp(query @ key.transpose(0, 2, 1) / np.sqrt(size) + bias)
        weighed /= weighed.sum(-1, keepdims=True)
        attended = (weighed @ value).transpose(1, 0, 2).reshape(length, WIDTH)
        rows = norm(rows + linear(attended, f"{name}.attention.attn.o"), f"{name}.attention.LayerNorm")
        inner = linear(rows, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
        rows = norm(rows + linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    return rows


def buckets(length: int) -> NDArray[np.int64]:
    """Of relative positions, after Raffel et al. 2020: sixteen a direction, the far ones by their logarithm."""
    apart = np.arange(length)[None, :] - np.arange(length)[:, None]
    far = 8 + (np.log(np.maximum(np.abs(apart), 1) / 8) / np.log(128 / 8) * 8).astype(np.int64)
    return (apart > 0) * 16 + np.where(np.abs(apart) < 8, np.abs(apart), np.minimum(far, 15))
