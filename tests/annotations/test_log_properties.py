"""Random acts of several coders with random clocks: the log replayed gives the same state, and copies come together."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.decision import Act, Anchor, Decision, Event, Mark, place
from annotations.log.acts import ActHistory
from annotations.log.copies import join, put_in
from annotations.log.decision_log import DecisionLog, Position

CODERS = st.sampled_from(["amina", "bilal", "chen"])
CLOCKS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.isoformat() + "+00:00")
WORDS = st.sampled_from(["", "funds came late", "nobody was asked"])


@st.composite
def _decisions(draw: st.DrawFn) -> Decision:
    words = draw(WORDS)
    value = draw(st.sampled_from([0, 1, 2, None]))
    return Decision(
        "s", draw(st.sampled_from(["GW", "FS"])), value, draw(CODERS), anchor=Anchor(words, 1) if words else None,  # type: ignore[arg-type]
        decided=draw(CLOCKS),
    )  # fmt: skip


@st.composite
def _marks(draw: st.DrawFn) -> Mark:
    return Mark(
        "s", draw(st.sampled_from(["done", "revealed"])), draw(CODERS), on=draw(st.booleans()), decided=draw(CLOCKS)
    )


ACTS = st.lists(st.lists(st.one_of(_decisions(), _marks()), min_size=1, max_size=3), max_size=4)


@cache
def _empty() -> bytes:
    """An empty log: made once, for its tables take a while."""
    with tempfile.TemporaryDirectory() as folder:
        DecisionLog(f"sqlite:///{folder}/a").close()
        return Path(folder, "a").read_bytes()


def _open(path: Path) -> DecisionLog:
    if not path.exists():
        path.write_bytes(_empty())
    return DecisionLog(f"sqlite:///{path}")


def _record(log: DecisionLog, acts: list[list[Event]], names: str) -> list[Event]:
    """Each list of events as one act of its first coder."""
    made = []
    for number, events in enumerate(acts):
        coder = events[0].coder
        own = [replace(event, coder=coder) for event in events if not isinstance(event, Act)]
        log.record(
            [e for e in own if isinstance(e, Decision)], [e for e in own if isinstance(e, Mark)],
            act=Act(f"{names}{number}", coder, "act", decided=events[0].decided),
        )  # fmt: skip
        # Within one act the decisions come first.
        made += sorted(own, key=lambda event: isinstance(event, Mark))
    return made


def _counting(events: list[Event]) -> dict[tuple[str, ...], object]:
    """The rule by hand: of every place the last, unless it takes back."""
    last = {place(event): event for event in events}
    said = {where: e.value if isinstance(e, Decision) else e.on for where, e in last.items() if not isinstance(e, Act)}  # type: ignore[union-attr]
    return {where: value for where, value in said.items() if value is not None and value is not False}


def _state(log: DecisionLog) -> dict[tuple[str, ...], object]:
    found: dict[tuple[str, ...], object] = {place(d): d.value for d in log.current()}
    return {**found, **{place(mark): mark.on for mark in log.marks()}}


@settings(max_examples=8, deadline=None)
@given(ACTS)
def test_the_log_replayed_is_what_counts(acts: list[list[Event]]) -> None:
    with tempfile.TemporaryDirectory() as folder, _open(Path(folder, "a")) as log:
        position, seen = Position(), list[Event]()
        made: list[Event] = []
        for number, act in enumerate(acts):
            made += _record(log, [act], f"a{number}-")
            news = log.news(position)
            position = news.position
            seen += [entry.what for entry in news.entries]
            assert not news.rewound
        assert _state(log) == _counting(made) == _counting(seen)
        with _open(Path(folder, "a")) as again:
            assert _state(again) == _state(log)
            assert again.entries() == log.entries()


@settings(max_examples=8, deadline=None)
@given(ACTS)
def test_undoing_everything_leaves_nothing(acts: list[list[Event]]) -> None:
    with tempfile.TemporaryDirectory() as folder, _open(Path(folder, "a")) as log:
        states = [_state(log)]
        for number, act in enumerate(acts):
            _record(log, [[replace(e, coder="amina") for e in act if not isinstance(e, Act)]], f"a{number}-")
            states.append(_state(log))
        for number in range(len(acts)):
            states.pop()
            history = ActHistory()
            for entry in log.entries():
                history.take(entry)
            last = history.last("amina")
            assert last
            undo = Act(f"u{number}", "amina", "undo", undoes=last.act_id)
            events = history.undoing(last.act_id, undo)
            log.record(events.decisions, events.marks, act=undo)
            assert _state(log) == states[-1]


def _brought_together(folder: Path, first: str, second: str) -> DecisionLog:
    """A copy of the first log that has taken the second in."""
    shutil.copy(folder / first, folder / f"{first}{second}")
    log = _open(folder / f"{first}{second}")
    with _open(folder / second) as other:
        put_in(log, join(log.entries(), other.entries()))
        assert join(log.entries(), other.entries()).incoming == ()
    return log


@settings(max_examples=8, deadline=None)
@given(ACTS, ACTS, ACTS)
def test_two_copies_come_to_the_same_whichever_takes_the_other_in(
    common: list[list[Event]], ours: list[list[Event]], theirs: list[list[Event]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _open(folder / "a") as log:
            _record(log, common, "c")
        shutil.copy(folder / "a", folder / "b")
        for copy, acts in (("a", ours), ("b", theirs)):
            with _open(folder / copy) as log:
                _record(log, acts, copy)
                own = [entry.event_id for entry in log.entries()]
            if copy == "a":
                order_of_a = own
        with _brought_together(folder, "a", "b") as ab, _brought_together(folder, "b", "a") as ba:
            ids = [entry.event_id for entry in ab.entries()]
            assert len(ids) == len(set(ids))
            assert [one for one in ids if one in set(order_of_a)] == order_of_a
            assert [one for one in ids if one in set(own)] == own
            clocks = [e.what.decided for acts in (ours, theirs) for events in acts for e in events]
            if len(set(clocks)) == len(clocks):
                assert _state(ab) == _state(ba)
