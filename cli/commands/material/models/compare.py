"""`jaiza models compare`: two models on the same held-out documents."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.command import WORKERS, Options, command, folds
from cli.model_output import print_comparison
from cli.output import print_json
from corpus.errors import JaizaError
from models.evaluation.defaults import FOLDS
from pipeline.open_review import open_review
from pipeline.progress import progress


@command("compare", example="jaiza models compare 3f2a 91bc", reads=True)
@click.argument("old")
@click.argument("new")
@folds(FOLDS, "Rounds in which documents are held out.")
@WORKERS
def compare_command(options: Options, *, old: str, new: str, folds: int, workers: int) -> None:
    """Try two models on the same held-out documents: those of NEW, each trained anew without them."""
    from models.codebook.codebook import load_codebook
    from models.codebook.lexicon import load_lexicon
    from models.encoder.sentence_encoder import open_encoders
    from models.evaluation.champion_challenger import compare
    from models.model_list import find_model
    from models.registry.training_record import learned_passages

    workspace, _ = open_review(options.workspace)
    codebook = load_codebook(workspace)
    first, second = find_model(workspace, old), find_model(workspace, new)
    if first == second:
        raise JaizaError(f"{first} is compared with itself: name two models (`jaiza models list`)")
    pair = [(one, learned_passages(workspace, one, codebook)) for one in (first, second)]
    with progress("training", 2 * folds, show=not options.json) as tick:
        trial = compare(
            codebook,
            load_lexicon(workspace, codebook),
            *pair,
            folds=folds,
            workers=workers,
            done=lambda done, of: tick(f"{done} of {of}"),
            encoders=open_encoders(workspace),
        )
    if options.json:
        print_json(asdict(trial))
        return
    print_comparison(trial)
