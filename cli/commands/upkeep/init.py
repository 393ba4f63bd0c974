"""`jaiza init`: a review of your own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli.command import Options, command
from corpus.errors import WorkspaceError
from corpus.workspace import PREPARED, establish, open_workspace, write_atomic

# What a new review begins with. The title is filled in; what lies in templates/ counts once it is copied.
_TEMPLATES = Path(__file__).parent.parent.parent / "new_review"


@command("init", example='jaiza init pensions --title "Old-age pensions in South Asia"')
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="Untitled review", help="Title of the review.")
def init_command(options: Options, *, folder: Path, title: str) -> None:
    """Start a review of your own in FOLDER: settings, an empty registry, and templates with comments to fill in."""
    if folder.exists() and any(path.name in PREPARED for path in folder.iterdir()):
        raise WorkspaceError(f"{folder} holds a review already: name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    for template in sorted(path for path in _TEMPLATES.rglob("*") if path.is_file()):
        text = template.read_text(encoding="utf-8")
        if template.name == "review.toml":
            text = text.replace("TITLE", json.dumps(title, ensure_ascii=False))
        write_atomic(folder / template.relative_to(_TEMPLATES), text.encode())
    workspace = open_workspace(folder)
    establish(workspace)
    click.echo(f"{workspace.root} is ready.")
    click.echo(f"1. Say what you code: `jaiza codebook add CODE -w {folder} ...` for each theme, or copy and fill in")
    click.echo(
        f"   {folder}/templates/codebook.toml. Until then the themes that come with Jaiza (social protection) count."
    )
    click.echo(f"2. Add studies: `jaiza sources add -w {folder} ...`, or tables in sources.toml.")
    click.echo(f"3. `jaiza run -w {folder}`, then `jaiza review -w {folder}`.")
