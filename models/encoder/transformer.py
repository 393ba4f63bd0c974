"""A sentence encoder run by CTranslate2, without torch.

A passage's vector is the mean over its tokens, of length one, as sentence-transformers makes it (Reimers and Gurevych
2019): the cosine with the original is 1.0000 in float32 and at least .994 in int8.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError, StoreError
from corpus.json_table import JsonObject
from models.encoder.layouts import MPNET, lay_out
from models.encoder.safetensors import tensors

WEIGHTS, TOKENIZER, CONFIG = "model.safetensors", "tokenizer.json", "config.json"
CONVERTED = "model.bin"  # of a folder that CTranslate2 wrote; the tokenizer and the configuration lie beside it
SOURCE_CONFIG = "encoder.json"  # CONFIG in a converted folder, where CTranslate2 writes a file of that name
# MiniLM: 113 passages a CPU second, float32 54; the vectors differ little (cosine at least .994).
PRECISION = "int8"
MOST_TOKENS = 256  # some 190 words, of a longer passage the beginning
BATCH = 32  # passages of one length; more gain nothing
MOST_WORKERS = 4  # threads, each with passages of its own
_MALLOPT = {-3: 32 << 20, -1: 64 << 20}  # M_MMAP_THRESHOLD and M_TRIM_THRESHOLD, bytes
THREADS = "OMP_NUM_THREADS"  # environment variable with which libraries are told how many threads they may start

Vectors = NDArray[np.float32]


def threads_allowed() -> int:
    """One a core up to MOST_WORKERS, and no more than THREADS says: in a worker of a cluster that is one."""
    said = os.environ.get(THREADS, "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MOST_WORKERS, cores, int(said) if said.isdigit() else MOST_WORKERS))


class TransformerEncoder:
    """An encoder, loaded from weights as they are published, or from a folder that `convert` wrote.

    StoreError: no room for temporary files. ModelError: the weights are of no encoder that can be run.
    """

    def __init__(self, files: Mapping[str, bytes] | None, *, name: str, converted: Path | None = None) -> None:
        """Take `files` (WEIGHTS, TOKENIZER and CONFIG by name), or the folder `converted`; `name` is for messages."""
        _keep_freed_memory()
        self._workers = threads_allowed()
        try:
            if converted is None:
                with tempfile.TemporaryDirectory() as place:
                    convert(files or {}, Path(place))
                    self._load(Path(place))
            else:
                self._load(converted)
        except OSError as error:
            raise StoreError(
                f"the folder for temporary files, {tempfile.gettempdir()}, can't be written ({error.strerror}): make "
                "room there (100 MB), or name another one by the environment variable TMPDIR"
            ) from None
        except (KeyError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"the sentence encoder in {name} is not one that Jaiza can run ({error}): "
                "name a BERT or MPNet encoder such as all-MiniLM-L6-v2, or set JAIZA_ENCODER=off"
            ) from None

    def _load(self, folder: Path) -> None:
        import ctranslate2
        import tokenizers

        config = json.loads((folder / SOURCE_CONFIG).read_bytes())
        self._tokenizer = tokenizers.Tokenizer.from_str((folder / TOKENIZER).read_text(encoding="utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._width = int(config["hidden_size"])
        self._counts_positions = config.get("model_type") == MPNET
        self._model = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type=PRECISION, inter_threads=self._workers, intra_threads=1
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector of length one a text: (texts, dimensions).

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
            states = self._states([tokens[at] for at in group])
            for row, at in enumerate(group):
                mean = states[row].mean(axis=0)
                vectors[at] = mean / np.linalg.norm(mean)

        with ThreadPoolExecutor(self._workers) as pool:
            list(pool.map(work, groups))
        return vectors

    def _states(self, tokens: list[list[int]]) -> NDArray[np.float32]:
        """The last layer of texts of one length: (texts, tokens, dimensions)."""
        places: JsonObject = {}
        if self._counts_positions:
            places["token_type_ids"] = [list(range(len(tokens[0])))] * len(tokens)
        return np.array(self._model.forward_batch(tokens, **places).last_hidden_state)


def convert(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the encoder in `files` to `folder` as CTranslate2 reads it, in int8.

    KeyError, ValueError or RuntimeError: the files are of no encoder that can be laid out.
    """
    import tokenizers

    config = json.loads(files[CONFIG])
    vocabulary = tokenizers.Tokenizer.from_str(files[TOKENIZER].decode()).get_vocab()
    spec = lay_out(tensors(files[WEIGHTS]), config, vocabulary)
    spec.optimize(quantization=PRECISION)
    spec.save(str(folder))
    (folder / TOKENIZER).write_bytes(files[TOKENIZER])
    (folder / SOURCE_CONFIG).write_bytes(files[CONFIG])


def _keep_freed_memory() -> None:
    """Have glibc keep tensors' memory for the next ones. Elsewhere: nothing.

    Dask sets an environment variable for its workers by which all that is freed goes back to the system at once, and
    encoding takes twice the CPU time: 4.0 s instead of 1.9 for 300 passages. These are the most it allows by itself.
    """
    with contextlib.suppress(AttributeError, OSError):
        for parameter, size in _MALLOPT.items():
            ctypes.CDLL(None).mallopt(parameter, size)


def _sound(text: str) -> str:
    """Without halves of characters, which JSON may hold and no encoder reads."""
    return text.encode("utf-8", "replace").decode()
