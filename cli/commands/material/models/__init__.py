"""`jaiza models`: the trained models, how good they are, and which one counts."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command_folder import CommandFolder


@click.group("models", cls=CommandFolder, package=__name__, folder=Path(__file__).parent)
def models_command() -> None:
    """The trained models: which there are, how good they are, and which one counts.

    \b
    Examples: jaiza models list
              jaiza models evaluate
              jaiza models promote 3f2a
    """
