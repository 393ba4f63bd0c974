"""A group of commands that is a folder: one file a command, named as the command is, imported when it is asked for."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click


class CommandFolder(click.Group):
    """The commands in the folder of a package. A new command is a new file.

    The file of `second-looks` is second_looks.py, that of `import` is import_.py, and the command in it is called
    `second_looks_command`. A folder in place of the file is a group again.
    """

    def __init__(self, *given: Any, package: str, folder: Path, first: Sequence[str] = (), **named: Any) -> None:
        """`first`: names of commands that are listed before the others, which follow in the order of the alphabet."""
        super().__init__(*given, **named)
        self._package, self._folder, self._listed_first = package, folder, tuple(first)

    def list_commands(self, ctx: click.Context) -> list[str]:
        found = {_name_of(path) for path in self._folder.iterdir() if _is_command(path)}
        return [*self._listed_first, *sorted(found - set(self._listed_first))]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        stem = _stem_of(name)
        if self._file_of(stem) is None:
            return None
        found: click.Command = getattr(import_module(f"{self._package}.{stem}"), _function_of(stem))
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, each with the first sentence of its help, read from its file without importing it."""
        names = self.list_commands(ctx)
        limit = formatter.width - 6 - max(map(len, names), default=0)
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._describe(name).get_short_help_str(limit)) for name in names])

    def _describe(self, name: str) -> click.Command:
        """A command that has nothing but its help."""
        stem = _stem_of(name)
        path = self._file_of(stem)
        text = path.read_text(encoding="utf-8") if path else ""
        found = re.search(rf'^def {_function_of(stem)}\(.*?"""(.*?)"""', text, re.DOTALL | re.MULTILINE)
        return click.Command(name, help=found[1] if found else "")

    def _file_of(self, stem: str) -> Path | None:
        for path in (self._folder / f"{stem}.py", self._folder / stem / "__init__.py"):
            if path.is_file():
                return path
        return None


def _is_command(path: Path) -> bool:
    is_file = path.suffix == ".py" or (path / "__init__.py").is_file()
    return is_file and not path.name.startswith("_")


def _stem_of(name: str) -> str:
    stem = name.replace("-", "_")
    return f"{stem}_" if keyword.iskeyword(stem) else stem


def _name_of(path: Path) -> str:
    return path.stem.rstrip("_").replace("_", "-")


def _function_of(stem: str) -> str:
    return f"{stem.rstrip('_')}_command"
