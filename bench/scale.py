"""The main job on invented reports by the hundred and thousand.

`python -m bench.scale 100 1000 --pages 40 --runners plain threads dask` prints, for every number and runner: documents
a minute, CPU seconds a document, the share of CPU that goes into orchestration (against `plain`, the same stages
without Prefect), memory of the run, of its server and of a worker, and what a second run over unchanged documents
takes. The reports are made once, in `--folder`. `--workers` says how many work at once.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import tomli_w

from bench.machine import Cost, cost_of, jaiza
from bench.reports import make_reports

HEAD = (
    f"{'documents':>9} {'runner':<10}{'run':<7}{'seconds':>9}{'docs/min':>10}{'CPU s':>9}{'orchestr.':>10}"
    f"{'client MB':>11}{'server MB':>11}{'worker MB':>11}"
)


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", nargs="*", type=int, default=[100])
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--runners", nargs="+", default=["plain", "threads", "dask"])
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jaiza-bench-reports")
    given = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores, {given.pages} pages a report, {given.workers or 'one a core'} at once")
    print(HEAD)
    for count in given.counts:
        pdfs = make_reports(given.folder, count, pages=given.pages)
        plain: float | None = None
        for runner in given.runners:
            with tempfile.TemporaryDirectory() as place:
                workspace = Path(place)
                make_review(workspace, pdfs)
                first, second = [_run(workspace, runner, given.workers) for _ in range(2)]
            plain = first.cpu if runner == "plain" else plain
            for name, cost in (("first", first), ("second", second)):
                share = f"{100 * (cost.cpu - plain) / cost.cpu:.1f} %" if plain and name == "first" else ""
                _tell(count, runner, name, cost, share)


def make_review(workspace: Path, pdfs: Sequence[Path]) -> None:
    """A review of these PDFs, given by hand, with a trained model in it."""
    rows = [{"id": pdf.stem.lower(), "label": pdf.stem} for pdf in pdfs]
    (workspace / "inbox").mkdir(parents=True)
    (workspace / "sources.toml").write_text(tomli_w.dumps({"source": rows}), encoding="utf-8")
    (workspace / "review.toml").write_text('title = "Benchmark"\nshipped_sources = false\n', encoding="utf-8")
    for row, pdf in zip(rows, pdfs, strict=True):
        shutil.copy(pdf, workspace / "inbox" / f"{row['id']}.pdf")
    trained = cost_of(jaiza(workspace, "suggest", "--passages", os.devnull, "--out", str(workspace / "none")))
    if trained.code:
        sys.exit(trained.err)


def _run(workspace: Path, runner: str, workers: int) -> Cost:
    how = ["--without-prefect"] if runner == "plain" else ["--runner", runner, "--workers", str(workers)]
    cost = cost_of(jaiza(workspace, "run", "--json", *how))
    if cost.code:
        sys.exit(f"{runner}: {cost.err}")
    json.loads(cost.out)
    return cost


def _tell(count: int, runner: str, name: str, cost: Cost, share: str) -> None:
    memory = "".join(f"{cost.memory.get(kind, 0) / 1e6:>11.0f}" for kind in ("client", "server", "worker"))
    print(
        f"{count:>9} {runner:<10}{name:<7}{cost.seconds:>9.1f}{60 * count / cost.seconds:>10.0f}{cost.cpu:>9.1f}"
        f"{share:>10}{memory}",
        flush=True,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
