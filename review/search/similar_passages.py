"""Passages that mean nearly the same, by the vectors of the sentence encoder."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from extract.document import Document
from models.encoder.sentence_encoder import SentenceEncoder

Key = tuple[str, str]  # source id, passage id


class SimilarPassages:
    """The vectors of all passages of a review; made study by study, so that what is there can be searched at once.

    Safe for several threads. Without an encoder there are none.
    """

    def __init__(self, encoder: SentenceEncoder | None) -> None:
        self._encoder = encoder
        self._guard = threading.Lock()
        self._versions: dict[str, str] = {}  # source -> text that its vectors are of
        self._keys: dict[str, list[Key]] = {}
        self._vectors: dict[str, NDArray[np.float16]] = {}

    @property
    def available(self) -> bool:
        """Is there an encoder?"""
        return self._encoder is not None

    @property
    def ready(self) -> int:
        """How many passages can be searched."""
        return sum(map(len, self._keys.values()))

    def bring_up_to_date(self, documents: Mapping[str, Document]) -> None:
        """Take in the texts that are new or were read anew, and let go of those that are gone."""
        if self._encoder is None:
            return
        with self._guard:
            for source in [source for source in self._versions if source not in documents]:
                del self._versions[source], self._keys[source], self._vectors[source]
            for source, document in documents.items():
                version = f"{document.sha256} {document.extractor}"
                if self._versions.get(source) == version or not document.passages:
                    continue
                vectors = self._encoder.encode([passage.text for passage in document.passages])
                self._vectors[source] = vectors.astype(np.float16)
                self._keys[source] = [(source, passage.id) for passage in document.passages]
                self._versions[source] = version

    def like(self, text: str, *, without: Collection[Key] = (), count: int = 50) -> list[tuple[Key, float]]:
        """The passages nearest in meaning to `text`, each with its likeness (cosine, 1 = the same), nearest first."""
        if self._encoder is None or not self._keys:
            return []
        (vector,) = self._encoder.encode([text])
        keys: Sequence[Key] = [key for source in list(self._keys) for key in self._keys[source]]
        likeness = np.concatenate([v.astype(np.float32) @ vector for v in [self._vectors[s] for s in list(self._keys)]])
        found: list[tuple[Key, float]] = []
        for place in np.argsort(-likeness, kind="stable"):
            if keys[place] not in without:
                found.append((keys[place], float(likeness[place])))
                if len(found) == count:
                    break
        return found
