"""A run from sources to records: pull here, politely; read and code wherever the executor works; tell of each source.

Pulling stays in one process, because only there can it be seen that no host gets two requests at a time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Generic, Protocol, Self, TypeVar

from corpus.errors import JaizaError
from corpus.registry.sources import Source
from pipeline.documents.batches import Batch, BatchSetup, OnDocument, batch_size, prepare_setup, process_batch
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.source_ledger import OnSource, PulledSource, SourceLedger
from pipeline.documents.source_result import SourceResult, failed_outcome
from pipeline.documents.stages import Stages
from pipeline.tuning import PULLERS, READERS

SUSPECTS = 5  # PDFs that get a worker of their own together before each gets one
_log = logging.getLogger(__name__)
F = TypeVar("F")


class Executor(Protocol[F]):
    """Does batches somewhere; `F` is what stands for a batch that is not done yet."""

    is_remote: bool  # does it work in other processes, so that the model must be on disk first?
    workers: int  # batches that it does at once

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def submit(self, batch: Batch, setup: BatchSetup, on_document: OnDocument) -> F:
        """Take a batch on; what is returned is asked for its `result` later."""

    def result(self, future: F) -> list[DocumentRecord]:
        """Wait for a batch; raises what ended it."""


class ThreadExecutor(AbstractContextManager["ThreadExecutor"]):
    """Threads of this process, for a plain run. The heavy reading is in child processes anyway."""

    is_remote = False

    def __init__(self, stages: Stages, workers: int = 0) -> None:
        """`workers`: batches at once; 0 for one more than read, so that one codes meanwhile."""
        self.workers = workers or READERS + 1
        self._stages = stages
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="study")

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def submit(self, batch: Batch, setup: BatchSetup, on_document: OnDocument) -> Future[list[DocumentRecord]]:
        return self._pool.submit(process_batch, self._stages, batch, on_document)

    def result(self, future: Future[list[DocumentRecord]]) -> list[DocumentRecord]:
        return future.result()


def process_sources(
    stages: Stages,
    sources: Sequence[Source],
    open_executor: Callable[[], Executor[F]],
    *,
    on_source: OnSource = lambda _: None,
) -> list[SourceResult]:
    """What became of every source, in the order of `sources`; `on_source` is told of each as soon as it is settled.

    `open_executor` makes an executor; a second one is made where the first broke. JaizaError: trouble that is no fault
    of a source.
    """
    ledger = SourceLedger(stages.known, on_source)
    rounds = _Rounds(stages, ledger, open_executor)
    left = rounds.process_all(sources)
    if left:  # a worker was ended, perhaps by somebody: once more, with fresh ones
        left = rounds.process_again(_in_groups(left, batch_size(len(sources), rounds.workers)))
    for group in _in_groups(left, SUSPECTS):  # again: one of these PDFs does it
        for sha256 in rounds.process_again([group]):
            rounds.process_alone(sha256)
    results = ledger.results(sources)
    return [
        replace(one, outcome=stages.in_hindsight(source, one.outcome))
        for source, one in zip(sources, results, strict=True)
    ]


def pull_all(stages: Stages, sources: Sequence[Source]) -> Iterator[PulledSource]:
    """Sources as they are pulled, the quick ones first."""

    def pull(source: Source) -> PulledSource:
        began, started = time.time(), time.monotonic()
        try:
            outcome = stages.pull(source)
        except Exception as error:
            _log.debug("%s can't be pulled", source.id, exc_info=True)
            outcome = failed_outcome(source, error)
        return PulledSource(source, outcome, began, time.monotonic() - started)

    with ThreadPoolExecutor(PULLERS, thread_name_prefix="pull") as pool:
        futures = [pool.submit(pull, source) for source in sources]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Rounds(Generic[F]):
    """Batches handed to executors: everything once, what is left over with the batch of a worker that ended again."""

    def __init__(self, stages: Stages, ledger: SourceLedger, open_executor: Callable[[], Executor[F]]) -> None:
        self._stages, self._ledger, self._open_executor = stages, ledger, open_executor
        self._setup: BatchSetup | None = None
        self.workers = 1

    def process_all(self, sources: Sequence[Source]) -> list[str]:
        """Pull every source, and read and code its PDF unless that is known; returns the PDFs left over."""
        submitted: list[tuple[Batch, F]] = []
        pending: list[tuple[str, str]] = []
        with self._open_executor() as executor:
            self.workers = executor.workers
            size, count = batch_size(len(sources), executor.workers), 0
            for pulled in pull_all(self._stages, sources):
                if sha256 := self._ledger.note_pulled(pulled):
                    pending.append((pulled.source.id, sha256))
                if len(pending) >= size:
                    submitted.append(self._submit(executor, _name_batch(pending, count), pending))
                    count, pending = count + len(pending), []
            if pending:
                submitted.append(self._submit(executor, _name_batch(pending, count), pending))
            return self._collect(executor, submitted)

    def process_again(self, groups: Sequence[Sequence[str]]) -> list[str]:
        """Batches of PDFs that are left over, with a fresh executor; returns those left over again."""
        with self._open_executor() as executor:
            submitted = []
            for group in groups:
                undone = [("", sha256) for sha256 in group if not self._ledger.is_done(sha256)]
                if undone:
                    submitted.append(self._submit(executor, f"again {group[0][:8]}", undone))
            return self._collect(executor, submitted)

    def process_alone(self, sha256: str) -> None:
        """A PDF that was twice with a worker that ended: alone with a fresh one, or set aside."""
        if not self._ledger.is_done(sha256) and self.process_again([[sha256]]):
            self._ledger.note_record(self._stages.known.set_aside(sha256, "it ended the process at work on it"))

    def _submit(self, executor: Executor[F], name: str, pending: Sequence[tuple[str, str]]) -> tuple[Batch, F]:
        if self._setup is None:  # made when there is work: a run without news needs no model
            self._setup = prepare_setup(self._stages, remote=executor.is_remote)
        batch = Batch(name, tuple(sha256 for _, sha256 in pending))
        return batch, executor.submit(batch, self._setup, self._ledger.note_record)

    def _collect(self, executor: Executor[F], submitted: Sequence[tuple[Batch, F]]) -> list[str]:
        left: list[str] = []
        for batch, future in submitted:
            try:
                records = executor.result(future)
            except JaizaError:
                raise
            except Exception:  # a worker that is gone: every executor has its own word for it
                _log.debug("the worker at batch %s is gone", batch.name, exc_info=True)
                left += batch.shas
            else:
                for record in records:
                    self._ledger.note_record(record)
        return left


def _name_batch(pending: Sequence[tuple[str, str]], before: int) -> str:
    """For people: the id of its one source, or "51 to 100"."""
    return pending[0][0] if len(pending) == 1 else f"{before + 1} to {before + len(pending)}"


def _in_groups(shas: Sequence[str], size: int) -> list[Sequence[str]]:
    return [shas[start : start + size] for start in range(0, len(shas), size)]
