"""One setting is changed, the rest stays as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.settings_edit import change_setting
from corpus.workspace import open_workspace


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", '[models]\naim = "sure"\n', id="no file"),
        pytest.param('title = "A"  # ours\n', 'title = "A"  # ours\n\n[models]\naim = "sure"\n', id="no table"),
        pytest.param("[models]\n# for us\n[pull]\n", '[models]\naim = "sure"\n# for us\n[pull]\n', id="no key"),
        pytest.param(
            '[models]\naim = "balanced"  # once\n[extract]\nseconds = 9\n',
            '[models]\naim = "sure"\n[extract]\nseconds = 9\n',
            id="key",
        ),
    ],
)
def test_a_setting_is_changed_and_every_other_line_stays(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "review.toml"
    if before:
        path.write_text(before)
    workspace = change_setting(open_workspace(tmp_path), "models", "aim", "sure")
    assert path.read_text() == after
    assert workspace.review.models.aim == "sure"


def test_a_form_that_is_not_understood_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "review.toml").write_text('models = { aim = "balanced" }\n')
    with pytest.raises(DataFileError, match="can't be changed by itself"):
        change_setting(open_workspace(tmp_path), "models", "aim", "sure")
    assert (tmp_path / "review.toml").read_text() == 'models = { aim = "balanced" }\n'
