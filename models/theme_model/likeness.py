"""Themes that nothing was trained for: how like a passage is to what the codebook says of them.

A passage is as like a theme as its likeliest sentence is to the theme's definition, one of its rules of inclusion or
one of its examples, by the cosine of a sentence encoder's vectors. That ranks passages; it is no probability, and what
it proposes is marked as not calibrated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.codebook.codebook import Codebook, Theme
from models.encoder.sentence_encoder import LARGE, SMALL, SentenceEncoder
from models.encoder.transformer import Vectors
from models.metrics import Floats
from models.suggestion import Reason
from models.theme_model.nearest_passages import excerpt
from models.theme_model.passage_inputs import encode_passages

# The cosine that scores .5, and how far from it the score rises to .73. Chosen, not measured: what is ranked so is
# marked as not calibrated, and only the order is used until decisions are there.
HALF, STEP = 0.5, 0.07
PROPOSED_FROM, STRONG_FROM = 0.5, 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """What the codebook says of the themes, and its vectors."""

    reads: str  # the sentence encoder: LARGE where it is at hand
    themes: tuple[str, ...]
    texts: Sequence[Sequence[str]]  # of each theme
    vectors: Sequence[Vectors]  # of each theme: (texts, dimensions)

    def add_to(
        self, scores: Floats, texts: Sequence[str], codes: Sequence[str], encoders: Mapping[str, SentenceEncoder]
    ) -> Sequence[Mapping[str, Reason]]:
        """Raise `scores` (passages, themes of `codes`) to the likeness where that is higher.

        Returns, for each passage, the reason by theme.
        """
        read = encode_passages(encoders[self.reads], texts)
        reasons: list[dict[str, Reason]] = []
        for row, parts in enumerate(read.parts):
            vectors = np.concatenate([read.whole[row : row + 1], parts])
            told: dict[str, Reason] = {}
            for theme, said, known in zip(self.themes, self.texts, self.vectors, strict=True):
                alike = vectors @ known.T
                nearest = int(np.argmax(alike.max(axis=0)))
                log_odds = (float(alike.max()) - HALF) / STEP
                column = codes.index(theme)
                scores[row, column] = max(scores[row, column], 1.0 / (1.0 + np.exp(-log_odds)))
                told[theme] = Reason("likeness", excerpt(said[nearest]), round(float(alike.max()), 2))
            reasons.append(told)
        return reasons


def likeness_of(codebook: Codebook, themes: Sequence[str], encoders: Mapping[str, SentenceEncoder]) -> Likeness | None:
    """For `themes`; None where there is no sentence encoder, or no theme."""
    reads = next((name for name in (LARGE, SMALL) if name in encoders), "")
    if not themes or not reads:
        return None
    texts = [_said_of(codebook.theme(code)) for code in themes]
    return Likeness(reads, tuple(themes), texts, [encoders[reads].encode(said) for said in texts])


def _said_of(theme: Theme) -> list[str]:
    told = [theme.definition, *theme.include, *theme.examples]
    return [text for text in dict.fromkeys(told) if text.strip()] or [theme.name]
