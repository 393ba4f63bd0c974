"""`jaiza models evaluate`: a model measured on documents it has not seen."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from cli.command import WORKERS, Options, command, folds
from cli.output import print_json, print_table
from pipeline.open_review import open_review
from pipeline.progress import progress


@command("evaluate", example="jaiza models evaluate")
@click.argument("model", required=False)
@folds(5, "Rounds of held-out documents.")
@click.option("--no-curve", is_flag=True, help="Leave out the learning curve: half the time.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the card (default: the model's own).")
@WORKERS
def evaluate_command(
    options: Options, *, model: str | None, folds: int, no_curve: bool, out: Path | None, workers: int
) -> None:
    """Measure a MODEL (default: the one that counts) on held-out documents: evaluation.html, .md and .json.

    Per theme precision, recall, F1 and average precision with intervals, reliability, learning curve, confusion between
    themes, results by kind of text, and the worst errors with their text.
    """
    from models.evaluation.assessment import FRACTIONS
    from pipeline.learning.evaluate import evaluate

    workspace, _ = open_review(options.workspace)
    fractions = () if no_curve else FRACTIONS
    with progress("training", folds * (1 + len(fractions)), show=not options.json) as tick:
        found, folder = evaluate(
            workspace,
            model,
            out=out,
            folds=folds,
            fractions=fractions,
            workers=workers,
            done=lambda done, of: tick(f"{done} of {of}"),
        )
    if options.json:
        print_json(asdict(found))
        return
    print_table(
        ("theme", "examples", "precision", "recall", "F1", "average precision (95 % interval)"),
        [
            (
                t.theme,
                t.examples,
                f"{t.precision.value:.2f}",
                f"{t.recall.value:.2f}",
                f"{t.f1.value:.2f}",
                f"{t.average_precision.value:.2f} ({t.average_precision.low:.2f} to {t.average_precision.high:.2f})",
            )
            for t in found.themes
        ],
    )
    click.echo(
        f"Mean average precision {found.average_precision.value:.3f}, mean F1 {found.f1.value:.3f}, calibration error "
        f"{found.calibration_error:.3f}, on {found.passages:,} held-out passages of {found.documents:,} documents"
    )
    click.echo(f"Card       {folder / 'evaluation.html'}")
