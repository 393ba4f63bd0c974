"""One run of the main job from sources to results, wherever its batches are done; flow and plain run share it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from corpus.errors import JaizaError
from corpus.registry.sources import Source
from corpus.store.workspace_lease import leased
from corpus.workspace import Workspace
from pipeline.documents.execution import Executor, process_sources
from pipeline.documents.source_result import SourceResult
from pipeline.documents.stages import Stages
from pipeline.open_review import tell_aside
from pipeline.progress import progress
from pipeline.runs.finish import finish
from pipeline.runs.log import logged_run
from pipeline.runs.options import RunOptions
from pipeline.runs.summary import RunResult
from pipeline.screening.screening_state import sources_to_read

F = TypeVar("F")


def run_review(
    workspace: Workspace,
    sources: Sequence[Source],
    options: RunOptions,
    open_executor: Callable[[Stages], Executor[F]],
    *,
    doing: str = "jaiza run",
    host_addresses: Mapping[str, str] | None = None,
    before_making: Callable[[], None] = lambda: None,
) -> tuple[RunResult, list[SourceResult]]:
    """Pull, read, code, and write the results, alone in the workspace and with a log.

    `before_making` is called where results have to be made; a run without news makes none.
    """
    refresh, retry_failed = options.refresh, options.retry_failed
    sources = _let_in(workspace, sources)
    with (
        leased(workspace, doing, wait=options.wait, tell=tell_aside),
        logged_run(workspace, doing, show=options.log) as log,
        Stages(workspace, refresh=refresh, retry_failed=retry_failed, host_addresses=host_addresses) as stages,
    ):
        with progress("sources", len(sources), show=not options.log) as tick:

            def report(done: SourceResult) -> None:
                log.note(done)
                tick(done.outcome.source_id)

            results = process_sources(stages, sources, lambda: open_executor(stages), on_source=report)
        result = finish(
            stages, sources, results, include_proposed=options.include_proposed, before_making=before_making
        )
        log.finished(result.folder, unchanged=result.unchanged, counts=dict(result.counts))
    return result, results


def _let_in(workspace: Workspace, sources: Sequence[Source]) -> Sequence[Source]:
    """Those of `sources` that screening has not left out. JaizaError: there are some, and none of them was let in."""
    found = sources_to_read(workspace, sources)
    if sources and not found:
        raise JaizaError(
            f"screening has let in none of the {len(sources)} sources, so there is nothing to read: screen them first, "
            "or take `first` out of [screening] in review.toml"
        )
    return found
