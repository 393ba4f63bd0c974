"""The content-addressed store of PDFs, and corpus.lock: which file stands for which source."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import TypeAdapter, ValidationError

from corpus.datafile import NO_UNKNOWN_KEYS
from corpus.depot import Depot
from corpus.errors import StoreError
from corpus.workspace import Workspace, write_atomic

LOCK_FORMAT = 1
_CHUNK = 1 << 20

# What comparing the first pages with the registry's title and authors gave.
TitleVerdict = Literal["match", "probable", "differs", "other work", "not checked"]


@dataclass(frozen=True, slots=True)
class Holding:
    """The file that stands for a source, and how it came here."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    source_id: str
    sha256: str
    size: int  # bytes
    origin: Literal["pulled", "attached"]
    retrieved: str  # ISO 8601, UTC
    address: str = ""  # the URL that gave the file after redirects, or the name of the file attached
    candidate: str = ""  # the registry's URL that led there
    checked: str = ""  # when the host was last asked whether the file changed; ISO 8601, UTC
    etag: str = ""
    last_modified: str = ""
    title_check: TitleVerdict = "not checked"
    title_note: str = ""  # why, in words, for example "92 % of the title on page 1; author Gazdar found"
    previous: tuple[str, ...] = ()  # sha256 of earlier versions, oldest first; the files stay in the store


class Holdings:
    """corpus.lock, read once and rewritten after every change, so that a crash loses nothing. Thread-safe."""

    def __init__(self, workspace: Workspace) -> None:
        self._file = workspace.lock_file
        self._guard = threading.Lock()
        self._held = _read_lock(self._file)

    def get(self, source_id: str) -> Holding | None:
        """The holding of `source_id`, or None."""
        return self._held.get(source_id)

    def __iter__(self) -> Iterator[Holding]:
        return iter(sorted(self._held.values(), key=lambda holding: holding.source_id))

    def record(self, holding: Holding) -> Holding:
        """Store `holding`; another file's hash joins `previous`. Returns what was stored."""
        with self._guard:
            old = self._held.get(holding.source_id)
            if old and old.sha256 != holding.sha256:
                earlier = tuple(sha for sha in (*old.previous, old.sha256) if sha != holding.sha256)
                holding = replace(holding, previous=earlier)
            elif old:
                holding = replace(holding, previous=old.previous)
            self._write({**self._held, holding.source_id: holding})
            return holding

    def forget(self, source_id: str) -> None:
        """Take `source_id` out; its file stays in the store."""
        with self._guard:
            self._write({key: held for key, held in self._held.items() if key != source_id})

    def _write(self, held: dict[str, Holding]) -> None:
        dumped = {key: _HOLDING.dump_python(held[key], mode="json") for key in sorted(held)}
        text = json.dumps({"format": LOCK_FORMAT, "holdings": dumped}, indent=2, ensure_ascii=False)
        write_atomic(self._file, text.encode() + b"\n")
        self._held = held


_HOLDING: TypeAdapter[Holding] = TypeAdapter(Holding)


def pdf_path(workspace: Workspace, sha256: str) -> Path:
    """Where the PDF with this hash lies, whether or not it is there."""
    return workspace.pdfs / f"{sha256}.pdf"


def share_pdf(workspace: Workspace, sha256: str) -> None:
    """Put a PDF of this workspace into its shared store, if it has one and the PDF is not there yet."""
    depot, name = Depot(workspace), f"pdfs/{sha256}.pdf"
    if not depot.is_local and depot.size(name) is None:
        depot.write(name, pdf_path(workspace, sha256).read_bytes())


def local_pdf(workspace: Workspace, sha256: str) -> Path:
    """The PDF as a file on this machine, fetched from the shared store where it is not here yet.

    StoreError: it is nowhere.
    """
    path = pdf_path(workspace, sha256)
    if not path.exists() and not (depot := Depot(workspace)).is_local:
        try:
            write_atomic(path, depot.read(f"pdfs/{sha256}.pdf"))
        except FileNotFoundError:
            raise StoreError(f"{depot.url} has no pdfs/{sha256}.pdf: run `jaiza run` where it was pulled") from None
    return path


def keep_file(workspace: Workspace, path: Path) -> str:
    """Copy the file at `path` into the store; returns its sha256."""
    sha256 = sha256_of(path)
    target = pdf_path(workspace, sha256)
    if not target.exists() or target.stat().st_size != path.stat().st_size:
        write_atomic(target, path.read_bytes())
    return sha256


def sha256_of(path: Path) -> str:
    """Hex sha256 of the file at `path`."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _read_lock(path: Path) -> dict[str, Holding]:
    if not path.exists():
        return {}
    try:
        found: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != LOCK_FORMAT:
            raise StoreError(f"{path} has format {found['format']}, this version knows {LOCK_FORMAT}: update Jaiza")
        return TypeAdapter(dict[str, Holding]).validate_python(found["holdings"])
    except (ValueError, KeyError, TypeError, ValidationError):
        raise StoreError(
            f"{path} is damaged: restore it from a copy, or delete it and run `jaiza pull` (the PDFs stay in pdfs/)"
        ) from None
