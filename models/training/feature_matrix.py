"""Labelled passages counted once, so that each round of held-out scoring only has to choose its vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.codebook.lexicon import Lexicon
from models.codebook.phrase_rules import PhraseHit
from models.encoder.minilm import Vectors
from models.labelled_passages import LabelledPassage
from models.metrics import Flags, Floats, Integers, split_groups
from models.theme_model.tfidf import (
    FEWEST_LETTERS,
    FEWEST_WORD,
    Vectoriser,
    learn_terms,
    letter_counts,
    letter_runs,
    narrow,
    rule_rows,
    tally,
)

FOLDS = 5
UNKNOWN = -1  # a label that is no example, neither of the theme nor of its absence


@dataclass(frozen=True, slots=True, eq=False)
class FeatureMatrix:
    """Everything training needs from the labelled passages."""

    terms: tuple[str, ...]
    words: Any  # sparse (passages, terms): how often each word or pair of words occurs
    runs: tuple[str, ...]
    letters: Any  # sparse (passages, runs)
    rules: Any  # sparse (passages, rule columns)
    labels: Integers  # (passages, themes): 0, 1, 2; UNKNOWN where nobody knows
    weights: Floats  # (passages,)
    folds: Integers  # (passages,): the round in which the passage is held out
    lexicon: Lexicon
    themes: tuple[str, ...]
    vectors: Vectors | None = None  # (passages, dimensions), where there is a sentence encoder

    def learn(self, chosen: Flags) -> tuple[Vectoriser, Any]:
        """The vocabulary and document frequencies of the `chosen` passages, and all passages in its terms."""
        kept, words = learn_terms(self.words[chosen], self.terms, fewest=FEWEST_WORD)
        kept_runs, letters = learn_terms(self.letters[chosen], self.runs, fewest=FEWEST_LETTERS)
        blocks = [words.weigh(self.words[:, kept]), letters.weigh(self.letters[:, kept_runs]), self.rules]
        return Vectoriser(words, letters, self.lexicon.rules, self.themes), narrow(sp.hstack(blocks))


def gather(
    passages: Sequence[LabelledPassage],
    hits: Sequence[Sequence[PhraseHit]],
    lexicon: Lexicon,
    themes: tuple[str, ...],
    *,
    vectors: Vectors | None = None,
) -> FeatureMatrix:
    """Count the passages; `hits` are what the lexicon finds in each, `vectors` what a sentence encoder makes of it."""
    counted = tally([passage.text for passage in passages])
    runs = sorted({run for word in counted.words for run in letter_runs(word)})
    pairs = [f"{counted.words[a]} {counted.words[b]}" for a, b in counted.pairs.tolist()]
    labels = np.array(
        [[UNKNOWN if code in p.unknown else p.labels.get(code, 0) for code in themes] for p in passages], dtype=np.int64
    )
    return FeatureMatrix(
        terms=(*counted.words, *pairs),
        words=narrow(sp.hstack([counted.singles, counted.doubles])),
        runs=tuple(runs),
        letters=letter_counts(counted, {run: at for at, run in enumerate(runs)}),
        rules=rule_rows(hits, lexicon.rules, themes),
        labels=labels.reshape(len(passages), len(themes)),
        weights=np.array([passage.weight for passage in passages], dtype=np.float64),
        folds=split_groups([passage.group for passage in passages], FOLDS),
        lexicon=lexicon,
        themes=themes,
        vectors=vectors,
    )
