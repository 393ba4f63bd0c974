"""Coefficients of agreement against worked examples from the literature and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from annotations.agreement.coefficients import MISSING, NO_UNITS, NO_VARIATION, Rated, coefficients, confusion

KRIPPENDORFF_3 = ("*****34121133*3", "1*213343*******", "**21344*21133*4")
KRIPPENDORFF_4 = ("123321412***", "1233224125*3", "*3332342251*", "12332441251*")
KRIPPENDORFF_2 = ("0100000010", "1110010000")
FLEISS_1971 = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip


def _typed(rows: tuple[str, ...], lowest: int) -> Rated:
    rated = [[MISSING if mark == "*" else int(mark) - lowest for mark in row] for row in rows]
    return np.array(rated, np.int8)[..., None]


def _crossed(table: list[list[int]]) -> Rated:
    """Two raters whose confusion table this is."""
    pairs = [(k, l) for k, row in enumerate(table) for l, n in enumerate(row) for _ in range(n)]  # noqa: E741
    return np.array(pairs, np.int8).T[..., None]


def _value(rated: Rated, categories: int, name: str, **options: object) -> float:
    value = coefficients(rated, categories, draws=2, **options)[name].value  # type: ignore[arg-type]
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("rows", "lowest", "categories", "name", "expected"),
    [
        (KRIPPENDORFF_3, 1, 4, "alpha nominal", 0.691358),
        (KRIPPENDORFF_3, 1, 4, "alpha interval", 0.810845),
        (KRIPPENDORFF_4, 1, 5, "alpha nominal", 0.743),
        (KRIPPENDORFF_4, 1, 5, "alpha ordinal", 0.815),
        (KRIPPENDORFF_4, 1, 5, "alpha interval", 0.849),
        (KRIPPENDORFF_4, 1, 5, "alpha ratio", 0.797),
        (KRIPPENDORFF_2, 0, 2, "alpha nominal", 0.095238),
    ],
)
def test_alpha_is_krippendorffs(
    rows: tuple[str, ...], lowest: int, categories: int, name: str, expected: float
) -> None:
    numbers = np.arange(lowest, lowest + categories, dtype=float)
    found = _value(_typed(rows, lowest), categories, name, numbers=numbers)
    assert found == pytest.approx(expected, abs=0.5 * 10 ** -len(str(expected).split(".")[1]))


@pytest.mark.parametrize(
    ("table", "name", "expected"),
    [
        ([[20, 5], [10, 15]], "kappa", 0.4000),
        ([[45, 15], [25, 15]], "kappa", 0.1304),
        ([[25, 35], [5, 35]], "kappa", 0.2593),
        ([[118, 5], [2, 0]], "kappa", -0.0234),
        ([[118, 5], [2, 0]], "AC1", 0.9408),
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], "kappa", 0.79641),
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], "kappa linear", 0.84290),
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], "kappa quadratic", 0.89216),
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], "AC1", 0.84933),
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], "AC2 quadratic", 0.94024),
        ([[20, 5], [10, 15]], "per cent", 70.0),
    ],
)
def test_coefficients_of_a_table_are_those_of_the_literature(
    table: list[list[int]], name: str, expected: float
) -> None:
    rated = _crossed(table)
    assert confusion(rated, len(table)) == tuple(map(tuple, table))
    assert round(_value(rated, len(table), name), 5 if len(table) > 2 else 4) == expected


def test_fleiss_kappa_is_that_of_1971() -> None:
    ratings = [np.repeat(np.arange(5), counts) for counts in FLEISS_1971]
    assert _value(np.array(ratings, np.int8).T[..., None], 5, "Fleiss kappa") == pytest.approx(0.2099, abs=5e-5)


@pytest.mark.parametrize(
    ("name", "weights"), [("kappa", None), ("kappa linear", "linear"), ("kappa quadratic", "quadratic")]
)
def test_kappa_is_that_of_scikit_learn_on_ratings_drawn_at_random(name: str, weights: str | None) -> None:
    drawn = np.random.default_rng(5).integers(0, 3, (2, 200, 1)).astype(np.int8)
    drawn[1, :120] = drawn[0, :120]
    expected = cohen_kappa_score(drawn[0].ravel(), drawn[1].ravel(), weights=weights)
    assert _value(drawn, 3, name) == pytest.approx(expected)


@pytest.mark.parametrize("same", [0, 1])
def test_where_nobody_ever_says_anything_else_it_is_undefined_and_not_1(same: int) -> None:
    found = coefficients(np.full((2, 30, 4), same, np.int8), 2)
    assert {name: one.value for name, one in found.items()} == {
        "per cent": 100.0, "kappa": None, "AC1": 1.0, "alpha nominal": None,
    }  # fmt: skip
    assert found["kappa"].why == found["alpha nominal"].why == NO_VARIATION
    assert found["AC1"].low is None  # every draw is the same: no interval can be read off them


def test_where_no_unit_was_judged_twice_it_is_undefined() -> None:
    rated = np.full((2, 6, 1), MISSING, np.int8)
    rated[0, :3], rated[1, 3:] = 1, 0
    assert {(one.value, one.why) for one in coefficients(rated, 3).values()} == {(None, NO_UNITS)}


def test_an_interval_holds_its_value_is_drawn_again_alike_and_narrows_with_more_units() -> None:
    table = [[20, 5], [10, 15]]
    some, again, many = (
        coefficients(_crossed([[n * by for n in row] for row in table]), 2)["kappa"] for by in (1, 1, 16)
    )
    assert some == again
    for one in (some, many):
        assert one.low is not None
        assert one.value is not None
        assert one.high is not None
        assert one.low < one.value < one.high
    # Cohen's large-sample standard error of this table is 0.1272 (Fleiss, Cohen, Everitt 1969).
    assert some.high - some.low == pytest.approx(2 * 1.96 * 0.1272, rel=0.1)  # type: ignore[operator]
    assert many.high - many.low == pytest.approx(0.5 * 1.96 * 0.1272, rel=0.1)  # type: ignore[operator]


def test_items_of_a_unit_are_drawn_together() -> None:
    """Eight copies of one judgement are no more evidence than one."""
    once = _crossed([[20, 5], [10, 15]])
    assert coefficients(np.repeat(once, 8, axis=2), 2)["kappa"] == coefficients(once, 2)["kappa"]


def test_a_rating_more_or_less_is_no_missing_unit() -> None:
    """Gwet's and Fleiss's coefficients with ratings missing, worked by hand: three raters, the third saw half."""
    rated = np.array([[0, 0, 1, 1], [0, 1, 1, 1], [MISSING, 0, MISSING, 1]], np.int8)[..., None]
    agreeing = (1 + 1 / 3 + 1 + 1) / 4
    present = (0 + 1 / 3 + 1 + 1) / 4
    by_chance = 2 * present * (1 - present)
    found = coefficients(rated, 2)
    assert found["per cent"].value == pytest.approx(100 * agreeing)
    assert found["AC1"].value == pytest.approx((agreeing - by_chance) / (1 - by_chance))
    fleiss = present**2 + (1 - present) ** 2
    assert found["Fleiss kappa"].value == pytest.approx((agreeing - fleiss) / (1 - fleiss))
