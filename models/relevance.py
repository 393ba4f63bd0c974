"""How likely each record belongs in the review, learned from the records that were screened.

Words, pairs of words and runs of letters of title, abstract and keywords, and a logistic regression on them: the same
way in which themes are learned. Screening what seems likeliest first finds most of what belongs in the review early
(Cohen et al. 2006, J Am Med Inform Assoc 13:206).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from models.metrics import Floats
from models.theme_model.tfidf import SparseMatrix, learn_terms, narrow, tally

_FEWEST_RECORDS = 2  # in which a word must occur to count as one
_C = 3.0  # inverse strength of regularisation, as of the themes
_SEED = 0


class RecordRanking:
    """The records of a review as numbers, and how likely each belongs in it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """`texts`: id of the record -> what is known of it, for example title, abstract and keywords."""
        self.records = tuple(texts)
        self._rows = _rows(list(texts.values()))
        self._at = {record: number for number, record in enumerate(self.records)}

    def scores(self, belongs: Mapping[str, bool]) -> dict[str, float] | None:
        """Of every record how likely it belongs, 0 to 1; None before one that does and one that does not are known.

        The numbers are for putting records into an order: few examples make no probabilities.
        """
        known = [record for record in belongs if record in self._at]
        truth = np.array([belongs[record] for record in known], dtype=np.bool_)
        if not known or truth.all() or not truth.any():
            return None
        rows = self._rows[[self._at[record] for record in known]]
        regression = LogisticRegression(
            C=_C, solver="liblinear", dual=True, class_weight="balanced", random_state=_SEED
        )
        regression.fit(rows, truth)
        log_odds: Floats = np.asarray(self._rows @ regression.coef_[0] + regression.intercept_[0])
        likely = 1.0 / (1.0 + np.exp(-log_odds))
        return dict(zip(self.records, likely.tolist(), strict=True))


def drawn_order(records: Sequence[str], *, seed: str = "1") -> list[str]:
    """`records` by lot: the order in which they are screened before there is anything to learn from."""
    return sorted(records, key=lambda record: hashlib.sha256(f"screening/{seed}/{record}".encode()).digest())


def _rows(texts: Sequence[str]) -> SparseMatrix:
    counted = tally(texts)
    kept, words = learn_terms(counted.singles, counted.words, fewest=_FEWEST_RECORDS)
    names = [f"{counted.words[first]} {counted.words[second]}" for first, second in counted.pairs.tolist()]
    kept_pairs, pairs = learn_terms(counted.doubles, names, fewest=_FEWEST_RECORDS)
    blocks = [words.weigh(counted.singles[:, kept]), pairs.weigh(counted.doubles[:, kept_pairs])]
    return narrow(sp.hstack(blocks))
