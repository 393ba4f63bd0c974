"""`jaiza models rollback`: back to the model that counted before."""

from __future__ import annotations

import getpass
from dataclasses import asdict

import click

from cli.command import Options, command
from cli.model_output import BY, WHY
from cli.output import print_json
from pipeline.learning.sound_model import require_sound
from pipeline.open_review import open_review


@command("rollback", example='jaiza models rollback --why "too many false alarms"', reads=True)
@BY
@WHY
def rollback_command(options: Options, *, by: str | None, why: str) -> None:
    """Let the model count again that did before the last promotion."""
    from models.registry.promotion import SEED_MODEL, champions, history, roll_back

    workspace, _ = open_review(options.workspace)
    stack = champions(history(workspace))
    if len(stack) > 1 and stack[-2] != SEED_MODEL:
        require_sound(workspace, stack[-2])
    event = roll_back(workspace, by=by or getpass.getuser(), why=why or "rolled back by hand")
    if options.json:
        print_json(asdict(event))
        return
    back = f"Model {event.model_id}" if event.model_id else "The model of the seed passages"
    click.echo(f"{back} counts again, instead of {event.before}. The next `jaiza run` codes the documents with it.")
