"""Memos, codes of one's own, acts with their undo: all of them events of the log, in one order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from annotations.decision import Act, Anchor, Code, Decision, Mark, Memo
from annotations.log.acts import ActHistory, describe
from annotations.log.decision_log import DecisionLog, Position

WORDS = Anchor("funds were released late", 3, "p1")
CODED = Decision("s", "GW", 1, "amina", anchor=WORDS, decided="2026-03-01T10:00:00+00:00")
DONE = Mark("s", "done", "amina", covers=("p1", "p2"), not_shown=("p2",), themes=("GW", "FS"))


@pytest.fixture
def log(database_url: str) -> Iterator[DecisionLog]:
    with DecisionLog(database_url) as opened:
        yield opened


def _history(log: DecisionLog) -> ActHistory:
    acts = ActHistory()
    for entry in log.entries():
        acts.take(entry)
    return acts


def test_every_kind_of_event_comes_back_as_it_was_recorded(log: DecisionLog) -> None:
    code = Code("+0123456789ab", "late money", "amina", include=("late", "later"), exclude=("“never”",))
    memo = Memo("m1", "amina", "compare with the audit", "s", anchor=WORDS)
    unknown = Decision("s", "FS", None, "amina", not_known=True, note="the page is missing")
    log.record([CODED, unknown], [DONE], memos=[memo], codes=[code])
    assert [entry.what for entry in log.entries()] == [CODED, unknown, DONE, memo, code]
    assert (log.current(), log.marks(), log.memos(), log.codes()) == ((CODED, unknown), (DONE,), (memo,), (code,))
    numbers = [entry.number for entry in log.entries()]
    assert numbers == sorted(set(numbers))


def test_not_known_counts_until_it_is_taken_back(log: DecisionLog) -> None:
    unknown = Decision("s", "FS", None, "amina", not_known=True, note="can't be told", decided="2026-03-01")
    log.record([replace(unknown, not_known=False, value=0)])
    log.record([unknown])
    assert log.current() == (unknown,)
    log.record([replace(unknown, not_known=False, note="", decided="2026-03-02")])
    assert log.current() == ()


def test_a_memo_is_edited_and_taken_away_by_its_id(log: DecisionLog) -> None:
    memo = Memo("m1", "amina", "first", "s", decided="2026-03-01")
    log.record(memos=[memo, replace(memo, text="second"), Memo("m2", "bilal", "of the review")])
    assert [one.text for one in log.memos()] == ["second", "of the review"]
    log.record(memos=[replace(memo, text="")])
    assert [one.memo_id for one in log.memos()] == ["m2"]


def test_an_act_sent_again_adds_nothing_and_all_of_it_is_undone_at_once(log: DecisionLog) -> None:
    act = Act("a1", "amina", "batch", seconds=4.5)
    many = [replace(CODED, anchor=Anchor(f"words {n}", n)) for n in range(1, 4)]
    log.record([replace(many[0], value=2)], act=Act("a0", "amina", "value"))
    assert log.record(many, [DONE], act=act).added == 5
    assert log.record(many, [DONE], act=act).added == 0
    assert {entry.what for entry in log.events_of("a1")} == {replace(one, act="a1") for one in (*many, DONE)} | {act}
    history = _history(log)
    assert history.last("amina") == act
    assert describe(history.changed_by("a1")) == "GW 1 (3), study done"
    undo = Act("a2", "amina", "undo", undoes="a1")
    events = history.undoing("a1", undo)
    log.record(events.decisions, events.marks, act=undo)
    assert [(d.anchor.quote if d.anchor else "", d.value) for d in log.current()] == [("words 1", 2)]
    assert log.marks() == ()
    last = _history(log).last("amina")
    assert last
    assert last.act_id == "a0"


def test_a_decision_that_follows_another_replaces_it_and_undoing_puts_it_back(log: DecisionLog) -> None:
    log.record([CODED], act=Act("a1", "amina", "value"))
    (first,) = log.current()
    moved = replace(CODED, value=2, anchor=Anchor("funds were released very late", 4, "p9"), follows=first.event_id)
    log.record([moved], act=Act("a2", "amina", "value"))
    assert [d.value for d in log.current()] == [2]
    undo = Act("a3", "amina", "undo", undoes="a2")
    log.record(_history(log).undoing("a2", undo).decisions, act=undo)
    assert [(d.value, d.anchor) for d in log.current()] == [(1, WORDS)]


def test_what_counts_is_the_order_of_the_log_whatever_the_clock_says(log: DecisionLog) -> None:
    log.record([replace(CODED, decided="2027-01-01T00:00:00+00:00")])
    log.record([replace(CODED, value=2, decided="2020-01-01T00:00:00+00:00")])
    assert [d.value for d in log.current()] == [2]


def test_news_are_what_came_since(log: DecisionLog) -> None:
    log.record([CODED])
    first = log.news(Position())
    assert [entry.what for entry in first.entries] == [CODED]
    log.record([], [DONE], memos=[Memo("m1", "amina", "text")])
    then = log.news(first.position)
    assert [type(entry.what) for entry in then.entries] == [Mark, Memo]
    assert not then.rewound
    assert log.news(then.position).entries == ()
