"""The paper's 25 x 6 ticks merged: the published matrix. Other tests build on the review made here."""

from __future__ import annotations

import pytest

from support.published_matrix import COLUMNS, published_cells
from synthesis.matrix.tables import matrix


@pytest.mark.parametrize(("column", "total"), [("GW", 19), ("IF", 15), ("TI", 20), ("FS", 13), ("DIG", 11), ("CGL", 5)])
def test_the_published_ticks_add_up_to_the_sums_of_the_paper_s_matrix(column: str, total: int) -> None:
    assert matrix(published_cells(), "published")[column].sum() == total
    assert matrix(published_cells(), "merged")[column].sum() == total


def test_cells_come_in_the_order_of_sources_and_columns() -> None:
    cells = published_cells()
    assert len(cells) == 150
    assert [(cell.source_id, cell.theme) for cell in cells[:7]] == [*(("s01", code) for code in COLUMNS), ("s02", "GW")]


def test_published_ticks_alone_leave_the_other_views_unknown() -> None:
    for cell in published_cells():
        assert (cell.human, cell.machine, cell.basis, cell.conflict) == (None, None, "published", False)
