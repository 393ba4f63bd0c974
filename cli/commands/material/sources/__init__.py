"""`jaiza sources`: the registry of what is to be read."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command_folder import CommandFolder


@click.group("sources", cls=CommandFolder, package=__name__, folder=Path(__file__).parent)
def sources_command() -> None:
    """The registry: list, check, add sources, attach a PDF, find lost ones, link editions."""
