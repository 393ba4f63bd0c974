"""`jaiza retrain`: a model from the decisions so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from cli.command import WORKERS, Options, command, folds
from cli.model_output import print_comparison
from cli.output import print_json
from corpus.json_table import JsonObject
from models.evaluation.defaults import FOLDS
from pipeline.open_review import open_review
from pipeline.progress import progress

if TYPE_CHECKING:
    from pipeline.learning.retrain import Retrained


@command("retrain", example="jaiza retrain")
@click.option("--no-promote", is_flag=True, help="Keep the new model as a candidate, however good it is.")
@click.option(
    "--decisions-of",
    multiple=True,
    metavar="CODER",
    help="Learn from the decisions of this coder, and of others so named; rulings count in any case (default: all).",
)
@folds(FOLDS, "Rounds in which documents are held out.")
@WORKERS
@click.option("--without-prefect", is_flag=True, help="Do the same without Prefect: no run history.")
def retrain_command(
    options: Options,
    *,
    no_promote: bool,
    decisions_of: tuple[str, ...],
    folds: int,
    workers: int,
    without_prefect: bool,
) -> None:
    """Learn from the decisions of people, and let the new model count if it is better.

    The new model (challenger) learns from the seed passages and from what people accepted, corrected, rejected, added,
    or saw and left uncoded. It counts only if it is better than the model in use (champion) on documents that neither
    has seen, and no theme is clearly worse. Otherwise it is kept as a candidate, with the reason.
    """
    workspace, _ = open_review(options.workspace)
    with progress("training", 2 * folds + 6, show=not options.json) as tick:
        if without_prefect:
            from pipeline.learning.retrain import retrain

            done = retrain(
                workspace,
                promote_if_better=not no_promote,
                folds=folds,
                workers=workers,
                decisions_of=decisions_of,
                told=lambda what, number, of: tick(f"{what} {number} of {of}"),
            )
        else:
            done = _through_prefect(
                workspace.prefect_home,
                tick,
                workspace=workspace.root,
                promote=not no_promote,
                folds=folds,
                workers=workers,
                decisions_of=decisions_of,
            )
    if options.json:
        print_json(asdict(done) | {"learned": _summarise_lessons(done)})
    else:
        _print_retrained(done)


def _through_prefect(home: Path, tick: Any, **given: Any) -> Retrained:
    from flows.prefect_server import prefect_server

    with prefect_server(home):
        from flows.retraining import Retraining, retraining

        state = retraining(parameters=Retraining(**given), tick=tick, return_state=True)
        result: object = state.result()
        return cast("Retrained", result)


def _print_retrained(done: Retrained) -> None:
    learned = done.learned
    click.echo(
        f"Learned from {done.seed:,} seed passages and {len(learned.passages):,} of this review: {learned.positive:,} "
        f"with a theme, {learned.rejected:,} judged to have none, {learned.passed_over:,} seen and left uncoded"
    )
    if learned.disputed:
        click.echo(f"{learned.disputed:,} passages were left out because coders disagree on them: adjudicate them")
    if learned.older_codebook:
        click.echo(f"{learned.older_codebook:,} decisions were made under an earlier revision of the codebook")
    if learned.picked:
        click.echo(
            f"{learned.picked:,} passages are answers to suggestions: learned from, but not tried on, since the model "
            "in use picked them"
        )
    for theme, examples in done.by_rules.items():
        click.echo(f"{theme}: {examples} examples are too few to learn from; the phrase rules alone propose it")
    print_comparison(done.trial)
    if done.promoted and done.known:
        click.echo(f"Model {done.model_id} has learned all this already, and counts.")
    elif done.promoted:
        click.echo(f"Model {done.model_id} counts now. The next `jaiza run` codes the documents with it.")
    else:
        again = "is kept as a candidate, as before" if done.known else "is kept as a candidate"
        click.echo(
            f"Model {done.model_id} {again}; {done.champion} still counts. "
            f"`jaiza models promote {done.model_id}` lets it count all the same."
        )


def _summarise_lessons(done: Retrained) -> JsonObject:
    """What was learned, without the texts."""
    counts = asdict(done.learned)
    passages: Sequence[object] = counts.pop("passages")
    del counts["said"], counts["silent"]
    return counts | {"passages": len(passages)}
