"""Results on the terminal: aligned columns for people, JSON for programs."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Sequence

import click

_WIDTH_WHEN_PIPED = 160


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows under a head; the last column wraps, so that nothing is cut off."""
    if not rows:
        return
    cells = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH_WHEN_PIPED
    indent = sum(width + 2 for width in widths[:-1])
    for number, row in enumerate(cells):
        start = "".join(f"{cell:<{width}}  " for cell, width in zip(row[:-1], widths, strict=False))
        lines = textwrap.wrap(row[-1], max(30, room - indent)) or [""]
        for i, line in enumerate(lines):
            text = (start if i == 0 else " " * indent) + line
            click.echo(click.style(text.rstrip(), bold=True) if number == 0 else text.rstrip())
