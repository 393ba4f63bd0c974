"""Which themes a model takes for which others: the table of confusions of an evaluation card."""

from __future__ import annotations

import numpy as np

from models.bootstrap import Flags

NO_THEME = "none"  # the last row and column: passages without a theme, and passages for which nothing is proposed


def confusion(proposed: Flags, truth: Flags) -> tuple[tuple[int, ...], ...]:
    """Where what is proposed wrongly comes from: (themes + 1, themes + 1) counts.

    On the diagonal a theme that is there and proposed. Elsewhere in a row, of the passages with that theme, those for
    which another was proposed that is not there; in the last column those for which nothing at all was proposed. The
    last row is of the passages without any theme.
    """
    size = truth.shape[1]
    counts = np.zeros((size + 1, size + 1), dtype=np.int64)
    wrong = proposed & ~truth
    counts[:size, :size] = truth.T.astype(np.int64) @ wrong
    np.fill_diagonal(counts[:size, :size], (truth & proposed).sum(axis=0))
    nothing = np.asarray(~proposed.any(axis=1))
    empty = np.asarray(~truth.any(axis=1))
    counts[:size, size] = (truth & nothing[:, None]).sum(axis=0)
    counts[size, :size] = wrong[empty].sum(axis=0)
    counts[size, size] = int(np.sum(nothing & empty))
    return tuple(tuple(row) for row in counts.tolist())
