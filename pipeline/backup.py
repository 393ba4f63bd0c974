"""A whole review as one file, and back: the decision log by the database's own means, everything else as it lies there.

A copy of `annotations.db` by itself is no backup while somebody works: what was written last may stand in the file
beside it (`annotations.db-wal`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import sqlalchemy as sa

from annotations.log.database import open_database, reading
from corpus.errors import DataFileError, JaizaError, WorkspaceError
from corpus.safe_zip import DAMAGED
from corpus.workspace import MARKER, VERSION, Workspace, review_id_of
from pipeline.runs.processes import is_alive

MANIFEST = "backup.json"
DATABASE = "annotations.db"
_FORMAT = 1
# Made again from the rest, or only of this machine: pictures, vectors, Prefect's history, results, what is running.
_LEFT_OUT = {
    "prefect",
    "pictures",
    "figures",
    "embeddings",
    "out",
    "running.lock",
    "jobs",
    "review-server.log",
    DATABASE,
}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    review: str  # the review's id: copies of one review share it
    title: str
    made: str  # ISO 8601, UTC
    version: str  # of Jaiza
    events: int  # in the decision log
    pdfs: bool  # are the PDFs in it?
    files: dict[str, str]  # name -> sha256 of its bytes
    format: int = _FORMAT


def write_backup(workspace: Workspace, path: Path, *, pdfs: bool = True) -> Backup:
    """Write the review into the zip file `path`, whole or not at all, and read it back to be sure.

    JaizaError: it can't be written, or what was written is not what was meant.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    _sweep(path.parent)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".backup-{os.getpid()}-") as folder:
            database = Path(folder) / DATABASE
            events = _copy_log(workspace.database_url, database)
            files: dict[str, str] = {}
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6, strict_timestamps=False) as packed:
                for name, file in [(DATABASE, database), *_files(workspace, pdfs=pdfs)]:
                    files[name] = _pack(packed, name, file)
                made = datetime.now(UTC).isoformat(timespec="seconds")
                backup = Backup(review_id_of(workspace), workspace.review.title, made, VERSION, events, pdfs, files)
                packed.writestr(MANIFEST, json.dumps(asdict(backup), indent=1, ensure_ascii=False))
        check_backup(part)
        part.replace(path)
    except OSError as error:
        raise JaizaError(f"{path} can't be written ({error.strerror}): free some space or name another place") from None
    finally:
        part.unlink(missing_ok=True)
    return backup


def _sweep(folder: Path) -> None:
    """Take away the copies of the log that backups left which were killed."""
    for left in folder.glob(".backup-*-*"):
        process = left.name.split("-")[1]
        if process.isdecimal() and not is_alive(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def check_backup(path: Path) -> Backup:
    """Read a backup through: every file as it was packed, the log sound and complete.

    DataFileError: it is no backup, is cut off or damaged, or was made by a newer Jaiza.
    """
    with _opened(path) as packed:
        backup = _manifest(path, packed)
        for name, sha256 in backup.files.items():
            try:
                found = _sha256_in(packed, name)
            except (KeyError, *DAMAGED):
                found = ""
            if found != sha256:
                raise DataFileError(path, name, "is damaged or missing in this backup", "Take another copy of it")
        with tempfile.TemporaryDirectory(prefix="jaiza-backup-") as folder:
            packed.extract(DATABASE, folder)
            if _count_events(Path(folder) / DATABASE) != backup.events:
                raise DataFileError(path, DATABASE, "does not hold the events it should", "Take another copy of it")
    return backup


def restore_backup(path: Path, folder: Path) -> Backup:
    """Unpack the backup `path` into `folder`, which must be empty or not exist: the review as it was.

    DataFileError: something is wrong with the backup; then nothing was written.
    WorkspaceError: the folder is in use.
    """
    folder = folder.expanduser().absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"{folder} is not empty: name a folder that does not exist yet")
    backup = check_backup(path)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as part:
            with _opened(path) as packed:
                for name in backup.files:
                    packed.extract(name, part)
            if folder.exists():
                folder.rmdir()
            Path(part).rename(folder)
            Path(part).mkdir()  # for the end of the block to remove
    except OSError as error:
        raise JaizaError(f"{folder} can't be written ({error.strerror})") from None
    folder.chmod(0o755)
    return backup


def _files(workspace: Workspace, *, pdfs: bool) -> Iterator[tuple[str, Path]]:
    """Everything that belongs to the review but the log, by its name in the folder."""
    root = workspace.root
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        top = name.split("/")[0]
        if path.is_symlink() or not path.is_file() or top in _LEFT_OUT or top.startswith(f"{DATABASE}-"):
            continue
        if any(part.startswith(".") for part in name.split("/")):  # half-written, or of the system
            continue
        if pdfs or top not in ("pdfs", "inbox") or path.suffix.lower() != ".pdf":
            yield name, path


def _pack(packed: zipfile.ZipFile, name: str, path: Path) -> str:
    """Put a file into the archive; returns the sha256 of its bytes."""
    entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    entry.compress_type = zipfile.ZIP_STORED if path.suffix.lower() == ".pdf" else zipfile.ZIP_DEFLATED
    digest = hashlib.sha256()
    with path.open("rb") as file, packed.open(entry, "w", force_zip64=True) as stream:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            stream.write(chunk)
    return digest.hexdigest()


def _copy_log(url: str, path: Path) -> int:
    """The decision log as of one moment as an SQLite file; returns how many events it has."""
    engine = open_database(url)
    try:
        if engine.dialect.name == "sqlite":
            with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(path)) as copy:
                source.backup(copy)
        else:
            _copy_tables(engine, path)
    finally:
        engine.dispose()
    return _count_events(path)


def _copy_tables(engine: sa.Engine, path: Path) -> None:
    copy = open_database(f"sqlite:///{path}")
    try:
        tables = sa.MetaData()
        tables.reflect(copy)
        with reading(engine) as connection, copy.execution_options(jaiza_writes=True).begin() as target:
            there = set(sa.inspect(connection).get_table_names())
            for table in tables.sorted_tables:
                if table.name in there and not target.scalar(sa.select(sa.func.count()).select_from(table)):
                    rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                    if rows:
                        target.execute(table.insert(), rows)
        with closing(sqlite3.connect(path)) as done:
            done.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        copy.dispose()


def _count_events(path: Path) -> int:
    """How many events the log in an SQLite file has; -1 where the file is not sound."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return -1
            return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])
        except sqlite3.DatabaseError:
            return -1


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
    except DAMAGED:
        raise DataFileError(path, "", "is no backup, or is cut off", "Take another copy of it") from None


def _manifest(path: Path, packed: zipfile.ZipFile) -> Backup:
    try:
        found = json.loads(packed.read(MANIFEST))
        if cast(int, found["format"]) > _FORMAT:
            raise DataFileError(path, MANIFEST, "was written by a newer Jaiza", "Update Jaiza")
        backup = Backup(**found)
        if not isinstance(backup.files, dict):
            raise TypeError(MANIFEST)
    except (KeyError, TypeError, RecursionError, *DAMAGED):
        raise DataFileError(path, "", "is no backup of a review", "Make one with: jaiza backup FILE") from None
    if not {DATABASE, MARKER} <= backup.files.keys() or any(_leads_out(name) for name in backup.files):
        raise DataFileError(path, MANIFEST, "does not describe a review", "Take another copy of it")
    return backup


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")


def _sha256_in(packed: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with packed.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
