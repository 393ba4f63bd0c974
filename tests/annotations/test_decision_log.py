"""The decision log: append-only, idempotent, its view is what counts; the same in SQLite and in PostgreSQL."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from annotations.decision import Anchor, Decision, Mark
from annotations.log.decision_log import DecisionLog, current
from corpus.errors import WorkspaceError

FIRST = Decision("gazdar-2011", "GW", 1, "amina", decided="2026-03-01")
SEEN = Mark("gazdar-2011", "seen", "amina", anchor=Anchor("funds were released late", 3), decided="2026-03-01")


@pytest.fixture
def log(database_url: str) -> Iterator[DecisionLog]:
    opened = DecisionLog(database_url)
    yield opened
    opened.close()


def test_a_later_decision_replaces_the_earlier_one_and_both_stay_in_the_history(log: DecisionLog) -> None:
    later = replace(FIRST, value=2, decided="2026-03-02")
    log.record([FIRST, later])
    assert log.current() == (later,)
    assert log.history() == (FIRST, later)


def test_taking_back_leaves_nothing_that_counts(log: DecisionLog) -> None:
    assert current([FIRST, replace(FIRST, value=None)]) == ()
    log.record([FIRST, replace(FIRST, value=None)])
    assert log.current() == ()


@pytest.mark.parametrize(
    "other",
    [
        replace(FIRST, coder="bilal"),
        replace(FIRST, theme="IF"),
        replace(FIRST, source_id="bari-2005"),
        replace(FIRST, role="adjudicator"),
        replace(FIRST, anchor=Anchor("funds were released late", 3)),
    ],
    ids=["coder", "theme", "source", "role", "passage"],
)
def test_another_place_is_another_judgement(other: Decision) -> None:
    assert current([FIRST, other]) == (FIRST, other)


def test_recording_the_same_again_adds_nothing(log: DecisionLog) -> None:
    undated = Decision("bari-2005", "FS", 0, "amina")
    assert log.record([FIRST, undated], [SEEN, replace(SEEN, decided="")]).added == 4
    head = log.head()
    again = log.record([FIRST, undated], [SEEN, replace(SEEN, decided="")])
    assert (again.added, again.known) == (0, 4)
    assert log.head() == head


def test_an_undated_decision_that_changes_its_mind_twice_is_recorded_each_time(log: DecisionLog) -> None:
    undated = Decision("bari-2005", "FS", 0, "amina")
    for value in (0, 1, 0):
        assert log.record([replace(undated, value=value)]).added == 1
    assert log.record([replace(undated, note="and here is why")]).added == 1
    assert [d.value for d in log.history()] == [0, 1, 0, 0]


def test_a_request_made_again_under_its_key_is_not_doubled(log: DecisionLog) -> None:
    undated = replace(FIRST, decided="")
    assert log.record([undated], [SEEN], key="k1").added == 2
    log.record([replace(undated, value=2)], key="k2")
    assert log.record([undated], [SEEN], key="k1").known == 2  # the answer to the first was lost on the way
    assert [d.value for d in log.history()] == [1, 2]


@pytest.mark.parametrize("other", [replace(FIRST, theme="IF"), replace(FIRST, value=0)], ids=["theme", "value"])
def test_a_key_used_for_something_else_is_refused(log: DecisionLog, other: Decision) -> None:
    log.record([FIRST], key="k1")
    with pytest.raises(WorkspaceError, match="the key 'k1' was used before, for another decision"):
        log.record([other], key="k1")
    assert log.history() == (FIRST,)


def test_marks_count_until_they_are_taken_back(log: DecisionLog) -> None:
    done = Mark("gazdar-2011", "done", "amina")
    log.record([], [SEEN, done])
    assert log.marks() == (SEEN, done)
    log.record([], [replace(done, on=False)])
    assert log.marks() == (SEEN,)
    assert [entry.what for entry in log.entries()] == [SEEN, done, replace(done, on=False)]


def test_a_log_opened_elsewhere_sees_what_is_recorded_here(log: DecisionLog, database_url: str) -> None:
    other = DecisionLog(database_url)
    assert other.current() == ()
    log.record([FIRST])
    assert other.current() == (FIRST,)
    log.record([replace(FIRST, value=0, decided="2026-03-04")], [SEEN])
    assert [d.value for d in other.current()] == [0]
    assert other.marks() == (SEEN,)
    other.close()


@pytest.mark.parametrize("table", ["events", "marks"])
def test_no_program_can_change_an_event(log: DecisionLog, table: str) -> None:
    log.record([FIRST], [SEEN])
    other = {"sqlite": "INSERT OR REPLACE INTO {0} SELECT * FROM {0}", "postgresql": "TRUNCATE {0}"}
    for statement in ("UPDATE {0} SET note = 'changed'", "DELETE FROM {0}", other[log.engine.dialect.name]):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            log.engine.execution_options(jaiza_writes=True).begin() as connection,
        ):
            connection.execute(sa.text(statement.format(table)))
    assert log.history() == (FIRST,)
    assert log.marks() == (SEEN,)


def test_the_trigger_is_there_for_a_program_that_knows_nothing_of_jaiza(tmp_path: Path) -> None:
    log = DecisionLog(f"sqlite:///{tmp_path / 'annotations.db'}")
    log.record([FIRST])
    log.close()
    connection = sqlite3.connect(tmp_path / "annotations.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("UPDATE events SET value = 2")
    connection.close()


def test_a_failing_batch_leaves_the_log_as_it_was(log: DecisionLog) -> None:
    def decisions() -> object:
        yield FIRST
        raise RuntimeError("the file ended early")

    with pytest.raises(RuntimeError):
        log.record(decisions())  # type: ignore[arg-type]
    assert log.history() == ()


def test_everything_comes_back_as_recorded(log: DecisionLog) -> None:
    full = Decision(
        "spdc", "TI", 2, "amina", "adjudicator", Anchor("a ‘quote’", 4, "p", "vor", "nach", 9, "ab"),
        "because – of this", "2026-03-01T10:00", "c0ffee", "decisions.csv", "m-1", 0.8125, False, 3.5,
    )  # fmt: skip
    mark = Mark("spdc", "look again", "amina", "TI", Anchor("a ‘quote’", 4), True, "why", "2026-03-01", "c0ffee")
    log.record([full], [mark])
    assert log.history() == (full,)
    assert log.marks() == (mark,)


def test_characters_that_no_database_takes_are_shown_as_missing(log: DecisionLog) -> None:
    broken = replace(FIRST, note="nul \0 half \ud83d whole \U0001f4dc", anchor=Anchor("a\0b\udc00", 3))
    assert log.record([broken]).added == 1
    assert log.record([broken]).known == 1
    (found,) = log.current()
    assert found.note == "nul \ufffd half \ufffd whole \U0001f4dc"
    assert found.anchor == Anchor("a\ufffdb\ufffd", 3)


def test_a_sqlite_log_is_written_through_to_the_disk(tmp_path: Path) -> None:
    log = DecisionLog(f"sqlite:///{tmp_path / 'annotations.db'}")
    with log.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    log.close()


@pytest.mark.parametrize("content", [b"this is not a database, it is a letter" * 40])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "annotations.db").write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"annotations\.db can't be opened: file is not a database"):
        DecisionLog(f"sqlite:///{tmp_path / 'annotations.db'}")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://amina:geheim@127.0.0.1:1/review", r"postgresql://amina:\*\*\*@127\.0\.0\.1:1/review can't be"),
        ("amina:geheim", r"\(JAIZA_DATABASE_URL is not a database URL\) can't be opened"),
        ("oracle://amina:geheim@host/review", r"oracle://amina:\*\*\*@host/review can't be opened: No module named"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_line_without_the_password(url: str, message: str) -> None:
    with pytest.raises(WorkspaceError, match=message) as refused:
        DecisionLog(url)
    assert "geheim" not in str(refused.value)
    assert re.search("\n", str(refused.value)) is None
