"""PostgreSQL ended while people decide and started again; and two machines that keep one log in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from annotations.decision import Decision
from annotations.log.decision_log import DecisionLog
from bench.faults import scene
from bench.faults.tally import Tally
from bench.machine import jaiza
from corpus.errors import LogUnavailableError, WorkspaceError

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
from support import postgres

WRITERS = 4
_PATIENCE = 60.0  # seconds for one decision to be stored, whatever happens


def gone_and_back(times: int) -> Tally:
    """Four writers record one decision after the other, each until it is stored; the server is ended so many times."""
    tally = Tally("the database gone and back", tried=times)
    over = threading.Event()
    acknowledged: list[list[str]] = [[] for _ in range(WRITERS)]
    with postgres.server() as folder:
        url = postgres.new_database(folder, "gone")
        log = DecisionLog(url)
        with ThreadPoolExecutor(WRITERS) as pool:
            work = [pool.submit(_write, log, number, acknowledged[number], over, tally) for number in range(WRITERS)]
            for _ in range(times):
                time.sleep(1.0)
                _pg_ctl(folder, "stop", "-m", "immediate")
                time.sleep(0.5)
                _pg_ctl(folder, "start")
            time.sleep(1.0)
            over.set()
            for one in work:
                one.result()
        stored = log.history()
        log.close()
    for number, keys in enumerate(acknowledged):
        mine = [one.source_id for one in stored if one.coder == f"coder-{number}"]
        if keys != [one for one in mine if one in set(keys)]:
            tally.note("lost", f"of {len(keys)} of coder-{number}")
        if twice := [key for key, count in Counter(mine).items() if count > 1]:
            tally.note("doubled", f"{len(twice)} of coder-{number}")
    print(f"{sum(map(len, acknowledged))} decisions acknowledged while the server was ended {times} times", flush=True)
    return tally


def _write(log: DecisionLog, number: int, acknowledged: list[str], over: threading.Event, tally: Tally) -> None:
    while not over.is_set():
        name = f"s-{len(acknowledged)}"
        give_up = time.monotonic() + _PATIENCE
        while True:
            try:
                log.record([Decision(name, "GW", 1, f"coder-{number}")], key=f"{number} {name}")
                break
            except LogUnavailableError:
                time.sleep(0.05)
            except WorkspaceError as error:
                tally.note("lost", f"{name} of coder-{number} is refused: {error}")
                break
            except Exception as error:
                tally.note("tracebacks", f"{type(error).__name__}: {error}")
                time.sleep(0.05)
            if time.monotonic() > give_up:
                tally.note("hangs", f"{name} of coder-{number} is not stored")
                return
        acknowledged.append(name)


def _pg_ctl(folder: str, what: str, *how: str) -> None:
    program = postgres.program("pg_ctl")
    assert program
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
    start = ("-o", options, "-l", f"{folder}/log") if what == "start" else ()
    owner = Path(folder, "data").stat()
    as_owner = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run(
        [program, "-D", f"{folder}/data", *how, *start, "-w", what],
        check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120, **as_owner,  # type: ignore[call-overload]
    )  # fmt: skip


def two_machines(rounds: int, folder: Path) -> Tally:
    """Two copies of a review that keep one log: both bring in the same file and run, at the same time."""
    tally = Tally("two machines on one PostgreSQL")
    template = scene.make_template(folder)
    with postgres.server() as place, tempfile.TemporaryDirectory(prefix="jaiza-two-", dir=folder) as room:
        calm = Path(room) / "calm"
        shutil.copytree(template, calm)
        scene.finish(calm, "import", str(calm / "brought.csv"))
        scene.finish(calm, "run", "--without-prefect")
        wanted, results = scene.said(calm), scene.results(calm)
        for number in range(rounds):
            url = postgres.new_database(place, f"two_{number}")
            machines = [Path(room) / f"machine-{number}-{one}" for one in "ab"]
            for workspace in machines:
                shutil.copytree(template, workspace)
            for words in (("import", str(template / "brought.csv")), ("run", "--without-prefect")):
                _at_once(machines, words, url, tally)
            os.environ["JAIZA_DATABASE_URL"] = url
            try:
                found = Counter(scene.said(machines[0]))
            finally:
                del os.environ["JAIZA_DATABASE_URL"]
            for kind, difference in (("lost", Counter(wanted) - found), ("doubled", found - Counter(wanted))):
                if difference:
                    tally.note(kind, f"{difference.total()} decisions, such as {next(iter(difference))}")
            for workspace in machines:
                if scene.results(workspace) != results:
                    tally.note("lost", f"the results of {workspace.name} are not those of a calm run")
    return tally


def _at_once(machines: list[Path], words: tuple[str, ...], url: str, tally: Tally) -> None:
    environment = {**scene.environment(), "JAIZA_DATABASE_URL": url}
    started = [
        subprocess.Popen(
            jaiza(one, *words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment
        )
        for one in machines
    ]
    for process in started:
        tally.tried += 1
        try:
            err = process.communicate(timeout=300)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            tally.note("hangs", " ".join(words))
            continue
        if process.returncode or "Traceback" in err:
            tally.note("tracebacks", f"{' '.join(words)}: exit code {process.returncode}: {err.strip()[-300:]}")
