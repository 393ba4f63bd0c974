"""The options by which a theme is worded on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_LISTS = (
    ("--include", "include", "What is coded with it, a sentence; give it as often as you like."),
    ("--exclude", "exclude", "What is not coded with it."),
    ("--typical", "examples", "A typical sentence."),
    ("--borderline", "borderline", "A sentence near the border, with the decision."),
)


def wording_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Name, definition, rules and examples, and --yes."""
    function = click.option("--yes", is_flag=True, help="Do not ask first.")(function)
    for option, name, told in reversed(_LISTS):
        function = click.option(option, name, multiple=True, metavar="TEXT", help=told)(function)
    function = click.option("--counts-under", metavar="CODE", help="Counted in that theme's column.")(function)
    function = click.option("--definition", metavar="TEXT", help="When a passage has the theme, in a sentence.")(
        function
    )
    return click.option("--name", metavar="TEXT", help="Its name in full.")(function)
