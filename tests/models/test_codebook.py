"""The codebook: what the shipped one says, and what is refused in another."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.workspace import open_workspace
from models.codebook.codebook import load_codebook, read_codebook, shipped_codebook

THEME = (
    '[[theme]]\ncode = "{code}"\nname = "Name"\ndefinition = "What it is."\ninclude = []\nexclude = []\nexamples = []\n'
)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "codebook.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_codebook_has_the_six_columns_in_the_papers_order() -> None:
    assert shipped_codebook().columns == ("GW", "IF", "TI", "FS", "DIG", "CGL")


def test_limited_coverage_counts_as_targeting_and_reform_in_no_column() -> None:
    codebook = shipped_codebook()
    assert codebook.column_of("COV") == "TI"
    assert codebook.column_of("REC") is None


def test_every_shipped_theme_is_explained() -> None:
    for theme in shipped_codebook().themes:
        assert theme.definition
        assert theme.include
        assert theme.exclude
        assert theme.examples


def test_a_workspaces_own_codebook_replaces_the_shipped(tmp_path: Path) -> None:
    written(tmp_path, THEME.format(code="WATER"))
    assert load_codebook(open_workspace(tmp_path)).codes == ("WATER",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('title = "x"\n', "has no themes", id="no themes"),
        pytest.param("theme = []\n", "has no themes", id="empty list"),
        pytest.param(THEME.format(code="A") * 2, "theme 'A': the code is used twice", id="duplicate code"),
        pytest.param(THEME.format(code="A b"), "is not a short code", id="code with a blank"),
        pytest.param(THEME.format(code="A") + 'counts_under = "B"\n', "'B' is not a column", id="unknown column"),
        pytest.param(
            THEME.format(code="A")
            + THEME.format(code="B")
            + 'counts_under = "A"\n'
            + THEME.format(code="C")
            + 'counts_under = "B"\n',
            "theme 'C': counts_under: 'B' is not a column",
            id="counts under a folded theme",
        ),
        pytest.param(THEME.format(code="A") + "in_matrix = false\n", "no theme is a column", id="no column"),
        pytest.param(THEME.format(code="A") + 'exampels = ["x"]\n', "Did you mean 'examples'", id="misspelt key"),
        pytest.param('[[theme]]\nname = "x"\n', "theme number 1", id="no code"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        read_codebook(written(tmp_path, text))
