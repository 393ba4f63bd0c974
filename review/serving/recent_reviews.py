"""The reviews that were opened on this machine, kept in a small file of its user."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from corpus.clock import now
from corpus.errors import JaizaError
from corpus.workspace import read_review, write_atomic
from pipeline.intake.new_review import is_review

HOME = "JAIZA_HOME"  # environment variable: the folder of this file, ~/.jaiza where it is not set
_FILE = "reviews.json"
_MOST = 30


@dataclass(frozen=True, slots=True)
class RecentReview:
    """A review that was opened here."""

    folder: Path
    title: str
    opened: str  # ISO 8601, UTC
    problem: str = ""  # why it can't be opened now; empty where it can


def recent_reviews() -> tuple[RecentReview, ...]:
    """Those that were opened here, the latest first, each as it stands now."""
    try:
        entries = [(Path(str(one["folder"])), str(one["opened"])) for one in json.loads(_path().read_bytes())]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(_as_it_stands(folder, opened) for folder, opened in entries[:_MOST])


def remember(folder: Path) -> None:
    """The review in `folder` was opened just now. A file that can't be written costs the list, nothing else."""
    entries = [{"folder": str(one.folder), "opened": one.opened} for one in recent_reviews() if one.folder != folder]
    entries.insert(0, {"folder": str(folder), "opened": now()})
    try:
        write_atomic(_path(), json.dumps(entries[:_MOST], indent=1).encode() + b"\n")
    except OSError:
        return


def _as_it_stands(folder: Path, opened: str) -> RecentReview:
    if not is_review(folder):
        return RecentReview(folder, folder.name, opened, "it is not there any more")
    try:
        return RecentReview(folder, read_review(folder / "review.toml").title, opened)
    except JaizaError as error:
        return RecentReview(folder, folder.name, opened, str(error))


def _path() -> Path:
    return Path(os.environ.get(HOME) or Path.home() / ".jaiza") / _FILE
