"""`jaiza sources attach`: the PDF of a source given by hand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from cli.attach_file import exit_if_unusable, tell_attached
from cli.command import Options, command
from cli.output import print_json
from corpus.registry.registry_file import find_source
from pipeline.intake.attach_file import attach_file
from pipeline.open_review import open_review


@command("attach", example="jaiza sources attach naseer-2021 ~/Downloads/naseer.pdf")
@click.argument("source_id", metavar="SOURCE")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--confirm", is_flag=True, help="Take it although its title is that of a known other work.")
def attach_command(options: Options, *, source_id: str, file: Path, confirm: bool) -> None:
    """Give the PDF of a source by hand; needs no network."""
    workspace, sources = open_review(options.workspace)
    outcome = attach_file(workspace, find_source(sources, source_id), file, confirm=confirm)
    if options.json:
        print_json(asdict(outcome))
    else:
        tell_attached(outcome)
    exit_if_unusable(outcome)
