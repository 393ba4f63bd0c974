"""`jaiza models list`: every model of the review."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from pipeline.open_review import open_review


@command("list", example="jaiza models list", reads=True)
def list_command(options: Options) -> None:
    """Every model of this review, newest first, and which one counts."""
    from models.model_list import catalogue
    from models.registry.model_id import model_in_use
    from models.registry.promotion import history

    workspace, _ = open_review(options.workspace)
    models = catalogue(workspace)
    events = history(workspace)
    if options.json:
        print_json({"models": [asdict(model) for model in models], "history": [asdict(event) for event in events]})
        return
    print_table(
        ("model", "state", "made", "passages", "average precision", "why"),
        [
            (
                model.model_id,
                model.state,
                model.made[:16].replace("T", " "),
                model.passages or "",
                "" if model.average_precision is None else f"{model.average_precision:.3f}",
                model.why,
            )
            for model in models
        ],
    )
    if models:
        click.echo("Average precision: mean over themes on held-out documents of each model's own passages.")
    refused = [model for model in models if model.state == "refused"]
    if not refused:
        used = model_in_use(workspace)
        if used.passed_over:
            click.echo(f"warning: the promoted model {used.passed_over} is passed over: {used.why}")
        if used.model_id not in {model.model_id for model in models}:
            click.echo(f"{used.model_id}, trained on the seed passages, counts: the next `jaiza run` trains it.")
    for event in events:
        at = event.at[:16].replace("T", " ")
        click.echo(f"{at}  {event.event}: {event.model_id or 'the model of the seed'}, by {event.by}. {event.why}")
