"""What became of the sources, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cli.command import Options
from cli.output import print_json, print_table
from corpus.outcome import USABLE, Outcome
from corpus.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.runs.summary import RunResult


def print_result(result: RunResult, options: Options, workspace: Workspace) -> RunResult:
    if not options.json:
        click.secho(f"{workspace.review.title}", bold=True)
        missing = [outcome for outcome in result.outcomes if outcome.state not in USABLE]
        print_table(("source", "state", "what to do"), [(o.source_id, o.state, o.remedy or o.message) for o in missing])
        print_warnings(result.outcomes)
        click.echo(result.summary)
    return result


def print_outcomes(outcomes: Sequence[Outcome], options: Options) -> None:
    from dataclasses import asdict

    if options.json:
        print_json([asdict(outcome) for outcome in outcomes])
        return
    print_table(("source", "state", "what happened and what to do"), [_format_outcome(outcome) for outcome in outcomes])
    print_warnings(outcomes)


def print_warnings(outcomes: Sequence[Outcome]) -> None:
    """Every warning once, with the sources it is about."""
    about: dict[str, list[str]] = {}
    for outcome in outcomes:
        for warning in outcome.warnings:
            about.setdefault(warning, []).append(outcome.source_id)
    for warning, ids in about.items():
        click.echo(f"warning: {', '.join(ids[:3])}{f' and {len(ids) - 3} more' if len(ids) > 3 else ''}: {warning}")


def _format_outcome(outcome: Outcome) -> tuple[str, str, str]:
    return outcome.source_id, outcome.state, ". ".join(filter(None, (outcome.message, outcome.remedy)))
