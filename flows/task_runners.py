"""Where the batches of a run are done: Prefect's task runners, chosen by name.

threads     this process; its child processes do the heavy reading. The default, and quickest up to some hundred PDFs
processes   several processes of this machine, each with a model of its own
dask, ray   a cluster, or a small one made for the run on this machine; extras of the same names
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Self, TypeAlias

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner

from corpus.errors import JaizaError
from flows.flow_history import Finished, ToldRun
from flows.parent_death import leave_with_the_parent
from models.encoder.minilm import THREADS
from pipeline.documents.batches import Batch, BatchSetup, OnDocument, process_batch, process_batch_elsewhere
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.stages import Stages
from pipeline.runs.options import RunnerName
from pipeline.tuning import READERS

Runner: TypeAlias = Any  # a task runner of Prefect: those of Dask and Ray need not be installed


@task(name="study", task_run_name="{batch.name}", cache_policy=NO_CACHE, persist_result=False)
def study_here(batch: Batch, stages: Stages, on_document: OnDocument) -> list[DocumentRecord]:
    """A batch in the process of the run."""
    return process_batch(stages, batch, on_document)


@task(name="study", task_run_name="{batch.name}", cache_policy=NO_CACHE, persist_result=False)
def study_there(batch: Batch, setup: BatchSetup) -> list[DocumentRecord]:
    """A batch in a worker."""
    leave_with_the_parent()
    os.environ.setdefault(THREADS, "1")  # a worker is one unit of work; Dask's own workers have this set
    return process_batch_elsewhere(setup, batch)


@task(name="study", task_run_name="{name}", cache_policy=NO_CACHE, persist_result=False)
def follow_batch(name: str, future: Future[list[DocumentRecord]]) -> int:
    """A batch that threads of the run are at work on, told as a task; returns how many documents it has."""
    return len(future.result())


class PrefectExecutor:
    """An executor that hands batches to one of Prefect's task runners, as tasks of the flow run at work."""

    def __init__(self, stages: Stages, runner: RunnerName, *, workers: int = 0, dask_address: str = "") -> None:
        self.is_remote = runner != "threads"
        self._stages = stages
        self.workers = workers or (READERS if self.is_remote else READERS + 1)
        self._make = _maker(runner, self.workers, dask_address)
        self._runner: Runner | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._runner is not None:
            self._runner.__exit__(*error)

    def submit(self, batch: Batch, setup: BatchSetup, on_document: OnDocument) -> PrefectFuture[list[DocumentRecord]]:
        """Take a batch on. The first one starts the runner: a run without news needs none."""
        if self._runner is None:
            self._runner = self._make().__enter__()
        future: PrefectFuture[list[DocumentRecord]]
        if self.is_remote:
            future = self._runner.submit(study_there, {"batch": batch, "setup": setup})
        else:
            given = {"batch": batch, "stages": self._stages, "on_document": on_document}
            future = self._runner.submit(study_here, given)
        return future

    def result(self, future: PrefectFuture[list[DocumentRecord]]) -> list[DocumentRecord]:
        """Wait for a batch; raises what ended it."""
        records: list[DocumentRecord] = future.result()
        return records


def follow(told: ToldRun, workers: int = 0) -> Finished:
    """Every batch of a run of the command line as a task of the flow run at work; how the run ended."""
    runner: Runner
    with ThreadPoolTaskRunner(max_workers=workers or READERS + 1) as runner:
        for begun in told.batches():
            runner.submit(follow_batch, {"name": begun.name, "future": begun.future})
    assert told.finished is not None  # else `batches` has raised
    return told.finished


def _maker(runner: RunnerName, workers: int, dask_address: str) -> Callable[[], Runner]:
    if dask_address and runner != "dask":
        raise JaizaError(f"a Dask address goes with the runner dask, not with {runner}")
    if runner == "threads":
        return lambda: ThreadPoolTaskRunner(max_workers=workers)
    if runner == "processes":
        return lambda: ProcessPoolTaskRunner(max_workers=workers)
    if runner == "dask":
        return _dask(workers, dask_address)
    return _ray(workers)


def _dask(workers: int, address: str) -> Callable[[], Runner]:
    try:
        import dask
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise _missing("dask") from None
    # A worker looks a hundred times a second at what it is doing: a seventh of its CPU time, for a page nobody opens.
    dask.config.set({"distributed.worker.profile.enabled": False})
    if address:
        return lambda: DaskTaskRunner(address=address)
    # One thread each: reading waits for child processes, coding does not profit from two threads of one process.
    made = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    return lambda: DaskTaskRunner(cluster_kwargs=made)


def _ray(workers: int) -> Callable[[], Runner]:
    try:
        from prefect_ray.task_runners import RayTaskRunner
    except ImportError:
        raise _missing("ray") from None
    return lambda: RayTaskRunner(init_kwargs={"num_cpus": workers, "include_dashboard": False})


def _missing(extra: str) -> JaizaError:
    return JaizaError(f"the runner {extra} is not installed: `.venv/bin/pip install -e '.[{extra}]'`")
