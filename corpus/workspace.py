"""A review on disk: one folder with everything that belongs to it, and its settings."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from uuid import uuid4

from pydantic import Field

from corpus.clock import now
from corpus.datafile import NO_UNKNOWN_KEYS, read_toml, to_dataclass
from corpus.errors import WorkspaceError
from corpus.json_table import JsonObject
from corpus.settings.schedule_settings import ScheduleSettings
from corpus.settings.screening_settings import ScreeningSettings
from corpus.write_together import finish_write

VERSION = "0.1.0"
UNTITLED = "Untitled review"
FORMAT = 1  # of the folder layout; a workspace with a higher number was made by a newer Jaiza
MARKER = "workspace.json"
# What may lie in a folder before Jaiza first opens it: the files people prepare by hand.
PREPARED = {
    "inbox", "review.toml", "sources.toml", "screening.toml", "codebook.toml", "lexicon.toml",
    "published.csv", "records.jsonl", "claims.toml", "links.toml", "candidates.toml", "recoding.toml", "seed", "models",
    "figures", "sample", "templates", "intakes.jsonl", "searches.toml", "searches.jsonl", "subthemes.toml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PullSettings:
    """How sources are fetched."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    allow_private_addresses: bool = False  # may a source live on this machine or a private network?
    connect_seconds: float = 5.0  # to open a connection
    stall_seconds: float = 20.0  # without one byte arriving
    total_seconds: float = 300.0  # for one file from first byte to last
    size_cap_mb: float = 200.0  # per file
    attempts: int = 3  # per address, for errors that may pass
    pause_seconds: float = 1.0  # between two requests to one host
    robots: bool = True  # keep to what a host's robots.txt lets programs fetch
    recheck_days: float = 7.0  # ask the host again whether a stored file changed after this many days


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """Limits on the process that reads one document."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    seconds: float = 120.0  # to read one document; 20 more for each page read by OCR
    memory_mb: int = 2048  # for reading one document


Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class CodingSettings:
    """Who codes what. With no coders named, everybody codes everything."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    coders: tuple[str, ...] = ()  # names as in the decision log
    double_share: Share = 0.0  # share of the units that two coders code, each without seeing the other
    blind_share: Share = 0.0  # share of the passages on which coders don't see the machine's suggestion
    lot_share: Share = 0.0  # share of the passages that coders read as a whole, to measure what the machine misses
    unit: Literal["passage", "study"] = "passage"  # what goes to a coder as a whole
    seed: str = "1"  # another seed, another draw
    judge_first: bool = False  # the machine's label is shown after a coder's own judgement; each may choose otherwise


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What the machine's suggestions are for."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    # What suggestions are for: balanced between missed and wrong ones, more missed or more wrong ones, or 95 % of the
    # held-out passages with a theme found. "f1" is the older name of "balanced".
    aim: Literal["balanced", "find more", "sure", "recall95", "f1"] = "balanced"
    decisions_of: tuple[str, ...] = ()  # coders whose decisions train; none named: all of them


