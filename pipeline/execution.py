"""A run from sources to readings: pull here, politely; read and code wherever the crew works; tell of each as it ends.

Pulling stays in one process, because only there can it be seen that no host gets two requests at a time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol, Self

from corpus.errors import JaizaError
from corpus.outcome import Outcome
from corpus.registry.sources import Source
from pipeline.batches import Batch, BatchSetup, batch_size, make_job, study_with
from pipeline.document_record import DocumentRecord
from pipeline.stages import READERS, WORKERS, SourceResult, Stages, failed, with_reading

SUSPECTS = 5  # PDFs that get a worker of their own together before each gets one

Tell = Callable[[DocumentRecord], None]
Told = Callable[[SourceResult], None]


class Executor(Protocol):
    """Does batches somewhere."""

    is_remote: bool  # does it work in other processes, so that the model must be on disk first?
    workers: int  # batches that it does at once

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def submit(self, batch: Batch, job: BatchSetup, tell: Tell) -> Any:
        """Take a batch on; what is returned is asked for its `result` later."""

    def result(self, taken: Any) -> list[DocumentRecord]:
        """Wait for a batch; raises what ended it."""


class ThreadExecutor(AbstractContextManager["ThreadExecutor"]):
    """The crew of a plain run: threads of this process. The heavy reading is in child processes anyway."""

    is_remote = False
    workers = READERS + 1  # one more than read, so that one codes meanwhile

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="study")

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def submit(self, batch: Batch, job: BatchSetup, tell: Tell) -> Future[list[DocumentRecord]]:
        """See Executor."""
        return self._pool.submit(study_with, self._stages, batch, tell)

    def result(self, taken: Future[list[DocumentRecord]]) -> list[DocumentRecord]:
        """See Executor."""
        return taken.result()


def process_sources(
    stages: Stages, sources: Sequence[Source], crew: Callable[[], Executor], *, told: Told = lambda _: None
) -> list[SourceResult]:
    """What became of every source, in the order of `sources`; `told` hears of each as soon as it is settled.

    `crew` makes a crew; a second one is made where the first broke. JaizaError: trouble that is no fault of a source.
    """
    return _Study(stages, sources, crew, told).run()


def _in_groups(shas: Sequence[str], size: int) -> list[Sequence[str]]:
    return [shas[start : start + size] for start in range(0, len(shas), size)]


class _Study:
    def __init__(self, stages: Stages, sources: Sequence[Source], crew: Callable[[], Executor], told: Told) -> None:
        self._stages, self._sources, self._crew, self._told = stages, sources, crew, told
        self._guard = threading.Lock()  # readings come from the threads of a crew
        self._pulled: dict[str, tuple[Outcome, float, float]] = {}  # by source id, with its beginning and seconds
        self._readings: dict[str, DocumentRecord] = {}  # by sha256
        self._waiting: dict[str, list[str]] = {}  # sha256 -> ids of sources: a file may stand for two of them
        self._job: BatchSetup | None = None
        self._settled: dict[str, SourceResult] = {}
        self._batch_size = 1

    def run(self) -> list[SourceResult]:
        left = self._first_round()
        if left:  # a worker was ended, perhaps by somebody: once more, with fresh ones
            left = self._round(_in_groups(left, self._batch_size))
        for group in _in_groups(left, SUSPECTS):  # again: one of these PDFs does it
            for sha256 in self._round([group]):
                self._by_itself(sha256)
        return [self._in_hindsight(source) for source in self._sources]

    def _first_round(self) -> list[str]:
        """Do everything; what is left over are the PDFs of batches whose worker ended in the middle."""
        taken: list[tuple[Batch, Any]] = []
        pending: list[tuple[str, str]] = []
        submitted = 0
        with self._crew() as crew:
            size = self._batch_size = batch_size(len(self._sources), crew.workers)
            for source, outcome, began, seconds in self._pull_all():
                sha256 = self._wait_for(source, outcome, began, seconds)
                if sha256:
                    pending.append((source.id, sha256))
                if len(pending) >= size:
                    taken.append(self._submit(crew, pending, submitted))
                    submitted, pending = submitted + len(pending), []
            if pending:
                taken.append(self._submit(crew, pending, submitted))
            return self._collect(crew, taken)

    def _submit(self, crew: Executor, pending: list[tuple[str, str]], before: int) -> tuple[Batch, Any]:
        name = pending[0][0] if len(pending) == 1 else f"{before + 1} to {before + len(pending)}"
        batch = Batch(name, tuple(sha256 for _, sha256 in pending))
        return batch, crew.submit(batch, self._job_for(crew), self._settle_reading)

    def _job_for(self, crew: Executor) -> BatchSetup:
        """Made when there is work: a run without news needs no model."""
        if self._job is None:
            self._job = make_job(self._stages, remote=crew.is_remote)
        return self._job

    def _collect(self, crew: Executor, taken: Sequence[tuple[Batch, Any]]) -> list[str]:
        suspects: list[str] = []
        for batch, one in taken:
            try:
                readings = crew.result(one)
            except JaizaError:
                raise
            except Exception:  # a worker that is gone: every crew has its own word for it
                suspects += batch.shas
            else:
                for reading in readings:
                    self._settle_reading(reading)
        return suspects

    def _round(self, groups: Sequence[Sequence[str]]) -> list[str]:
        """Batches of PDFs that are left over, with a fresh crew; what is left over again."""
        with self._crew() as crew:
            taken = []
            for group in groups:
                batch = Batch(f"again {group[0][:8]}", tuple(sha256 for sha256 in group if not self._is_done(sha256)))
                if batch.shas:
                    taken.append((batch, crew.submit(batch, self._job_for(crew), self._settle_reading)))
            return self._collect(crew, taken)

    def _is_done(self, sha256: str) -> bool:
        """Was it finished before its worker ended?"""
        if (reading := self._stages.known(sha256)) is not None:
            self._settle_reading(reading)
        return reading is not None

    def _by_itself(self, sha256: str) -> None:
        """A PDF that was twice with a worker that ended: alone with a fresh one, or set aside."""
        if not self._is_done(sha256) and self._round([[sha256]]):
            self._settle_reading(self._stages.give_up(sha256, "it ended the process at work on it"))

    def _pull_all(self) -> Iterator[tuple[Source, Outcome, float, float]]:
        """Sources as they are pulled, the quick ones first."""

        def pull(source: Source) -> tuple[Source, Outcome, float, float]:
            began, started = time.time(), time.monotonic()
            try:
                outcome = self._stages.pull(source)
            except Exception as error:
                outcome = failed(source, error)
            return source, outcome, began, time.monotonic() - started

        with ThreadPoolExecutor(WORKERS, thread_name_prefix="pull") as pool:
            futures = [pool.submit(pull, source) for source in self._sources]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _wait_for(self, source: Source, outcome: Outcome, began: float, seconds: float) -> str:
        """Note a pulled source; its PDF's hash where that still has to be read."""
        sha256 = outcome.sha256
        with self._guard:
            self._pulled[source.id] = outcome, began, seconds
            if sha256 in self._waiting:
                self._waiting[sha256].append(source.id)
                return ""
            reading = self._readings.get(sha256)
        if sha256 and reading is None and (reading := self._stages.known(sha256)) is None:
            with self._guard:
                self._waiting[sha256] = [source.id]
            return sha256
        with self._guard:
            if reading:
                self._readings[sha256] = reading
            self._settle(source.id, reading)
        return ""

    def _settle_reading(self, reading: DocumentRecord) -> None:
        with self._guard:
            self._readings[reading.sha256] = reading
            for source_id in self._waiting.pop(reading.sha256, ()):
                self._settle(source_id, reading)

    def _settle(self, source_id: str, reading: DocumentRecord | None) -> None:
        outcome, began, pulling = self._pulled[source_id]
        did = ("pull",) if outcome.state in ("pulled", "attached") else ()
        seconds = {"pull": pulling}
        if reading:
            outcome = with_reading(outcome, reading)
            did, seconds = (*did, *reading.did), {**seconds, **reading.seconds}
        self._settled[source_id] = SourceResult(outcome, reading, did, seconds, began, self._stages)
        self._told(self._settled[source_id])

    def _in_hindsight(self, source: Source) -> SourceResult:
        done = self._settled[source.id]
        return replace(done, outcome=self._stages.in_hindsight(source, done.outcome))
