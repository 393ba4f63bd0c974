"""Acts recorded while clocks jump by years, those of the machines and those of the browsers: the log's order counts."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from unittest.mock import patch

from annotations.decision import Decision, place
from annotations.log import decision_log
from annotations.log.decision_log import DecisionLog, Position
from bench.faults.tally import Tally

WRITERS = 3


def run(count: int, seed: int) -> Tally:
    """Record `count` decisions of three writers, each under a clock of its own."""
    tally, dice = Tally("clocks jump by years"), random.Random(seed)

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz or UTC) + timedelta(days=dice.uniform(-9000, 9000))

    made: list[Decision] = []
    with tempfile.TemporaryDirectory() as folder, patch.object(decision_log, "datetime", Jumping):
        logs = [DecisionLog(f"sqlite:///{Path(folder, 'log.db')}") for _ in range(WRITERS)]
        for number in range(count):
            at = Jumping.now(UTC).isoformat(timespec="microseconds")
            said = Decision(f"s-{dice.randrange(9)}", "GW", dice.choice((0, 1, 2)), f"coder-{number % 3}", decided=at)  # type: ignore[arg-type]
            made.append(said)
            logs[number % WRITERS].record([said], key=f"k{number}")
            tally.tried += 1
        history = [(*place(one), one.value, one.decided) for one in logs[0].history()]
        wanted = [(*place(one), one.value, one.decided) for one in made]
        if history != wanted:
            tally.note(
                "lost" if len(history) <= len(wanted) else "doubled", "the log is not what was done, in its order"
            )
        newest = {place(one): one.value for one in made}
        for log in logs:
            if {place(one): one.value for one in log.current()} != newest:
                tally.note("lost", "what counts is not what came last")
            if len(log.news(Position()).entries) != count:
                tally.note("lost", "not all of it is news")
            log.close()
    return tally
