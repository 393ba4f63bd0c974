"""The sentence encoder: all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019) run by CTranslate2.

No torch: the weights lie as a file in a package that is never imported. They are read with NumPy, checked against the
hash of the official release, and laid out as CTranslate2 wants them. A passage's vector is the mean over its tokens,
of length one, as in the original: the cosine with it is 1.0000 in float32 and at least .994 in int8.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError, StoreError

PACKAGE = "all_minilm_l6_v2"
OFFICIAL = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # sha256 of its model.safetensors
WEIGHTS, TOKENIZER, CONFIG = "model.safetensors", "tokenizer.json", "config.json"
# 113 passages a CPU second, float32 54; the vectors differ little (cosine at least .994).
PRECISION = "int8"
MOST_TOKENS = 256  # what the encoder was made for; some 190 words, of a longer passage the beginning
BATCH = 32  # passages of one length; more gain nothing
MOST_WORKERS = 4  # threads, each with passages of its own
_MALLOPT = {-3: 32 << 20, -1: 64 << 20}  # M_MMAP_THRESHOLD and M_TRIM_THRESHOLD, bytes
THREADS = "OMP_NUM_THREADS"  # environment variable with which libraries are told how many threads they may start

Vectors = NDArray[np.float32]


def installed() -> bool:
    """Whether the package with the weights and the libraries that run them are there. Imports none of them."""
    return packaged() is not None and all(find_spec(name) is not None for name in ("ctranslate2", "tokenizers"))


def packaged() -> Path | None:
    """The archive with the weights, or None."""
    found = find_spec(PACKAGE)
    path = Path(found.origin).parent / "model.zip" if found and found.origin else None
    return path if path and path.is_file() else None


def read_files(folder: Path | None) -> dict[str, bytes]:
    """Weights, tokenizer and configuration, from `folder` or else from the package.

    ModelError: a file is missing, or the package's weights are not the official ones.
    """
    names = (WEIGHTS, TOKENIZER, CONFIG)
    if folder is not None:
        try:
            return {name: (folder / name).read_bytes() for name in names}
        except OSError as error:
            raise ModelError(
                f"the sentence encoder in {folder} can't be read ({error.strerror}: {Path(error.filename).name}): "
                f"JAIZA_ENCODER must name a folder with {', '.join(names)}, or be off"
            ) from None
    archive = packaged()
    if archive is None:
        raise ModelError("the sentence encoder is not installed: run `make setup`, or set JAIZA_ENCODER=off")
    try:
        with zipfile.ZipFile(archive) as held:
            files = {name: held.read(name) for name in names}
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{archive} is damaged ({error}): run `make clean setup`, or set JAIZA_ENCODER=off") from None
    if hashlib.sha256(files[WEIGHTS]).hexdigest() != OFFICIAL:
        raise ModelError(f"the weights in {archive} are not the official ones: run `make clean setup`")
    return files


def threads_allowed() -> int:
    """One a core up to MOST_WORKERS, and no more than THREADS says: in a worker of a cluster that is one."""
    said = os.environ.get(THREADS, "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MOST_WORKERS, cores, int(said) if said.isdigit() else MOST_WORKERS))


def _keep_freed_memory() -> None:
    """Have glibc keep tensors' memory for the next ones. Elsewhere: nothing.

    Dask sets an environment variable for its workers by which all that is freed goes back to the system at once, and
    encoding takes twice the CPU time: 4.0 s instead of 1.9 for 300 passages. These are the most it allows by itself.
    """
    with contextlib.suppress(AttributeError, OSError):
        for parameter, size in _MALLOPT.items():
            ctypes.CDLL(None).mallopt(parameter, size)


class MiniLM:
    """The encoder, loaded: some 130 MB, about two seconds."""

    def __init__(self, folder: Path | None = None) -> None:
        import ctranslate2
        import tokenizers

        files = read_files(folder)
        _keep_freed_memory()
        try:
            self._tokenizer = tokenizers.Tokenizer.from_str(files[TOKENIZER].decode())
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(MOST_TOKENS)
            spec = _spec(tensors(files[WEIGHTS]), json.loads(files[CONFIG]), self._tokenizer.get_vocab())
            self._width = int(json.loads(files[CONFIG])["hidden_size"])
            spec.optimize(quantization=PRECISION)
            with tempfile.TemporaryDirectory() as place:
                spec.save(place)
                self._workers = threads_allowed()
                self._model = ctranslate2.Encoder(
                    place, device="cpu", compute_type=PRECISION, inter_threads=self._workers, intra_threads=1
                )
        except OSError as error:
            raise StoreError(
                f"the folder for temporary files, {tempfile.gettempdir()}, can't be written ({error.strerror}): make "
                "room there (100 MB), or name another one by the environment variable TMPDIR"
            ) from None
        except (KeyError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"the sentence encoder in {folder or PACKAGE} is not one that Jaiza can run ({error}): "
                "name a BERT encoder such as all-MiniLM-L6-v2, or set JAIZA_ENCODER=off"
            ) from None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector of length one a text: (texts, 384).

        Only texts of the same number of tokens go together. Next to longer ones a text would be padded, sums in
        float32 would differ in the last digit, and int8 would make that a difference of up to .009 in its vector.
        """
        tokens = [found.ids for found in self._tokenizer.encode_batch([_sound(text) for text in texts])]
        alike: dict[int, list[int]] = defaultdict(list)
        for at, ids in enumerate(tokens):
            alike[len(ids)].append(at)
        groups = [same[at : at + BATCH] for same in alike.values() for at in range(0, len(same), BATCH)]
        vectors = np.empty((len(tokens), self._width), dtype=np.float32)

        def work(group: list[int]) -> None:
            states = np.array(self._model.forward_batch([tokens[at] for at in group]).last_hidden_state)
            for row, at in enumerate(group):
                mean = states[row].mean(axis=0)
                vectors[at] = mean / np.linalg.norm(mean)

        with ThreadPoolExecutor(self._workers) as pool:
            list(pool.map(work, groups))
        return vectors


