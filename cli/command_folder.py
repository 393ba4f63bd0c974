"""A group of commands that is a folder: one file a command, named as the command is, imported when it is asked for."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class CommandSection:
    """Commands that stand together in --help, under a title."""

    title: str
    package: str  # "cli.commands.results"
    folder: Path

    def command_files(self) -> Iterator[Path]:
        """Files of commands, and folders that are groups of commands."""
        for path in self.folder.iterdir():
            if not path.name.startswith("_") and (path.suffix == ".py" or _is_group(path)):
                yield path

    def find(self, stem: str) -> Path | None:
        """The file that holds the command; None where this section has no such command."""
        for path in (self.folder / f"{stem}.py", self.folder / stem / "__init__.py"):
            if path.is_file() and (path.stem == stem or _is_group(path.parent)):
                return path
        return None


class CommandFolder(click.Group):
    """The commands in the folder of a package. A new command is a new file.

    The file of `second-looks` is second_looks.py, that of `import` is import_.py, and the command in it is called
    `second_looks_command`. A folder in place of the file is a group again if its __init__ has such a command; a folder
    whose __init__ is a docstring only is a section of --help, and the docstring its title.
    """

    def __init__(
        self,
        *given: Any,
        package: str,
        folder: Path,
        sections: Sequence[str] = (),
        first: Sequence[str] = (),
        **named: Any,
    ) -> None:
        """`sections`, `first`: folders and commands that are listed before the others, which follow by name."""
        super().__init__(*given, **named)
        self._own = CommandSection("Commands", package, folder)
        self._sections_first, self._commands_first = tuple(sections), tuple(first)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for section in self.sections() for name in self.list_section(section)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        stem = _stem_of(name)
        for section in self.sections():
            if section.find(stem) is not None:
                module = import_module(f"{section.package}.{stem}")
                found: click.Command = getattr(module, _function_of(stem))
                return found
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, each with the first sentence of its help, read from its file without importing it."""
        limit = formatter.width - 6 - max(map(len, self.list_commands(ctx)), default=0)
        for section in self.sections():
            rows = [(name, _describe(section, name, limit)) for name in self.list_section(section)]
            if rows:
                with formatter.section(section.title):
                    formatter.write_dl(rows)

    def list_section(self, section: CommandSection) -> list[str]:
        """Names of its commands, in the order of --help."""
        return _in_order((_name_of(path) for path in section.command_files()), self._commands_first)

    def sections(self) -> list[CommandSection]:
        """The folder itself, and those in it that are sections."""
        own = self._own
        names = [path.name for path in own.folder.iterdir() if _is_section(path)]
        return [own, *(_read_section(own, name) for name in _in_order(names, self._sections_first))]


def _read_section(parent: CommandSection, name: str) -> CommandSection:
    folder = parent.folder / name
    title = (folder / "__init__.py").read_text(encoding="utf-8").strip('" .\n')
    return CommandSection(title or name, f"{parent.package}.{name}", folder)


def _describe(section: CommandSection, name: str, limit: int) -> str:
    """The first sentence of a command's help, at most `limit` characters."""
    stem = _stem_of(name)
    path = section.find(stem)
    text = path.read_text(encoding="utf-8") if path else ""
    found = re.search(rf'^def {_function_of(stem)}\(.*?"""(.*?)"""', text, re.DOTALL | re.MULTILINE)
    return click.Command(name, help=found[1] if found else "").get_short_help_str(limit)


def _is_group(path: Path) -> bool:
    init = path / "__init__.py"
    return init.is_file() and f"def {_function_of(path.name)}(" in init.read_text(encoding="utf-8")


def _is_section(path: Path) -> bool:
    return not path.name.startswith("_") and (path / "__init__.py").is_file() and not _is_group(path)


def _in_order(names: Iterator[str] | Sequence[str], first: Sequence[str]) -> list[str]:
    """`names`, those that are in `first` before the others, which are in the order of the alphabet."""
    return sorted(names, key=lambda name: (first.index(name) if name in first else len(first), name))


def _stem_of(name: str) -> str:
    stem = name.replace("-", "_")
    return f"{stem}_" if keyword.iskeyword(stem) else stem


def _name_of(path: Path) -> str:
    return path.stem.rstrip("_").replace("_", "-")


def _function_of(stem: str) -> str:
    return f"{stem.rstrip('_')}_command"
