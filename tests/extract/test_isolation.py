from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extract.isolation import fork_server
from extract.isolation.isolated_read import front_pages_isolated, read_isolated
from extract.isolation.run_isolated import IsolationError, run_isolated
from extract.read import read_document, read_front_pages
from support.pdf_pages import report

SHA = "a" * 64


def hang(marker: str) -> Sequence[bytes]:
    """Write down the process ids of this child and of one of its own, then never end."""
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(marker).write_text(f"{os.getpid()} {other.pid}")
    time.sleep(60)
    return []


def crash() -> Sequence[bytes]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return []


def give_up() -> Sequence[bytes]:
    os.abort()  # as pdfium does where it gets no memory


def leave() -> Sequence[bytes]:
    os._exit(0)


def hoard(megabytes: int) -> Sequence[bytes]:
    return [str(len(bytearray(megabytes << 20))).encode()]


def stumble() -> Sequence[bytes]:
    raise ValueError("a strange file")


def echo(size: int) -> Sequence[bytes]:
    return [b"x" * size, b"", b"end\n"]


def parent_id() -> Sequence[bytes]:
    return [str(os.getppid()).encode()]


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_hanging_child_is_killed_with_all_it_started(tmp_path: Path) -> None:
    marker = tmp_path / "pids"
    with pytest.raises(IsolationError, match=r"more than 1\.5 seconds") as caught:
        run_isolated(hang, str(marker), seconds=1.5, memory_mb=512)
    assert caught.value.state == "timed out"
    processes = [int(word) for word in marker.read_text().split()]
    end = time.monotonic() + 5
    while any(map(alive, processes)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(alive, processes))


@pytest.mark.parametrize(
    ("work", "given", "state", "note"),
    [
        (crash, (), "damaged", "SIGSEGV"),
        (give_up, (), "too large", "more than 200 MB"),
        (leave, (), "damaged", "gave up"),
        (stumble, (), "damaged", "a strange file"),
        (hoard, (400,), "too large", "more than 200 MB"),
    ],
)
def test_a_child_that_fails_says_how(work, given: tuple[int, ...], state: str, note: str) -> None:
    with pytest.raises(IsolationError, match=note) as caught:
        run_isolated(work, *given, seconds=20, memory_mb=200)
    assert caught.value.state == state


def test_where_nothing_can_be_forked_a_fresh_interpreter_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = report(tmp_path / "a.pdf", pages=2)
    monkeypatch.setattr(fork_server, "CAN_FORK", False)
    assert read_isolated(path, SHA, seconds=20, memory_mb=512) == read_document(path, SHA)
    with pytest.raises(IsolationError) as caught:
        run_isolated(time.sleep, 60, seconds=0.2, memory_mb=512)
    assert caught.value.state == "timed out"


def test_a_server_that_was_killed_is_started_anew(tmp_path: Path) -> None:
    path = report(tmp_path / "a.pdf", pages=1)
    assert front_pages_isolated(path).state == "read"
    (parent,) = run_isolated(parent_id, seconds=20, memory_mb=512)
    os.kill(int(parent), signal.SIGKILL)
    end = time.monotonic() + 5
    while alive(int(parent)) and time.monotonic() < end:
        time.sleep(0.01)
    assert front_pages_isolated(path).state == "read"


def test_memory_within_the_limit_is_given() -> None:
    assert run_isolated(hoard, 100, seconds=20, memory_mb=200) == [str(100 << 20).encode()]


def test_a_large_answer_comes_back_whole() -> None:
    assert run_isolated(echo, 20 << 20, seconds=20, memory_mb=512) == list(echo(20 << 20))


def test_isolated_reading_gives_the_same_as_reading_here(tmp_path: Path) -> None:
    path = report(tmp_path / "a.pdf")
    assert read_isolated(path, SHA, seconds=20, memory_mb=512) == read_document(path, SHA)
    assert front_pages_isolated(path) == read_front_pages(path)


@pytest.mark.parametrize(("limits", "state"), [((0.0, 512), "timed out"), ((20.0, 1), "too large")])
def test_limits_end_as_a_document_with_a_state(tmp_path: Path, limits: tuple[float, int], state: str) -> None:
    seconds, memory_mb = limits
    document = read_isolated(report(tmp_path / "a.pdf", pages=200), SHA, seconds=seconds, memory_mb=memory_mb)
    assert (document.state, document.pages) == (state, ())
    assert document.note


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    paths = [report(tmp_path / f"{number}.pdf", pages=number) for number in range(1, 9)]
    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(lambda path: read_isolated(path, SHA, seconds=60, memory_mb=512), paths))
    assert [len(document.pages) for document in documents] == list(range(1, 9))


CODE = """
from pathlib import Path
from extract.isolation.isolated_read import front_pages_isolated
if __name__ == "__main__":
    print(front_pages_isolated(Path(PATH)).state)
"""


@pytest.mark.parametrize("how", ["script", "stdin", "command"])
def test_it_works_however_the_parent_was_started(tmp_path: Path, how: str) -> None:
    code = CODE.replace("PATH", repr(str(report(tmp_path / "a.pdf", pages=1))))
    script = tmp_path / "script"  # without .py, as a console script is installed
    script.write_text(code)
    given = {"script": [str(script)], "stdin": ["-"], "command": ["-c", code]}[how]
    done = subprocess.run(
        [sys.executable, *given],
        input=code if how == "stdin" else None,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("read\n", "", 0)
