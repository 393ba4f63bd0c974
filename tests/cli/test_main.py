"""The command: what a newcomer types wrongly gets one clear line, exit 1, and nothing changed on disk."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cli.command import Options, command
from cli.command_folder import CommandFolder
from cli.main import jaiza
from corpus.workspace import read_review, write_atomic

INIT = ("review.toml", "title = 'Mine'\nshipped_sources = false\n")
SOURCES = ("sources.toml", "[[source]]\nid = 'khan-2016'\nlabel = 'Khan (2016)'\ntitle = 'Zakat and poverty'\n")
MARKER = ("workspace.json", '{"format": 1}')
Jaiza = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Jaiza:
    """Run a command on the workspace tmp_path/w."""

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(jaiza, ["--workspace", str(tmp_path / "w"), *arguments])

    return command


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _prepare(folder: Path, *files: tuple[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "arguments", "message"),
    [
        ([("review.toml", "title = 'x\n")], ["sources", "list"], "review.toml: not valid TOML"),
        ([("review.toml", "titel = 'x'\n")], ["sources", "list"], "unknown key 'titel'. Did you mean 'title'?"),
        ([INIT, ("sources.toml", SOURCES[1] * 2)], ["run"], "khan-2016"),
        ([INIT, ("sources.toml", "[[source]]\nid='a'\n")], ["sources", "check"], "sources.toml"),
        ([INIT, SOURCES, ("codebook.toml", "nonsense\n")], ["merge"], "codebook.toml: not valid TOML"),
        ([INIT, SOURCES, MARKER], ["import", "nowhere.csv"], "nowhere.csv: can't be read (No such file or directory)"),
        ([INIT, SOURCES, MARKER], ["pull", "khan-2061"], "no source 'khan-2061': did you mean 'khan-2016'?"),
        ([("workspace.json", '{"format": 99}')], ["run"], "made by a newer Jaiza (workspace format 99"),
        ([("workspace.json", "half a fi")], ["run"], "workspace.json is damaged"),
        ([("thesis.docx", "mine")], ["run"], "is not a Jaiza workspace and holds other things (thesis.docx)"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else "",
)
def test_bad_input_is_one_line_and_changes_nothing(
    tmp_path: Path, run: Jaiza, files: list[tuple[str, str]], arguments: list[str], message: str
) -> None:
    _prepare(tmp_path / "w", *files)
    before = _files(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""
    assert _files(tmp_path) == before


def test_an_unknown_theme_in_a_decisions_file_adds_none_of_its_lines(tmp_path: Path, run: Jaiza) -> None:
    _prepare(tmp_path / "w", INIT, SOURCES)
    table = tmp_path / "decisions.csv"
    table.write_text("source,theme,value,coder\nkhan-2016,GW,1,A\nkhan-2016,XX,1,A\n", encoding="utf-8")
    result = run("import", str(table))
    assert result.exit_code == 1
    assert "decisions.csv: line 3: no theme 'XX'" in result.stderr
    table.write_text("source,theme,value,coder\nkhan-2016,GW,1,A\n", encoding="utf-8")
    assert "1 decision added, 0 known already" in run("import", str(table)).stdout
    assert "0 decisions added, 1 known already" in run("import", str(table)).stdout


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the super-user may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    result = CliRunner().invoke(jaiza, ["--workspace", str(tmp_path / "locked" / "w"), "run"])
    assert (result.exit_code, "can't be written" in result.stderr) == (1, True)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(jaiza, ["--workspace", str(tmp_path / "letter.txt" / "w"), "run"])
    assert (result.exit_code, "can't be written" in result.stderr) == (1, True)
    assert _files(tmp_path) == {str(tmp_path / "letter.txt"): b"mine"}


def test_a_file_in_the_place_of_the_workspace_is_named(tmp_path: Path, run: Jaiza) -> None:
    (tmp_path / "w").write_text("a letter", encoding="utf-8")
    result = run("run")
    assert result.exit_code == 1
    assert "is a file, not a folder" in result.stderr


def test_a_disk_that_fails_whatever_is_done_is_one_line() -> None:
    @command("full", example="jaiza full")
    def full(_options: Options) -> None:
        raise OSError(28, "No space left on device")

    result = CliRunner().invoke(full, [])
    assert result.exit_code == 1
    assert result.stderr.startswith("jaiza: No space left on device: make room on the disk")
    assert len(result.stderr.splitlines()) == 1


def test_debug_shows_where_it_went_wrong(tmp_path: Path, run: Jaiza) -> None:
    (tmp_path / "w").write_text("a letter", encoding="utf-8")
    assert run("--debug", "run").exception.__class__.__name__ == "WorkspaceError"


def _commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    context = click.Context(jaiza)
    for name in jaiza.list_commands(context):
        command = jaiza.get_command(context, name)
        subcommands = command.list_commands(context) if isinstance(command, click.Group) else []
        found += [(name, sub) for sub in subcommands] or [(name,)]
    return found


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_every_command_explains_itself_with_an_example(run: Jaiza, words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert f"Example: jaiza {' '.join(words)}" in result.stdout


def test_a_wrong_option_is_a_usage_error(run: Jaiza) -> None:
    assert run("run", "--fast").exit_code == 2


def test_a_review_of_ones_own_from_init_to_list(tmp_path: Path) -> None:
    place = str(tmp_path / "pensions")
    runner = CliRunner()
    assert runner.invoke(jaiza, ["init", place, "--title", 'Pensions "in" Asia']).exit_code == 0
    added = runner.invoke(
        jaiza,
        ["sources", "add", "-w", place, "--title", "Pensions and work", "--author", "Khan, Amina", "--year", "2016"],
    )
    assert added.exit_code == 0, added.stderr
    listed = runner.invoke(jaiza, ["sources", "list", "-w", place, "--json"])
    (source,) = json.loads(listed.stdout)
    assert (source["title"], source["year"], source["label"]) == ("Pensions and work", 2016, "Khan (2016)")
    assert 'title = "Pensions \\"in\\" Asia"' in (tmp_path / "pensions" / "review.toml").read_text(encoding="utf-8")
    again = runner.invoke(jaiza, ["init", place])
    assert (again.exit_code, "holds a review already" in again.stderr) == (1, True)


_ENGINES = ("prefect", "scipy.stats", "sklearn", "spacy", "pandas", "matplotlib", "httpx", "pypdfium2", "PIL.Image")
_NUMBERS = (*_ENGINES, "numpy", "rapidfuzz", "sqlalchemy")


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], (*_NUMBERS, "pydantic", "urllib.request")),
        (["sources", "--help"], (*_NUMBERS, "pydantic", "urllib.request")),
        (["sources", "list"], (*_NUMBERS, "urllib.request", "bibtexparser", "rispy")),
        (["runs", "list"], _NUMBERS),
        (["models", "list"], _ENGINES),
        (["log"], (*_ENGINES, "numpy")),
        (["progress"], _ENGINES),
        (["matrix"], _ENGINES),
        (["agreement"], _ENGINES),
        (["merge"], _ENGINES),
        (["run", "--without-prefect"], ("prefect", "scipy.stats", "sklearn", "spacy", "pandas", "matplotlib")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_no_library_that_it_does_without(
    tmp_path: Path, arguments: list[str], heavy: tuple[str, ...]
) -> None:
    _prepare(tmp_path, INIT)
    code = "import sys; from cli.main import main\ntry: main()\nfinally: print(sorted(sys.modules))"
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "JAIZA_WORKSPACE": str(tmp_path)})
    loaded = done.stdout.splitlines()[-1]
    assert loaded.startswith("["), done.stderr
    assert [name for name in heavy if f"'{name}'" in loaded] == []


def test_the_list_of_commands_says_what_each_says_itself(run: Jaiza) -> None:
    context = click.Context(jaiza)
    listed = run("--help").stdout
    for name in jaiza.list_commands(context):
        command = jaiza.get_command(context, name)
        assert command is not None
        assert command.name == name
        beginning = command.get_short_help_str(30).removesuffix("...")
        assert re.search(rf"^  {name} +{re.escape(beginning)}", listed, re.MULTILINE), name


def test_the_list_of_commands_has_sections_in_the_order_of_the_work(run: Jaiza) -> None:
    listed = run("--help").stdout
    titles = re.findall(r"^([A-Z][^\n]*):$", listed, re.MULTILINE)
    assert titles[0] == "Options"
    assert titles[1].startswith("Run the review")
    assert titles[-1] == "Look after a review"
    assert "Commands" not in titles  # each has a section


def test_a_command_is_one_file_in_a_section_whose_title_its_folder_tells(tmp_path: Path) -> None:
    (tmp_path / "counting").mkdir()
    (tmp_path / "counting" / "__init__.py").write_text('"""Count things."""\n', encoding="utf-8")
    command = 'import click\n\n\n@click.command("for")\ndef for_command() -> None:\n    """Count for ever. And on."""\n'
    (tmp_path / "counting" / "for_.py").write_text(command, encoding="utf-8")
    group = CommandFolder("test", package="nowhere", folder=tmp_path)
    assert group.list_commands(click.Context(group)) == ["for"]
    assert group.get_command(click.Context(group), "unheard-of") is None
    shown = CliRunner().invoke(group, ["--help"]).stdout
    assert re.search(r"^Count things:\n  for +Count for ever\.$", shown, re.MULTILINE)


def test_no_two_commands_have_a_name_in_common() -> None:
    names = jaiza.list_commands(click.Context(jaiza))
    assert len(set(names)) == len(names)


def test_a_pipe_named_as_a_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_atomic(pipe, b"words")
    assert os.read(reading, 10) == b"words"
    os.close(reading)
    assert pipe.is_fifo()


@pytest.mark.parametrize(("files", "root"), [([INIT, SOURCES, MARKER], "."), ([], "workspace")])
def test_a_review_one_stands_in_is_the_one_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[tuple[str, str]], root: str
) -> None:
    _prepare(tmp_path, *files)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(jaiza, ["sources", "list", "--json"])
    assert done.exit_code == 0
    assert ("khan-2016" in done.output) == (root == ".")
    assert (tmp_path / "workspace").exists() == (root == "workspace")


@pytest.mark.parametrize(
    "shows", ["matrix", "progress", "log", "runs list", "models list", "export csv", "codebook show"]
)
def test_a_misspelt_folder_begins_no_review(tmp_path: Path, shows: str) -> None:
    result = CliRunner().invoke(jaiza, [*shows.split(), "-w", str(tmp_path / "pensoins")])
    assert result.exit_code == 1
    assert f"begin a review there with `jaiza init {tmp_path / 'pensoins'}`" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_review_of_ones_own_without_a_title_does_not_get_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "review.toml"
    path.write_text("shipped_sources = false\n", encoding="utf-8")
    assert read_review(path).title == "Untitled review"
    path.write_text("shipped_sources = true\n", encoding="utf-8")
    assert "25 studies" in read_review(path).title
