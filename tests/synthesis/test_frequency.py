"""Counts, shares, intervals, ranks and pairs; what is unknown is never counted as absent."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from support.cells import made
from support.published_matrix import published_cells
from synthesis.matrix.cell import Basis, Cell, Value
from synthesis.statistics.cooccurrence import ThemePair, cooccurrence
from synthesis.statistics.frequency import Frequency, frequencies, wilson


def column(*values: Value, theme: str = "GW", basis: Basis = "agreed") -> list[Cell]:
    return [made(f"s{n}", theme, value, basis) for n, value in enumerate(values)]


def only(cells: list[Cell]) -> Frequency:
    return frequencies(cells, "merged")[0]


@pytest.mark.parametrize(
    ("present", "known", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval_of_published_worked_examples(present: int, known: int, low: float, high: float) -> None:
    assert wilson(present, known) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("present", "known"), [(0, 1), (1, 1), (19, 25), (25, 25), (500, 10_000)])
def test_wilson_interval_agrees_with_scipy(present: int, known: int) -> None:
    theirs = binomtest(present, known).proportion_ci(method="wilson")
    assert wilson(present, known) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_there_is_no_interval_without_observations() -> None:
    assert wilson(0, 0) is None


def test_an_unknown_cell_widens_the_bounds_and_leaves_the_share_alone() -> None:
    found = only(column(1, 2, 0, None, None))
    assert (found.present, found.known, found.unknown, found.total) == (2, 3, 2, 5)
    assert found.share == pytest.approx(2 / 3)
    assert (found.least, found.most) == (0.4, 0.8)


def test_a_theme_nobody_coded_has_no_share_and_no_rank() -> None:
    found = only(column(None, None))
    assert (found.share, found.low, found.high, found.rank, found.mean_strength) == (None, None, None, None, None)


@pytest.mark.parametrize(
    ("values", "basis", "mean"),
    [
        ((0, 1, 2), "agreed", 1.0),
        ((2, None), "agreed", 2.0),
        ((0, 1, 1), "published", None),
        ((0, 1, 2), "published", 1.0),
    ],
    ids=["graded", "unknown left out", "ticks have no strength", "a published coding with a 2 is graded"],
)
def test_mean_strength_only_where_values_were_graded(
    values: tuple[Value, ...], basis: Basis, mean: float | None
) -> None:
    assert only(column(*values, basis=basis)).mean_strength == mean


def test_one_tick_among_graded_values_hides_the_mean_strength() -> None:
    assert only([*column(2, 1), made("s9", "GW", 1, "published")]).mean_strength is None


def test_equal_shares_have_the_same_rank() -> None:
    cells = [
        *column(1, 1, 0, theme="A"),
        *column(1, 1, 1, theme="B"),
        *column(0, 1, 1, theme="C"),
        *column(0, 0, 0, theme="D"),
    ]
    assert {item.theme: item.rank for item in frequencies(cells, "merged")} == {"A": 2, "B": 1, "C": 2, "D": 4}


def test_the_published_matrix_ranks_targeting_first() -> None:
    found = frequencies(published_cells(), "published")
    assert {item.theme: item.rank for item in found} == {"TI": 1, "GW": 2, "IF": 3, "FS": 4, "DIG": 5, "CGL": 6}
    assert found[0].percent == pytest.approx(76)


def test_pairs_are_counted_where_both_are_known() -> None:
    cells = [*column(1, 1, 0, None, 2, theme="A"), *column(1, 0, 0, 1, None, theme="B")]
    assert cooccurrence(cells, "merged") == (ThemePair("A", "B", both=1, either=2, known=3),)
    assert cooccurrence(cells, "merged")[0].jaccard == 0.5


def test_jaccard_is_undefined_where_neither_theme_occurs() -> None:
    assert cooccurrence([*column(0, 0, theme="A"), *column(0, 0, theme="B")], "merged")[0].jaccard is None


def test_where_the_machine_alone_knows_some_cells_only_the_bounds_are_told() -> None:
    cells = [*column(1, 0, None), made("p", "GW", 1, "proposed")]
    (found,) = frequencies(cells, "merged")
    assert (found.present, found.known, found.share, found.low, found.rank) == (2, 3, None, None, None)
    assert (found.least, found.most) == (0.5, 0.75)
