"""Labelled passages counted once, so that each round of held-out scoring only has to choose its vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from models.codebook.lexicon import Lexicon
from models.codebook.phrase_rules import PhraseHit
from models.labelled_passages import LabelledPassage
from models.metrics import Flags, Floats, Integers, split_groups
from models.theme_model.passage_inputs import EncodedPassages, PassageInputs
from models.theme_model.tfidf import (
    FEWEST_LETTERS,
    FEWEST_WORD,
    SparseMatrix,
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
FEWEST_DOCUMENTS = 5  # with fewer, passages are held out singly


@dataclass(frozen=True, slots=True, eq=False)
class FeatureMatrix:
    """Everything training needs from the labelled passages."""

    terms: tuple[str, ...]
    words: SparseMatrix  # sparse (passages, terms): how often each word or pair of words occurs
    runs: tuple[str, ...]
    letters: SparseMatrix  # sparse (passages, runs)
    rules: SparseMatrix  # sparse (passages, rule columns)
    labels: Integers  # (passages, themes): 0, 1, 2; UNKNOWN where nobody knows
    weights: Floats  # (passages,)
    folds: Integers  # (passages,): the round in which the passage is held out
    calibrating: Flags  # (passages,): those on which thresholds and calibration may be set
    lexicon: Lexicon
    themes: tuple[str, ...]
    texts: Sequence[str]
    hits: Sequence[Sequence[PhraseHit]]  # what the lexicon finds in each passage
    by_document: bool  # False: too few documents, the folds part single passages
    encoded: Mapping[str, EncodedPassages] = field(default_factory=dict)  # by encoder, SMALL or LARGE

    def learn(self, chosen: Flags) -> PassageInputs:
        """All passages in the terms of a vocabulary and document frequencies learned from the `chosen` ones."""
        kept, words = learn_terms(self.words[chosen], self.terms, fewest=FEWEST_WORD)
        kept_runs, letters = learn_terms(self.letters[chosen], self.runs, fewest=FEWEST_LETTERS)
        blocks = [words.weigh(self.words[:, kept]), letters.weigh(self.letters[:, kept_runs]), self.rules]
        vectoriser = Vectoriser(words, letters, self.lexicon.rules, self.themes)
        return PassageInputs(self.texts, self.hits, narrow(sp.hstack(blocks)), vectoriser, self.encoded)


def gather(
    passages: Sequence[LabelledPassage],
    hits: Sequence[Sequence[PhraseHit]],
    lexicon: Lexicon,
    themes: tuple[str, ...],
) -> FeatureMatrix:
    """Count the passages; `hits` are what the lexicon finds in each."""
    counted = tally([passage.text for passage in passages])
    runs = sorted({run for word in counted.words for run in letter_runs(word)})
    pairs = [f"{counted.words[a]} {counted.words[b]}" for a, b in counted.pairs.tolist()]
    by_document = len({passage.group for passage in passages}) >= FEWEST_DOCUMENTS
    calibrating = np.array([p.calibrates for p in passages], dtype=np.bool_)
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
        folds=_split(passages, calibrating) if by_document else np.arange(len(passages), dtype=np.int64) % FOLDS,
        calibrating=calibrating,
        lexicon=lexicon,
        themes=themes,
        texts=[passage.text for passage in passages],
        hits=hits,
        by_document=by_document,
    )


def _split(passages: Sequence[LabelledPassage], calibrating: Flags) -> Integers:
    """A fold for each passage. Calibrating documents and the others are dealt out apart, so that each fold has both.

    A document, or a group of them, with passages of both kinds is dealt out once.
    """
    typical = {passage.group for passage, chosen in zip(passages, calibrating, strict=True) if chosen}
    folds = np.zeros(len(passages), dtype=np.int64)
    for kind in (True, False):
        chosen = np.array([(passage.group in typical) is kind for passage in passages], dtype=np.bool_)
        groups = [passage.group for passage in passages if (passage.group in typical) is kind]
        folds[chosen] = split_groups(groups, FOLDS)
    return folds
