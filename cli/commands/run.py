"""`jaiza run` and its stages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from cli.commands.review import record_file
from cli.file_view import looks_like_a_file, show_file
from cli.main import INCOMPLETE, Options, command
from cli.output import print_json, print_table
from corpus.errors import DataFileError, JaizaError
from corpus.outcome import USABLE, Outcome
from corpus.registry.registry_file import find_source, load_sources
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from pipeline.open_review import at_work, open_review
from pipeline.progress import progress
from pipeline.runs.options import RunnerName, RunOptions, Show

if TYPE_CHECKING:
    from models.registry.model_card import Aim
    from pipeline.runs.summary import RunResult
    from pipeline.stages import Stages

R = TypeVar("R")

_STRICT = click.option("--strict", is_flag=True, help="Exit with 3 where a source could not be had or read.")
_PROPOSED = click.option(
    "--include-proposed", is_flag=True, help="Let the machine's proposals fill cells nobody has judged, marked as such."
)
_ONLY = click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")


@command("run", example="jaiza run --workspace my-review")
@click.option("--refresh", is_flag=True, help="Ask every host again whether its file has changed.")
@click.option("--retry-failed", is_flag=True, help="Try the documents again that were set aside.")
@_PROPOSED
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
@_STRICT
def run_command(
    options: Options, *, refresh: bool, retry_failed: bool, include_proposed: bool, runner: RunnerName,
    dask_address: str, workers: int, log: Show | None, wait: bool,
    sample: bool, or_sample: bool, without_prefect: bool, strict: bool,
) -> None:  # fmt: skip
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
        _need_sources(workspace, sources)
    results: list[RunResult] = []
    wishes = RunOptions(
        refresh=refresh, retry_failed=retry_failed, include_proposed=include_proposed, runner=runner,
        dask_address=dask_address, workers=workers, wait=wait, log=log or "",
    )  # fmt: skip
    with Runs(workspace, wishes, prefect=not without_prefect) as runs:
        if not sample:
            results.append(_told(runs.run(workspace), options, workspace))
        if sample or (or_sample and not results[0].had):
            if or_sample and not options.json:
                click.echo(
                    "\nNot one PDF could be had, so the sample review runs as well: invented reports, "
                    "to see suggestions, evidence and merging at work.\n"
                )
            place = sample_workspace(workspace.root)
            record_file(place, load_sources(place), sample_decisions())
            with sample_site() as addresses:
                results.append(_told(runs.run(place, addresses), options, place))
    if options.json:
        print_json([result.as_json() for result in results] if len(results) > 1 else results[0].as_json())
    if strict and any(result.incomplete for result in results):
        sys.exit(INCOMPLETE)


@command("pull", example="jaiza pull gazdar-2011 bari-2005")
@_ONLY
@click.option("--refresh", is_flag=True, help="Ask every host again whether its file has changed.")
@_STRICT
def pull_command(options: Options, *, source_ids: tuple[str, ...], refresh: bool, strict: bool) -> None:
    """Fetch the sources' PDFs, and take up the files in the inbox."""
    from corpus.fetch.attach import strangers
    from pipeline.outcomes import save_outcomes
    from pipeline.stages import Stages

    workspace, sources = _open(options, source_ids)
    with at_work(workspace, "jaiza pull"), Stages(workspace, refresh=refresh) as stages:
        pulled = _each(sources, stages.pull, "pull", show=not options.json)
        outcomes = [stages.in_hindsight(source, outcome) for source, outcome in zip(sources, pulled, strict=True)]
        save_outcomes(workspace, outcomes)
    _tell_outcomes(outcomes, options)
    for path in strangers(workspace, load_sources(workspace)):
        click.echo(f"warning: {path} names no source: call it <source-id>.pdf (`jaiza sources list`)", err=True)
    if strict and any(outcome.state not in USABLE for outcome in outcomes):
        sys.exit(INCOMPLETE)


