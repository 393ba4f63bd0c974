"""How models did, as it is printed."""

from __future__ import annotations

import pytest

from cli.model_output import print_comparison
from models.evaluation.comparison_record import ChampionComparison
from models.interval import Interval


def test_where_nothing_was_held_out_no_figure_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    nothing = Interval(0.0, 0.0, 0.0)
    print_comparison(
        ChampionComparison("old", "new", 0, 0, 0, nothing, nothing, 0.0, (), promote=True, why="not compared: no study")
    )
    said = capsys.readouterr().out
    assert said == "new against old: nothing was held out. Not compared: no study.\n"
