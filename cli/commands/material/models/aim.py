"""`jaiza models aim`: what suggestions are for, and from which probability on a theme is shown."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.command import Options, command
from cli.model_output import print_calibration
from cli.output import print_json
from pipeline.open_review import open_review


@command("aim", example='jaiza models aim "find more"')
@click.argument("aim", required=False, type=click.Choice(["balanced", "find more", "sure", "recall95"]))
def aim_command(options: Options, *, aim: str | None) -> None:
    """What suggestions are for: told, or set to AIM. No decision changes, only what is shown.

    "balanced" between missed and wrong ones; "find more" at the price of more wrong ones; "sure" the other way round;
    "recall95" for 95 % of the held-out passages with a theme.
    """
    from corpus.settings.settings_file import change_setting
    from pipeline.documents.calibration import load_calibration
    from pipeline.documents.current_model import CurrentModel

    workspace, _ = open_review(options.workspace)
    if aim:
        workspace = change_setting(workspace, "models", "aim", aim)
    model = CurrentModel(workspace)
    found = load_calibration(workspace, model.coding_id)
    if options.json:
        print_json({"aim": workspace.review.models.aim, "calibration": asdict(found) if found else None})
        return
    click.echo(f"Aim of the suggestions: {workspace.review.models.aim}.")
    if found:
        print_calibration(found, model.card)
    else:
        click.echo(
            "Thresholds are those of the labelled passages; the next `jaiza run` sets them on this review's texts."
        )
