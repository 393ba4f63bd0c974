"""`jaiza retrain` and `jaiza models`: the life of a model."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from cli.main import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError
from pipeline.open_review import open_review
from pipeline.progress import progress

if TYPE_CHECKING:
    from corpus.workspace import Workspace
    from models.evaluation.champion_challenger import ChampionComparison
    from pipeline.retrain import Retrained

_FOLDS = click.option(
    "--folds", type=click.IntRange(2, 20), default=3, show_default=True, help="Rounds in which documents are held out."
)
_WORKERS = click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Models trained side by side."
)
_BY = click.option("--by", metavar="NAME", help="Your name in the history (default: your name on this computer).")
_WHY = click.option("--why", default="", help="Why, for the history.")


@command("retrain", example="jaiza retrain")
@click.option("--no-promote", is_flag=True, help="Keep the new model as a candidate, however good it is.")
@_FOLDS
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Models trained side by side."
)
@click.option("--without-prefect", is_flag=True, help="Do the same without Prefect: no run history.")
def retrain_command(
    options: Options, *, no_promote: bool, folds: int, workers: int, without_prefect: bool
) -> None:  # fmt: skip
    """Learn from the decisions of people, and let the new model count if it is better.

    The new model (challenger) learns from the seed passages and from what people accepted, corrected, rejected, added,
    or saw and left uncoded. It counts only if it is better than the model in use (champion) on documents that neither
    has seen, and no theme is clearly worse. Otherwise it is kept as a candidate, with the reason.
    """
    workspace, _ = open_review(options.workspace)
    with progress("training", 2 * folds + 6, show=not options.json) as tick:
        if without_prefect:
            from pipeline.retrain import retrain

            done = retrain(
                workspace,
                promote_if_better=not no_promote,
                folds=folds,
                workers=workers,
                told=lambda what, number, of: tick(f"{what} {number} of {of}"),
            )
        else:
            done = _through_prefect(
                workspace.prefect_home, tick,
                workspace=workspace.root, promote=not no_promote, folds=folds, workers=workers,
            )  # fmt: skip
    if options.json:
        print_json(asdict(done) | {"learned": _lessons(done)})
    else:
        _tell(done)


def _through_prefect(home: Path, tick: Any, **given: Any) -> Retrained:
    from flows.prefect_server import prefect_server

    with prefect_server(home):
        from flows.retraining import Retraining, retraining

        state = retraining(parameters=Retraining(**given), tick=tick, return_state=True)
        result: Any = state.result()
        return cast("Retrained", result)


@click.group("models")
def models_command() -> None:
    """The trained models: which there are, how good they are, and which one counts.

    \b
    Examples: jaiza models list
              jaiza models evaluate
              jaiza models promote 3f2a
    """


@command("list", group=models_command, example="jaiza models list")
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
                model.model_id, model.state, model.made[:16].replace("T", " "), model.passages or "",
                "" if model.average_precision is None else f"{model.average_precision:.3f}", model.why,
            )
            for model in models
        ],
    )  # fmt: skip
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


@command("show", group=models_command, example="jaiza models show 3f2a")
@click.argument("model", required=False)
def show_command(options: Options, *, model: str | None) -> None:
    """The card of a MODEL (default: the one that counts), and how it did against the champion of its day."""
    from models.model_list import find_model, read_trial
    from models.registry.model_folder import READABLE, check_seal, read_card
    from models.registry.model_id import current_model_id

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
    if trial:
        tell_trial(trial)


@command("compare", group=models_command, example="jaiza models compare 3f2a 91bc")
@click.argument("old")
@click.argument("new")
@_FOLDS
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Models trained side by side."
)
def compare_command(options: Options, *, old: str, new: str, folds: int, workers: int) -> None:
    """Try two models on the same held-out documents: those of NEW, each trained anew without them."""
    from models.codebook.codebook import load_codebook
    from models.codebook.lexicon import load_lexicon
    from models.encoder.sentence_encoder import open_encoder
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
            codebook, load_lexicon(workspace, codebook), *pair, folds=folds, workers=workers,
            done=lambda done, of: tick(f"{done} of {of}"), encoder=open_encoder(workspace),
        )  # fmt: skip
    if options.json:
        print_json(asdict(trial))
        return
    tell_trial(trial)


@command("evaluate", group=models_command, example="jaiza models evaluate")
@click.argument("model", required=False)
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True, help="Rounds of held-out documents.")
@click.option("--no-curve", is_flag=True, help="Leave out the learning curve: half the time.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the card (default: the model's own).")
@_WORKERS
def evaluate_command(
    options: Options, *, model: str | None, folds: int, no_curve: bool, out: Path | None, workers: int
) -> None:
    """Measure a MODEL (default: the one that counts) on held-out documents: evaluation.html, .md and .json.

    Per theme precision, recall, F1 and average precision with intervals, reliability, learning curve, confusion between
    themes, results by kind of text, and the worst errors with their text.
    """
    from models.evaluation.assessment import FRACTIONS
    from pipeline.evaluate import evaluate

    workspace, _ = open_review(options.workspace)
    fractions = () if no_curve else FRACTIONS
    with progress("training", folds * (1 + len(fractions)), show=not options.json) as tick:
        found, folder = evaluate(
            workspace, model, out=out, folds=folds, fractions=fractions, workers=workers,
            done=lambda done, of: tick(f"{done} of {of}"),
        )  # fmt: skip
    if options.json:
        print_json(asdict(found))
        return
    print_table(
        ("theme", "examples", "precision", "recall", "F1", "average precision (95 % interval)"),
        [
            (
                t.theme, t.examples, f"{t.precision.value:.2f}", f"{t.recall.value:.2f}", f"{t.f1.value:.2f}",
                f"{t.average_precision.value:.2f} ({t.average_precision.low:.2f} to {t.average_precision.high:.2f})",
            )
            for t in found.themes
        ],
    )  # fmt: skip
    click.echo(
        f"Mean average precision {found.average_precision.value:.3f}, mean F1 {found.f1.value:.3f}, calibration error "
        f"{found.calibration_error:.3f}, on {found.passages:,} held-out passages of {found.documents:,} documents"
    )
    click.echo(f"Card       {folder / 'evaluation.html'}")


@command("promote", group=models_command, example='jaiza models promote 3f2a --why "reads our own reports better"')
@click.argument("model")
@_BY
@_WHY
def promote_command(options: Options, *, model: str, by: str | None, why: str) -> None:
    """Let MODEL count from now on, whatever the comparison said."""
    from models.model_list import find_model
    from models.registry.promotion import promote

    workspace, _ = open_review(options.workspace)
    model_id = find_model(workspace, model)
    _need_sound(workspace, model_id)
    event = promote(workspace, model_id, by=by or getpass.getuser(), why=why or "promoted by hand")
    if options.json:
        print_json(asdict(event))
        return
    click.echo(f"Model {model_id} counts now. The next `jaiza run` codes the documents with it.")


@command("rollback", group=models_command, example='jaiza models rollback --why "too many false alarms"')
@_BY
@_WHY
def rollback_command(options: Options, *, by: str | None, why: str) -> None:
    """Let the model count again that did before the last promotion."""
    from models.registry.promotion import SEED_MODEL, champions, history, roll_back

    workspace, _ = open_review(options.workspace)
    stack = champions(history(workspace))
    if len(stack) > 1 and stack[-2] != SEED_MODEL:
        _need_sound(workspace, stack[-2])
    event = roll_back(workspace, by=by or getpass.getuser(), why=why or "rolled back by hand")
    if options.json:
        print_json(asdict(event))
        return
    back = f"Model {event.model_id}" if event.model_id else "The model of the seed passages"
    click.echo(f"{back} counts again, instead of {event.before}. The next `jaiza run` codes the documents with it.")


def _need_sound(workspace: Workspace, model_id: str) -> None:
    """ModelError unless the model is what it was when it was made, and can be used here."""
    from models.codebook.codebook import load_codebook
    from models.codebook.lexicon import load_lexicon
    from models.model_store import load_model
    from models.registry.model_folder import check_seal

    check_seal(workspace.models / model_id)
    codebook = load_codebook(workspace)
    load_model(workspace, model_id, codebook=codebook, lexicon=load_lexicon(workspace, codebook))


def tell_trial(trial: ChampionComparison) -> None:
    """How a challenger did, as a table and a sentence."""
    click.echo(
        f"{trial.challenger} against {trial.champion}: {trial.passages:,} held-out passages of {trial.documents:,} "
        f"documents, {trial.human:,} of them judged by people of this review"
    )
    print_table(
        ("theme", "examples", trial.champion, trial.challenger, "difference (95 % interval)"),
        [
            (
                theme.theme, theme.examples, f"{theme.champion:.3f}", f"{theme.challenger:.3f}",
                f"{theme.difference.value:+.3f} ({theme.difference.low:+.3f} to {theme.difference.high:+.3f})"
                + (" worse" if theme.worse else ""),
            )
            for theme in trial.themes
        ],
    )  # fmt: skip
    click.echo(f"Macro F1 {trial.f1.value:+.3f} ({trial.f1.low:+.3f} to {trial.f1.high:+.3f}). {_capital(trial.why)}.")


def _tell(done: Retrained) -> None:
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
    tell_trial(done.trial)
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


def _lessons(done: Retrained) -> dict[str, Any]:
    """What was learned, without the texts."""
    counts = asdict(done.learned)
    passages: Sequence[Any] = counts.pop("passages")
    del counts["said"], counts["silent"]
    return counts | {"passages": len(passages)}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
