"""The group of `jaiza sources ...` commands."""

from __future__ import annotations

import click


@click.group("sources")
def sources_command() -> None:
    """The registry: list, check, add sources, attach a PDF, find lost ones, link editions."""
