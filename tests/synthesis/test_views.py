"""Whose values a matrix shows, for which themes, and where two views differ."""

from __future__ import annotations

import pytest

from annotations.decision import Decision
from corpus.errors import UnknownChoiceError
from corpus.registry.sources import Source
from support.published_matrix import CODEBOOK
from synthesis.matrix.cell import Cell
from synthesis.matrix.merge import merge_cells
from synthesis.matrix.tables import matrix
from synthesis.matrix.views import columns_wanted, differences, shown, view_named

DECISIONS = [
    Decision("s", "TI", 2, "Amina Khan"),
    Decision("s", "COV", 1, "Amina Khan"),
    Decision("s", "REC", 1, "Amina Khan"),
    Decision("s", "TI", 0, "Bilal"),
    Decision("s", "GW", 1, "Bilal"),
    Decision("s", "GW", 2, "Amina Khan"),
    Decision("s", "FS", 0, "Bilal"),
]


def cells(themes: str = "6") -> tuple[Cell, ...]:
    return merge_cells([Source("s", "S")], DECISIONS, {}, {}, columns_wanted(CODEBOOK, themes))


def test_every_coder_has_a_view_of_their_own() -> None:
    assert matrix(cells(), "coder:Amina Khan").loc["s", ["GW", "TI"]].to_list() == [2, 2]
    assert matrix(cells(), "coder:Bilal").loc["s", ["GW", "TI"]].to_list() == [1, 0]
    assert matrix(cells(), "coder:Bilal").loc["s", ["IF", "CGL"]].isna().all()


def test_eight_themes_have_eight_columns_and_six_fold_coverage_into_targeting() -> None:
    eight = matrix(cells("8"), "coder:Amina Khan")
    assert list(eight.columns) == ["GW", "IF", "TI", "FS", "DIG", "CGL", "COV", "REC"]
    assert eight.loc["s", ["TI", "COV", "REC"]].to_list() == [2, 1, 1]
    assert list(matrix(cells("6"), "merged").columns) == ["GW", "IF", "TI", "FS", "DIG", "CGL"]


def test_a_number_of_themes_that_there_is_not_is_named() -> None:
    with pytest.raises(UnknownChoiceError, match=r"no number of themes '7'.*6, 8"):
        columns_wanted(CODEBOOK, "7")


def test_two_views_differ_on_presence_in_strength_or_in_being_known() -> None:
    found = {d.theme: d.kind for d in differences(cells(), "coder:Amina Khan", "coder:Bilal")}
    assert found == {
        "GW": "strength", "IF": "both unknown", "TI": "presence", "FS": "only second", "DIG": "both unknown",
        "CGL": "both unknown",
    }  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), [(None, None), (0, 0), (1, 1), (2, 1)])
def test_presence_is_a_value_above_0_and_unknown_stays_unknown(value: int | None, expected: int | None) -> None:
    assert shown(value, presence=True) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Published", "published"), ("CODER:amina khan", "coder:Amina Khan"), ("coder:published", "published")],
)
def test_a_view_is_found_by_its_name(typed: str, meant: str) -> None:
    assert view_named(cells(), typed) == meant


def test_an_unknown_view_names_those_there_are() -> None:
    with pytest.raises(UnknownChoiceError, match=r"no view 'coder:Amna Khan'.*did you mean 'coder:Amina Khan'"):
        view_named(cells(), "coder:Amna Khan")
