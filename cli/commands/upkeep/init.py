"""`jaiza init`: a review of your own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli.command import Options, command
from corpus.errors import WorkspaceError
from corpus.workspace import PREPARED, establish, open_workspace, write_atomic

_REVIEW = """\
# Settings of this review; what is left out has its default. `docs/workspace.md` explains every key.
title = {title}
shipped_sources = false  # true: start from the 25 studies on social protection in Pakistan
"""

_SOURCES = """\
# The registry: one [[source]] table for every study. `jaiza sources add` writes such tables too.
#
# [[source]]
# id = "khan-2016"                     # a-z, 0-9 and "-"; also the name of its PDF in inbox/
# label = "Khan (2016)"                # its name in the matrix
# title = "Title as on the title page" # the PDF is checked against it
# authors = ["Khan, Amina"]
# year = 2016
# countries = ["Pakistan"]
# candidates = [{ url = "https://example.org/khan.pdf", kind = "pdf", standing = "seen" }]
"""


@command("init", example='jaiza init pensions --title "Old-age pensions in South Asia"')
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="Untitled review", help="Title of the review.")
def init_command(options: Options, *, folder: Path, title: str) -> None:
    """Start a review of your own in FOLDER, with its settings and an empty registry to fill in."""
    if folder.exists() and any(path.name in PREPARED for path in folder.iterdir()):
        raise WorkspaceError(f"{folder} holds a review already: name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / "review.toml", _REVIEW.format(title=json.dumps(title, ensure_ascii=False)).encode())
    write_atomic(folder / "sources.toml", _SOURCES.encode())
    workspace = open_workspace(folder)
    establish(workspace)
    click.echo(f"{workspace.root} is ready. Add sources with `jaiza sources add -w {folder} ...` or in sources.toml,")
    click.echo(f"then `jaiza run -w {folder}`. The shipped codebook (social protection) counts until")
    click.echo(f"{folder}/codebook.toml is there: `docs/workspace.md` shows how to write one.")