@dataclass(frozen=True, slots=True)
class ResolveSettings:
    """Which open indexes are asked about a source; an empty address leaves one out."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    email: str = ""  # Unpaywall answers only those who say who asks; the others are quicker for them
    openalex: str = "https://api.openalex.org"  # address of the index; empty leaves it out
    crossref: str = "https://api.crossref.org"  # the same
    unpaywall: str = "https://api.unpaywall.org"  # the same
    archive: str = "https://archive.org"  # the same, of the Wayback Machine


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where PDFs, texts and suggestions are kept when several machines share the work."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    url: str = ""  # for example "s3://bucket/review" or "file:///mnt/review"; "": the workspace itself


@dataclass(frozen=True, slots=True)
class Review:
    """What review.toml may say; every key has a default, an unknown one is an error."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    title: str = "Restructuring Pakistan's social security networks: evidence from 25 studies"  # stands on what is made
    timezone: str = ""  # of schedules, for example "Asia/Karachi"; empty: that of the machine that serves the review
    shipped_sources: bool = True  # start from the 25 sources, their published coding and the paper's claims
    sample: bool = False  # an invented review: everything made from it is labelled as sample
    pull: PullSettings = field(default_factory=PullSettings)
    extract: ExtractSettings = field(default_factory=ExtractSettings)
    coding: CodingSettings = field(default_factory=CodingSettings)
    models: ModelSettings = field(default_factory=ModelSettings)
    resolve: ResolveSettings = field(default_factory=ResolveSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    screening: ScreeningSettings = field(default_factory=ScreeningSettings)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one review. Paths only; the rooms read and write what lies there."""

    root: Path
    review: Review

    @property
    def pdfs(self) -> Path:
        """Content-addressed store: `pdfs/<sha256>.pdf`."""
        return self.root / "pdfs"

    @property
    def inbox(self) -> Path:
        """Where people drop `<source-id>.pdf`."""
        return self.root / "inbox"

    @property
    def lock_file(self) -> Path:
        """`corpus.lock`: which file stands for which source."""
        return self.root / "corpus.lock"

    @property
    def text(self) -> Path:
        """Cache of Documents: `text/<sha256>.<extractor>.json`."""
        return self.root / "text"

    @property
    def suggestions(self) -> Path:
        """Cache of Suggestions: `suggestions/<sha256>.<extractor>.<model-id>.json`."""
        return self.root / "suggestions"

    @property
    def embeddings(self) -> Path:
        """Cache of the sentence encoder's vectors: `embeddings/<encoder>.db`."""
        return self.root / "embeddings"

    @property
    def models(self) -> Path:
        """Trained models: `models/<model-id>/`."""
        return self.root / "models"

    @property
    def out(self) -> Path:
        """Results: `out/<run-id>/`, and `out/latest`."""
        return self.root / "out"

    @property
    def prefect_home(self) -> Path:
        """PREFECT_HOME of this review."""
        return self.root / "prefect"

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the decision log: JAIZA_DATABASE_URL, or `annotations.db` in the workspace."""
        return os.environ.get("JAIZA_DATABASE_URL") or f"sqlite:///{self.root / 'annotations.db'}"

    def own_file(self, name: str) -> Path | None:
        """The workspace's own `name` (for example "codebook.toml"), or None where the shipped one counts."""
        path = self.root / name
        return path if path.is_file() else None


def open_workspace(root: Path) -> Workspace:
    """The review in folder `root`, which need not exist yet. Nothing is written: `establish` does that.

    But for a write that was stopped half-way (`corpus.write_together`): it is finished.

    WorkspaceError: `root` is a file, not writable, not a review, or made by a newer Jaiza.
    DataFileError: its review.toml has a mistake.
    """
    root = root.expanduser().absolute()
    if root.exists() and not root.is_dir():
        raise WorkspaceError(f"{root} is a file, not a folder: name another place with --workspace DIR")
    _check_writable(root)
    finish_write(root)
    if (root / MARKER).exists():
        _check_format(root / MARKER)
    elif root.exists() and (strange := sorted(p.name for p in root.iterdir() if p.name not in PREPARED)):
        raise WorkspaceError(
            f"{root} is not a Jaiza workspace and holds other things ({', '.join(strange[:3])}): name an empty folder"
        )
    return Workspace(root, read_review(root / "review.toml"))


def establish(workspace: Workspace) -> None:
    """Make the workspace's folder, its inbox and the marker of its format, where they are not there yet."""
    try:
        workspace.inbox.mkdir(parents=True, exist_ok=True)
        if not (workspace.root / MARKER).exists():
            made = now()
            marker = {"format": FORMAT, "jaiza": VERSION, "made": made, "review": uuid4().hex}
            write_atomic(workspace.root / MARKER, json.dumps(marker, indent=2).encode() + b"\n")
    except OSError as error:
        raise WorkspaceError(f"{workspace.root} can't be made ({error.strerror}): choose another folder") from None


def review_id_of(workspace: Workspace) -> str:
    """The id by which copies of a review know each other; empty in a workspace that has none yet."""
    try:
        return str(json.loads((workspace.root / MARKER).read_text(encoding="utf-8")).get("review", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def keep_review_id(workspace: Workspace, review_id: str) -> None:
    """Write the review's id into its marker; in a workspace that is not established nothing is written."""
    path = workspace.root / MARKER
    if path.exists():
        marker = {**json.loads(path.read_text(encoding="utf-8")), "review": review_id}
        write_atomic(path, json.dumps(marker, indent=2).encode() + b"\n")


def read_review(path: Path) -> Review:
    """The settings in review.toml; the defaults where there is none. Only the shipped review has a title of its own."""
    return review_in(read_toml(path), path) if path.exists() else Review()


def review_in(table: JsonObject, path: Path) -> Review:
    """The settings in `table`, the content of the review.toml at `path`; DataFileError: one of them is none."""
    review = to_dataclass(Review, table, file=path, where="settings")
    return review if review.shipped_sources or "title" in table else replace(review, title=UNTITLED)


def write_atomic(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write `data` to `path` so that a reader, or a run after a crash, sees the old file or the new, never half.

    Data in parts is written as it comes.
    """
    parts = [data] if isinstance(data, bytes) else data
    if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
        with path.open("wb") as stream:
            stream.writelines(parts)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:80]}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(parts)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _check_format(marker: Path) -> None:
    try:
        found = json.loads(marker.read_text(encoding="utf-8"))["format"]
    except (ValueError, KeyError, TypeError):
        raise WorkspaceError(f"{marker} is damaged: restore it from a copy, or start a new workspace") from None
    if not isinstance(found, int) or found > FORMAT:
        raise WorkspaceError(
            f"{marker.parent} was made by a newer Jaiza (workspace format {found}, this version knows {FORMAT}): "
            "update Jaiza, or use another workspace"
        )


def _check_writable(root: Path) -> None:
    place = root
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise WorkspaceError(f"{root} can't be written: choose another folder with --workspace DIR")
