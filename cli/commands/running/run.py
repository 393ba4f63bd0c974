"""`jaiza run`: the main job, from sources to results."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cli.command import INCLUDE_PROPOSED, INCOMPLETE, STRICT, Options, command
from cli.outcome_output import print_result
from cli.output import print_json
from cli.source_selection import require_sources
from corpus.registry.registry_file import load_sources
from pipeline.open_review import open_review
from pipeline.record_decisions import record_file
from pipeline.runs.options import RunnerName, RunOptions, Show

if TYPE_CHECKING:
    from pipeline.runs.summary import RunResult


@command("run", example="jaiza run --workspace my-review")
@click.option("--refresh", is_flag=True, help="Ask every host again whether its file has changed.")
@click.option("--retry-failed", is_flag=True, help="Try the documents again that were set aside.")
@INCLUDE_PROPOSED
@click.option(
    "--runner", type=click.Choice(["threads", "processes", "dask", "ray"]), default="threads",
    help="Where documents are read and coded (threads: in this process).",
)  # fmt: skip
@click.option("--dask-address", default="", metavar="ADDRESS", help="Scheduler of a Dask cluster, for --runner dask.")
@click.option("--workers", type=click.IntRange(0, 1000), default=0, help="How many at once (one a core).")
@click.option("--log", type=click.Choice(["text", "json"]), help="Print a line for every document as it is settled.")
@click.option("--wait", is_flag=True, help="Where another run is at work in the workspace, wait for it to end.")
@click.option("--sample", is_flag=True, help="Run the invented sample review instead, from a server on this machine.")
@click.option("--or-sample", is_flag=True, help="Where not one PDF could be had, run the sample review as well.")
@click.option("--without-prefect", is_flag=True, help="Run the same stages without Prefect: no run history.")
@STRICT
def run_command(
    options: Options,
    *,
    refresh: bool,
    retry_failed: bool,
    include_proposed: bool,
    runner: RunnerName,
    dask_address: str,
    workers: int,
    log: Show | None,
    wait: bool,
    sample: bool,
    or_sample: bool,
    without_prefect: bool,
    strict: bool,
) -> None:
    """The main job: pull, extract, suggest, merge, and the matrix, audit and report from it.

    What was done before and has not changed is not done again. A source that can't be had never stops the run.
    """
    from flows.launch import Runs
    from pipeline.sample_review import sample_decisions, sample_site, sample_workspace

    if dask_address and runner != "dask":
        raise click.UsageError("--dask-address goes with --runner dask")
    if without_prefect and (runner != "threads" or workers):
        raise click.UsageError("--runner and --workers need Prefect: leave out --without-prefect")
    workspace, sources = open_review(options.workspace)
    if not sample:
        require_sources(workspace, sources)
    results: list[RunResult] = []
    run_options = RunOptions(
        refresh=refresh,
        retry_failed=retry_failed,
        include_proposed=include_proposed,
        runner=runner,
        dask_address=dask_address,
        workers=workers,
        wait=wait,
        log=log or "",
    )
    with Runs(workspace, run_options, prefect=not without_prefect) as runs:
        if not sample:
            results.append(print_result(runs.run(workspace), options, workspace))
        if sample or (or_sample and not results[0].had):
            if or_sample and not options.json:
                click.echo(
                    "\nNot one PDF could be had, so the sample review runs as well: invented reports, "
                    "to see suggestions, evidence and merging at work.\n"
                )
            place = sample_workspace(workspace.root)
            record_file(place, load_sources(place), sample_decisions())
            with sample_site() as addresses:
                results.append(print_result(runs.run(place, addresses), options, place))
    if options.json:
        print_json([result.as_json() for result in results] if len(results) > 1 else results[0].as_json())
    if strict and any(result.incomplete for result in results):
        sys.exit(INCOMPLETE)
