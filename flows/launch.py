"""Whole runs of the main job, as the command starts them: told to Prefect, done by Prefect's runners, or without it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Self, cast

from corpus.errors import JaizaError
from corpus.json_table import JsonObject
from corpus.registry.registry_file import load_sources
from corpus.store.workspace_lease import check_free
from corpus.workspace import Workspace
from pipeline.documents.execution import ThreadExecutor
from pipeline.runs.options import RunOptions
from pipeline.runs.run import run_review

if TYPE_CHECKING:
    from flows.flow_history import FlowFunction, FlowHistory
    from flows.prefect_server import Server
    from pipeline.documents.stages import Stages
    from pipeline.runs.summary import RunResult


class Runs:
    """Runs reviews: in this process, Prefect hearing of what they make; by Prefect's runners; or without Prefect."""

    def __init__(self, workspace: Workspace, options: RunOptions, *, prefect: bool) -> None:
        self._workspace, self._options, self._prefect = workspace, options, prefect
        self._stack = ExitStack()
        self._history: FlowHistory | None = None
        self._server: Server | None = None

    def __enter__(self) -> Self:
        if not self._options.wait:
            check_free(self._workspace)  # before seconds are spent on Prefect
        if not self._prefect:
            return self
        if self._options.runner == "threads":
            from flows.flow_history import FlowHistory

            self._history = self._stack.enter_context(FlowHistory(self._workspace.prefect_home, _load_flow))
        else:
            from flows.prefect_server import prefect_server

            self._server = self._stack.enter_context(prefect_server(self._workspace.prefect_home))
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def run(self, workspace: Workspace, host_addresses: dict[str, str] | None = None) -> RunResult:
        """One review from sources to report."""
        if not self._prefect:
            sources = load_sources(workspace)
            return run_review(workspace, sources, self._options, ThreadExecutor, host_addresses=host_addresses)[0]
        try:
            if self._history is not None:
                return self._run_here(self._history, workspace, host_addresses)
            return self._run_in_flow(workspace, host_addresses)
        except JaizaError:
            raise
        except Exception as error:
            if (told := self._explain(error)) is not None:
                raise told from None
            raise

    def _run_here(self, history: FlowHistory, workspace: Workspace, host_addresses: dict[str, str] | None) -> RunResult:
        """In threads of this process; Prefect hears of it as soon as there is something to make."""
        from flows.flow_history import Finished, ToldRun, ToldThreads

        told = ToldRun(history, self._parameters(workspace, host_addresses))

        def open_executor(stages: Stages) -> ThreadExecutor:
            return ToldThreads(stages, told, self._options.workers)

        try:
            result, results = run_review(
                workspace,
                load_sources(workspace),
                self._options,
                open_executor,
                host_addresses=host_addresses,
                before_making=told.begin,
            )
        except BaseException as error:
            told.stop(error)
            raise
        told.finish(Finished(result, results))
        return result

    def _run_in_flow(self, workspace: Workspace, host_addresses: dict[str, str] | None) -> RunResult:
        """By one of Prefect's task runners, which needs a flow run around all of it."""
        from flows.engine_settings import lean_engine
        from flows.extraction import extraction

        with lean_engine():
            state = extraction(return_state=True, **self._parameters(workspace, host_addresses))
        result: object = state.result()
        return cast("RunResult", result)

    def _parameters(self, workspace: Workspace, host_addresses: dict[str, str] | None) -> JsonObject:
        return {**asdict(self._options), "workspace": str(workspace.root), "host_addresses": host_addresses}

    def _explain(self, error: Exception) -> JaizaError | None:
        """What is to be said where the trouble is Prefect's server; what hosts of sources do is told elsewhere."""
        import httpx

        server = self._history.server if self._history else self._server
        if server is not None and server.is_gone():
            return JaizaError(
                f"Prefect's server ended in the middle of the run ({server.log} may tell why): run again, "
                "what was finished is kept"
            )
        if isinstance(error, httpx.TransportError) or "Failed to reach API" in str(error):
            return JaizaError(
                f"Prefect's server at {os.environ.get('PREFECT_API_URL')} does not answer: run again when it does, "
                "what was finished is kept; or give --without-prefect"
            )
        return None


def _load_flow() -> FlowFunction:
    from flows.extraction import extraction

    return extraction
