"""Whole runs of the main job, as the command starts them: under a Prefect server of their own, or without Prefect."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Self, cast

import httpx

from corpus.errors import JaizaError
from corpus.registry.registry_file import load_sources
from corpus.store.workspace_lease import check_free
from corpus.workspace import Workspace
from pipeline.runs.options import RunOptions

if TYPE_CHECKING:
    from flows.prefect_server import Server
    from pipeline.runs.summary import RunResult


class Runs:
    """Runs reviews, with one Prefect server for all of them, or without Prefect."""

    def __init__(self, workspace: Workspace, wishes: RunOptions, *, prefect: bool) -> None:
        self._workspace, self._wishes, self._prefect = workspace, wishes, prefect
        self._stack = ExitStack()
        self._server: Server | None = None

    def __enter__(self) -> Self:
        if not self._wishes.wait:
            check_free(self._workspace)  # before seconds are spent on Prefect
        if self._prefect:
            from flows.prefect_server import prefect_server

            self._server = self._stack.enter_context(prefect_server(self._workspace.prefect_home))
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def run(self, workspace: Workspace, host_addresses: dict[str, str] | None = None) -> RunResult:
        """One review from sources to report."""
        if not self._prefect:
            return _run_plainly(workspace, self._wishes, host_addresses)
        from flows.engine_settings import lean_engine
        from flows.extraction import extraction

        wishes: dict[str, Any] = asdict(self._wishes)
        try:
            with lean_engine():
                state = extraction(
                    workspace=str(workspace.root), host_addresses=host_addresses, return_state=True, **wishes
                )
            result: Any = state.result()
        except JaizaError:
            raise
        except Exception as error:
            if self._server is not None and self._server.is_gone():
                raise JaizaError(
                    f"Prefect's server ended in the middle of the run ({self._server.log} may tell why): run again, "
                    "what was finished is kept"
                ) from None
            # The server is another's; where hosts of sources do not answer is dealt with elsewhere.
            if isinstance(error, httpx.TransportError) or "Failed to reach API" in str(error):
                raise JaizaError(
                    f"Prefect's server at {os.environ.get('PREFECT_API_URL')} does not answer: run again when it does, "
                    "what was finished is kept; or give --without-prefect"
                ) from None
            raise
        return cast("RunResult", result)


def _run_plainly(workspace: Workspace, wishes: RunOptions, host_addresses: dict[str, str] | None) -> RunResult:
    from pipeline.documents.execution import ThreadExecutor
    from pipeline.runs.run import run_review

    return run_review(workspace, load_sources(workspace), wishes, ThreadExecutor, host_addresses=host_addresses)[0]
