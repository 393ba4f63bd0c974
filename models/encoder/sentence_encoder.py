"""Which sentence encoders are there, and their vectors kept by the hash of the text they stand for.

The small one comes with the libraries; the large one is fetched apart (`models.encoder.mpnet`). `JAIZA_ENCODER` may be
"off", or name a folder with other weights (model.safetensors, tokenizer.json, config.json of a BERT or MPNet encoder),
which then take the place of both; `JAIZA_LARGE_ENCODER` may be "off". Where there is none, a model is trained on words
and phrases alone, and its card says so.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreError
from corpus.store.pdf_store import sha256_of
from corpus.workspace import Workspace
from models.encoder import minilm, mpnet
from models.encoder.transformer import PRECISION, WEIGHTS, TransformerEncoder, Vectors

SMALL, LARGE = "small", "large"  # what encoders are called: the small one reads more, the large one better
JOINED = "+"  # between the ids of the encoders of one model
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


def encoder_ids() -> dict[str, str]:
    """The id of each encoder that would be used, by what it is: SMALL, LARGE. Loads nothing.

    Weights of one's own take the place of both.
    """
    named = os.environ.get("JAIZA_ENCODER", "")
    if named == "off":
        return {}
    if named:
        path = Path(named).expanduser() / WEIGHTS
        digest = sha256_of(path) if path.is_file() else ""
        if not digest:
            minilm.read_files(Path(named).expanduser())  # says what is missing
        return {SMALL: f"{Path(named).name}-{digest[:12]}-{PRECISION}"}
    found = {}
    if minilm.installed():
        found[SMALL] = f"all-MiniLM-L6-v2-{minilm.OFFICIAL[:12]}-{PRECISION}"
    if os.environ.get("JAIZA_LARGE_ENCODER", "") != "off" and minilm.runnable() and mpnet.fetched():
        found[LARGE] = mpnet.ID
    return found


def encoder_id() -> str:
    """The ids of all encoders that would be used, joined by "+"; "" for none. Loads nothing."""
    return JOINED.join(encoder_ids().values())


def joined_id(encoders: Mapping[str, SentenceEncoder]) -> str:
    """The ids of `encoders`, joined by "+"; "" for none."""
    return JOINED.join(encoder.id for encoder in encoders.values())


def open_encoders(workspace: Workspace | None = None, *, only: str | None = None) -> dict[str, SentenceEncoder]:
    """The encoders at hand, by what they are (SMALL, LARGE), their vectors kept in `embeddings/` of `workspace`.

    `only` names by their ids, joined by "+", those that are wanted; where it is not given, all are.
    """
    wanted = None if only is None else only.split(JOINED)
    return {
        name: StoredEncoder(
            id_,
            workspace.embeddings / f"{id_}.db" if workspace else None,
            shared=mpnet.shared_vectors() if name == LARGE else shipped_vectors(id_),
        )
        for name, id_ in encoder_ids().items()
        if wanted is None or id_ in wanted
    }


def shipped_vectors(encoder: str) -> Path:
    """Where the vectors of the shipped passages by the encoder of that id come with Jaiza, if they do."""
    return Path(__file__).parent / f"{encoder}.npz"


class StoredEncoder:
    """An encoder that is loaded at the first text whose vector is not stored. Safe for several threads."""

    def __init__(self, id_: str, store: Path | None, shared: Path | None = None) -> None:
        """Keep vectors in the file `store`, and look for them in `shared` too (a .db or an .npz), never written."""
        self._id, self._store, self._shared = id_, store, shared
        self._guard = threading.Lock()
        self._loaded: TransformerEncoder | None = None

    def __reduce__(self) -> tuple[type[StoredEncoder], tuple[str, Path | None, Path | None]]:
        """Goes to another process without what is loaded."""
        return StoredEncoder, (self._id, self._store, self._shared)

    @property
    def id(self) -> str:
        """Names the weights and their precision."""
        return self._id

    def encode(self, texts: Sequence[str], *, step: Callable[[int], None] | None = None) -> Vectors:
        """Vectors rounded to 16 bits, so that stored ones are the same as fresh ones."""
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        with self._guard:
            known = _stored(self._store, keys)
            if len(known) < len(set(keys)):
                known = {**_made_for_all(self._shared, keys), **known}
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

    def _model(self) -> TransformerEncoder:
        if self._loaded is None:
            named = os.environ.get("JAIZA_ENCODER", "")
            self._loaded = (
                mpnet.load() if self._id == mpnet.ID else minilm.MiniLM(Path(named).expanduser() if named else None)
            )
        return self._loaded

    def _keep(self, vectors: dict[bytes, NDArray[np.float16]]) -> None:
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


def write_vectors(path: Path, vectors: Mapping[bytes, NDArray[np.float16]]) -> None:
    """Write `vectors`, by the hash of their text, as one .npz: smaller than a database, and read as a whole."""
    keys = sorted(vectors)
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            texts=np.array([np.frombuffer(key, dtype=np.uint8) for key in keys]),
            numbers=np.array([vectors[key] for key in keys], dtype="<f2"),
        )


def _made_for_all(shared: Path | None, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
    """The vectors of `keys` that a file has which was made for all reviews."""
    if shared is None or shared.suffix != ".npz":
        return _stored(shared, keys)
    if not shared.exists():
        return {}
    with np.load(shared, allow_pickle=False) as held:
        made = dict(zip(map(bytes, held["texts"]), held["numbers"], strict=True))
    return {key: made[key] for key in keys if key in made}


def _stored(store: Path | None, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
    """The vectors of `keys` that the file `store` has."""
    if store is None or not store.exists():
        return {}
    found: dict[bytes, NDArray[np.float16]] = {}
    try:
        with closing(sqlite3.connect(store, timeout=_WAIT_SECONDS)) as held:
            for key in dict.fromkeys(keys):
                if row := held.execute("SELECT numbers FROM vector WHERE text = ?", (key,)).fetchone():
                    found[key] = np.frombuffer(row[0], dtype="<f2")
    except sqlite3.OperationalError:  # held by another process, or nothing in it yet
        return {}
    except sqlite3.DatabaseError:  # a cache: what can't be read is made again
        store.unlink(missing_ok=True)
        return {}
    return found
