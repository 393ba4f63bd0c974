"""Letting a PDF given by hand stand for a source, and telling what came of it."""

from __future__ import annotations

import sys

import click

from cli.command import FAILED
from corpus.outcome import USABLE, Outcome


def tell_attached(outcome: Outcome) -> None:
    """What came of it, in lines for people."""
    click.echo(f"{outcome.source_id}: {outcome.state}: {outcome.message}")
    for line in (*outcome.warnings, outcome.remedy):
        if line:
            click.echo(f"  {line}")


def exit_if_unusable(outcome: Outcome) -> None:
    """Exit code 1 where the file can't stand for its source."""
    if outcome.state not in USABLE and outcome.state != "no text layer":
        sys.exit(FAILED)
