"""Which sentence encoder is there, and its vectors kept by the hash of the text they stand for.

`JAIZA_ENCODER` may be "off" or name a folder with another encoder's model.safetensors, tokenizer.json and
config.json. Where there is none, a model is trained on words and phrases alone, and its card says so.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np

from corpus.errors import StoreError
from corpus.store.pdf_store import sha256_of
from corpus.workspace import Workspace
from models.encoder.minilm import OFFICIAL, PRECISION, WEIGHTS, MiniLM, Vectors, installed, read_files

STEP = 256  # passages encoded between two words on progress
_WAIT_SECONDS = 60.0  # for another process that writes the same file
_MADE = "CREATE TABLE IF NOT EXISTS vector (text BLOB PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID"


class SentenceEncoder(Protocol):
    """Anything that turns texts into vectors of length one."""

    @property
    def id(self) -> str:
        """Names the weights and their precision; part of a model's id."""

    def encode(self, texts: Sequence[str], *, step: Callable[[int], None] | None = None) -> Vectors:
        """(texts, dimensions); `step` is told how many are done."""


def encoder_id() -> str:
    """The id of the encoder that would be used, "" for none. Loads nothing."""
    named = os.environ.get("JAIZA_ENCODER", "")
    if named == "off" or (not named and not installed()):
        return ""
    if named:
        path = Path(named).expanduser() / WEIGHTS
        digest = sha256_of(path) if path.is_file() else ""
        if not digest:
            read_files(Path(named).expanduser())  # says what is missing
        return f"{Path(named).name}-{digest[:12]}-{PRECISION}"
    return f"all-MiniLM-L6-v2-{OFFICIAL[:12]}-{PRECISION}"


def open_encoder(workspace: Workspace | None = None) -> SentenceEncoder | None:
    """The encoder, its vectors kept in `embeddings/` of `workspace`, or None where there is none."""
    id_ = encoder_id()
    return StoredEncoder(id_, workspace.embeddings / f"{id_}.db" if workspace else None) if id_ else None


class StoredEncoder:
    """An encoder that is loaded at the first text whose vector is not stored. Safe for several threads."""

    def __init__(self, id_: str, store: Path | None) -> None:
        self._id, self._store = id_, store
        self._guard = threading.Lock()
        self._loaded: MiniLM | None = None

    def __reduce__(self) -> tuple[type[StoredEncoder], tuple[str, Path | None]]:
        """Goes to another process without what is loaded."""
        return StoredEncoder, (self._id, self._store)

    @property
    def id(self) -> str:
        """Names the weights and their precision."""
        return self._id

    def encode(self, texts: Sequence[str], *, step: Callable[[int], None] | None = None) -> Vectors:
        """Vectors rounded to 16 bits, so that stored ones are the same as fresh ones."""
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        with self._guard:
            known = self._stored(keys)
            wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            fresh = list(wanted)
            for start in range(0, len(fresh), STEP):
                chosen = fresh[start : start + STEP]
                made = self._model().encode([wanted[key] for key in chosen]).astype(np.float16)
                self._keep(new := dict(zip(chosen, made, strict=True)))
                known.update(new)
                if step:
                    step(len(texts) - len(fresh) + start + len(chosen))
        return np.array([known[key] for key in keys], dtype=np.float32)

    def _model(self) -> MiniLM:
        if self._loaded is None:
            named = os.environ.get("JAIZA_ENCODER", "")
            self._loaded = MiniLM(Path(named).expanduser() if named else None)
        return self._loaded

    def _stored(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        if self._store is None or not self._store.exists():
            return {}
        found: dict[bytes, np.ndarray] = {}
        try:
            with closing(sqlite3.connect(self._store, timeout=_WAIT_SECONDS)) as held:
                for key in dict.fromkeys(keys):
                    if row := held.execute("SELECT numbers FROM vector WHERE text = ?", (key,)).fetchone():
                        found[key] = np.frombuffer(row[0], dtype="<f2")
        except sqlite3.OperationalError:  # held by another process, or nothing in it yet
            return {}
        except sqlite3.DatabaseError:  # a cache: what can't be read is made again
            self._store.unlink(missing_ok=True)
            return {}
        return found

    def _keep(self, vectors: dict[bytes, np.ndarray]) -> None:
        if self._store is None:
            return
        rows = [(key, vector.astype("<f2").tobytes()) for key, vector in vectors.items()]
        try:
            self._store.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._store, timeout=_WAIT_SECONDS)) as held, held:
                held.execute(_MADE)
                held.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)
        except (OSError, sqlite3.OperationalError) as error:
            raise StoreError(f"{self._store} can't be written ({error}): make room there") from None
