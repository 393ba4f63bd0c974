"""What a run tells of its sources: what was never had, and what hosts did not answer for this time."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.outcome import NOT_CHECKED, Outcome
from pipeline.runs.summary import RunResult

NEVER = Outcome("a", "no URL known", "the registry has no address for this source")
HELD = Outcome("b", "cached", "held since 2026-01-01", sha256="b" * 64)
FAILED = Outcome("c", "cached", "held since 2026-01-01", sha256="c" * 64, warnings=(f"{NOT_CHECKED}: no answer",))


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ((HELD,), "Completed"),
        ((HELD, NEVER), "Completed, sources missing"),
        ((HELD, FAILED), "Completed, hosts failed"),
        ((FAILED, NEVER), "Completed, sources missing, hosts failed"),
    ],
)
def test_the_state_of_a_run_tells_what_was_never_had_from_what_failed_this_time(
    outcomes: tuple[Outcome, ...], state: str
) -> None:
    names = ("passages", "pages", "suggestions", "decisions", "conflicts")
    counts = {"sources": len(outcomes), "read": sum(bool(one.sha256) for one in outcomes), **dict.fromkeys(names, 0)}
    result = RunResult(Path("out/1"), True, counts, outcomes, (), {}, 0.0)
    assert result.state_name == state
    told = "Hosts      of 1 source failed now: the files held are used"
    assert (told in result.summary) == (FAILED in outcomes), result.summary
