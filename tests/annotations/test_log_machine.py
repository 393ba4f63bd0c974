"""Several writers of one log, in any order, with clocks that jump, answers that get lost and crashes amid a write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from annotations.decision import Act, Decision, Event, Mark, place
from annotations.log import decision_log
from annotations.log.decision_log import DecisionLog, Position

TIMES = int(os.environ.get("JAIZA_FUZZ", "1"))  # `make fuzz` tries more
WRITERS = 3
_numbers = count(1)


class CrashError(Exception):
    """A process ends, as far as its transaction can tell."""


class LogMachine(RuleBasedStateMachine):
    """What writers were told is stored, against what every one of them reads."""

    url: ClassVar[str]
    logs: ClassVar[list[DecisionLog]]

    @initialize()
    def begin(self) -> None:
        self.study = f"study-{next(_numbers)}"  # all machines share one database, and each looks at its own study
        self.seen = [self.logs[0].news(Position()).position] * WRITERS
        self.read: list[list[Event]] = [[] for _ in range(WRITERS)]
        self.stored: list[Event] = []  # in the order in which it was acknowledged
        self.calls: list[tuple[str, Decision, Mark]] = []

    @rule(
        writer=st.integers(0, WRITERS - 1),
        theme=st.sampled_from(["GW", "FS"]),
        value=st.sampled_from([0, 1, 2, None]),
        coder=st.sampled_from(["amina", "bilal"]),
        year=st.integers(1990, 2090),
        how=st.sampled_from(["stored", "stored", "answer lost", "crash", "sent again", "look", "restart"]),
        which=st.integers(0, 99),
    )
    def act(self, writer: int, theme: str, value: Any, coder: str, year: int, how: str, which: int) -> None:
        """One rule with all that can happen: of several, hypothesis leaves most out of a short story."""
        at = f"{year}-03-01T10:00:00.{next(_numbers):06}+00:00"
        said = Decision(self.study, theme, value, coder, decided=at)
        mark = Mark(self.study, "done", coder, on=value is not None, decided=at)
        key = f"{coder} {at}"
        if how == "look":
            self._look(writer)
        elif how == "restart":
            self._reopen(writer)
        elif how == "sent again":
            if self.calls:
                assert self._record(writer, *self.calls[which % len(self.calls)]) == 0
        elif how == "crash":
            with _crashing(), pytest.raises(CrashError):
                self._record(writer, key, said, mark)
            self._reopen(writer)
        else:
            assert self._record(writer, key, said, mark) == 3
            if how == "answer lost":  # so it is sent again, to whoever serves now
                assert self._record((writer + 1) % WRITERS, key, said, mark) == 0
            self.stored += [said, mark]
            self.calls.append((key, said, mark))

    def _look(self, writer: int) -> None:
        news = self.logs[writer].news(self.seen[writer])
        assert not news.rewound
        self.seen[writer] = news.position
        self.read[writer] += [one.what for one in news.entries if self._is_own(one.what)]
        assert [_said(one) for one in self.read[writer]] == [_said(one) for one in self.stored]

    @invariant()
    def everybody_reads_what_was_acknowledged(self) -> None:
        newest = {place(one): one for one in getattr(self, "stored", [])}
        for log in self.logs if newest else []:
            held = log.contents()
            assert {_said(one) for one in held.decisions if self._is_own(one)} == {
                _said(one) for one in newest.values() if isinstance(one, Decision) and one.value is not None
            }
            assert {_said(one) for one in held.marks if self._is_own(one)} == {
                _said(one) for one in newest.values() if isinstance(one, Mark) and one.on
            }

    def _record(self, writer: int, key: str, said: Decision, mark: Mark) -> int:
        act = Act(key, said.coder, "value", decided=said.decided)
        return self.logs[writer].record([said], [mark], act=act, key=key).added

    def _reopen(self, writer: int) -> None:
        self.logs[writer].close()
        self.logs[writer] = DecisionLog(self.url)
        self.seen[writer], self.read[writer] = Position(), []

    def _is_own(self, what: Event) -> bool:
        return isinstance(what, Decision | Mark) and what.source_id == self.study


def _said(what: Event) -> tuple[object, ...]:
    assert isinstance(what, Decision | Mark)
    return (*place(what), what.value if isinstance(what, Decision) else what.on, what.decided)


@contextmanager
def _crashing() -> Iterator[None]:
    """The first table of an act is written, and then nothing more."""
    insert, calls = decision_log.insert, count()

    def insert_and_crash(*given: Any) -> None:
        if next(calls):
            raise CrashError
        insert(*given)

    with patch.object(decision_log, "insert", insert_and_crash):
        yield


def test_what_is_acknowledged_is_there_once_for_every_writer_whatever_happens(database_url: str) -> None:
    LogMachine.url = database_url
    LogMachine.logs = [DecisionLog(database_url) for _ in range(WRITERS)]
    chosen = settings(
        max_examples=3 * TIMES,
        stateful_step_count=12,
        deadline=None,
        derandomize=TIMES == 1,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(LogMachine, settings=chosen)
    finally:
        for log in LogMachine.logs:
            log.close()
