"""`jaiza models promote`: a model counts, whatever the comparison said."""

from __future__ import annotations

import getpass
from dataclasses import asdict

import click

from cli.command import Options, command
from cli.model_output import BY, WHY
from cli.output import print_json
from pipeline.learning.sound_model import require_sound
from pipeline.open_review import open_review


@command("promote", example='jaiza models promote 3f2a --why "reads our own reports better"', reads=True)
@click.argument("model")
@BY
@WHY
def promote_command(options: Options, *, model: str, by: str | None, why: str) -> None:
    """Let MODEL count from now on, whatever the comparison said."""
    from models.model_list import find_model
    from models.registry.promotion import promote

    workspace, _ = open_review(options.workspace)
    model_id = find_model(workspace, model)
    require_sound(workspace, model_id)
    event = promote(workspace, model_id, by=by or getpass.getuser(), why=why or "promoted by hand")
    if options.json:
        print_json(asdict(event))
        return
    click.echo(f"Model {model_id} counts now. The next `jaiza run` codes the documents with it.")
