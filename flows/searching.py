"""The flow that repeats the saved searches. Thin: `pipeline.intake.repeat_search` works."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.schemas import State
from prefect.states import Completed
from pydantic import Field

from flows.parent_death import leave_with_the_server
from pipeline.intake.repeat_search import repeat_searches
from pipeline.open_review import open_review


@flow(name="jaiza-search", validate_parameters=True, persist_result=False)
def searching(workspace: Annotated[str, Field(min_length=1)] = "workspace") -> State[int]:
    """The saved searches once more; new records join the registry and wait to be screened.

    Args:
        workspace: Folder of the review.
    """
    leave_with_the_server()
    place, _ = open_review(Path(workspace))
    done = repeat_searches(place)
    rows = [
        {"search": one.name, "found": one.total, "added": one.added, "known": one.known, "problem": one.problem}
        for one in done
    ]
    create_table_artifact(table=rows, key="searches", description=place.review.title)
    added, failed = sum(one.added for one in done), sum(bool(one.problem) for one in done)
    said = f"{added} new records" + (f"; {failed} of {len(done)} searches brought no answer" if failed else "")
    return Completed(name="Completed, searches without an answer" if failed else "Completed", message=said, data=added)
