"""`jaiza runs list`, `show` and `diff`: the runs of a review, and what one changed against another, and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError, UnknownChoiceError, choose
from corpus.workspace import Workspace
from pipeline.open_review import open_review
from synthesis.runs.run_timeline import in_time


@click.group("runs")
def runs_command() -> None:
    """The runs of a review, and what they changed."""


@command("list", example="jaiza runs list", group=runs_command, reads=True)
@click.option("--last", type=click.IntRange(1), default=20, help="How many of them (20).")
def _list_command(options: Options, *, last: int) -> None:
    """The runs of this review, newest last: when, how long, how each ended and what it left."""
    from pipeline.runs.log import load_records

    workspace, _ = open_review(options.workspace)
    records = load_records(workspace)[-last:]
    if options.json:
        print_json([asdict(record) for record in records])
        return
    if not records:
        click.echo("no run yet: `jaiza run`")
    print_table(
        ("run", "started", "took", "ended", "what it left"),
        [
            (
                str(record.number),
                record.started[:16].replace("T", " "),
                in_time(round(record.seconds)),
                record.state,
                record.error or ("as it was: " if record.unchanged else "") + record.folder,
            )
            for record in records
        ],
    )


@command("show", example="jaiza runs show 7", group=runs_command, reads=True)
@click.argument("number", required=False, type=int, metavar="[RUN]")
def _show_command(options: Options, *, number: int | None) -> None:
    """One run, the latest if none is named: how it ended, and what it did with every source."""
    from pipeline.runs.log import load_lines, load_records

    workspace, _ = open_review(options.workspace)
    records = load_records(workspace)
    named = [record for record in records if number in (None, record.number)]
    if not named:
        raise UnknownChoiceError("run", str(number or ""), [str(record.number) for record in records])
    record, lines = named[-1], load_lines(workspace, named[-1].number)
    if options.json:
        print_json({**asdict(record), "documents": lines})
        return
    click.echo(f"Run {record.number}: {record.doing} on {record.host}, process {record.pid}, since {record.started}")
    took = f" after {in_time(round(record.seconds))}" if record.ended else ""
    click.echo(f"{record.state}{took}: {record.error or record.folder}")
    print_table(
        ("source", "state", "pages", "suggestions", "seconds", "done now", "message"),
        [
            (
                line["source"],
                line["state"],
                line["pages"],
                line["suggestions"],
                f"{sum(line['seconds'].values()):.1f}",
                ", ".join(line["done_now"]) or "-",
                line["message"],
            )
            for line in lines
        ],
    )


@command("diff", example="jaiza runs diff   (the latest run against the one before it)", group=runs_command, reads=True)
@click.argument("before", required=False, metavar="[BEFORE]")
@click.argument("after", required=False, metavar="[AFTER]")
def _diff_command(options: Options, *, before: str | None, after: str | None) -> None:
    """What changed from one run to another: sources, suggestions, cells and frequencies, each with the reason.

    BEFORE and AFTER are run ids (names of folders in out/). Without them the latest two are compared; with one, it is
    compared with the latest.
    """
    from synthesis.runs.run_changes import compare, stored_snapshot  # with it comes pandas

    workspace, _ = open_review(options.workspace)
    found = run_folders(workspace)
    if before is None and len(found) < 2:
        raise JaizaError(f"there is {'one run' if found else 'no run'} in {workspace.out}: nothing to compare it with")
    old = _named(found, before) if before else found[-2]
    new = _named(found, after) if after else found[-1]
    changes = compare(stored_snapshot(old), stored_snapshot(new))
    if options.json:
        print_json(asdict(changes))
        return
    print_table(
        ("what", "study", "theme", "before", "after", "why"),
        [(row.kind, row.source, row.theme, row.before, row.after, "; ".join(row.why)) for row in changes.rows],
    )
    if changes.inputs:
        click.echo(f"also not the same: {', '.join(changes.inputs)}")
    click.echo(f"{changes.before} to {changes.after}: {changes.summary} changed")


def run_folders(workspace: Workspace) -> list[Path]:
    """The folders of finished runs, oldest first."""
    if not workspace.out.is_dir():
        return []
    folders = (path for path in workspace.out.iterdir() if not path.is_symlink() and not path.name.startswith("."))
    return sorted(path for path in folders if (path / "run.json").is_file() and path.name != "latest")


def _named(found: list[Path], name: str) -> Path:
    by_name = {path.name: path for path in found}
    return by_name[choose("run", name, by_name)]
