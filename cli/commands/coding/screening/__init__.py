"""`jaiza screening`: which records belong in the review."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command_folder import CommandFolder


@click.group("screening", cls=CommandFolder, package=__name__, folder=Path(__file__).parent)
def screening_command() -> None:
    """Which records belong in the review, by title and abstract or by full text: decide, list, see how far it is."""
