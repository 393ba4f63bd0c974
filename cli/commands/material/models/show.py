"""`jaiza models show`: the card of a model."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.command import Options, command
from cli.model_output import print_calibration, print_comparison
from cli.output import print_json
from pipeline.open_review import open_review


@command("show", example="jaiza models show 3f2a", reads=True)
@click.argument("model", required=False)
def show_command(options: Options, *, model: str | None) -> None:
    """The card of a MODEL (default: the one that counts), and how it did against the champion of its day."""
    from models.model_list import find_model, read_trial
    from models.registry.model_folder import READABLE, check_seal, read_card
    from models.registry.model_id import coding_id, current_model_id
    from pipeline.documents.calibration import load_calibration

    workspace, _ = open_review(options.workspace)
    model_id = find_model(workspace, model or current_model_id(workspace))
    folder = workspace.models / model_id
    card = read_card(folder)
    check_seal(folder)
    trial = read_trial(folder)
    if options.json:
        print_json(asdict(card) | {"trial": asdict(trial) if trial else None})
        return
    click.echo((folder / READABLE).read_text(encoding="utf-8"))
    if calibration := load_calibration(workspace, coding_id(model_id, workspace.review.models.aim)):
        print_calibration(calibration, card)
    if trial:
        print_comparison(trial)
