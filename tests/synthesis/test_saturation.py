"""How many themes are known after so many studies."""

from __future__ import annotations

from itertools import permutations

import pytest

from support.cells import grid
from support.published_matrix import published_cells
from synthesis.statistics.saturation import saturation, themes_by_study

STUDIES = {"a": {"GW"}, "b": {"GW", "IF"}, "c": set[str](), "d": {"TI", "IF", "FS"}}


def test_the_mean_is_that_over_every_order() -> None:
    orders = list(permutations(STUDIES.values()))
    for k, step in enumerate(saturation(STUDIES), start=1):
        known = [len(set().union(*order[:k])) for order in orders]
        assert step.mean == pytest.approx(sum(known) / len(orders))


def test_the_order_of_the_registry_and_what_each_study_adds() -> None:
    steps = saturation(STUDIES)
    assert [step.in_order for step in steps] == [1, 2, 2, 4]
    assert sum(step.new for step in steps) == pytest.approx(4)
    assert (steps[-1].low, steps[-1].high) == (4, 4)


def test_the_band_holds_the_mean_and_every_curve_ends_at_all_themes() -> None:
    steps = saturation(themes_by_study(published_cells(), "published"))
    assert all(step.low - 0.1 <= step.mean <= step.high + 1e-9 for step in steps)  # rare late orders pull the mean down
    assert (steps[-1].studies, steps[-1].mean) == (25, pytest.approx(6))


def test_a_study_of_which_nothing_is_known_adds_nothing() -> None:
    assert themes_by_study(grid({"GW": [1, None, 0], "IF": [2, None, None]}), "merged") == {
        "s0": {"GW", "IF"}, "s2": set(),
    }  # fmt: skip


def test_no_studies_have_no_curve() -> None:
    assert saturation({}) == ()
