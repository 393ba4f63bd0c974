"""The table of voices: which scorers there are, what each reads, and in which order they are asked.

A stage adds voices to those before it. Words cost next to nothing, the small encoder some, the large one much: a
passage goes on to the next stage only where that may change an answer. Another classifier is one more row.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from models.encoder.sentence_encoder import LARGE, SMALL
from models.theme_model.embedding_regression import EmbeddingRegression, LikeliestSentence
from models.theme_model.linear import WordRegression
from models.theme_model.nearest_passages import NearestPassages
from models.theme_model.theme_scorer import ThemeScorer

WORDS = "words"


@dataclass(frozen=True, slots=True)
class Voice:
    """One scorer in a model."""

    name: str  # on the card, and in a model's file
    scorer: type[ThemeScorer]
    reads: str  # SMALL or LARGE: the sentence encoder whose vectors it scores; "" for words and phrases


# Micro average precision on held-out documents of the 1,183 seed passages in the register of reports: words .716, words
# and the small encoder .787, words and the large one .816, with its neighbours and sentences .835, all voices .836.
VOICES = (
    Voice(WORDS, WordRegression, ""),
    Voice("small encoder", EmbeddingRegression, SMALL),
    Voice("small encoder, neighbours", NearestPassages, SMALL),
    Voice("small encoder, sentences", LikeliestSentence, SMALL),
    Voice("large encoder", EmbeddingRegression, LARGE),
    Voice("large encoder, neighbours", NearestPassages, LARGE),
    Voice("large encoder, sentences", LikeliestSentence, LARGE),
)
_STAGES = ("", SMALL, LARGE)


def voices_for(encoders: Collection[str]) -> tuple[Voice, ...]:
    """The voices of a model that has the `encoders`."""
    return tuple(voice for voice in VOICES if not voice.reads or voice.reads in encoders)


def stages_for(encoders: Collection[str]) -> tuple[tuple[str, tuple[Voice, ...]], ...]:
    """In their order: the encoder that a stage asks ("" in the first), and all voices that have spoken by then."""
    reading = [name for name in _STAGES if not name or name in encoders]
    return tuple((name, voices_for(reading[: at + 1])) for at, name in enumerate(reading))
