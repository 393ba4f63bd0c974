"""What goes wrong in a run costs as little as can be: one document, one attempt, or one line that says what to do."""

from __future__ import annotations

import errno
import os
import resource
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner, Result

from annotations.log.decision_log import DecisionLog
from cli.main import jaiza
from corpus import retry
from corpus.errors import JaizaError
from corpus.outcome import Outcome
from corpus.store.workspace_lease import leased
from corpus.workspace import Review, Workspace
from extract.document import Document
from extract.isolation import isolated_read
from extract.isolation.run_isolated import NOT_STARTED
from extract.version import EXTRACTOR
from pipeline.documents import batches
from pipeline.documents.batches import Batch, BatchSetup, OnDocument, process_batch_elsewhere
from pipeline.documents.execution import ThreadExecutor, process_sources
from pipeline.documents.stages import Stages
from pipeline.open_review import open_review
from support.small_review import review_of, sample_pdfs

Give = Callable[[Path], Path]


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "BACKOFF_SECONDS", 0.0)


@pytest.fixture
def review(tmp_path: Path, with_model: Give) -> Workspace:
    """Four readable reports."""
    return review_of(with_model(tmp_path / "mine"), sample_pdfs())


def call(workspace: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(jaiza, ["-w", str(workspace.root), "run", "--without-prefect", "--json", *arguments])


def run(workspace: Workspace, *, retry_failed: bool = False) -> dict[str, Outcome]:
    """Pull, extract and suggest, as a run does before it writes its results."""
    workspace, sources = open_review(workspace.root)
    with Stages(workspace, retry_failed=retry_failed) as stages:
        done = process_sources(stages, sources, lambda: ThreadExecutor(stages))
    return {one.outcome.source_id: one.outcome for one in done}


def hash_of(workspace: Workspace, source_id: str) -> str:
    return sha256((workspace.inbox / f"{source_id}.pdf").read_bytes()).hexdigest()


def slow(monkeypatch: pytest.MonkeyPatch, slow_sha: str) -> Counter[str]:
    """Let reading one PDF run into its time limit; counts how often each is read."""
    real, read = isolated_read.read_isolated, Counter[str]()

    def read_slowly(path: Path, name: str, **limits: Any) -> Document:
        read[name] += 1
        if name == slow_sha:
            return Document(name, EXTRACTOR, "timed out", "reading took more than 120 seconds")
        return real(path, name, **limits)

    monkeypatch.setattr(isolated_read, "read_isolated", read_slowly)
    return read


def poison(monkeypatch: pytest.MonkeyPatch, poisoned: str, error: Exception, times: int = 1_000) -> Counter[str]:
    """Let coding one PDF raise `error` so many times; counts how often each is coded."""
    real, coded = Stages.suggest, Counter[str]()

    def suggest(self: Stages, document: Document) -> Any:
        coded[document.sha256] += 1
        if document.sha256 == poisoned and coded[poisoned] <= times:
            raise error
        return real(self, document)

    monkeypatch.setattr(Stages, "suggest", suggest)
    return coded


def test_a_document_that_ran_into_a_limit_is_set_aside_until_asked_for(
    review: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurt = hash_of(review, "doc-1")
    read = slow(monkeypatch, hurt)
    first, second = run(review), run(review)
    assert first["doc-1"].state == second["doc-1"].state == "timed out"
    assert "--retry-failed" in second["doc-1"].remedy
    assert read[hurt] == 1, "the second run must not spend its time on it again"
    assert run(review, retry_failed=True)["doc-1"].state == "timed out"
    assert read[hurt] == 2
    monkeypatch.undo()
    assert run(review, retry_failed=True)["doc-1"].state == "cached"
    assert run(review)["doc-1"].state == "cached"
    assert set(read.values()) == {1, 2}, "the sound ones were read once"


def test_other_limits_lift_the_quarantine(review: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    hurt = hash_of(review, "doc-1")
    read = slow(monkeypatch, hurt)
    run(review)
    settings = (review.root / "review.toml").read_text(encoding="utf-8")
    (review.root / "review.toml").write_text(f"{settings}[extract]\nseconds = 240\n", encoding="utf-8")
    run(review)
    assert read[hurt] == 2


def test_a_trouble_of_the_machine_is_no_fault_of_the_document(
    review: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        isolated_read, "read_isolated", lambda _p, name, **_l: Document(name, EXTRACTOR, "timed out", NOT_STARTED)
    )
    run(review)
    monkeypatch.undo()
    assert {outcome.state for outcome in run(review).values()} == {"cached"}


def test_a_poisoned_document_harms_no_other_and_is_tried_once(
    review: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "ONE_EACH", 0)  # all four in one batch
    monkeypatch.setattr(batches, "ROUNDS", 0)
    hurt = hash_of(review, "doc-2")
    coded = poison(monkeypatch, hurt, ValueError("no such thing"))
    found = run(review)
    assert {name: outcome.state for name, outcome in found.items()} == {
        "doc-0": "attached", "doc-1": "attached", "doc-2": "failed", "doc-3": "attached",
    }  # fmt: skip
    assert found["doc-2"].message == "ValueError: no such thing"
    assert "--retry-failed" in found["doc-2"].remedy
    assert run(review)["doc-2"].message == "ValueError: no such thing"
    assert coded[hurt] == 1, "what will fail again is not tried again"
    monkeypatch.undo()
    assert run(review, retry_failed=True)["doc-2"].state == "cached"


def test_an_error_that_may_pass_is_met_with_patience(review: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    hurt = hash_of(review, "doc-2")
    coded = poison(monkeypatch, hurt, OSError(errno.EAGAIN, "busy"), times=2)
    assert run(review)["doc-2"].state == "attached"
    assert coded[hurt] == 3


class Workers:
    """A crew whose worker dies of one PDF, with everything in its batch."""

    is_remote = True
    workers = 1
    deadly = ""
    made = 0
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        Workers.made += 1

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit(self, batch: Batch, setup: BatchSetup, on_document: OnDocument) -> Callable[[], Any]:
        def work() -> Any:
            if Workers.deadly in batch.shas:
                raise BrokenProcessPool("A process in the process pool was terminated abruptly")
            Workers.done.update(batch.shas)
            return process_batch_elsewhere(setup, batch)

        return work

    def result(self, taken: Callable[[], Any]) -> Any:
        return taken()


def test_of_a_batch_that_ended_its_worker_every_document_is_done_or_set_aside_once(
    review: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "ONE_EACH", 0)
    monkeypatch.setattr(batches, "ROUNDS", 0)
    Workers.deadly, Workers.made, Workers.done = hash_of(review, "doc-1"), 0, Counter()
    sources = open_review(review.root)[1]
    with Stages(review) as stages:
        found = {done.outcome.source_id: done.outcome for done in process_sources(stages, sources, Workers)}
    assert {name: outcome.state for name, outcome in found.items()} == {
        "doc-0": "attached", "doc-1": "failed", "doc-2": "attached", "doc-3": "attached",
    }  # fmt: skip
    assert "ended the process at work on it" in found["doc-1"].message
    assert set(Workers.done.values()) == {1}
    assert Workers.made == 3 + 4, "together, again, as suspects, and each alone, with a fresh crew"
    with Stages(review) as stages:
        again = process_sources(stages, sources, Workers)
    assert [done.outcome.state for done in again] == ["cached", "failed", "cached", "cached"]
    assert Workers.made == 3 + 4 + 1, "a run without news does nothing anew"


def test_two_runs_at_once_the_second_says_who_is_at_work(review: Workspace) -> None:
    with leased(review, "jaiza run"):
        result = call(review)
    assert result.exit_code == 1
    assert f"in use by jaiza run (process {os.getpid()}" in result.stderr
    assert "--wait" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files, which Windows can't")
@pytest.mark.parametrize(
    ("limit", "said"),  # bytes a file: the PDFs fit, the index of the log and then a text do not
    [(30_000, "disk I/O error"), (35_000, "File too large")],
)
def test_a_full_disk_stops_the_run_in_one_line_and_the_next_goes_on(review: Workspace, limit: int, said: str) -> None:
    command = [sys.executable, "-m", "cli.main", "-w", str(review.root), "run", "--without-prefect"]
    DecisionLog(review.database_url).close()

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    full = subprocess.run(command, capture_output=True, text=True, preexec_fn=small_disk, check=False)
    assert full.returncode == 1
    assert len(full.stderr.strip().splitlines()) == 1
    assert said in full.stderr
    assert "make room" in full.stderr
    left = [path for path in review.root.rglob("*") if path.name.endswith(".part")]
    assert left == [], "nothing half-written stays"
    assert {outcome.state for outcome in run(review).values()} <= {"attached", "cached"}


def test_results_that_can_not_be_written_leave_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.runs import folder

    def full(part: Path, *_: object) -> None:
        (part / "matrix.csv").write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folder, "_fill", full)
    workspace = Workspace(tmp_path, Review())
    run: Any = SimpleNamespace(folder=workspace.out / "20260101-000000-abc")
    result: Any = None
    with pytest.raises(JaizaError, match=r"No space left on device.*make room"):
        folder.write_folder(workspace, run, result, {}, (), {})
    assert list(workspace.out.iterdir()) == []


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Whom somebody tried to connect to or look up; nobody gets anywhere."""
    asked: list[object] = []

    def connect(_line: socket.socket, address: object) -> None:
        asked.append(address)
        raise OSError(errno.ENETUNREACH, "no connection in this test")

    def look_up(*host: object, **_: object) -> None:
        asked.append(host)
        raise OSError(errno.ENETUNREACH, "no look-up in this test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_clock_set_back_overwrites_no_result_and_a_run_with_its_pdfs_connects_to_nobody(
    review: Workspace, monkeypatch: pytest.MonkeyPatch, asked: list[object]
) -> None:
    from pipeline.runs import folder

    class Stopped(folder.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls(2026, 1, 1, tzinfo=tz)

    monkeypatch.setattr(folder, "datetime", Stopped)
    assert call(review).exit_code == 0
    first = (review.out / "latest").resolve()
    before = (first / "run.json").read_bytes()
    (first / "matrix.csv").write_bytes(b"")  # damaged: the results are made again, from the same inputs
    assert call(review).exit_code == 0
    assert (review.out / "latest").resolve() != first
    assert (first / "run.json").read_bytes() == before
    assert asked == [], "no host, no index, no news of a newer version"


def test_a_trouble_of_the_store_is_an_error_that_can_travel_between_processes(review: Workspace) -> None:
    import pickle

    elsewhere = replace(review, root=review.root / "not-here")
    with pytest.raises(JaizaError, match=r"can't see .*not-here.*store") as caught:
        process_batch_elsewhere(BatchSetup(elsewhere, "m"), Batch("b", ("a" * 64,)))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
