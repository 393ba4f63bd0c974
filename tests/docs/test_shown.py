"""Commands that the handbook shows can be typed, and where it shows what they print, they print it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.main import jaiza

ROOT = Path(__file__).parent.parent.parent
MADE = "reference/commands.md"  # made from the commands themselves
PAGES = [
    path
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
    if not path.as_posix().endswith(MADE)
]
_INLINE = re.compile(r"`(jaiza [^`\n]+)`")
_FILE = re.compile(r'^```\w+ title="(?P<name>[^"]+)"\n(?P<text>.*?)^```', re.DOTALL | re.MULTILINE)
_SESSION = re.compile(r"^```console\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
_LEFT_OUT = r"(?:.*\n?)*?"
PLAYED = [path for path in PAGES if _SESSION.search(path.read_text(encoding="utf-8"))]


def _typed(text: str) -> Iterator[str]:
    for line in text.splitlines():
        command = line.strip().removeprefix("$ ")
        if command.startswith("jaiza ") and (line.startswith(("    ", "$ ")) or command == line):
            yield command.split("  #")[0].split(";")[0]
    yield from _INLINE.findall(text)


SHOWN = sorted(
    {(path.relative_to(ROOT).as_posix(), line) for path in PAGES for line in _typed(path.read_text("utf-8"))}
)


def _problem(line: str) -> str:
    """Why a command can't be typed as it is shown; empty: it can."""
    words = shlex.split(line)[1:]
    found: click.Command = jaiza
    context = click.Context(jaiza, info_name="jaiza")
    while isinstance(found, click.Group):
        if not words or words[0].startswith("-"):
            return ""
        inner = found.get_command(context, words[0])
        if inner is None:
            return f"no command {words[0]}" if words[0] != "x" else ""  # any command: how to add one
        found, words = inner, words[1:]
        context = click.Context(found, parent=context)
    try:
        found.make_parser(context).parse_args(words)
    except click.UsageError as error:
        named_only = "requires an argument" in error.format_message()  # "`jaiza suggest --passages` codes any lines"
        return "" if named_only else error.format_message()
    return ""


@pytest.mark.parametrize(("page", "line"), SHOWN)
def test_every_command_that_is_shown_can_be_typed(page: str, line: str) -> None:
    assert _problem(line) == ""


def test_a_command_that_can_not_be_typed_is_found() -> None:
    assert "No such option" in _problem("jaiza matrix --sideways")
    assert _problem("jaiza matricks") == "no command matricks"


@pytest.mark.parametrize("page", PLAYED, ids=lambda path: path.name)
def test_what_is_shown_is_what_comes(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("JAIZA_WORKSPACE", "JAIZA_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for found in _FILE.finditer(text):
        Path(found["name"]).write_text(found["text"], encoding="utf-8")
    for session in _SESSION.finditer(text):
        for command, shown in _steps(session["text"]):
            said = CliRunner().invoke(jaiza, shlex.split(command)[1:]).output
            assert re.fullmatch(_pattern(shown), _folded(said)), f"{command}\n{said}"


def _steps(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def _folded(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _pattern(shown: str) -> str:
    """What is shown, where "..." by itself stands for lines that are left out, and inside a line for words."""
    lines = [_LEFT_OUT if line == "..." else _line(line) for line in _folded(shown).splitlines()]
    return "".join(lines)


def _line(line: str) -> str:
    return re.escape(line).replace(r"\.\.\.", ".*") + "\n?"
