"""One year, played and counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.year.figures import Figures
from bench.year.oracle import Oracle
from bench.year.play import Player
from bench.year.steps import Run
from bench.year.story import CODERS, THEMES, Story

SHARED = 0.4  # of the passages that are given out, those that two code
STUDIES = ("one", "two", "three", "four")


def play_year(
    place: Path,
    seed: int,
    *,
    team: bool,
    acts: int = 25,
    new_database: Callable[[str], str] | None = None,
    copy_database: Callable[[str, str], str] | None = None,
) -> list[str]:
    """What is not as it is by hand, in words; with `team` the passages are given out to the coders."""
    names = ", ".join(f"'{coder}'" for coder in CODERS)
    settings = f"[coding]\ncoders = [{names}]\ndouble_share = {SHARED}\n" if team else ""
    player = Player(place, settings, THEMES, new_database, copy_database)
    oracle = Oracle(THEMES, CODERS if team else (), SHARED)
    found: list[str] = []
    player.begin(STUDIES)
    before: Figures | None = None
    try:
        for step in Story(seed, STUDIES, acts).steps():
            made, by_hand = player.play(step), oracle.take(step)
            if made and by_hand and isinstance(step, Run):
                page = by_hand.page if made.page else {}  # no page was open yet
                wrong = made.differing(replace(by_hand, page=page, why=made.why))
                wrong += _unexplained(made, by_hand, before)
                found += [f"run {step.number}: {one}" for one in wrong]
                before = by_hand
    finally:
        player.close()
    return found


def _unexplained(made: Figures, by_hand: Figures, before: Figures | None) -> list[str]:
    """Cells that changed without a reason, or for one that is none: nothing of the kind happened to the study."""
    if before is None:
        return []
    changed = [key for key in by_hand.cells if key in before.cells and by_hand.cells[key] != before.cells[key]]
    silent = [f"why {key}: changed, and no reason is given" for key in changed if not made.why.get(key)]
    wrong = [
        f"why {key}: {why}, by hand only {sorted(by_hand.why[key])}"  # type: ignore[call-overload]
        for key, why in made.why.items()
        if key in by_hand.why and not set(why) <= by_hand.why[key]  # type: ignore[call-overload,operator]
    ]
    return silent + wrong
