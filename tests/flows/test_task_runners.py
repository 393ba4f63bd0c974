"""The same inputs give the same results, byte for byte, wherever the work is done: here, in processes, on Dask."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import fsspec
import pytest

from corpus import retry
from corpus.errors import JaizaError, StoreError
from corpus.store import object_store as depot_module
from corpus.store.object_store import ObjectStore
from corpus.workspace import Workspace
from pipeline.documents.batches import ONE_EACH, Batch, batch_size, prepare_setup, process_batch_elsewhere
from pipeline.documents.execution import ThreadExecutor, process_sources
from pipeline.documents.stages import Stages
from pipeline.open_review import open_review
from support.small_review import review_of, sample_pdfs

Give = Callable[[Path], Path]
RUN_ALL = """
import sys
from pathlib import Path
from pipeline.open_review import open_review
from flows.prefect_server import prefect_server
from flows.launch import Runs
from pipeline.runs.options import RunOptions
if __name__ == "__main__":
    place = Path(sys.argv[1])
    with prefect_server(place / "prefect"):
        for runner in sys.argv[2:]:
            workspace = open_review(place / runner)[0]
            with Runs(workspace, RunOptions(runner=runner, workers=1), prefect=True) as runs:
                print(runner, runs.run(workspace).had, flush=True)
"""


def test_threads_processes_and_dask_give_the_same_bytes(tmp_path: Path, with_model: Give) -> None:
    runners = ["threads", "processes", *(["dask"] if find_spec("prefect_dask") else [])]
    pdfs = {**sample_pdfs(3), "doc-bad": b"%PDF-1.4 and nothing more"}
    for runner in runners:
        review_of(with_model(tmp_path / runner), pdfs)
    script = tmp_path / "run_all.py"
    script.write_text(RUN_ALL, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), *runners], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parent.parent.parent,
    )  # fmt: skip
    assert done.stdout.splitlines() == [f"{runner} 3" for runner in runners], done.stderr
    for name in ("cells.csv", "matrix.csv", "frequencies.csv"):
        made = {runner: (tmp_path / runner / "out" / "latest" / name).read_bytes() for runner in runners}
        assert set(made.values()) == {made["threads"]}, name
    for folder in ("text", "suggestions", "readings"):
        kept = [{path.name: path.read_bytes() for path in (tmp_path / runner / folder).iterdir()} for runner in runners]
        assert all(one == kept[0] for one in kept), folder


def shared(folder: Path, with_model: Give, store: str) -> Workspace:
    return review_of(with_model(folder), sample_pdfs(2), f'[store]\nurl = "{store}"\n')


@pytest.fixture
def memory() -> Callable[[], dict[str, bytes]]:
    """An empty object store in memory; gives what is in it."""
    filesystem = fsspec.filesystem("memory")
    filesystem.store.clear()
    return lambda: {name: filesystem.cat_file(name) for name in filesystem.find("/")}


def test_a_worker_that_sees_only_the_store_does_the_same_and_nothing_twice(
    tmp_path: Path, with_model: Give, memory: Callable[[], dict[str, bytes]]
) -> None:
    home = shared(tmp_path / "home", with_model, "memory://review")
    sources = open_review(home.root)[1]
    with Stages(home) as stages:
        shas = [stages.pull(source).sha256 for source in sources]
        setup = prepare_setup(stages, remote=True)
    home.root.rename(tmp_path / "not-to-be-seen-by-the-worker")
    made = process_batch_elsewhere(setup, Batch("both", tuple(shas)))
    assert [(reading.state, reading.did) for reading in made] == [("read", ("extract", "suggest"))] * 2
    kept = memory()
    assert {name.split("/")[2] for name in kept} == {"pdfs", "text", "suggestions", "readings", "models"}
    assert [reading.did for reading in process_batch_elsewhere(setup, Batch("again", tuple(shas)))] == [(), ()]
    assert memory() == kept

    plain = review_of(with_model(tmp_path / "plain"), sample_pdfs(2))
    with Stages(plain) as stages:
        process_sources(stages, sources, lambda: ThreadExecutor(stages))
    for folder in ("text", "suggestions"):
        for path in (plain.root / folder).iterdir():
            assert kept[f"/review/{folder}/{path.name}"] == path.read_bytes()


def test_a_shared_folder_as_the_store_serves_a_second_workspace(tmp_path: Path, with_model: Give) -> None:
    store = f"file://{tmp_path / 'store'}"
    for number in range(2):
        workspace = shared(tmp_path / f"review-{number}", with_model, store)
        with Stages(workspace) as stages:
            done = process_sources(stages, open_review(workspace.root)[1], lambda: ThreadExecutor(stages))
        assert {one.reading.did for one in done if one.reading} == {() if number else ("extract", "suggest")}
        assert not (workspace.root / "text").exists()


@pytest.mark.parametrize(("passing", "tries"), [(TimeoutError("slow"), 3), (PermissionError(13, "denied"), 1)])
def test_a_store_that_can_not_be_reached_is_one_line_and_tried_again_only_where_that_may_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_model: Give, passing: Exception, tries: int
) -> None:
    asked = []

    class Unreachable:
        def __getattr__(self, _name: str) -> Callable[..., None]:
            def fail(*_: object) -> None:
                asked.append(1)
                raise passing

            return fail

    monkeypatch.setattr(retry, "BACKOFF_SECONDS", 0.0)
    monkeypatch.setattr(depot_module, "_connect", lambda _url: (Unreachable(), "bucket/review"))
    workspace = shared(tmp_path / "home", with_model, "s3://bucket/review")
    with pytest.raises(StoreError, match=r"s3://bucket/review/text/x\.json can't be read \((slow|denied)\)"):
        ObjectStore(workspace).read("text/x.json")
    assert len(asked) == tries
    with Stages(workspace) as stages, pytest.raises(JaizaError, match="see that it can be reached, and run again"):
        process_sources(stages, open_review(workspace.root)[1], lambda: ThreadExecutor(stages))


def test_a_store_whose_library_is_missing_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_url: str) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec.core, "url_to_fs", missing)
    workspace = review_of(tmp_path / "home", {}, '[store]\nurl = "s3://bucket/review"\n')
    with pytest.raises(StoreError, match=r"pip install -e '\.\[s3\]'"):
        ObjectStore(workspace)


def test_documents_go_one_by_one_or_in_batches() -> None:
    assert [batch_size(count, 2) for count in (1, ONE_EACH, ONE_EACH + 1, 5_000, 100_000)] == [1, 1, 4, 50, 100]
    assert 60 / batch_size(60, 2) >= 12, "two workers are done at about one time"
    assert [batch_size(10_000, workers) for workers in (2, 64, 1_000)] == [100, 20, 10]
