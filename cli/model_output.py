"""How models did, on the terminal, and what the commands on models share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.output import print_table

if TYPE_CHECKING:
    from models.evaluation.comparison_record import ChampionComparison


BY = click.option("--by", metavar="NAME", help="Your name in the history (default: your name on this computer).")
WHY = click.option("--why", default="", help="Why, for the history.")


def print_comparison(trial: ChampionComparison) -> None:
    """How a challenger did, as a table and a sentence."""
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


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
