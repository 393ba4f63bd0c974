"""The documents say what the program does: every command, option, setting, state and theme is in them."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import get_args

import click
import pytest

from annotations.decisions_csv import OPTIONAL, REQUIRED
from cli.main import jaiza
from corpus.outcome import OutcomeState
from corpus.settings.schedule_settings import ScheduleSettings
from corpus.settings.screening_settings import ScreeningSettings
from corpus.workspace import (
    PREPARED,
    CodingSettings,
    ExtractSettings,
    ModelSettings,
    PullSettings,
    ResolveSettings,
    Review,
    StoreSettings,
)
from exchange.formats import FORMATS
from models.codebook.codebook import shipped_codebook

CONTEXT = click.Context(jaiza)
ROOT = Path(__file__).parent.parent.parent
README, COMMANDS, WORKSPACE, METHOD, EXCHANGE = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "docs/commands.md", "docs/workspace.md", "docs/method.md", "docs/exchange.md")
)


@pytest.mark.parametrize("name", jaiza.list_commands(CONTEXT))
def test_every_command_is_explained(name: str) -> None:
    assert f"`jaiza {name}" in README or f"`{name}`" in README
    assert f"jaiza {name}" in COMMANDS or f", {name}" in COMMANDS


@pytest.mark.parametrize("name", jaiza.list_commands(CONTEXT))
def test_every_option_is_explained(name: str) -> None:
    found = jaiza.get_command(CONTEXT, name)
    commands = [found]
    if isinstance(found, click.Group):
        commands = [found.get_command(CONTEXT, one) for one in found.list_commands(CONTEXT)]
    options = {option for command in commands if command for param in command.params for option in param.opts}
    long = {option for option in options if option.startswith("--")} - {"--help"}
    optional_facts = {"--id", "--label", "--file"}  # of `sources add`: --help tells
    assert [option for option in sorted(long - optional_facts) if option not in COMMANDS] == []


_TABLES = {
    PullSettings: "[pull] ",
    ExtractSettings: "[extract] ",
    CodingSettings: "[coding] ",
    ModelSettings: "[models] ",
    ResolveSettings: "[resolve] ",
    StoreSettings: "[store] ",
    ScreeningSettings: "[screening] ",
    ScheduleSettings: "[schedule] ",
}


@pytest.mark.parametrize("type_", [Review, *_TABLES])
def test_every_setting_is_explained_with_its_default(type_: type) -> None:
    for field in fields(type_):
        if f"[{field.name}] " in _TABLES.values():
            continue
        name = f"`{_TABLES.get(type_, '')}{field.name}`"
        lines = [line for line in WORKSPACE.splitlines() if line.startswith(f"| {name} |")]
        assert len(lines) == 1, field.name
        if field.name != "title":
            number = isinstance(field.default, int | float) and not isinstance(field.default, bool)
            default = f"{field.default:g}" if number else json.dumps(field.default)
            assert f"| `{default}` |" in lines[0]


@pytest.mark.parametrize("name", sorted(PREPARED - {"sample"}))
def test_every_file_of_a_workspace_is_explained(name: str) -> None:
    assert name in WORKSPACE


@pytest.mark.parametrize("state", sorted(get_args(OutcomeState)))
def test_every_state_of_a_source_is_explained(state: str) -> None:
    assert f"`{state}`" in COMMANDS


@pytest.mark.parametrize("column", [*REQUIRED, *OPTIONAL])
def test_every_column_of_a_decisions_file_is_explained(column: str) -> None:
    assert f"`{column}`" in COMMANDS


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_export_is_explained(name: str) -> None:
    rows = [line.split("|")[1] for line in EXCHANGE.splitlines() if line.startswith("| `")]
    assert any(f"`{name}`" in row for row in rows)


def test_every_theme_is_explained() -> None:
    for theme in shipped_codebook().themes:
        assert f"| {theme.code} | {theme.name} |" in METHOD
