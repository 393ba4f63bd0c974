"""What becomes of a frequency when the studies had been others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from support.cells import grid
from support.published_matrix import published_cells
from synthesis.matrix.cell import Value
from synthesis.matrix.tables import matrix
from synthesis.statistics.robustness import DRAWS, SEED, Robustness, robustness


def firm(rows: dict[str, list[Value]]) -> dict[str, Robustness]:
    return {item.theme: item for item in robustness(grid(rows), "merged")}


def test_strength_weighs_twice_what_is_supported() -> None:
    assert firm({"GW": [2, 1, 0, None]})["GW"].weighted == pytest.approx(3 / 6)


def test_ticks_have_no_strength_to_weigh() -> None:
    assert {item.weighted for item in robustness(published_cells(), "published")} == {None}


def test_a_theme_in_every_study_is_always_first_and_ties_share_it() -> None:
    found = firm({"GW": [1, 1, 1, 1], "IF": [1, 1, 1, 1], "TI": [1, 0, 0, 0]})
    assert (found["GW"].rank_low, found["GW"].rank_high) == (1, 1)
    assert found["GW"].first == found["IF"].first
    total = sum(item.first or 0 for item in found.values())
    assert total == pytest.approx(1)
    assert found["TI"].first == pytest.approx((1 / 4) ** 4 / 3, abs=0.005)  # all four draws are the first study


def test_leaving_one_study_out_gives_the_range() -> None:
    found = firm({"GW": [1, 1, 0, None]})["GW"]
    assert (found.without_one_low, found.without_one_high) == (1 / 2, 1)


def test_a_theme_nobody_coded_has_no_firmness() -> None:
    assert firm({"GW": [1, 1], "IF": [None, None]})["IF"] == Robustness("IF", "merged", *[None] * 6)


def test_the_bootstrap_is_that_of_pandas_with_the_same_draws() -> None:
    table = (matrix(published_cells(), "published") > 0).astype(int)
    picks = np.random.default_rng(SEED).integers(0, len(table), (DRAWS, len(table)))
    draws = pd.DataFrame([table.iloc[pick].sum() for pick in picks])
    leads = draws.eq(draws.max(axis=1), axis=0)
    expected = leads.div(leads.sum(axis=1), axis=0).mean()
    ranks = draws.rank(axis=1, method="min", ascending=False)
    for item in robustness(published_cells(), "published"):
        assert item.first == pytest.approx(expected[item.theme])
        assert item.rank_high == ranks[item.theme].quantile(0.975, interpolation="lower")
        assert item.rank_low == ranks[item.theme].quantile(0.025, interpolation="higher")


def test_the_paper_s_first_theme_is_not_firm() -> None:
    found = {item.theme: item for item in robustness(published_cells(), "published")}
    assert 0.55 < (found["TI"].first or 0) < 0.7
    assert 0.3 < (found["GW"].first or 0) < 0.45
