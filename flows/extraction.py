"""The extraction flow: every source through pull, extract and suggest, then the results. Thin: `stages` does the work.

One task a source, on threads; the heavy reading is in child processes that know nothing of Prefect.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import flow, task, unmapped
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State
from prefect.futures import wait
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from corpus.sources import Source
from flows.opening import open_review
from flows.progress import Tick, progress
from flows.results import RunResult, finish
from flows.stages import WORKERS, Stages, Studied, failed


@task(name="study", task_run_name="{source.id}", cache_policy=NO_CACHE, persist_result=False)
def study(source: Source, stages: Stages, tick: Tick) -> Studied:
    """One source through all stages."""
    studied = stages.study(source)
    tick(source.id)
    return studied


@flow(
    name="jaiza-extraction",
    task_runner=ThreadPoolTaskRunner(max_workers=WORKERS),  # type: ignore[arg-type]
    validate_parameters=True,
    persist_result=False,
)
def extraction(
    workspace: str = "workspace",
    refresh: bool = False,
    include_proposed: bool = False,
    host_addresses: dict[str, str] | None = None,
) -> State[RunResult]:
    """From the registry of sources to matrix, frequencies, audit and report.

    workspace: folder of the review. refresh: ask every host again whether its file changed. include_proposed: let
    suggestions fill cells that nobody has judged, marked as such. host_addresses: like a hosts file, for the sample.
    """
    place, sources = open_review(Path(workspace))
    with Stages(place, refresh=refresh, host_addresses=host_addresses) as stages:
        with progress("sources", len(sources)) as tick:
            futures = study.map(list(sources), unmapped(stages), unmapped(tick))
            wait(futures)
        studied = [_result(source, future.state) for source, future in zip(sources, futures, strict=True)]
        result = finish(stages, sources, studied, include_proposed=include_proposed)
    create_table_artifact(table=_outcome_rows(sources, studied), key="sources", description=place.review.title)
    name = "CompletedWithWarnings" if result.incomplete else "Completed"
    return Completed(name=name, message=result.summary, data=result)


def _result(source: Source, state: State[Any]) -> Studied:
    done = state.result(raise_on_failure=False)
    return done if isinstance(done, Studied) else failed(source, done)


def _outcome_rows(sources: Sequence[Source], studied: Sequence[Studied]) -> list[dict[str, Any]]:
    return [
        {
            "source": source.id,
            "state": done.outcome.state,
            "message": done.outcome.message,
            "what to do": done.outcome.remedy,
            "passages": len(done.document.passages) if done.document else 0,
            "suggestions": len(done.suggestions.suggestions) if done.suggestions else 0,
        }
        for source, done in zip(sources, studied, strict=True)
    ]
