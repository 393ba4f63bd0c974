"""The extraction flow: every source pulled, read and coded, then the results. `study` and `stages` do the work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.schemas import State
from prefect.events import emit_event
from prefect.states import Completed
from pydantic import Field

from corpus.json_table import JsonObject
from flows.flow_history import Finished, told_run
from flows.parent_death import leave_with_the_server
from flows.task_runners import PrefectExecutor, follow
from pipeline.documents.source_result import SourceResult
from pipeline.open_review import open_review
from pipeline.runs.options import RunnerName, RunOptions, Show
from pipeline.runs.run import run_review
from pipeline.runs.summary import RunResult
from synthesis.runs.run_changes import Changes, changes_table

CHANGED_EVENT = "jaiza.results.changed"  # for notifications: see docs/scheduling.md


@flow(name="jaiza-extraction", validate_parameters=True, persist_result=False)
def extraction(
    workspace: Annotated[str, Field(min_length=1)] = "workspace",
    refresh: bool = False,
    retry_failed: bool = False,
    include_proposed: bool = False,
    runner: RunnerName = "threads",
    dask_address: str = "",
    workers: Annotated[int, Field(ge=0, le=1000)] = 0,
    wait: bool = False,
    log: Show = "",
    host_addresses: dict[str, str] | None = None,
) -> State[RunResult]:
    """From the registry of sources to matrix, frequencies, audit and report.

    What was done before and has not changed is not done again. A source that can't be had never stops the run.

    Args:
        workspace: Folder of the review.
        refresh: Ask every host again whether its file has changed.
        retry_failed: Try the documents again that were set aside.
        include_proposed: Let the machine's proposals fill cells that nobody has judged, marked as such.
        runner: Where documents are read and coded.
        dask_address: Scheduler of a Dask cluster, for the runner dask.
        workers: How many work at once; 0 is one a core.
        wait: Where another run is at work in the workspace, wait for it to end.
        log: Print a line for every document, as text or as JSON.
        host_addresses: Like a hosts file, for the sample review.
    """
    if (told := told_run()) is not None:
        return _end(follow(told, workers), open_review(Path(workspace))[0].review.title)
    leave_with_the_server()
    place, sources = open_review(Path(workspace))
    options = RunOptions(
        refresh=refresh,
        retry_failed=retry_failed,
        include_proposed=include_proposed,
        runner=runner,
        dask_address=dask_address,
        workers=workers,
        wait=wait,
        log=log,
    )
    result, results = run_review(
        place,
        sources,
        options,
        lambda stages: PrefectExecutor(stages, runner, workers=workers, dask_address=dask_address),
        host_addresses=host_addresses,
    )
    return _end(Finished(result, results), place.review.title)


def _end(finished: Finished, title: str) -> State[RunResult]:
    """The artifacts of a finished run, and the state that its flow run ends in."""
    result = finished.result
    create_table_artifact(table=_outcome_rows(finished.results), key="sources", description=title)
    if result.changes and result.changes.rows:
        _tell_changes(result.changes, title, result.state_name)
    return Completed(name=result.state_name, message=result.summary, data=result)


def _as_they_are(parameters: JsonObject) -> JsonObject:
    return parameters


# Prefect makes parameters ready for JSON with a function of FastAPI, whose import takes a third of a second; these are.
extraction.serialize_parameters = _as_they_are  # type: ignore[method-assign]


def _tell_changes(changes: Changes, title: str, state: str) -> None:
    """As an artifact of the flow run, and as an event that an automation can wait for."""
    rows = [{str(key): value for key, value in row.items()} for row in changes_table(changes).to_dict("records")]
    create_table_artifact(table=rows, key="changes", description=title)
    resource = {"prefect.resource.id": "jaiza.review", "prefect.resource.name": title}
    emit_event(CHANGED_EVENT, resource, payload={"run": changes.after, "summary": changes.summary, "state": state})


def _outcome_rows(results: Sequence[SourceResult]) -> list[JsonObject]:
    return [
        {
            "source": done.outcome.source_id,
            "state": done.outcome.state,
            "message": done.outcome.message,
            "what to do": done.outcome.remedy,
            "passages": done.reading.passages if done.reading else 0,
            "suggestions": done.reading.suggestions if done.reading else 0,
        }
        for done in results
    ]
