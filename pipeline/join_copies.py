"""Bringing a copy of a review together with it: somebody worked on the copy for a while, without a connection."""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from annotations.codebook_changes import load_recoding
from annotations.decision import Act, Code, Decision, Mark, Memo, Screened
from annotations.log.copies import Contest, Joined, join, put_in
from annotations.log.database import reading
from annotations.log.database_address import without_password
from annotations.log.decision_log import DecisionLog
from annotations.log.open_log import open_log
from annotations.log.schema import REVIEW, Entry
from corpus.errors import JaizaError, WorkspaceError
from corpus.registry.sources import Source
from corpus.safe_zip import DAMAGED
from corpus.workspace import MARKER, Review, Workspace, review_id_of
from models.codebook.revisions import keep_revision, kept_revisions

LOG = "annotations.db"
_KINDS = (
    (Decision, "decision"),
    (Mark, "mark"),
    (Memo, "memo"),
    (Code, "change of a code"),
    (Screened, "verdict of screening"),
    (Act, "act on the page"),
)


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """What bringing a copy in comes to."""

    other: str  # as it was named
    joined: Joined
    counts: tuple[tuple[str, str, int], ...]  # coder, kind of event, how many
    strange_sources: tuple[str, ...]  # studies that events of the copy are about, and that are not in this review
    recodings: int  # merges and splits of themes that the copy knows and this review does not
    revisions: int  # revisions of the codebook that come with it


def plan_join(workspace: Workspace, sources: tuple[Source, ...], other: str, *, apply: bool = False) -> CopyPlan:
    """What it takes to bring the copy `other` in: a folder, a file of its log or of a backup, or a database's address.

    With `apply` it is done: all or nothing. JaizaError, WorkspaceError: there is no log, or it is that of another
    review.
    """
    folder = Path(other) if "://" not in other and (Path(other) / MARKER).exists() else None
    with open_log(workspace) as log, _opened_copy(other) as copy:
        ours, theirs = log.entries(), copy.entries()
        _check_same_review(log, copy, ours, theirs, workspace, folder, other)
        joined = join(ours, theirs)
        revisions = _new_revisions(workspace, folder, copy_in=apply)
        if apply:
            put_in(log, joined)
            log.record(marks=_to_look_at(joined.contests))
    known = {source.id for source in sources}
    about = {getattr(entry.what, "source_id", "") for entry in joined.incoming} - {"", *known}
    return CopyPlan(
        other, joined, _counts(joined.incoming), tuple(sorted(about)), _recodings(workspace, folder), revisions
    )


def _check_same_review(
    log: DecisionLog,
    copy: DecisionLog,
    ours: tuple[Entry, ...],
    theirs: tuple[Entry, ...],
    workspace: Workspace,
    folder: Path | None,
    other: str,
) -> None:
    """JaizaError where the two have no past in common."""
    there = review_id_of(Workspace(folder, Review())) if folder else ""
    ids = {_review_id(copy), there} - {""}
    shared = {entry.event_id for entry in ours} & {entry.event_id for entry in theirs}
    if theirs and not shared and not ids & {_review_id(log), review_id_of(workspace)}:
        raise JaizaError(
            f"{_shown(other)} is no copy of this review: not one event stands in both logs. Import its decisions as a "
            "CSV file (jaiza import), if they belong here"
        )


def _review_id(log: DecisionLog) -> str:
    with reading(log.engine) as connection:
        return connection.scalar(sa.select(REVIEW.c.review_id).limit(1)) or ""


@contextmanager
def _opened_copy(other: str) -> Iterator[DecisionLog]:
    """The log of a copy, which is not touched: a file is copied before it is opened."""
    if "://" in other and not other.startswith("sqlite"):
        with DecisionLog(other) as log:
            yield log
        return
    path = Path(other.partition("sqlite:///")[2] or other)
    if path.is_dir():
        path = path / LOG
    if not path.is_file():
        raise WorkspaceError(f"{path} is not there: name the folder of the copy, its {LOG}, a backup or a database")
    with tempfile.TemporaryDirectory(prefix="jaiza-copy-") as place:
        taken = Path(place) / LOG
        _copy_log(path, taken)
        with DecisionLog(f"sqlite:///{taken}") as log:
            yield log


def _copy_log(path: Path, to: Path) -> None:
    """The log in the file at `path`, a database or an archive that holds one, with what is still in its journal."""
    try:
        if zipfile.is_zipfile(path):
            _copy_from_zip(path, to)
        elif tarfile.is_tarfile(path):
            _copy_from_tar(path, to)
        else:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
                source.backup(target)
    except (sqlite3.Error, tarfile.TarError, KeyError, *DAMAGED) as error:
        raise WorkspaceError(f"{path} holds no decision log that can be read ({error})") from None


def _copy_from_zip(path: Path, to: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        for suffix in ("", "-wal"):
            name = next((name for name in names if Path(name).name == LOG + suffix), None)
            if name:
                Path(f"{to}{suffix}").write_bytes(archive.read(name))


def _copy_from_tar(path: Path, to: Path) -> None:
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            stream = archive.extractfile(member) if Path(member.name).name in (LOG, f"{LOG}-wal") else None
            if stream:
                Path(f"{to}{Path(member.name).name.removeprefix(LOG)}").write_bytes(stream.read())


def _to_look_at(contests: tuple[Contest, ...]) -> list[Mark]:
    """Marks to look again at what both copies say and no clock can decide."""
    found = []
    for one in contests:
        if one.unclear and isinstance(one.ours, Decision) and isinstance(one.theirs, Decision):
            said = one.ours
            note = f"two copies of the review say {_value(one.ours)} and {_value(one.theirs)}, decided on the same day"
            found.append(Mark(said.source_id, "look again", said.coder, said.theme, said.anchor, note=note))
    return found


def _value(said: Decision) -> str:
    return "not known" if said.not_known else "taken back" if said.value is None else str(said.value)


def _new_revisions(workspace: Workspace, folder: Path | None, *, copy_in: bool) -> int:
    """Revisions of the codebook that only the copy has kept."""
    if folder is None:
        return 0
    here = {kept.codebook.revision for kept in kept_revisions(workspace)}
    new = [kept for kept in kept_revisions(Workspace(folder, Review())) if kept.codebook.revision not in here]
    if copy_in:
        for kept in new:
            keep_revision(workspace, kept.codebook)
    return len(new)


def _recodings(workspace: Workspace, folder: Path | None) -> int:
    if folder is None:
        return 0
    here = load_recoding(workspace)
    return sum(one not in here for one in load_recoding(Workspace(folder, Review())))


def _counts(incoming: tuple[Entry, ...]) -> tuple[tuple[str, str, int], ...]:
    kinds = dict(_KINDS)
    found = Counter((entry.what.coder, kinds[type(entry.what)]) for entry in incoming)
    return tuple((coder, kind, number) for (coder, kind), number in sorted(found.items()))


def _shown(other: str) -> str:
    return without_password(other) if "://" in other else other
