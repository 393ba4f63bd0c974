"""Random acts of several coders with random clocks: the log replayed gives the same state, and copies come together."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.decision import Act, Anchor, Decision, Event, Mark, place
from annotations.log.acts import ActHistory
from annotations.log.copies import join
from annotations.log.decision_log import DecisionLog, Position
from annotations.log.schema import Entry
from annotations.log.storing import STEP

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


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
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


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
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


def _log(acts: list[list[Event]], name: str, after: int = 0) -> list[Entry]:
    """The entries that acts make, in the order of the log."""
    events = [event for act in acts for event in act]
    return [
        Entry(f"{name}{n}", "2026-01-01", replace(event, number=(after + n + 1) * STEP, event_id=f"{name}{n}"))
        for n, event in enumerate(events)
    ]


def _brought_together(ours: list[Entry], theirs: list[Entry]) -> list[Entry]:
    """Our log once it has taken theirs in."""
    joined = [*ours, *join(ours, theirs).incoming]
    joined.sort(key=lambda entry: entry.number)
    assert len({entry.number for entry in joined}) == len(joined)
    assert join(joined, theirs).incoming == ()
    return joined


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(ACTS, ACTS, ACTS)
def test_two_copies_come_to_the_same_whichever_takes_the_other_in(
    common: list[list[Event]], ours: list[list[Event]], theirs: list[list[Event]]
) -> None:
    past = _log(common, "c")
    a, b = [*past, *_log(ours, "a", len(past))], [*past, *_log(theirs, "b", len(past))]
    ab, ba = _brought_together(a, b), _brought_together(b, a)
    ids = [entry.event_id for entry in ab]
    for own in (a, b):
        mine = [entry.event_id for entry in own]
        assert [one for one in ids if one in mine] == mine  # each keeps its own order
    clocks = [entry.what.decided for entry in (*a[len(past) :], *b[len(past) :])]
    if len(set(clocks)) == len(clocks):
        assert ids == [entry.event_id for entry in ba]
        assert _counting([e.what for e in ab]) == _counting([e.what for e in ba])
