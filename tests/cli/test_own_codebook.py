"""A review of one's own topic from the command line: templates that can be read, themes added and changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import jaiza
from corpus.workspace import open_workspace
from models.codebook.codebook import read_codebook
from models.codebook.lexicon import read_lexicon
from models.codebook.revisions import kept_revisions
from models.labelled_passages import read_labelled

Jaiza = Callable[..., Result]
DEFINITION = "The passage says that schools were handed over."


@pytest.fixture
def run(tmp_path: Path) -> Jaiza:
    def command(*arguments: str) -> Result:
        return CliRunner().invoke(jaiza, ["--workspace", str(tmp_path / "w"), *arguments])

    CliRunner().invoke(jaiza, ["init", str(tmp_path / "w"), "--title", "Schools"])
    return command


def test_the_templates_of_a_new_review_can_be_read_and_are_about_no_other_topic(run: Jaiza, tmp_path: Path) -> None:
    folder = tmp_path / "w" / "templates"
    codebook = read_codebook(folder / "codebook.toml")
    assert read_lexicon(folder / "lexicon.toml").rules[0].theme == codebook.codes[0]
    assert read_labelled([folder / "seed.jsonl"], themes=codebook.codes)
    for path in (tmp_path / "w").rglob("*.toml"):
        assert not {"pakistan", "zakat", "social protection"} & {path.read_text().lower()}
        assert "Pakistan" not in path.read_text()
    for name in ("screening.toml", "codebook.toml", "lexicon.toml"):
        (tmp_path / "w" / name).write_bytes((folder / name).read_bytes())
    assert run("sources", "list").exit_code == 0
    assert "DEC" in run("codebook", "show").output


def test_a_theme_is_added_and_changed_and_every_revision_is_kept(run: Jaiza, tmp_path: Path) -> None:
    made = run("codebook", "add", "DEC", "--name", "Decentralisation", "--definition", DEFINITION, "--include", "Laws.")
    assert made.exit_code == 0, made.output
    assert "No decision made so far is touched." in made.output
    assert run("codebook", "add", "MON", "--definition", "Money follows.").exit_code == 0
    assert run("codebook", "edit", "DEC", "--include", "Decrees.").exit_code == 0
    workspace = open_workspace(tmp_path / "w")
    codebook = read_codebook(workspace.root / "codebook.toml")
    assert codebook.codes == ("DEC", "MON")
    assert codebook.theme("DEC").include == ("Laws.", "Decrees.")
    assert len(kept_revisions(workspace)) == 4  # the shipped one, and three of its own


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("add", "DEC"), "needs a --definition"),
        (("edit", "NOT", "--name", "x"), "no theme 'NOT'"),
        (("edit", "DEC"), "nothing is given to change"),
        (("add", "DEC", "--definition", "x"), "is a theme already"),
    ],
)
def test_what_can_not_be_done_is_one_line(run: Jaiza, given: tuple[str, ...], said: str) -> None:
    if given != ("add", "DEC"):
        run("codebook", "add", "DEC", "--definition", DEFINITION)
    refused = run("codebook", *given)
    assert refused.exit_code == 1
    assert said in refused.output
