"""Many PDFs as one task, for any worker on any machine: what it needs to know, and the work itself.

A worker needs no path of the machine that started the run: where the workspace's folder is not there, everything comes
from the shared store. Nothing here knows Prefect.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from corpus.errors import JaizaError, StoreError
from corpus.store.object_store import ObjectStore
from corpus.workspace import MARKER, Workspace, write_atomic
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.process_document import process_document
from pipeline.documents.stages import Stages

# Documents a task. One each shows every document by itself in Prefect's page; but a task costs Prefect 5-8 ms on
# threads and more on Dask, and about 2,000 tasks in one run are too many for its server.
ONE_EACH = 50  # up to so many documents
FEW, MANY = 50, 100
MANY_DOCUMENTS = 5_000
ROUNDS = 8  # tasks a worker at least, so that none has long to wait for the last one at the end
MOST_TASKS = 1_000

OnDocument = Callable[[DocumentRecord], None]  # is told of every document as it is done
_OWN = ("codebook.toml", "lexicon.toml")  # files of the workspace that a worker reads


@dataclass(frozen=True, slots=True)
class BatchSetup:
    """What every batch of a run has in common. Can be pickled."""

    workspace: Workspace
    model_id: str
    retry_failed: bool = False
    own_files: tuple[tuple[str, bytes], ...] = ()  # of the workspace, for workers that can't see its folder
    model_files: tuple[str, ...] = ()  # of the model, in the shared store


@dataclass(frozen=True, slots=True)
class Batch:
    """Some PDFs to read and code."""

    name: str  # for people, for example "51 to 100" or the id of the one source
    shas: tuple[str, ...]


def batch_size(documents: int, workers: int) -> int:
    """How many documents go into one task."""
    if documents <= ONE_EACH:
        return 1
    most = FEW if documents <= MANY_DOCUMENTS else MANY
    tasks = max(1, min(MOST_TASKS, ROUNDS * workers))
    return max(1, min(most, math.ceil(documents / tasks)))


def prepare_setup(stages: Stages, *, remote: bool) -> BatchSetup:
    """What the batches of a run share. For workers elsewhere the model is on disk then, and in the shared store."""
    workspace = stages.workspace
    own = tuple((name, path.read_bytes()) for name in _OWN if (path := workspace.own_file(name)))
    model_files = _share_model(stages) if remote else ()
    return BatchSetup(workspace, stages.model.id, stages.retry_failed, own, model_files)


def process_batch(stages: Stages, batch: Batch, on_document: OnDocument = lambda _: None) -> list[DocumentRecord]:
    """Read and code the PDFs of a batch, each by itself: one that hurts does not harm the others."""
    records = []
    for sha256 in batch.shas:
        records.append(process_document(stages, sha256))
        on_document(records[-1])
    return records


def process_batch_elsewhere(setup: BatchSetup, batch: Batch) -> list[DocumentRecord]:
    """Read and code the PDFs of a batch in a worker, with stages of its own.

    JaizaError: trouble that is no fault of a PDF. Its class is that alone, for it has to travel between processes.
    """
    try:
        return process_batch(_open_stages(setup), batch)
    except JaizaError as error:
        raise JaizaError(str(error)) from None


def _share_model(stages: Stages) -> tuple[str, ...]:
    """Names of the model's files in the shared store; none where the workspace is its own store."""
    model_id = stages.model.load().model_id  # trained now, if it was not before
    if stages.store.is_local:
        return ()
    paths = sorted(path for path in (stages.workspace.models / model_id).iterdir() if path.is_file())
    for path in paths:
        name = f"models/{model_id}/{path.name}"
        if stages.store.size(name) != path.stat().st_size:
            stages.store.write(name, path.read_bytes())
    return tuple(path.name for path in paths)


@lru_cache(maxsize=2)
def _open_stages(setup: BatchSetup) -> Stages:
    """The stages of this process, kept from batch to batch: the model is loaded once."""
    workspace = setup.workspace
    if not (workspace.root / MARKER).exists():
        workspace = _make_stand_in(setup)
    return Stages(workspace, retry_failed=setup.retry_failed, model_id=setup.model_id)


def _make_stand_in(setup: BatchSetup) -> Workspace:
    """A folder of this worker that stands for the workspace; its store is the shared one."""
    if not setup.workspace.review.store.url:
        raise StoreError(
            f"this worker can't see {setup.workspace.root}: keep the workspace in a folder that all workers share, or "
            "name a store that they reach under [store] url in review.toml"
        )
    workspace = replace(setup.workspace, root=Path(tempfile.mkdtemp(prefix="jaiza-worker-")))
    for name, data in setup.own_files:
        write_atomic(workspace.root / name, data)
    store = ObjectStore(workspace)
    for name in setup.model_files:
        write_atomic(workspace.models / setup.model_id / name, store.read(f"models/{setup.model_id}/{name}"))
    return workspace
