"""The retraining flow: what people decided becomes a challenger, tried against the champion. Thin: `learning` works."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State
from prefect.states import Completed
from pydantic import BaseModel, ConfigDict, Field

from flows.parent_death import leave_with_the_server
from models.evaluation.defaults import FOLDS, WORKERS
from pipeline.open_review import open_review
from pipeline.progress import Tick

if TYPE_CHECKING:
    from pipeline.learning.retrain import Retrained


class Retraining(BaseModel):
    """What a retraining may be told."""

    model_config = ConfigDict(extra="forbid")

    workspace: Path = Field(default=Path("workspace"), description="Folder of the review.")
    promote: bool = Field(default=True, description="Let the new model count if it is better.")
    folds: int = Field(default=FOLDS, ge=2, le=20, description="Parts into which the documents are held out in turn.")
    decisions_of: tuple[str, ...] = Field(default=(), description="Coders whose decisions train; none named: all.")
    workers: int = Field(default=WORKERS, ge=1, le=64, description="Models trained side by side.")


@task(name="retrain", cache_policy=NO_CACHE, persist_result=False)
def learn(parameters: Retraining, tick: Tick | None) -> Retrained:
    """Decisions to passages, challenger, trial, and promotion or not."""
    from pipeline.learning.retrain import retrain  # 150 MB of libraries that `jaiza serve` does without

    workspace, _ = open_review(parameters.workspace)
    return retrain(
        workspace,
        promote_if_better=parameters.promote,
        folds=parameters.folds,
        workers=parameters.workers,
        decisions_of=parameters.decisions_of,
        told=(lambda what, done, of: tick(f"{what} {done} of {of}")) if tick else None,
    )


@flow(name="jaiza-retraining", validate_parameters=True, persist_result=False)
def retraining(parameters: Retraining | None = None, tick: Tick | None = None) -> State[Retrained]:
    """Seed and human decisions to a challenger; promoted if it is better on held-out documents, else a candidate."""
    leave_with_the_server()
    done = learn(parameters or Retraining(), tick)
    create_table_artifact(table=_rows(done), key="retraining", description=done.trial.why)
    name = "Promoted" if done.promoted else "KeptAsCandidate"
    return Completed(name=name, message=f"model {done.model_id}: {done.trial.why}", data=done)


def _rows(done: Retrained) -> list[dict[str, object]]:
    return [
        {
            "theme": theme.theme,
            "examples": theme.examples,
            "champion": round(theme.champion, 3),
            "challenger": round(theme.challenger, 3),
            "difference": round(theme.difference.value, 3),
            "worse": theme.worse,
        }
        for theme in done.trial.themes
    ]
