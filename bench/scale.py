"""The main job on invented reports by the hundred and thousand.

`python -m bench.scale 100 1000 --pages 40 --runners plain threads dask` prints, for every number and runner: documents
a minute, CPU seconds, what of them went into orchestration, memory and CPU seconds of each kind of process, and what a
second run over unchanged documents takes. The reports are made once, in `--folder`, and the model is trained there.
`--workers 1 2` measures a cluster of one and of two.

Orchestration is measured in the run itself: the CPU time of Prefect's server, and that of the client outside of the
stages, less what the latter is without Prefect ("plain", which has to be among the runners). Reading and coding have no
part in it, so that it says the same on a busy machine. With Dask the workers' share can't be told apart; there it is
the difference to "plain" as a whole.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from bench.machine import Cost, cost_of, jaiza
from bench.synthetic_reports import make_reports

KINDS = ("client", "server", "worker")
HEAD = (
    f"{'documents':>9} {'runner':<10}{'run':<7}{'seconds':>9}{'docs/min':>10}{'CPU s':>9}{'orchestr.':>10}"
    f"{'results s':>10}{'client MB':>11}{'server MB':>11}{'worker MB':>11}  CPU s of each process"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    cost: Cost
    aside: float  # CPU seconds of the client outside of the stages and the results
    results: float  # seconds that the results took, by the clock on the wall; 0 where nothing was to be done


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", nargs="*", type=int, default=[100])
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--runners", nargs="+", default=["plain", "threads", "dask"])
    parser.add_argument("--workers", nargs="+", type=int, default=[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jaiza-bench-reports")
    given = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores, {given.pages} pages a report")
    print(HEAD)
    for count in given.counts:
        pdfs = make_reports(given.folder, count, pages=given.pages)
        plain: Measured | None = None
        for runner, workers in ((one, many) for one in given.runners for many in given.workers):
            if runner == "plain" and plain is not None:
                continue
            with tempfile.TemporaryDirectory(dir=given.folder) as place:
                workspace = Path(place)
                make_review(workspace, pdfs, models=given.folder / "models")
                first, second = [_run(workspace, runner, workers) for _ in range(2)]
            plain = first if runner == "plain" else plain
            name = f"{runner} {workers}" if workers and runner != "plain" else runner
            share = "" if plain is None or plain is first else f"{100 * _orchestration(first, plain):.1f} %"
            _tell(count, name, "first", first, share)
            _tell(count, name, "second", second, "")


def make_review(workspace: Path, pdfs: Sequence[Path], *, models: Path | None = None) -> None:
    """A review of these PDFs, given by hand, with a trained model in it; `models` keeps the model for the next."""
    rows = [{"id": pdf.stem.lower(), "label": pdf.stem} for pdf in pdfs]
    (workspace / "inbox").mkdir(parents=True)
    (workspace / "sources.toml").write_text(tomli_w.dumps({"source": rows}), encoding="utf-8")
    (workspace / "review.toml").write_text('title = "Benchmark"\nshipped_sources = false\n', encoding="utf-8")
    for row, pdf in zip(rows, pdfs, strict=True):
        shutil.copy(pdf, workspace / "inbox" / f"{row['id']}.pdf")
    if models and models.exists():
        shutil.copytree(models, workspace / "models")
    trained = cost_of(jaiza(workspace, "suggest", "--passages", os.devnull, "--out", str(workspace / "none")))
    if trained.code:
        sys.exit(trained.err)
    if models:
        shutil.copytree(workspace / "models", models, dirs_exist_ok=True)


def _run(workspace: Path, runner: str, workers: int) -> Measured:
    how = ["--without-prefect"] if runner == "plain" else ["--runner", runner, "--workers", str(workers)]
    note = workspace / "share.json"
    _, _, _, *arguments = jaiza(workspace, "run", "--json", *how)
    cost = cost_of([sys.executable, "-m", "bench.work_share", str(note), *arguments])
    if cost.code:
        sys.exit(f"{runner}: {cost.err}")
    told, share = json.loads(cost.out), json.loads(note.read_text(encoding="utf-8"))
    seconds = json.loads((Path(told["folder"]) / "run.json").read_text(encoding="utf-8"))["seconds"]
    return Measured(
        cost, share["process"] - share["work"], 0.0 if told["unchanged"] else seconds["results"] + seconds["files"]
    )


def _orchestration(run: Measured, plain: Measured) -> float:
    """Share of the CPU time of a run."""
    if "worker" in run.cost.memory:
        return (run.cost.cpu - plain.cost.cpu) / run.cost.cpu
    return (run.aside - plain.aside + sum(run.cost.cpu_of.get("server", ()))) / run.cost.cpu


def _tell(count: int, runner: str, name: str, run: Measured, share: str) -> None:
    cost = run.cost
    memory = "".join(f"{cost.memory.get(kind, 0) / 1e6:>11.0f}" for kind in KINDS)
    each = ", ".join(
        f"{kind} {' + '.join(f'{own:.0f}' for own in cost.cpu_of.get(kind, ()) if own >= 1)}"
        for kind in KINDS
        if cost.cpu_of.get(kind)
    )
    print(
        f"{count:>9} {runner:<10}{name:<7}{cost.seconds:>9.1f}{60 * count / cost.seconds:>10.0f}{cost.cpu:>9.1f}"
        f"{share:>10}{run.results:>10.1f}{memory}  {each}",
        flush=True,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
