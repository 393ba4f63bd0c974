"""Passages as numbers: TF-IDF of words and pairs of words, of letters within words, and what the lexicon found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.codebook.phrase_rules import PhraseHit
from models.codebook.rule import Rule

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
SparseMatrix: TypeAlias = Any  # scipy.sparse.csr_array; SciPy comes without types

LETTERS = (3, 4, 5)  # lengths of the runs of letters within a word, its edges marked by a blank
LONGEST_WORD = 40  # letters; longer ones are addresses and broken extraction, cut there
FEWEST_WORD, FEWEST_LETTERS = 2, 3  # passages in which a term must occur to count as one
# Of one phrase against a TF-IDF row of length one. Macro AP on the first 1,980 passages was .722 at 0, .742 at .2, .739
# at .25, .735 at .3; the more, the better the model knows plain policy language, which those passages avoid.
RULE_SCALE = 0.5
# Words whose runs of letters are kept in mind: a report uses few thousand. Looking each up anew in every batch took a
# quarter of the time of rules and words together.
MOST_WORDS = 100_000
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Counts of every word and pair of words in some texts, before a vocabulary is chosen."""

    words: list[str]
    singles: SparseMatrix  # sparse (texts, words)
    pairs: Integers  # (pairs, 2): positions in `words`
    doubles: SparseMatrix  # sparse (texts, pairs)


def fold(text: str) -> str:
    """`text` as terms see it: lower case, every digit 0, curly apostrophes straight."""
    return _DIGIT.sub("0", text.lower().replace("’", "'"))


def words_of(text: str) -> list[tuple[str, int, int]]:
    """Each word of `text` as terms see it, with its span of characters in `text`."""
    folded = fold(text)
    if len(folded) != len(text):  # a letter such as "İ" has a longer lower case: positions would not fit
        folded = _DIGIT.sub("0", text.replace("’", "'"))
    return [(found[0].lower(), found.start(), found.end()) for found in _WORD.finditer(folded)]


