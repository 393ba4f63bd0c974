"""Runs of the command line told to Prefect beside the work: a flow run with its tasks, from a thread of its own.

A run begins at once, and decides by itself whether there is anything to make. Only then a server is started, while
pulling and reading go on, and what the run does is told to it as a flow run: every batch a task, at the end the
artifacts and the state. A run without news needs none of it; where a server is there anyway, it is told in one call.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from corpus.errors import JaizaError
from corpus.json_table import JsonObject
from flows.prefect_server import Server, prefect_server
from flows.server.unchanged_run import tell_unchanged
from pipeline.documents.batches import Batch, BatchSetup, OnDocument
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.execution import ThreadExecutor
from pipeline.documents.source_result import SourceResult
from pipeline.documents.stages import Stages
from pipeline.runs.summary import RunResult

FlowFunction: TypeAlias = Callable[..., Any]  # a function under Prefect's decorator `flow`

if TYPE_CHECKING:
    from prefect.client.schemas import State

_log = logging.getLogger(__name__)
_LEAVING_SECONDS = 10.0  # for the flow run of a run that was stopped to be ended in Prefect's books

_TOLD_RUN: ContextVar[ToldRun | None] = ContextVar("told_run", default=None)


def told_run() -> ToldRun | None:
    """The run that the flow run of this thread only tells of; None in a flow run that does the work itself.

    A function, not the variable: workers elsewhere get the flow pickled by value, with what its function names, and a
    context variable can't be pickled.
    """
    return _TOLD_RUN.get()


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended."""

    result: RunResult
    results: Sequence[SourceResult]


@dataclass(frozen=True, slots=True)
class _Begun:
    """A batch that threads are at work on."""

    name: str
    future: Future[list[DocumentRecord]]


@dataclass(slots=True)
class ToldRun:
    """One run of the command line, as the flow run hears of it."""

    history: FlowHistory
    parameters: JsonObject  # of the flow
    events: queue.SimpleQueue[_Begun | Finished | BaseException] = field(default_factory=queue.SimpleQueue)
    ended: Future[None] = field(default_factory=Future)  # of the telling
    is_begun: bool = False
    finished: Finished | None = None  # once it is

    def begin(self) -> None:
        """There is something to make: let Prefect know of this run."""
        if not self.is_begun:
            self.is_begun = True
            self.history.tell(self)

    def note_batch(self, batch: Batch, future: Future[list[DocumentRecord]]) -> None:
        """A batch has been taken on."""
        self.begin()
        self.events.put(_Begun(batch.name, future))

    def finish(self, finished: Finished) -> None:
        """The results are there. Raises what went wrong with the telling."""
        if self.is_begun:
            self.events.put(finished)
            self.ended.result()
        else:
            self.history.tell_unchanged(self.parameters, finished.result)

    def stop(self, error: BaseException) -> None:
        """The run ended with `error`."""
        if self.is_begun:
            self.events.put(error)
            try:
                self.ended.result(timeout=_LEAVING_SECONDS)
            except BaseException:  # the run's own error is what counts
                _log.debug("the flow run of a run that failed", exc_info=True)

    def batches(self) -> Iterator[_Begun]:
        """The batches as they are taken on, until the run ends; raises what ended it where that is an error."""
        while isinstance(event := self.events.get(), _Begun):
            yield event
        if isinstance(event, BaseException):
            raise event
        self.finished = event


class FlowHistory:
    """The thread that tells Prefect of runs, with one server for all of them, started for the first."""

    def __init__(self, home: Path, load_flow: Callable[[], FlowFunction]) -> None:
        """`load_flow` imports the flow that tells of a run, and with it Prefect."""
        self._home, self._load_flow = home, load_flow
        self._flow: FlowFunction | None = None
        self._stack = ExitStack()
        self._waiting: queue.SimpleQueue[ToldRun | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.server: Server | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()
        self._stack.close()

    def tell(self, run: ToldRun) -> None:
        """Let Prefect hear of a run. Starts the server, and imports Prefect meanwhile: two threads must not import."""
        if self._thread is None:
            self.server = self._stack.enter_context(prefect_server(self._home, wait=False))
            self._flow = self._load_flow()
            self._thread = threading.Thread(target=self._tell_all, name="prefect", daemon=True)
            self._thread.start()
        self._waiting.put(run)

    def tell_unchanged(self, parameters: JsonObject, result: RunResult) -> None:
        """A run that made nothing, for a server that is there anyway."""
        tell_unchanged(self._home, parameters, name=result.state_name, message=result.summary)

    def _tell_all(self) -> None:
        trouble: BaseException | None = None
        try:
            if self.server is not None:
                self.server.wait_until_healthy()
        except JaizaError as error:
            trouble = error
        while (run := self._waiting.get()) is not None:
            try:
                if trouble is not None:
                    raise trouble
                assert self._flow is not None
                _tell(run, self._flow)
            except BaseException as error:
                run.ended.set_exception(error)
            else:
                run.ended.set_result(None)


class ToldThreads(ThreadExecutor):
    """Threads of this process whose batches Prefect hears of."""

    def __init__(self, stages: Stages, run: ToldRun, workers: int = 0) -> None:
        super().__init__(stages, workers)
        self._run = run

    def submit(self, batch: Batch, setup: BatchSetup, on_document: OnDocument) -> Future[list[DocumentRecord]]:
        """Take a batch on, and have Prefect told of it."""
        self._run.begin()
        future = super().submit(batch, setup, on_document)
        self._run.note_batch(batch, future)
        return future


def _tell(run: ToldRun, flow: FlowFunction) -> None:
    """The flow run of one run; raises what went wrong with it."""
    from flows.engine_settings import lean_engine

    _TOLD_RUN.set(run)
    with lean_engine():
        state: State[Any] = flow(return_state=True, **run.parameters)
    if state.is_failed() or state.is_crashed():
        state.result()
