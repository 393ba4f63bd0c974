"""Twenty coders decide at once, the server is killed three times: is every acknowledged decision there once, in order?

Each coder is a client of its own that does what the page's script does: one decision at a time, sent again under the
same key until the server says that it is stored. `python -m bench.review durability` runs it for a minute.
"""

from __future__ import annotations

import os
import pickle
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import httpx
import uvicorn

from annotations.log.decision_log import DecisionLog
from annotations.log.open_log import open_log
from annotations.log.reviewers import Reviewers
from bench.review import made_shelf
from corpus.workspace import Review, Workspace
from review.app import make_app
from review.auth import Access
from review.context import ReviewContext
from review.review_state import ReviewState

CODERS = 20
_PATIENCE = 60.0  # seconds for a server to start, on a machine that does much else
_COOKIE = "jaiza"
_SHELF = "shelf.pickle"


@dataclass(frozen=True, slots=True)
class Trial:
    """What happened."""

    acknowledged: dict[str, list[str]]  # by coder: the keys of the acts that the server said it stored, in order
    stored: dict[str, list[str]]  # by coder: the moments of the decisions in the log, in its order
    sent_again: int  # times an act had to be sent again, for no answer came
    waits: list[float]  # seconds from an act to its acknowledgement

    @property
    def kept(self) -> bool:
        """Is every acknowledged decision there once, in order, and nothing else?"""
        return self.acknowledged == self.stored


def trial(folder: Path, *, seconds: float = 0, each: int = 0, kills: int = 3, coders: int = CODERS) -> Trial:
    """Have `coders` people decide for `seconds`, or `each` so many times, while the server is killed `kills` times."""
    workspace = Workspace(folder, Review(title="A made review"))
    with open_log(workspace) as log:
        reviewers = Reviewers(log.engine)
        names = [f"coder {number}" for number in range(coders)]
        secrets = {name: reviewers.open_session(reviewers.ensure(name, "coder")) for name in names}
    # Nobody may come to the end: a coder without a person behind decides a dozen times a second.
    pages = 40 if seconds else 8
    made = made_shelf(workspace, studies=2, pages=pages, suggestions=100 * pages)
    (folder / _SHELF).write_bytes(pickle.dumps(made))  # so that the server is back in no time
    port = _free_port()
    acknowledged: dict[str, list[str]] = {name: [] for name in names}
    waits: list[float] = []
    again: list[str] = []
    began = [0.0]

    def part_done(own: list[str] | None = None) -> float:
        """The part of the trial that is over: for one coder, or for all."""
        if seconds:
            return (time.monotonic() - began[0]) / seconds
        return len(own) / each if own is not None else sum(map(len, acknowledged.values())) / (each * coders)

    with ThreadPoolExecutor(coders) as pool:
        work = []
        for number in range(kills + 1):
            with _served(folder, port):
                if not work:
                    began[0] = time.monotonic()
                    work = [
                        pool.submit(_decide, port, name, secrets[name], part_done, acknowledged[name], waits, again)
                        for name in names
                    ]
                last = number == kills
                while not all(one.done() for one in work) and (last or part_done() < (number + 1) / (kills + 1)):
                    time.sleep(0.02)
        for one in work:
            one.result()
    with open_log(workspace) as log:
        history = log.history()
    stored = {name: [d.decided for d in history if d.coder == name] for name in names}
    return Trial(acknowledged, stored, len(again), waits)


def _decide(
    port: int,
    name: str,
    secret: str,
    part_done: Callable[[list[str]], float],
    acknowledged: list[str],
    waits: list[float],
    again: list[str],
) -> None:
    """One coder: decide on one suggestion after the other, each until it is acknowledged."""
    dice = random.Random(name)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies={_COOKIE: secret}, timeout=30) as client:
        page = _patiently(lambda: client.get("/code").text, again)
        sign, panel = page.partition('name="csrf" content="')[2].partition('"')[0], page
        while part_done(acknowledged) < 1:
            key = datetime.now(UTC).isoformat(timespec="microseconds")
            source, passage, theme = (panel.partition(f'data-{part}="')[2].partition('"')[0] for part in _PLACE)
            act = {
                "act": "value",
                "source": source,
                "passage": passage,
                "theme": theme,
                "value": dice.choice((0, 1, 2)),
            }
            act |= {"key": key, "shown": True, "query": "by=next"}
            began = time.monotonic()
            panel = _patiently(lambda: _sent(client, act, sign), again)  # noqa: B023
            waits.append(time.monotonic() - began)
            acknowledged.append(key)


_PLACE = ("source", "passage", "theme")


def _sent(client: httpx.Client, act: dict[str, object], sign: str) -> str:
    answer = client.post("/act", json=act, headers={"X-Jaiza": sign})
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:300]}, asked for {act}")
    return str(answer.json()["panel"])


def _patiently(ask: Callable[[], str], again: list[str]) -> str:
    """What `ask` gives, however often it has to be asked."""
    for _ in range(600):
        try:
            return str(ask())
        except httpx.TransportError:
            again.append("")
            time.sleep(0.1)
    raise TimeoutError("the server did not come back")


@contextmanager
def _served(folder: Path, port: int) -> Iterator[None]:
    """The review served by a process of its own, which is killed at the end."""
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    process = subprocess.Popen([sys.executable, "-m", "bench.durability", str(folder), str(port)], env=paths)
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise TimeoutError("the server did not start") from None
                time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(folder: Path, port: int) -> None:
    workspace = Workspace(folder, Review(title="A made review"))
    shelf = pickle.loads((folder / _SHELF).read_bytes())
    log = DecisionLog(workspace.database_url)
    access = Access(Reviewers(log.engine), cookie=_COOKIE)
    app = make_app(ReviewContext(workspace, shelf, ReviewState(shelf, log)), access)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(64)
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listening])


def main(seconds: float = 60) -> None:
    """Print what happened."""
    with tempfile.TemporaryDirectory() as folder:
        done = trial(Path(folder), seconds=seconds)
    count = sum(map(len, done.acknowledged.values()))
    print(
        f"{CODERS} coders for {seconds:.0f} s, the server killed three times: {count} decisions acknowledged, "
        f"{sum(map(len, done.stored.values()))} in the log, sent again {done.sent_again} times; "
        f"half of them acknowledged within {1000 * median(done.waits):.0f} ms, the slowest in {max(done.waits):.1f} s"
    )
    verdict = "there once, in order" if done.kept else "NOT THERE ONCE, IN ORDER"
    print(f"every acknowledged decision is {verdict}")


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