def tally(texts: Sequence[str]) -> Tally:
    """Count words and pairs of words."""
    index: dict[str, int] = {}
    rows = [
        np.fromiter((index.setdefault(word, len(index)) for word in _WORD.findall(fold(text))), dtype=np.int64)
        for text in texts
    ]
    width = len(index)
    singles = _counts(rows, width)
    keys = [row[:-1] * width + row[1:] for row in rows]
    every = np.unique(np.concatenate(keys)) if keys else np.empty(0, dtype=np.int64)
    doubles = _counts([np.searchsorted(every, row) for row in keys], len(every))
    pairs = np.stack([every // max(1, width), every % max(1, width)], axis=1)
    return Tally(list(index), singles, pairs, doubles)


@lru_cache(maxsize=100_000)
def letter_runs(word: str) -> tuple[str, ...]:
    """The runs of letters of one word: " pay", "pay ", " payment", ..."""
    padded = f" {word[:LONGEST_WORD]} "
    return tuple(padded[at : at + size] for size in LETTERS for at in range(len(padded) - size + 1))


@dataclass(frozen=True, slots=True, eq=False)
class TfIdf:
    """A vocabulary with its inverse document frequencies."""

    terms: tuple[str, ...]
    idf: Floats
    index: dict[str, int]

    @classmethod
    def of(cls, terms: Sequence[str], idf: Floats) -> TfIdf:
        """From terms and their idf."""
        return cls(tuple(terms), idf, {term: at for at, term in enumerate(terms)})

    def weigh(self, counts: SparseMatrix) -> SparseMatrix:
        """Counts (texts, terms) as rows of length one."""
        weighed = counts.astype(np.float64)
        weighed.sort_indices()  # one order of summing, whatever the batch
        weighed.data = (1.0 + np.log(weighed.data)) * self.idf[weighed.indices]
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        lengths[lengths == 0] = 1.0
        return sp.diags_array(1.0 / lengths) @ weighed


@dataclass(frozen=True, slots=True, eq=False)
class Vectoriser:
    """Turns passages into rows; the columns are words and pairs, runs of letters, then phrases."""

    words: TfIdf
    letters: TfIdf
    rules: tuple[Rule, ...]
    themes: tuple[str, ...]
    _runs: dict[str, Integers] = field(default_factory=dict, init=False, repr=False)  # columns of a word's runs

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.words.terms) + len(self.letters.terms) + len(self.rules) + 2 * len(self.themes)

    def rows(self, texts: Sequence[str], found: Sequence[Sequence[PhraseHit]]) -> SparseMatrix:
        """Sparse (texts, width)."""
        counted = tally(texts)
        blocks = [
            self.words.weigh(self.word_counts(counted)),
            self.letters.weigh(self.letter_counts(counted)),
            rule_rows(found, self.rules, self.themes),
        ]
        return narrow(sp.hstack(blocks))

    def letter_counts(self, counted: Tally) -> SparseMatrix:
        """Counts of the vocabulary's runs of letters: sparse (texts, runs)."""
        known = self._runs
        if len(known) > MOST_WORDS:
            known.clear()
        index = self.letters.index
        rows = []
        for word in counted.words:
            row = known.get(word)
            if row is None:
                row = known[word] = _runs_in(word, index)
            rows.append(row)
        return narrow(counted.singles @ _counts(rows, len(index)))

    def word_counts(self, counted: Tally) -> SparseMatrix:
        """Counts of the vocabulary's words and pairs: sparse (texts, terms)."""
        index = self.words.index
        known = np.array([index.get(word, -1) for word in counted.words], dtype=np.int64)
        names = counted.words
        likely = (known[counted.pairs] >= 0).all(axis=1)
        pairs = np.full(len(counted.pairs), -1, dtype=np.int64)
        firsts, seconds = counted.pairs[likely].T.tolist()
        pairs[likely] = [index.get(f"{names[a]} {names[b]}", -1) for a, b in zip(firsts, seconds, strict=True)]
        width = len(self.words.terms)
        return _move(counted.singles, known, width) + _move(counted.doubles, pairs, width)


def letters_in(words: Sequence[str], index: Mapping[str, int]) -> SparseMatrix:
    """How often each word holds each run of letters of `index`: sparse (words, runs)."""
    return _counts([_runs_in(word, index) for word in words], len(index))


def letter_counts(counted: Tally, index: Mapping[str, int]) -> SparseMatrix:
    """How often each text holds each run of letters of `index`: sparse (texts, runs)."""
    return narrow(counted.singles @ letters_in(counted.words, index))


def rule_rows(found: Sequence[Sequence[PhraseHit]], rules: Sequence[Rule], themes: Sequence[str]) -> SparseMatrix:
    """Sparse (texts, rules + 2 themes): each rule asserted, any rule of a theme asserted, any taken back."""
    rule_at = {rule.id: at for at, rule in enumerate(rules)}
    asserted_at = {theme: len(rules) + at for at, theme in enumerate(themes)}
    denied_at = {theme: len(rules) + len(themes) + at for at, theme in enumerate(themes)}
    rows: list[int] = []
    columns: list[int] = []
    for row, hits in enumerate(found):
        cells: set[int] = set()  # yes or no: counting hits let long passages run away, macro AP .735
        for hit in hits:
            cells.add((asserted_at if hit.asserted else denied_at)[hit.rule.theme])
            if hit.asserted:
                cells.add(rule_at[hit.rule.id])
        rows.extend([row] * len(cells))
        columns.extend(sorted(cells))
    values = np.full(len(columns), RULE_SCALE)
    return sp.csr_array((values, (rows, columns)), shape=(len(found), len(rules) + 2 * len(themes)))


def narrow(matrix: SparseMatrix) -> SparseMatrix:
    """`matrix` in the one form in which rows are summed and classifiers fitted: sorted, 32-bit positions."""
    rows = sp.csr_array(matrix)
    rows.sort_indices()
    rows.indices, rows.indptr = rows.indices.astype(np.int32), rows.indptr.astype(np.int32)
    return rows


def learn_terms(counts: SparseMatrix, terms: Sequence[str], *, fewest: int) -> tuple[Integers, TfIdf]:
    """Columns of `counts` that occur in at least `fewest` rows, and their TF-IDF."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(frequency >= fewest)
    idf = np.log((1.0 + counts.shape[0]) / (1.0 + frequency[kept])) + 1.0
    return np.asarray(kept, dtype=np.int64), TfIdf.of([terms[at] for at in kept.tolist()], idf)


def _counts(rows: Sequence[Integers], width: int) -> SparseMatrix:
    """Sparse (rows, width) of how often each column number stands in each row."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    columns = np.concatenate(rows) if len(rows) else np.empty(0, dtype=np.int64)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    matrix = sp.csr_array((np.ones(len(columns)), columns, ends), shape=(len(rows), width))
    matrix.sum_duplicates()
    return matrix


def _runs_in(word: str, index: Mapping[str, int]) -> Integers:
    return np.array([at for run in letter_runs(word) if (at := index.get(run)) is not None], dtype=np.int64)


def _move(counts: SparseMatrix, to: Integers, width: int) -> SparseMatrix:
    """`counts` with column c moved to column to[c] of `width`; -1 drops it."""
    cells = counts.tocoo()
    target = to[cells.col] if len(to) else np.empty(0, dtype=np.int64)
    kept = target >= 0
    return sp.csr_array((cells.data[kept], (cells.row[kept], target[kept])), shape=(counts.shape[0], width))
