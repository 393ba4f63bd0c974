"""Weights of two families of encoders as CTranslate2 lays them out: BERT (Devlin 2019) and MPNet (Song 2020).

MPNet is BERT with one table of relative positions, as in T5, that all layers share. CTranslate2 leaves out the table of
absolute positions where it finds relative ones, so that table takes the place of BERT's segments, and each token is
given its position as its segment. Against a forward pass written out in NumPy the cosine of a passage's vector is
1.000000 in float32, and at least .994 in int8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.json_table import JsonTable

MPNET = "mpnet"  # `model_type` in a configuration
_FIRST_POSITION = 2  # of MPNet: the two before stand for padding
_FARTHEST = 128  # tokens; relative positions beyond count as this one

Weights = Mapping[str, NDArray[np.float32]]
Config = JsonTable


def lay_out(weights: Weights, config: Config, vocabulary: Mapping[str, int]) -> Any:
    """A CTranslate2 model specification; KeyError where `weights` are of another kind of encoder."""
    from ctranslate2.specs import common_spec, transformer_spec

    relative = config.get("model_type") == MPNET
    encoder = transformer_spec.TransformerEncoderSpec(
        int(config["num_hidden_layers"]),
        int(config["num_attention_heads"]),
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,  # words, and what stands in the place of segments
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
        relative_attention_bias=relative,
    )
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"]
    positions = weights["embeddings.position_embeddings.weight"]
    if relative:
        encoder.embeddings[1].weight = positions[_FIRST_POSITION:].copy()
    else:
        encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
        encoder.position_encodings.encodings = positions
    _norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _lay_out_layer(layer, weights, f"encoder.layer.{number}", relative=relative)
    spec.register_vocabulary(sorted(vocabulary, key=lambda token: vocabulary[token]))
    spec.config.unk_token = "[UNK]"
    spec.config.layer_norm_epsilon = float(config["layer_norm_eps"])
    spec.validate()
    return spec


def _lay_out_layer(layer: Any, weights: Weights, prefix: str, *, relative: bool) -> None:
    names, output_name, norm_name = (
        ([f"attention.attn.{part}" for part in "qkv"], "attention.attn.o", "attention.LayerNorm")
        if relative
        else (
            [f"attention.self.{part}" for part in ("query", "key", "value")],
            "attention.output.dense",
            "attention.output.LayerNorm",
        )
    )
    projection, output = layer.self_attention.linear
    projection.weight = np.concatenate([weights[f"{prefix}.{name}.weight"] for name in names])
    projection.bias = np.concatenate([weights[f"{prefix}.{name}.bias"] for name in names])
    if relative:
        layer.self_attention.relative_attention_bias = weights["encoder.relative_attention_bias.weight"]
        layer.self_attention.relative_attention_max_distance = np.dtype("int32").type(_FARTHEST)
    _linear(output, weights, f"{prefix}.{output_name}")
    _norm(layer.self_attention.layer_norm, weights, f"{prefix}.{norm_name}")
    _linear(layer.ffn.linear_0, weights, f"{prefix}.intermediate.dense")
    _linear(layer.ffn.linear_1, weights, f"{prefix}.output.dense")
    _norm(layer.ffn.layer_norm, weights, f"{prefix}.output.LayerNorm")


def _linear(part: Any, weights: Weights, name: str) -> None:
    part.weight, part.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _norm(part: Any, weights: Weights, name: str) -> None:
    part.gamma, part.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
