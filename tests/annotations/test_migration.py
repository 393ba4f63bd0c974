"""Logs of older versions are upgraded without loss when they are opened; those of newer ones are left alone."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from annotations.decision import Anchor, Decision
from annotations.log.database import FORMAT, LOG_FORMAT
from annotations.log.decision_log import DecisionLog
from annotations.log.schema import TABLES
from corpus.errors import WorkspaceError

DATED = Decision("s", "GW", 1, "amina", anchor=Anchor("Funds  came late", 3), decided="2026-03-01", origin="a.csv")
UNDATED = Decision("s", "GW", 2, "bilal", note="all of it")
# What format 1 gave the first of them, written down from that version.
ID_OF_DATED = "b95a43cd27f424d704e09ab428d2f7090cb5c9789960094b01b753e9477e6257"


def _log_of_format_1(path: Path) -> None:
    """A log as the first version of Jaiza made it, by its own statements."""
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        CREATE TABLE events (
            seq INTEGER NOT NULL, event_id VARCHAR(64) NOT NULL, recorded VARCHAR(32) NOT NULL,
            source_id VARCHAR(60) NOT NULL, theme VARCHAR(20) NOT NULL, value INTEGER, coder VARCHAR(100) NOT NULL,
            role VARCHAR(20) NOT NULL, anchor TEXT, note TEXT NOT NULL, decided VARCHAR(40) NOT NULL,
            codebook VARCHAR(20) NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (seq), UNIQUE (event_id));
        CREATE TABLE log_format (format INTEGER NOT NULL, PRIMARY KEY (format));
        INSERT INTO log_format VALUES (1);
        CREATE TRIGGER events_no_update BEFORE UPDATE ON events
            BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END;
        CREATE TRIGGER events_no_delete BEFORE DELETE ON events
            BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END;
        """
    )
    for event_id, d in ((ID_OF_DATED, DATED), ("feed" * 16, UNDATED)):
        anchor = json.dumps(asdict(d.anchor)) if d.anchor else None
        row = (d.source_id, d.theme, d.value, d.coder, d.role, anchor, d.note, d.decided, d.codebook, d.origin)
        connection.execute(
            "INSERT INTO events (event_id, recorded, source_id, theme, value, coder, role, anchor, note, decided,"
            " codebook, origin) VALUES (?, '2026-03-02T10:00:00+00:00', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (event_id, *row),
        )
    connection.commit()
    connection.close()


def test_a_log_of_format_1_is_upgraded_without_loss(tmp_path: Path) -> None:
    _log_of_format_1(tmp_path / "annotations.db")
    log = DecisionLog(f"sqlite:///{tmp_path / 'annotations.db'}")
    assert log.history() == (DATED, UNDATED)
    assert [entry.recorded for entry in log.entries()] == ["2026-03-02T10:00:00+00:00"] * 2
    again = log.record([DATED, UNDATED])
    assert (again.added, again.known) == (0, 2)
    assert log.record([replace(UNDATED, value=0)]).added == 1
    assert log.current() == (DATED, replace(UNDATED, value=0))
    log.close()
    connection = sqlite3.connect(tmp_path / "annotations.db")
    for statement in ("UPDATE events SET value = 2", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


def test_an_upgrade_that_fails_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    _log_of_format_1(tmp_path / "annotations.db")
    connection = sqlite3.connect(tmp_path / "annotations.db")
    connection.execute("CREATE TABLE marks (of_somebody_else TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(WorkspaceError, match="table marks already exists"):
        DecisionLog(f"sqlite:///{tmp_path / 'annotations.db'}")
    connection = sqlite3.connect(tmp_path / "annotations.db")
    assert "place" not in [row[1] for row in connection.execute("PRAGMA table_info(events)")]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("DELETE FROM events")
    connection.close()


def test_the_steps_lead_to_the_tables_that_the_code_expects(database_url: str) -> None:
    log = DecisionLog(database_url)
    with log.engine.connect() as connection:
        there = sa.inspect(connection)
        for table in TABLES.sorted_tables:
            found = {(c["name"], c["nullable"], c["type"].python_type) for c in there.get_columns(table.name)}
            assert found == {(c.name, c.nullable, c.type.python_type) for c in table.columns}
            assert {i["name"] for i in there.get_indexes(table.name)} >= {i.name for i in table.indexes}
        assert connection.scalar(sa.select(FORMAT.c.format)) == LOG_FORMAT
    log.close()


def test_a_log_of_a_newer_version_is_refused(database_url: str) -> None:
    log = DecisionLog(database_url)
    with log.engine.execution_options(jaiza_writes=True).begin() as connection:
        connection.execute(sa.update(FORMAT).values(format=99))
    log.close()
    with pytest.raises(WorkspaceError, match=rf"format 99, this version knows {LOG_FORMAT}: update Jaiza"):
        DecisionLog(database_url)


def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "annotations.db")
    connection.execute("CREATE TABLE events (id TEXT)")
    connection.close()
    with pytest.raises(WorkspaceError, match="holds tables of another program: give Jaiza a database of its own"):
        DecisionLog(f"sqlite:///{tmp_path / 'annotations.db'}")


def test_several_who_open_a_new_log_at_once_all_get_it(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        logs = list(pool.map(DecisionLog, [database_url] * 4))
    assert [log.record([replace(DATED, coder=str(n))]).added for n, log in enumerate(logs)] == [1, 1, 1, 1]
    for log in logs:
        assert len(log.history()) == 4
        log.close()
