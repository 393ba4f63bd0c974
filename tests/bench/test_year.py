"""A simulated year of a review ends with every figure as hand-written rules have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.year.run import play_year


@pytest.mark.parametrize(("seed", "team"), [(1, True)], ids=["passages given out"])
def test_every_figure_of_a_year_is_that_of_the_events_counted_by_hand(tmp_path: Path, seed: int, team: bool) -> None:
    """Twelve runs: stamped files, editions, themes renamed, merged, split and added, a copy that is brought in, two
    upgrades. Longer years, everybody coding everything, and PostgreSQL: `python -m bench.year`."""
    assert play_year(tmp_path, seed, team=team, acts=6) == []
