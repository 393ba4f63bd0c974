"""One run of the main job from sources to results, whoever does the batches: the flow and the plain run share it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from corpus.lease import leased
from corpus.sources import Source
from corpus.workspace import Workspace
from flows.opening import tell_aside
from flows.progress import progress
from flows.results import finish
from flows.run_log import logged_run
from flows.run_result import RunResult
from flows.stages import Stages, Studied
from flows.study import Crew, study_all
from flows.wishes import Wishes


def whole_run(
    workspace: Workspace, sources: Sequence[Source], wishes: Wishes, crew: Callable[[Stages], Crew], *,
    doing: str = "jaiza run", host_addresses: Mapping[str, str] | None = None,
) -> tuple[RunResult, list[Studied]]:  # fmt: skip
    """Pull, read, code, and write the results, alone in the workspace and with a log."""
    with (
        leased(workspace, doing, wait=wishes.wait, tell=tell_aside),
        logged_run(workspace, doing, show=wishes.log) as log,
        Stages(
            workspace, refresh=wishes.refresh, retry_failed=wishes.retry_failed, host_addresses=host_addresses
        ) as stages,
    ):
        with progress("sources", len(sources), show=not wishes.log) as tick:

            def told(done: Studied) -> None:
                log.told(done)
                tick(done.outcome.source_id)

            studied = study_all(stages, sources, lambda: crew(stages), told=told)
        result = finish(stages, sources, studied, include_proposed=wishes.include_proposed)
        log.finished(result.folder, unchanged=result.unchanged, counts=dict(result.counts))
    return result, studied
