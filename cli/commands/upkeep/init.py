"""`jaiza init`: a review of your own."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command import Options, command
from corpus.workspace import UNTITLED
from pipeline.intake.new_review import begin_review


@command("init", example='jaiza init pensions --title "Old-age pensions in South Asia"')
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default=UNTITLED, help="Title of the review.")
def init_command(options: Options, *, folder: Path, title: str) -> None:
    """Start a review of your own in FOLDER: settings, an empty registry, and templates with comments to fill in."""
    workspace = begin_review(folder, title=title)
    click.echo(f"{workspace.root} is ready.")
    click.echo(f"1. Say what you code: `jaiza codebook add CODE -w {folder} ...` for each theme, or copy and fill in")
    click.echo(
        f"   {folder}/templates/codebook.toml. Until then the themes that come with Jaiza (social protection) count."
    )
    click.echo(f"2. Add studies: `jaiza sources add -w {folder} ...`, or tables in sources.toml.")
    click.echo(f"3. `jaiza run -w {folder}`, then `jaiza review -w {folder}`.")
