"""One setting is changed, the rest stays as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.settings.settings_file import change_setting
from corpus.workspace import open_workspace


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", '[models]\naim = "sure"\n', id="no file"),
        pytest.param('title = "A"  # ours\n', 'title = "A"  # ours\n\n[models]\naim = "sure"\n', id="no table"),
        pytest.param("[models]\n# for us\n[pull]\n", '[models]\n# for us\naim = "sure"\n[pull]\n', id="no key"),
        pytest.param(
            '[models]\naim = "balanced"  # once\n[extract]\nseconds = 9\n',
            '[models]\naim = "sure"  # once\n[extract]\nseconds = 9\n',
            id="key",
        ),
        pytest.param('models = { aim = "balanced" }\n', 'models = { aim = "sure" }\n', id="table in a line"),
    ],
)
def test_a_setting_is_changed_and_all_else_stays(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "review.toml"
    if before:
        path.write_text(before)
    workspace = change_setting(open_workspace(tmp_path), "models", "aim", "sure")
    assert path.read_text() == after
    assert workspace.review.models.aim == "sure"


def test_a_review_of_ones_own_keeps_its_title(tmp_path: Path) -> None:
    (tmp_path / "review.toml").write_text("shipped_sources = false\n")
    assert change_setting(open_workspace(tmp_path), "coding", "lot_share", 0.1).review.title == "Untitled review"


@pytest.mark.parametrize(("before", "value"), [('title = "A"\n', 2.0), ('models = "none"\n', 0.1), ("", -1.0)])
def test_what_is_not_allowed_changes_nothing(tmp_path: Path, before: str, value: float) -> None:
    workspace = open_workspace(tmp_path)
    path = tmp_path / "review.toml"
    if before:
        path.write_text(before)
    table = "models" if "models" in before else "coding"
    with pytest.raises(DataFileError, match="lot_share"):
        change_setting(workspace, table, "lot_share", value)
    assert (path.read_text() if path.exists() else "") == before
