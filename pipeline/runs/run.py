"""One run of the main job from sources to results, whoever does the batches: the flow and the plain run share it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from corpus.registry.sources import Source
from corpus.store.workspace_lease import leased
from corpus.workspace import Workspace
from pipeline.execution import Executor, process_sources
from pipeline.open_review import tell_aside
from pipeline.progress import progress
from pipeline.runs.assemble import finish
from pipeline.runs.log import logged_run
from pipeline.runs.options import RunOptions
from pipeline.runs.summary import RunResult
from pipeline.stages import SourceResult, Stages


def whole_run(
    workspace: Workspace, sources: Sequence[Source], wishes: RunOptions, crew: Callable[[Stages], Executor], *,
    doing: str = "jaiza run", host_addresses: Mapping[str, str] | None = None,
) -> tuple[RunResult, list[SourceResult]]:  # fmt: skip
    """Pull, read, code, and write the results, alone in the workspace and with a log."""
    with (
        leased(workspace, doing, wait=wishes.wait, tell=tell_aside),
        logged_run(workspace, doing, show=wishes.log) as log,
        Stages(
            workspace, refresh=wishes.refresh, retry_failed=wishes.retry_failed, host_addresses=host_addresses
        ) as stages,
    ):
        with progress("sources", len(sources), show=not wishes.log) as tick:

            def told(done: SourceResult) -> None:
                log.told(done)
                tick(done.outcome.source_id)

            studied = process_sources(stages, sources, lambda: crew(stages), told=told)
        result = finish(stages, sources, studied, include_proposed=wishes.include_proposed)
        log.finished(result.folder, unchanged=result.unchanged, counts=dict(result.counts))
    return result, studied
