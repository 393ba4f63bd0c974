"""The labelled passages nearest in meaning: which share of them has a theme (k nearest neighbours, by cosine)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from models.encoder.transformer import Vectors
from models.metrics import Floats, Integers
from models.suggestion import Reason
from models.theme_model.passage_inputs import PassageInputs
from models.theme_model.theme_scorer import Arrays, Lesson

NEIGHBOURS = 15
TEMPERATURE = 0.05  # of the softmax over cosines: a neighbour .05 nearer counts 2.7 times as much
EXCERPT = 110  # characters of a labelled passage that are shown


@dataclass(frozen=True, slots=True, eq=False)
class NearestPassages:
    """The labelled passages with their vectors."""

    themes: tuple[str, ...]
    reads: str
    vectors: Vectors  # (labelled passages, dimensions)
    labels: Integers  # (labelled passages, themes)
    weights: Floats  # (labelled passages,)
    examples: tuple[str, ...]  # their beginnings
    # What was found for the vector asked about last: a passage is asked about once for each theme proposed for it.
    _last: dict[bytes, tuple[Floats, Floats, Floats]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def fit(cls, inputs: PassageInputs, lesson: Lesson, *, reads: str) -> Self:
        """Keep the passages."""
        return cls(
            themes=lesson.themes,
            reads=reads,
            vectors=inputs.encoded[reads].whole,
            labels=lesson.labels,
            weights=lesson.weights,
            examples=tuple(excerpt(text) for text in inputs.texts),
        )

    def log_odds(self, inputs: PassageInputs) -> Floats:
        """(passages, themes): of the share of neighbours, drawn towards the share of all as by one neighbour more."""
        alike = np.asarray(inputs.encoded[self.reads].whole @ self.vectors.T, dtype=np.float64)
        return self._of_cosines(alike, self._prior())

    def _of_cosines(self, alike: Floats, prior: Floats) -> Floats:
        """(passages, themes) from cosines with each labelled passage: (passages, labelled passages)"""
        near = min(NEIGHBOURS, len(self.labels))
        nearest = np.argsort(-alike, axis=1, kind="stable")[:, :near]
        cosines = np.take_along_axis(alike, nearest, axis=1)
        shares = np.exp((cosines - cosines.max(axis=1, keepdims=True)) / TEMPERATURE) * self.weights[nearest]
        shares /= shares.sum(axis=1, keepdims=True)
        labels = self.labels[nearest]
        having, asked = (
            np.einsum("pn,pnt->pt", shares, flags.astype(np.float64)) for flags in (labels > 0, labels >= 0)
        )
        found = (having * near + prior) / (asked * near + 1)
        return np.asarray(np.log(found / (1 - found)))

    def _prior(self) -> Floats:
        """The share of the labelled passages that have each theme, of those of which it is known: (themes,)"""
        known = np.maximum((self.labels >= 0).sum(axis=0), 1)
        return np.asarray(np.clip((self.labels > 0).sum(axis=0) / known, 1e-3, 1 - 1e-3))

    def parts(self, inputs: PassageInputs, row: int, theme: str, *, least: float = 0.0) -> Sequence[Reason]:
        """One reason: the nearest labelled passage of those that speak the same way."""
        log_odds, alike, priors = self._ask_about(inputs.encoded[self.reads].whole[row])
        at = self.themes.index(theme)
        labels, prior = self.labels[:, at], float(priors[at])
        part = float(log_odds[at]) - float(np.log(prior / (1 - prior)))
        chosen = np.flatnonzero(labels > 0 if part >= 0 else labels == 0)
        text = self.examples[int(chosen[np.argmax(alike[chosen])])] if len(chosen) else ""
        return (Reason("meaning", text, part),)

    def _ask_about(self, vector: Vectors) -> tuple[Floats, Floats, Floats]:
        """Log-odds of the themes, cosines with the labelled passages, and priors."""
        key = vector.tobytes()
        found = self._last.get(key)
        if found is None:
            prior = self._prior()
            alike = np.asarray(vector[None] @ self.vectors.T, dtype=np.float64)
            found = self._of_cosines(alike, prior)[0], alike[0], prior
            self._last.clear()
            self._last[key] = found
        return found

    def to_arrays(self) -> Arrays:
        """The vectors come rounded to 16 bits, so that nothing is lost by keeping them so."""
        return {
            "vectors": self.vectors.astype(np.float16),
            "labels": self.labels.astype(np.int8),
            "weights": self.weights,
            "examples": np.array("\n".join(self.examples)),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays, *, themes: tuple[str, ...], reads: str) -> Self:
        """From what `to_arrays` gave."""
        return cls(
            themes=themes,
            reads=reads,
            vectors=np.asarray(arrays["vectors"], dtype=np.float32),
            labels=np.asarray(arrays["labels"], dtype=np.int64),
            weights=np.asarray(arrays["weights"], dtype=np.float64),
            examples=tuple(str(arrays["examples"]).split("\n")),
        )


def excerpt(text: str) -> str:
    """The beginning of `text` in one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[:EXCERPT].rsplit(" ", 1)[0] + " …"
