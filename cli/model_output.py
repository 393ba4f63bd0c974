"""How models did, on the terminal, and what the commands on models share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.output import print_table

if TYPE_CHECKING:
    from models.evaluation.comparison_record import ChampionComparison
    from models.registry.model_card import ModelCard
    from models.suggest.review_calibration import ReviewCalibration

_AIMS = ("sure", "balanced", "find more")
BY = click.option("--by", metavar="NAME", help="Your name in the history (default: your name on this computer).")
WHY = click.option("--why", default="", help="Why, for the history.")


def print_comparison(trial: ChampionComparison) -> None:
    """How a challenger did, as a table and a sentence; where nothing was held out there are no figures to tell."""
    if not trial.passages:
        click.echo(f"{trial.challenger} against {trial.champion}: nothing was held out. {_capitalise(trial.why)}.")
        return
    click.echo(
        f"{trial.challenger} against {trial.champion}: {trial.passages:,} held-out passages of {trial.documents:,} "
        f"documents, {trial.human:,} of them judged by people of this review"
    )
    print_table(
        ("theme", "examples", trial.champion, trial.challenger, "difference (95 % interval)"),
        [
            (
                theme.theme,
                theme.examples,
                f"{theme.champion:.3f}",
                f"{theme.challenger:.3f}",
                f"{theme.difference.value:+.3f} ({theme.difference.low:+.3f} to {theme.difference.high:+.3f})"
                + (" worse" if theme.worse else ""),
            )
            for theme in trial.themes
        ],
    )
    click.echo(
        f"Macro F1 {trial.f1.value:+.3f} ({trial.f1.low:+.3f} to {trial.f1.high:+.3f}). {_capitalise(trial.why)}."
    )


def print_calibration(found: ReviewCalibration, card: ModelCard) -> None:
    """A line on what it was made from, and a row for each theme."""
    click.echo(
        f"Set on {found.passages:,} passages of {found.studies} studies and {found.decided:,} decided suggestions "
        f"({found.finished} studies finished), {found.made[:16].replace('T', ' ')} UTC, for model {found.coding}:"
    )
    usual = {theme.code: theme.proposed.threshold for theme in card.themes}
    print_table(
        ("theme", "expected", *(f"{name} from" for name in _AIMS), "right", "wrong", "scores moved by", "false alarms"),
        [
            (
                one.theme,
                f"{one.share:.1%}",
                *(f"{one.thresholds.get(name, usual[one.theme]):.2f}" for name in _AIMS),
                one.right,
                one.wrong,
                f"{one.shift:+.2f}" if one.shift else "",
                f"{one.alarms['balanced'].rate:.2%}" if "balanced" in one.alarms else "usual",
            )
            for one in found.themes
        ],
    )
    click.echo(
        "Expected: share of the passages that have the theme. Right, wrong: decided suggestions. Scores are moved (in "
        "log-odds) once a study is finished. False alarms: wrong suggestions among passages without the theme."
    )


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
