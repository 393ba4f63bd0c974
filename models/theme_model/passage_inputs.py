"""What scorers see of some passages: their words as numbers, and what sentence encoders made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from extract.text.sentences import sentences
from models.codebook.phrase_rules import PhraseHit
from models.encoder.sentence_encoder import SentenceEncoder
from models.encoder.transformer import Vectors
from models.metrics import Flags
from models.theme_model.tfidf import SparseMatrix, Vectoriser

FEWEST_WORDS = 4  # of a sentence that is read by itself; shorter ones assert nothing
MOST_SENTENCES = 40  # of one passage that are read by themselves; longer ones are tables and broken extraction


@dataclass(frozen=True, slots=True, eq=False)
class EncodedPassages:
    """What one sentence encoder made of some passages."""

    whole: Vectors  # (passages, dimensions)
    parts: Sequence[Vectors]  # of each passage: (sentences, dimensions), one row at least
    sentences: Sequence[Sequence[str]]  # of each passage: the text of `parts`

    def take(self, chosen: Flags) -> EncodedPassages:
        """Those of the `chosen` passages."""
        at = np.flatnonzero(chosen).tolist()
        return EncodedPassages(self.whole[chosen], [self.parts[i] for i in at], [self.sentences[i] for i in at])


@dataclass(frozen=True, slots=True, eq=False)
class PassageInputs:
    """Some passages as scorers see them."""

    texts: Sequence[str]
    hits: Sequence[Sequence[PhraseHit]]  # phrases of the lexicon, of each passage
    rows: SparseMatrix  # (passages, columns of `vectoriser`)
    vectoriser: Vectoriser
    encoded: Mapping[str, EncodedPassages] = field(
        default_factory=dict
    )  # by what the encoder is called, SMALL or LARGE

    def take(self, chosen: Flags) -> PassageInputs:
        """The `chosen` passages only."""
        at = np.flatnonzero(chosen).tolist()
        return PassageInputs(
            texts=[self.texts[i] for i in at],
            hits=[self.hits[i] for i in at],
            rows=self.rows[at],
            vectoriser=self.vectoriser,
            encoded={name: read.take(chosen) for name, read in self.encoded.items()},
        )


def split_sentences(text: str) -> list[str]:
    """The sentences of a passage that are read by themselves; none where it has one only."""
    spans = [text[start:end] for start, end in sentences(text)]
    kept = [sentence for sentence in spans if len(sentence.split(maxsplit=FEWEST_WORDS)) >= FEWEST_WORDS]
    return kept[:MOST_SENTENCES] if len(kept) > 1 else []


def encode_passages(
    encoder: SentenceEncoder, texts: Sequence[str], *, by_sentence: Flags | None = None
) -> EncodedPassages:
    """`texts` read whole and sentence by sentence.

    Where `by_sentence` is given, only those it flags are read by sentence too; of the others the whole stands for its
    one part.
    """
    parts = _parts(texts, by_sentence)
    vectors = encoder.encode(texts_to_encode(texts, by_sentence=by_sentence))
    whole, rest = vectors[: len(texts)], vectors[len(texts) :]
    ends = np.cumsum([0, *(len(found) for found in parts)]).tolist()
    return EncodedPassages(
        whole=whole,
        parts=[
            rest[start:end] if end > start else whole[at : at + 1] for at, (start, end) in enumerate(pairwise(ends))
        ],
        sentences=[found or [texts[at]] for at, found in enumerate(parts)],
    )


def texts_to_encode(texts: Sequence[str], *, by_sentence: Flags | None = None) -> list[str]:
    """Everything that `encode_passages` has an encoder read."""
    return [*texts, *(sentence for found in _parts(texts, by_sentence) for sentence in found)]


def _parts(texts: Sequence[str], by_sentence: Flags | None) -> list[list[str]]:
    return [split_sentences(text) if by_sentence is None or by_sentence[at] else [] for at, text in enumerate(texts)]
