"""What a passage is about, whatever its words: one logistic regression a theme on a sentence encoder's vectors.

On the whole passage, and on each of its sentences by itself, of which the likeliest counts: a passage of seventy words
that tells one theme in one sentence looks like its other sentences as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.encoder.transformer import Vectors
from models.metrics import Floats
from models.suggestion import Reason
from models.theme_model.passage_inputs import PassageInputs
from models.theme_model.theme_scorer import Arrays, Lesson

REGRESSION_C = 10.0  # inverse strength of regularisation; macro AP of the sum is flat from 3 to 10
_ROUNDS = 300  # of the solver


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddingRegression:
    """Fitted regressions on the vectors of whole passages."""

    themes: tuple[str, ...]
    reads: str
    weights: Floats  # (dimensions, themes)
    intercepts: Floats  # (themes,)
    centre: Vectors  # (dimensions,): the mean vector; a passage's part is told as the difference to it

    @classmethod
    def fit(cls, inputs: PassageInputs, lesson: Lesson, *, reads: str) -> Self:
        """One regression a theme."""
        vectors = inputs.encoded[reads].whole
        exact = vectors.astype(np.float64)
        fitted = []
        for labels in lesson.labels.T:
            known = labels >= 0
            regression = LogisticRegression(C=REGRESSION_C, max_iter=_ROUNDS)
            fitted.append(regression.fit(exact[known], labels[known] > 0, sample_weight=lesson.weights[known]))
        return cls(
            themes=lesson.themes,
            reads=reads,
            weights=np.stack([one.coef_[0] for one in fitted], axis=1),
            intercepts=np.array([one.intercept_[0] for one in fitted]),
            centre=vectors.mean(axis=0),
        )

    def log_odds(self, inputs: PassageInputs) -> Floats:
        """(passages, themes)"""
        return self.of_vectors(inputs.encoded[self.reads].whole)

    def of_vectors(self, vectors: Vectors) -> Floats:
        """The log-odds of any vectors: (vectors, themes)"""
        return np.asarray(vectors.astype(np.float64) @ self.weights + self.intercepts)

    def parts(self, inputs: PassageInputs, row: int, theme: str, *, least: float = 0.0) -> Sequence[Reason]:
        """One reason: how much the meaning moved the score, against an average passage."""
        vector = inputs.encoded[self.reads].whole[row]
        return (Reason("meaning", "", self.difference(vector, theme)),)

    def difference(self, vector: Vectors, theme: str) -> float:
        """How much a vector adds to the log-odds, against the average passage."""
        return float((vector - self.centre).astype(np.float64) @ self.weights[:, self.themes.index(theme)])

    def to_arrays(self) -> Arrays:
        """Weights, intercepts and centre."""
        return {"weights": self.weights, "intercepts": self.intercepts, "centre": self.centre}

    @classmethod
    def from_arrays(cls, arrays: Arrays, *, themes: tuple[str, ...], reads: str) -> Self:
        """From what `to_arrays` gave."""
        return cls(
            themes=themes,
            reads=reads,
            weights=np.asarray(arrays["weights"], dtype=np.float64),
            intercepts=np.asarray(arrays["intercepts"], dtype=np.float64),
            centre=np.asarray(arrays["centre"], dtype=np.float32),
        )


class LikeliestSentence(EmbeddingRegression):
    """The regression on whole passages, asked about each sentence; the likeliest one counts."""

    __slots__ = ()

    def log_odds(self, inputs: PassageInputs) -> Floats:
        """(passages, themes)"""
        parts = inputs.encoded[self.reads].parts
        if not parts:
            return np.zeros((0, len(self.themes)))
        starts = np.cumsum([0, *(len(found) for found in parts[:-1])])
        return np.asarray(np.maximum.reduceat(self.of_vectors(np.concatenate(list(parts))), starts, axis=0))

    def parts(self, inputs: PassageInputs, row: int, theme: str, *, least: float = 0.0) -> Sequence[Reason]:
        """One reason: the sentence that says the theme most."""
        read = inputs.encoded[self.reads]
        at = int(np.argmax(self.of_vectors(read.parts[row])[:, self.themes.index(theme)]))
        return (Reason("sentence", read.sentences[row][at], self.difference(read.parts[row][at], theme)),)
