"""Eight coders decide at once and the server is killed: what was acknowledged is there once, in order."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa

from annotations.decision import Decision
from annotations.log.decision_log import DecisionLog
from support import postgres

CODERS, EACH = 8, 15
SERVER = Path(__file__).parent.parent / "support" / "log_server.py"


@contextmanager
def _served(url: str, folder: Path) -> Iterator[int]:
    told = folder / "port"
    told.unlink(missing_ok=True)
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (SERVER.parents[2], SERVER.parents[1])))}
    process = subprocess.Popen([sys.executable, str(SERVER), url, str(told)], env=paths)
    try:
        while not (told.exists() and told.read_text()):
            assert process.poll() is None, "the server did not start"
            time.sleep(0.02)
        yield int(told.read_text())
    finally:
        process.kill()
        process.wait()


def _decide(coder: str, port: list[int], acknowledged: list[str]) -> None:
    """Decide one thing after the other; where no answer comes, ask again under the same key."""
    for number in range(EACH):
        asked = {"decision": asdict(Decision(f"s-{number}", "GW", 1, coder)), "key": f"{coder}-{number}"}
        for _ in range(1500):
            try:
                with socket.create_connection(("127.0.0.1", port[0]), timeout=10) as line:
                    line.sendall(json.dumps(asked).encode() + b"\n")
                    if line.recv(10) == b"ok\n":
                        break
            except OSError:
                pass
            time.sleep(0.02)
        else:
            raise TimeoutError(asked["key"])
        acknowledged.append(asked["key"])


def test_what_was_acknowledged_is_there_once_and_in_order_though_the_server_is_killed_twice(
    database_url: str, tmp_path: Path
) -> None:
    acknowledged: list[str] = []
    port: list[int] = [0]
    with ThreadPoolExecutor(CODERS) as pool:
        work = []
        for killed_after in (30, 75, CODERS * EACH):
            with _served(database_url, tmp_path) as port[0]:
                work = work or [pool.submit(_decide, f"coder-{n}", port, acknowledged) for n in range(CODERS)]
                while len(acknowledged) < killed_after and not all(one.done() for one in work):
                    time.sleep(0.005)
        for one in work:
            one.result()
    log = DecisionLog(database_url)
    history = log.history()
    log.close()
    assert len(acknowledged) == CODERS * EACH
    for n in range(CODERS):
        assert [d.source_id for d in history if d.coder == f"coder-{n}"] == [f"s-{i}" for i in range(EACH)]


def test_many_threads_on_one_log_lose_and_double_nothing(database_url: str) -> None:
    log = DecisionLog(database_url)
    decisions = [Decision(f"s-{n % 7}", "GW", 1, f"coder-{n}", decided="2026-03-01") for n in range(60)]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda d: log.record([d]), [*decisions, *decisions]))
    assert sum(one.added for one in done) == 60
    assert sorted(d.coder for d in log.history()) == sorted(d.coder for d in decisions)
    log.close()


def test_readers_see_every_decision_while_others_write(database_url: str) -> None:
    log, other = DecisionLog(database_url), DecisionLog(database_url)

    def read(_: int) -> list[str]:
        while len(other.history()) < 40:
            pass
        return [d.coder for d in other.history()]

    with ThreadPoolExecutor(4) as pool:
        seen = pool.map(read, range(4))
        for n in range(40):
            log.record([Decision("s", "GW", 1, f"coder-{n}", decided="2026-03-01")])
        assert all(found == [f"coder-{n}" for n in range(40)] for found in seen)
    log.close()
    other.close()


def test_a_server_of_the_database_that_was_restarted_is_written_to_again(postgres_folder: str) -> None:
    log = DecisionLog(postgres.new_database(postgres_folder, "restarted"))
    first, second = (Decision(f"s-{n}", "GW", 1, "amina", decided="2026-03-01") for n in (1, 2))
    log.record([first])
    with log.engine.connect() as connection:  # end every connection, as a restart does
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        )
    assert log.record([second]).added == 1
    assert log.history() == (first, second)
    log.close()
