"""The decision log: append-only, idempotent, its view is what counts."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from annotations.decision import Anchor, Decision
from annotations.log import DecisionLog, current
from corpus.errors import WorkspaceError

FIRST = Decision("gazdar-2011", "GW", 1, "amina", decided="2026-03-01")


def _log(folder: Path) -> DecisionLog:
    return DecisionLog(f"sqlite:///{folder / 'annotations.db'}")


def test_a_later_decision_replaces_the_earlier_one_and_both_stay_in_the_history(tmp_path: Path) -> None:
    log = _log(tmp_path)
    later = replace(FIRST, value=2, decided="2026-03-02")
    log.record([FIRST, later])
    assert log.current() == (later,)
    assert log.history() == (FIRST, later)
    log.close()


def test_taking_back_leaves_nothing_that_counts() -> None:
    assert current([FIRST, replace(FIRST, value=None)]) == ()


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


def test_recording_the_same_decisions_again_adds_nothing(tmp_path: Path) -> None:
    log = _log(tmp_path)
    undated = Decision("bari-2005", "FS", 0, "amina")
    assert log.record([FIRST, undated]).added == 2
    head = log.head()
    again = log.record([FIRST, undated])
    assert (again.added, again.known) == (0, 2)
    assert log.head() == head
    log.close()


def test_an_undated_decision_that_changes_its_mind_twice_is_recorded_each_time(tmp_path: Path) -> None:
    log = _log(tmp_path)
    undated = Decision("bari-2005", "FS", 0, "amina")
    for value in (0, 1, 0):
        assert log.record([replace(undated, value=value)]).added == 1
    assert [d.value for d in log.history()] == [0, 1, 0]
    log.close()


@pytest.mark.parametrize("statement", ["UPDATE events SET value = 2", "DELETE FROM events"])
def test_no_program_can_change_an_event(tmp_path: Path, statement: str) -> None:
    log = _log(tmp_path)
    log.record([FIRST])
    log.close()
    connection = sqlite3.connect(tmp_path / "annotations.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def test_a_failing_batch_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    log = _log(tmp_path)

    def decisions() -> object:
        yield FIRST
        raise RuntimeError("the file ended early")

    with pytest.raises(RuntimeError):
        log.record(decisions())  # type: ignore[arg-type]
    assert log.history() == ()
    log.close()


def test_anchor_note_and_origin_come_back_as_recorded(tmp_path: Path) -> None:
    log = _log(tmp_path)
    full = Decision(
        "spdc", "TI", 2, "amina", "adjudicator", Anchor("a ‘quote’", 4, "p", "vor", "nach", 9, "ab"),
        "because – of this", "2026-03-01T10:00", "c0ffee", "decisions.csv",
    )  # fmt: skip
    log.record([full])
    assert log.history() == (full,)
    log.close()


def test_a_log_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    _log(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "annotations.db")
    connection.execute("UPDATE log_format SET format = 99")
    connection.commit()
    connection.close()
    with pytest.raises(WorkspaceError, match=r"format 99.*update Jaiza"):
        _log(tmp_path)


@pytest.mark.parametrize("content", [b"this is not a database, it is a letter" * 40])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "annotations.db").write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"annotations\.db can't be opened: file is not a database"):
        _log(tmp_path)
