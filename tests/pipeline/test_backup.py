"""A review as one file: everything is in it while people write, and a damaged one is never unpacked."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from annotations.decision import Decision
from annotations.log.decision_log import DecisionLog
from corpus.errors import DataFileError, WorkspaceError
from corpus.workspace import Workspace, establish, open_workspace
from pipeline.backup import check_backup, restore_backup, write_backup


@pytest.fixture
def review(tmp_path: Path) -> Workspace:
    root = tmp_path / "review"
    root.mkdir()
    (root / "review.toml").write_text("title = 'Pensions'\nshipped_sources = false\n", encoding="utf-8")
    workspace = open_workspace(root)
    establish(workspace)
    for folder, name in (("pdfs", "a.pdf"), ("inbox", "b.pdf"), ("models/m1", "model.json"), ("pictures", "p.png")):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / name).write_bytes(name.encode())
    return workspace


def decide(log: DecisionLog, theme: str) -> None:
    log.record([Decision("s", theme, 1, "amina")])


def test_a_backup_made_while_somebody_writes_holds_every_decision(review: Workspace, tmp_path: Path) -> None:
    with closing(DecisionLog(review.database_url)) as log:
        decide(log, "GW")
        decide(log, "TI")
        backup = write_backup(review, tmp_path / "b.zip")  # the log is open: its newest rows lie beside the database
        assert backup.events == 2
    restore_backup(tmp_path / "b.zip", tmp_path / "again")
    with closing(DecisionLog(open_workspace(tmp_path / "again").database_url)) as log:
        assert [one.theme for one in log.current()] == ["GW", "TI"]


def test_a_restored_review_has_the_same_files_and_caches_are_left_out(review: Workspace, tmp_path: Path) -> None:
    write_backup(review, tmp_path / "b.zip")
    restore_backup(tmp_path / "b.zip", tmp_path / "again")
    names = {path.relative_to(tmp_path / "again").as_posix() for path in (tmp_path / "again").rglob("*.*")}
    assert {"pdfs/a.pdf", "inbox/b.pdf", "models/m1/model.json", "review.toml", "workspace.json"} <= names
    assert "pictures/p.png" not in names
    assert open_workspace(tmp_path / "again").review.title == "Pensions"


def test_pdfs_can_be_left_out(review: Workspace, tmp_path: Path) -> None:
    backup = write_backup(review, tmp_path / "b.zip", pdfs=False)
    assert not [name for name in backup.files if name.endswith(".pdf")]
    assert not check_backup(tmp_path / "b.zip").pdfs


def test_a_database_elsewhere_comes_along(
    review: Workspace, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAIZA_DATABASE_URL", database_url)
    with closing(DecisionLog(database_url)) as log:
        decide(log, "GW")
        write_backup(review, tmp_path / "b.zip")
    monkeypatch.delenv("JAIZA_DATABASE_URL")
    restore_backup(tmp_path / "b.zip", tmp_path / "again")
    with closing(DecisionLog(open_workspace(tmp_path / "again").database_url)) as log:
        assert [(one.theme, one.coder) for one in log.current()] == [("GW", "amina")]
        decide(log, "FS")  # and it goes on
        assert len(log.current()) == 2


def test_a_folder_that_is_in_use_is_left_alone(review: Workspace, tmp_path: Path) -> None:
    write_backup(review, tmp_path / "b.zip")
    with pytest.raises(WorkspaceError, match="not empty"):
        restore_backup(tmp_path / "b.zip", review.root)


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "leads out"])
def test_a_bad_backup_is_told_and_nothing_is_unpacked(review: Workspace, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "b.zip"
    write_backup(review, path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif damage == "foreign":
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("hello.txt", "hello")
    else:
        with zipfile.ZipFile(path) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
        if damage == "changed":
            parts["review.toml"] += b"# more\n"
        else:
            parts["backup.json"] = parts["backup.json"].replace(b'"inbox/b.pdf"', b'"../b.pdf"')
        with zipfile.ZipFile(path, "w") as packed:
            for name, data in parts.items():
                packed.writestr(name, data)
    with pytest.raises(DataFileError):
        restore_backup(path, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_where_it_fails_half_way_nothing_is_left(
    review: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.backup._pack", full)
    with pytest.raises(Exception, match="No space left"):
        write_backup(review, tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["review"]


def test_what_a_killed_backup_left_is_taken_away_by_the_next(review: Workspace, tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, at_work = (tmp_path / f".backup-{pid}-abc" for pid in (ended.pid, os.getpid()))
    for folder in (left, at_work):
        folder.mkdir()
        (folder / "annotations.db").write_bytes(b"half")
    DecisionLog(review.database_url).close()
    write_backup(review, tmp_path / "b.zip")
    assert (left.exists(), at_work.exists()) == (False, True)