@command("extract", example="jaiza extract report.pdf --format html --out report.html")
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]... | FILE")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), help="What to make of FILE (text).")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write what is made of FILE.")
@click.option("--pages", metavar="A-B", help="Show only these pages of FILE (text and html).")
@_STRICT
def extract_command(
    options: Options, *, source_ids: tuple[str, ...], form: str | None, out: Path | None, pages: str | None,
    strict: bool,
) -> None:  # fmt: skip
    """Read the PDFs that are there: pages, blocks and passages with their place on the page.

    Given a FILE it reads that alone and shows what it read; nothing is stored and no workspace is needed.
    """
    from pipeline.document_record import CODED
    from pipeline.stages import Stages

    if any(looks_like_a_file(given) for given in source_ids):
        if len(source_ids) > 1:
            raise click.UsageError("one file at a time, and no sources beside it")
        show_file(Path(source_ids[0]), form or ("json" if options.json else "text"), out, pages, strict=strict)
        return
    if form or out or pages:
        raise click.UsageError("--format, --out and --pages go with a file: jaiza extract report.pdf --format html")
    workspace, sources = _open(options, source_ids)
    with at_work(workspace, "jaiza extract"), Stages(workspace) as stages:
        held = [(source, holding) for source in sources if (holding := stages.holdings.get(source.id))]
        shas = {source.id: holding.sha256 for source, holding in held}
        read = _each([s for s, _ in held], lambda s: (s, *stages.extract(shas[s.id])), "extract", show=not options.json)
    if options.json:
        print_json(
            [
                {
                    "source": source.id, "sha256": document.sha256, "state": document.state, "note": document.note,
                    "pages": len(document.pages), "passages": len(document.passages), "read_now": fresh,
                }
                for source, document, fresh in read
            ]
        )  # fmt: skip
    else:
        print_table(
            ("source", "state", "pages", "passages", "note"),
            [(s.id, d.state, len(d.pages), len(d.passages), d.note) for s, d, _ in read],
        )
        _hint_if_empty(workspace, read)
    if strict and any(document.state not in CODED for _, document, _ in read):
        sys.exit(INCOMPLETE)


@command("suggest", example="jaiza suggest --passages in.jsonl --out out.jsonl")
@_ONLY
@click.option("--passages", type=click.Path(path_type=Path), help='Code this file instead: lines of {"id", "text"}.')
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the codes of --passages.")
@click.option(
    "--aim", type=click.Choice(["f1", "recall95"]),
    help="With --passages: the best balance (f1), or thresholds at which 95 % of the held-out passages were found. "
    "For documents, and unless given: aim under [models] in review.toml.",
)  # fmt: skip
def suggest_command(
    options: Options, *, source_ids: tuple[str, ...], passages: Path | None, out: Path | None, aim: Aim | None
) -> None:
    """Propose codes for the passages that were extracted, or for the lines of a file."""
    if aim and passages is None:
        raise click.UsageError(
            f'--aim goes with --passages. For documents write aim = "{aim}" under [models] in review.toml: '
            "run, review and report then all use it"
        )
    if (passages is None) != (out is None):
        raise click.UsageError("--passages and --out go together")
    from pipeline.document_record import CODED
    from pipeline.model_notice import passed_over
    from pipeline.stages import Stages

    workspace, sources = _open(options, source_ids)
    if said := passed_over(workspace):
        click.echo(f"warning: {said}", err=True)
    with at_work(workspace, "jaiza suggest"), Stages(workspace) as stages:
        if passages is not None and out is not None:
            _code_file(stages, passages, out, options, aim=aim)
            return
        shas = {s.id: holding.sha256 for s in sources if (holding := stages.holdings.get(s.id))}
        done = []
        with progress("suggest", len(shas), show=not options.json) as tick:
            for source_id, sha256 in shas.items():
                document, _ = stages.extract(sha256)
                if document.state in CODED:
                    done.append((source_id, document, *stages.suggest(document)))
                tick(source_id)
    if options.json:
        print_json(
            [
                {
                    "source": source_id, "passages": len(document.passages), "suggestions": len(made.suggestions),
                    "model": made.model_id, "made_now": fresh,
                }
                for source_id, document, made, fresh in done
            ]
        )  # fmt: skip
        return
    print_table(
        ("source", "passages", "suggestions"),
        [(source_id, len(document.passages), len(made.suggestions)) for source_id, document, made, _ in done],
    )
    _hint_if_empty(workspace, done)


@command("merge", example="jaiza merge --include-proposed")
@_PROPOSED
def merge_command(options: Options, *, include_proposed: bool) -> None:
    """Merge decisions, the published coding and the proposals, and print the matrix and its frequencies."""
    from dataclasses import asdict

    from pipeline.merged_review import merged
    from synthesis.statistics.frequency import frequencies

    judged = merged(open_review(options.workspace)[0], include_proposed=include_proposed)
    columns, labels = judged.codebook.columns, {source.id: source.label for source in judged.sources}
    counted = frequencies(judged.cells, "merged", themes=columns)
    if options.json:
        cells = [
            {"source": c.source_id, "theme": c.theme, "value": c.merged, "basis": c.basis, "published": c.published,
             "human": c.human, "machine": c.machine, "disputed": c.disputed, "conflict": c.conflict}
            for c in judged.cells
        ]  # fmt: skip
        print_json({"cells": cells, "frequencies": [asdict(frequency) for frequency in counted]})
        return
    values = {(cell.source_id, cell.theme): "?" if cell.merged is None else str(cell.merged) for cell in judged.cells}
    rows = [(*(values[source_id, code] for code in columns), label) for source_id, label in labels.items()]
    print_table((*columns, "study"), rows)
    print_table(
        ("theme", "studies", "%", "95 % interval", "not known"),
        [
            (f.theme, f"{f.present} of {f.known}", "" if f.percent is None else f"{f.percent:.0f}",
             "" if f.low is None or f.high is None else f"{100 * f.low:.0f} to {100 * f.high:.0f}", str(f.unknown))
            for f in counted
        ],
    )  # fmt: skip


