"""Addresses of the log's database as PostgreSQL's users write them, and reading it as of one moment."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from annotations.decision import Decision, Mark
from annotations.log.database import reading
from annotations.log.database_address import PATIENCE, read_address, without_password
from annotations.log.decision_log import DecisionLog
from annotations.log.schema import EVENTS
from corpus.errors import WorkspaceError
from support import postgres


@pytest.mark.parametrize(
    ("given", "encrypted"),
    [("", None), ("?sslmode=disable", False), ("?sslmode=prefer", None), ("?sslmode=require", True)],
)
def test_what_is_said_of_encryption_is_handed_on(given: str, encrypted: bool | None) -> None:
    address, arguments = read_address(f"postgresql://amina@host/review{given}")
    assert arguments == {"timeout": PATIENCE, "ssl_context": encrypted}
    assert address.render_as_string() == "postgresql+pg8000://amina@host/review"


def test_who_answers_is_looked_at_where_that_is_asked_for() -> None:
    context = read_address("postgresql://amina@host/review?sslmode=verify-full")[1]["ssl_context"]
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


@pytest.mark.parametrize("driver", ["postgres", "postgresql+psycopg2", "postgresql+asyncpg"])
def test_the_driver_is_that_of_this_program_whatever_is_written(driver: str) -> None:
    address, arguments = read_address(f"{driver}://host/?dbname=review&user=amina&port=6432&application_name=x")
    assert address.render_as_string() == "postgresql+pg8000://amina@host:6432/review"
    assert arguments["application_name"] == "x"


def test_a_folder_as_host_is_the_place_of_the_socket() -> None:
    assert read_address("postgresql:///review?host=/run/pg")[1]["unix_sock"] == "/run/pg/.s.PGSQL.5432"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("?sslmode=maybe", "is none of disable"),
        ("?options=-csearch_path%3Dx", "'options' .* is not known: leave it out, or use sslmode"),
        ("?connect_timeout=soon", "write seconds"),
        ("?connect_timeout=nan", "write seconds"),
        ("?port=five", "is no number"),
        ("?sslmode=verify-ca&sslrootcert=/no/such", "there is no such file"),
        ("?sslmode=verify-ca&sslrootcert=/dev/null", "no such file|holds no certificate"),
    ],
)
def test_an_option_that_can_not_be_had_says_what_to_write(options: str, said: str) -> None:
    with pytest.raises(WorkspaceError, match=said):
        DecisionLog(f"postgresql://amina@host/review{options}")


def test_several_hosts_are_refused_in_a_line() -> None:
    with pytest.raises(WorkspaceError, match="with one host"):
        DecisionLog("postgresql://one:5432,two:5432/review")


def test_a_password_among_the_options_is_not_shown() -> None:
    assert "geheim" not in without_password("postgresql://host/review?user=amina&password=geheim")


@pytest.fixture
def silent_host() -> Iterator[str]:
    """Takes no connection: its queue is full."""
    with socket.socket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def test_connecting_is_given_up_after_the_time_that_is_set(silent_host: str) -> None:
    began = time.monotonic()
    with pytest.raises(WorkspaceError, match="can't be opened"):
        DecisionLog(f"postgresql://amina@{silent_host}/review?connect_timeout=0.2&sslmode=disable")
    assert time.monotonic() - began < PATIENCE / 2


def test_the_log_is_kept_in_a_database_with_such_an_address(postgres_folder: str) -> None:
    name = urlsplit(postgres.new_database(postgres_folder, "with_options")).path[1:]
    url = f"postgresql://jaiza@/{name}?host={postgres_folder}&sslmode=prefer&connect_timeout=5"
    with DecisionLog(url) as log:
        log.record([Decision("s", "GW", 1, "amina")])
        assert len(log.history()) == 1


def test_a_reader_sees_the_log_as_of_one_moment(database_url: str) -> None:
    count = sa.select(sa.func.count()).select_from(EVENTS)
    with DecisionLog(database_url) as log, DecisionLog(database_url) as other:
        log.record([Decision("s", "GW", 1, "amina")])
        with reading(other.engine) as connection:
            assert connection.scalar(count) == 1
            log.record([Decision("s", "FS", 1, "amina")])
            assert connection.scalar(count) == 1
        with reading(other.engine) as connection:
            assert connection.scalar(count) == 2


def test_what_belongs_together_is_read_together(database_url: str) -> None:
    """Each act is a decision and a mark: whoever reads both finds as many of either, however much is written."""
    enough = threading.Event()

    def write() -> None:
        with DecisionLog(database_url) as log:
            for number in range(12):
                log.record([Decision(f"s-{number}", "GW", 1, "amina")], [Mark(f"s-{number}", "done", "amina")])
        enough.set()

    with DecisionLog(database_url) as log:
        writer = threading.Thread(target=write)
        writer.start()
        read = 0
        while not enough.is_set() or not read:
            held = log.contents()
            assert len(held.decisions) == len(held.marks)
            assert len(log.entries()) % 2 == 0
            read += 1
        writer.join()
        held = log.contents()
        assert held.head == log.head()
        assert (held.decisions, held.marks, held.entries) == (log.current(), log.marks(), log.entries())