def _sound(text: str) -> str:
    """Without halves of characters, which JSON may hold and no encoder reads."""
    return text.encode("utf-8", "replace").decode()


def tensors(data: bytes) -> dict[str, NDArray[np.float32]]:
    """The float32 arrays in a safetensors file: eight bytes of length, a JSON header, then the numbers."""
    length = int.from_bytes(data[:8], "little")
    header: Mapping[str, Any] = json.loads(data[8 : 8 + length])
    found = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            flat = np.frombuffer(data, dtype="<f4", count=(end - start) // 4, offset=8 + length + start)
            found[name] = flat.reshape(entry["shape"]).copy()
    return found


def _spec(weights: Mapping[str, NDArray[np.float32]], config: Mapping[str, Any], vocabulary: Mapping[str, int]) -> Any:
    """The weights as CTranslate2 lays them out."""
    from ctranslate2.specs import common_spec, transformer_spec

    layers = int(config["num_hidden_layers"])
    encoder = transformer_spec.TransformerEncoderSpec(
        layers,
        int(config["num_attention_heads"]),
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,  # words, and the segment, which is always the first
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number in range(layers):
        layer, prefix = encoder.layer[number], f"encoder.layer.{number}"
        parts = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
        projection, output = layer.self_attention.linear
        projection.weight = np.concatenate([weights[f"{part}.weight"] for part in parts])
        projection.bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
        _linear(output, weights, f"{prefix}.attention.output.dense")
        _norm(layer.self_attention.layer_norm, weights, f"{prefix}.attention.output.LayerNorm")
        _linear(layer.ffn.linear_0, weights, f"{prefix}.intermediate.dense")
        _linear(layer.ffn.linear_1, weights, f"{prefix}.output.dense")
        _norm(layer.ffn.layer_norm, weights, f"{prefix}.output.LayerNorm")
    spec.register_vocabulary(sorted(vocabulary, key=lambda token: vocabulary[token]))
    spec.config.unk_token = "[UNK]"
    spec.config.layer_norm_epsilon = float(config["layer_norm_eps"])
    spec.validate()
    return spec


def _linear(part: Any, weights: Mapping[str, NDArray[np.float32]], name: str) -> None:
    part.weight, part.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _norm(part: Any, weights: Mapping[str, NDArray[np.float32]], name: str) -> None:
    part.gamma, part.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