@command("report", example="jaiza report")
@_PROPOSED
def report_command(options: Options, *, include_proposed: bool) -> None:
    """Write matrix, frequencies, audit, figures and report from what is stored."""
    from pipeline.merged_review import stored_studies
    from pipeline.runs.assemble import finish
    from pipeline.stages import Stages

    workspace, sources = _open(options, ())
    with at_work(workspace, "jaiza report"), Stages(workspace) as stages:
        result = finish(stages, sources, stored_studies(stages, sources), include_proposed=include_proposed)
    _told(result, options, workspace)
    if options.json:
        print_json(result.as_json())


def _each(sources: Sequence[Source], work: Callable[[Source], R], title: str, *, show: bool = True) -> list[R]:
    """`work` on every source, on threads, with a progress bar; results in the order of `sources`."""
    from pipeline.stages import WORKERS

    with progress(title, len(sources), show=show) as tick, ThreadPoolExecutor(WORKERS) as pool:

        def one(source: Source) -> R:
            done = work(source)
            tick(source.id)
            return done

        return list(pool.map(one, sources))


def _open(options: Options, source_ids: Sequence[str]) -> tuple[Workspace, Sequence[Source]]:
    workspace, sources = open_review(options.workspace)
    _need_sources(workspace, sources)
    return workspace, [find_source(sources, source_id) for source_id in source_ids] or sources


def _need_sources(workspace: Workspace, sources: Sequence[Source]) -> None:
    if not sources:
        raise JaizaError(f"this review has no sources yet: `jaiza sources add -w {workspace.root} --title ...`")


def _code_file(stages: Stages, passages: Path, out: Path, options: Options, *, aim: Aim | None) -> None:
    from corpus.workspace import write_atomic
    from models.suggest.jsonl import code_lines

    try:
        lines = passages.read_text(encoding="utf-8").split("\n")  # a passage may hold other line ends
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(passages, "", f"can't be read ({error})", 'It holds lines of {"id", "text"}') from None
    model = stages.model.aimed(aim) if aim else stages.model
    coded = list(code_lines(model, lines, file=str(passages)))
    try:
        write_atomic(out, "".join(f"{line}\n" for line in coded).encode())
    except OSError as error:
        raise JaizaError(f"{out} can't be written ({error.strerror})") from None
    if options.json:
        print_json({"passages": len(coded), "out": str(out), "model": model.coding_id})
    else:
        click.echo(f"{len(coded)} passages coded by model {model.coding_id}: {out}")


def _told(result: RunResult, options: Options, workspace: Workspace) -> RunResult:
    if not options.json:
        click.secho(f"{workspace.review.title}", bold=True)
        missing = [outcome for outcome in result.outcomes if outcome.state not in USABLE]
        print_table(("source", "state", "what to do"), [(o.source_id, o.state, o.remedy or o.message) for o in missing])
        _warn(result.outcomes)
        click.echo(result.summary)
    return result


def _tell_outcomes(outcomes: Sequence[Outcome], options: Options) -> None:
    from dataclasses import asdict

    if options.json:
        print_json([asdict(outcome) for outcome in outcomes])
        return
    print_table(("source", "state", "what happened and what to do"), [_outcome_row(outcome) for outcome in outcomes])
    _warn(outcomes)


def _warn(outcomes: Sequence[Outcome]) -> None:
    """Every warning once, with the sources it is about."""
    about: dict[str, list[str]] = {}
    for outcome in outcomes:
        for warning in outcome.warnings:
            about.setdefault(warning, []).append(outcome.source_id)
    for warning, ids in about.items():
        click.echo(f"warning: {', '.join(ids[:3])}{f' and {len(ids) - 3} more' if len(ids) > 3 else ''}: {warning}")


def _outcome_row(outcome: Outcome) -> tuple[str, str, str]:
    return outcome.source_id, outcome.state, ". ".join(filter(None, (outcome.message, outcome.remedy)))


def _hint_if_empty(workspace: Workspace, done: Sequence[object]) -> None:
    if not done:
        click.echo(f"No PDF is stored yet: run `jaiza pull`, or put PDFs as <source-id>.pdf into {workspace.inbox}")
