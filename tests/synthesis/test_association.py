"""Which themes go together: counts, lift, Fisher's exact test, corrected for the number of tests."""

from __future__ import annotations

import math

import pytest

from support.cells import grid
from support.published_matrix import published_cells
from synthesis.matrix.cell import Value
from synthesis.statistics.association import Association, associations


def one(first: list[Value], second: list[Value]) -> Association:
    return associations(grid({"GW": first, "IF": second}), "merged")[0]


def test_the_four_counts_leave_unknown_cells_out() -> None:
    found = one([1, 1, 0, 0, None, 1], [1, 0, 1, 0, 1, 2])
    assert (found.both, found.only_first, found.only_second, found.neither, found.known) == (2, 1, 1, 1, 5)


def test_fisher_s_lady_tasting_tea() -> None:
    # Three of four cups of each kind told rightly: 16 and 1 tables of 70 are as extreme, on each side.
    found = one([1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 1, 0, 0, 0])
    assert found.p == pytest.approx(2 * 17 / 70)
    assert (found.jaccard, found.lift) == (3 / 5, 1.5)


def test_p_is_the_sum_of_the_hypergeometric_probabilities_not_above_the_observed() -> None:
    for pair in associations(published_cells(), "published"):
        n, a, b = pair.known, pair.both + pair.only_first, pair.both + pair.only_second
        tables = {
            k: math.comb(a, k) * math.comb(n - a, b - k) / math.comb(n, b)
            for k in range(max(0, a + b - n), min(a, b) + 1)
        }
        observed = tables[pair.both]
        assert pair.p == pytest.approx(sum(p for p in tables.values() if p <= observed * (1 + 1e-9)))


def test_q_is_the_step_up_of_benjamini_and_hochberg() -> None:
    found = associations(published_cells(), "published")
    ordered = sorted(found, key=lambda pair: pair.p)
    smallest = 1.0
    for rank in range(len(ordered), 0, -1):
        smallest = min(smallest, ordered[rank - 1].p * len(ordered) / rank)
        assert ordered[rank - 1].q == pytest.approx(smallest)


def test_in_the_paper_only_fragmentation_and_money_go_together_beyond_chance() -> None:
    firm = [(pair.first, pair.second) for pair in associations(published_cells(), "published") if pair.q < 0.05]
    assert firm == [("IF", "FS")]


def test_a_theme_that_is_everywhere_goes_with_none() -> None:
    found = one([1, 1, 1], [1, 0, 1])
    assert (found.p, found.lift) == (1.0, 1.0)
    assert one([0, 0], [1, 0]).lift is None


def test_one_theme_has_no_pairs() -> None:
    assert associations(grid({"GW": [1, 0]}), "merged") == ()
