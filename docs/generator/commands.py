"""The reference of the commands, from the tree that `jaiza --help` walks."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from cli.main import jaiza
from docs.generator.markdown import block, code, page, table

COMMON = ("workspace", "as_json", "debug")


def commands_page() -> str:
    """Every command with its words, arguments, options and example."""
    context = click.Context(jaiza, info_name="jaiza")
    common = [param for param in _first_command(context).get_params(context) if param.name in COMMON]
    parts = [
        "What `--help` says of each command. [commands.md](../commands.md) tells what they are for.",
        "Every command takes:",
        _options(common, context),
    ]
    for found, inner in _walk(jaiza, context):
        parts.extend(_told(found, inner))
    return page("Commands", *parts)


def _first_command(context: click.Context) -> click.Command:
    found = jaiza.get_command(context, "doctor")
    assert found is not None
    return found


def _walk(group: click.Group, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if found is None or found.hidden:
            continue
        inner = click.Context(found, parent=context, info_name=name)
        yield found, inner
        if isinstance(found, click.Group):
            yield from _walk(found, inner)


def _told(found: click.Command, context: click.Context) -> Iterator[str]:
    depth = context.command_path.count(" ")
    yield f"{'#' * min(depth + 1, 3)} {context.command_path}"
    yield _prose(found.help or "")
    if isinstance(found, click.Group):
        return
    yield block(" ".join([context.command_path, *found.collect_usage_pieces(context)]))
    own = [param for param in found.get_params(context) if param.name not in COMMON]
    yield _options(own, context)
    if found.epilog:
        yield found.epilog.replace("Example: ", "Example:\n\n    ", 1)


def _prose(text: str) -> str:
    parts = [inspect.cleandoc(part) for part in re.split(r"\n\s*\n", inspect.cleandoc(text))]
    return "\n\n".join(block(part[2:].strip("\n")) if part.startswith("\b") else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    return re.sub(r"(?<!`)([<*_\[])", r"\\\1", text)


def _options(params: list[click.Parameter], context: click.Context) -> str:
    rows = []
    for param in params:
        if isinstance(param, click.Option) and not param.hidden and "--help" not in param.opts:
            record = param.get_help_record(context)
            if record:
                rows.append([code(record[0]), _escaped(record[1])])
    return table(["option", "what it does"], rows) if rows else ""
