"""Revisions of the codebook: kept, found by name, compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import jaiza
from corpus.errors import DataFileError, UnknownChoiceError
from corpus.workspace import Review, Workspace
from models.codebook.codebook import Codebook, Theme, shipped_codebook
from models.codebook.revisions import FOLDER, differences, find_revision, keep_revision, kept_revisions

OWN = """title = "Roads"
[[theme]]
code = "HOLE"
name = "Potholes"
definition = "{definition}"
include = [{include}]
exclude = ["Cracks."]
examples = ["The road is full of holes."]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, Review(shipped_sources=False))


def roads(definition: str = "Holes in roads.", *, include: tuple[str, ...] = ("Deep holes.",)) -> Codebook:
    theme = Theme("HOLE", "Potholes", definition, include, ("Cracks.",), ("The road is full of holes.",))
    return Codebook("Roads", (theme,))


def test_a_kept_revision_comes_back_as_it_was(workspace: Workspace) -> None:
    for codebook in (roads(), roads("Holes of any kind."), roads()):
        keep_revision(workspace, codebook)
    assert {kept.codebook for kept in kept_revisions(workspace)} == {roads(), roads("Holes of any kind.")}
    assert find_revision(workspace, roads().revision[:6]) == roads()


@pytest.mark.parametrize("name", ["ffff", roads().revision[:2], ""])
def test_an_unknown_or_too_short_name_lists_the_revisions_there_are(workspace: Workspace, name: str) -> None:
    keep_revision(workspace, roads())
    with pytest.raises(UnknownChoiceError, match=roads().revision):
        find_revision(workspace, name)


@pytest.mark.parametrize("content", ["{", '{"first_seen": "2026"}'])
def test_a_damaged_revision_is_named(workspace: Workspace, content: str) -> None:
    keep_revision(workspace, roads())
    (workspace.root / FOLDER / f"{roads().revision}.json").write_text(content)
    with pytest.raises(DataFileError, match="no kept codebook"):
        kept_revisions(workspace)


def test_a_changed_revision_is_not_taken_for_the_old_one(workspace: Workspace) -> None:
    keep_revision(workspace, roads())
    path = workspace.root / FOLDER / f"{roads().revision}.json"
    path.write_text(path.read_text().replace("Deep holes.", "Shallow holes."))
    with pytest.raises(DataFileError, match="was changed"):
        kept_revisions(workspace)


def test_differences_are_told_rule_by_rule() -> None:
    old, new = roads(include=("Deep holes.", "Wide holes.")), roads("Any hole.", include=("Wide holes.", "New holes."))
    assert [(c.theme, c.field, c.kind, c.before, c.after) for c in differences(old, new)] == [
        ("HOLE", "definition", "changed", "Holes in roads.", "Any hole."),
        ("HOLE", "include", "removed", "Deep holes.", ""),
        ("HOLE", "include", "added", "", "New holes."),
    ]


def test_themes_that_came_and_went_and_a_new_order_are_told() -> None:
    other = replace(roads().themes[0], code="KERB", name="Kerbs")
    both = Codebook("Roads", (roads().themes[0], other))
    assert [(c.theme, c.kind) for c in differences(roads(), both)] == [("KERB", "added")]
    assert [(c.theme, c.kind) for c in differences(both, roads())] == [("KERB", "removed")]
    assert [c.field for c in differences(both, Codebook("Roads", both.themes[::-1]))] == ["order"]
    assert differences(both, both) == ()


def test_the_command_compares_with_the_revision_before(tmp_path: Path) -> None:
    (tmp_path / "review.toml").write_text("shipped_sources = false\n")

    def run(*words: str) -> str:
        result = CliRunner().invoke(jaiza, ["codebook", *words, "-w", str(tmp_path)])
        assert result.exit_code == 0, result.output
        return result.output

    (tmp_path / "codebook.toml").write_text(OWN.format(definition="Holes.", include='"Deep holes."'))
    assert "Deep holes." in run("show")
    (tmp_path / "codebook.toml").write_text(OWN.format(definition="Any hole.", include='"Deep holes."'))
    shown = run("diff")
    assert "- definition: Holes." in shown
    assert "+ definition: Any hole." in shown
    assert json.loads(run("diff", "current", "current", "--json"))["changes"] == []
    assert len(json.loads(run("show", "--json"))["revisions"]) == 2
    assert "No difference" in run("diff", "current", "current")


def test_the_first_revision_has_nothing_to_compare_with(tmp_path: Path) -> None:
    result = CliRunner().invoke(jaiza, ["codebook", "diff", "-w", str(tmp_path)])
    assert result.exit_code == 1
    assert "only one revision" in result.output


def test_the_shipped_codebook_has_a_name(workspace: Workspace) -> None:
    assert find_revision(workspace, "shipped") == shipped_codebook()
