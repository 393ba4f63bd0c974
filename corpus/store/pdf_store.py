"""The content-addressed store of PDFs, and corpus.lock: which file stands for which source."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import TypeAdapter, ValidationError

from corpus.datafile import NO_UNKNOWN_KEYS
from corpus.errors import StoreError
from corpus.store.object_store import ObjectStore
from corpus.workspace import Workspace, write_atomic

LOCK_FORMAT = 1
FEW = 200  # holdings that are simply written anew, 0.2 MB
_CHUNK = 1 << 20
SNIFF = 1024  # bytes within which "%PDF" must come, as PDF readers have it

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
    """corpus.lock, read once and kept after every change, so that a crash loses nothing. Thread-safe.

    Of more than FEW holdings a change is added to a journal beside the lock, which is folded in now and then, and by
    `fold`: to write ten thousand holdings ten thousand times takes a quarter of an hour.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._file = workspace.lock_file
        self._guard = threading.Lock()
        self._journal = self._file.with_name(f"{self._file.name}.journal")
        self._held = _read_lock(self._file)
        self._lines = _replay(self._journal, self._held)

    def get(self, source_id: str) -> Holding | None:
        """The holding of `source_id`, or None."""
        return self._held.get(source_id)

    def __iter__(self) -> Iterator[Holding]:
        with self._guard:
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
            self._held[holding.source_id] = holding
            self._keep(holding.source_id)
            return holding

    def forget(self, source_id: str) -> None:
        """Take `source_id` out; its file stays in the store."""
        with self._guard:
            self._held = {key: held for key, held in self._held.items() if key != source_id}
            self._keep(source_id)

    def fold(self) -> None:
        """Fold the journal into the lock, if there is one."""
        with self._guard:
            if self._journal.exists():
                self._write()

    def _keep(self, source_id: str) -> None:
        if len(self._held) < FEW and not self._journal.exists():
            self._write()
            return
        held = self._held.get(source_id)
        line = json.dumps([source_id, held and _HOLDING.dump_python(held, mode="json")], ensure_ascii=False)
        with self._journal.open("ab") as stream:
            stream.write(b"\n" + line.encode() + b"\n")  # the line before may have been cut off
            stream.flush()
            os.fsync(stream.fileno())
        self._lines += 1
        if self._lines > len(self._held) // 2:
            self._write()

    def _write(self) -> None:
        dumped = {key: _HOLDING.dump_python(self._held[key], mode="json") for key in sorted(self._held)}
        text = json.dumps({"format": LOCK_FORMAT, "holdings": dumped}, indent=2, ensure_ascii=False)
        write_atomic(self._file, text.encode() + b"\n")
        self._journal.unlink(missing_ok=True)  # after a crash before this, its lines say what the lock says
        self._lines = 0


_HOLDING: TypeAdapter[Holding] = TypeAdapter(Holding)


def looks_like_pdf(path: Path) -> bool:
    """Does "%PDF" come near the beginning of the file? OSError: it can't be read."""
    with path.open("rb") as stream:
        return b"%PDF" in stream.read(SNIFF)


def pdf_path(workspace: Workspace, sha256: str) -> Path:
    """Where the PDF with this hash lies, whether or not it is there."""
    return workspace.pdfs / f"{sha256}.pdf"


def share_pdf(workspace: Workspace, sha256: str) -> None:
    """Put a PDF of this workspace into its shared store, if it has one and the PDF is not there yet."""
    store, name = ObjectStore(workspace), f"pdfs/{sha256}.pdf"
    if not store.is_local and store.size(name) is None:
        store.write(name, pdf_path(workspace, sha256).read_bytes())


def local_pdf(workspace: Workspace, sha256: str) -> Path:
    """The PDF as a file on this machine, fetched from the shared store where it is not here yet.

    StoreError: it is nowhere.
    """
    path = pdf_path(workspace, sha256)
    if not path.exists() and not (store := ObjectStore(workspace)).is_local:
        try:
            write_atomic(path, store.read(f"pdfs/{sha256}.pdf"))
        except FileNotFoundError:
            raise StoreError(f"{store.url} has no pdfs/{sha256}.pdf: run `jaiza run` where it was pulled") from None
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


def _replay(journal: Path, held: dict[str, Holding]) -> int:
    """Bring `held` up to what the journal says; how many lines that were. A line cut off by a crash is left out."""
    count = 0
    if not journal.exists():
        return count
    for line in journal.read_bytes().splitlines():
        try:
            source_id, found = json.loads(line)
            holding = None if found is None else _HOLDING.validate_python(found)
        except (ValueError, ValidationError):
            continue
        held.pop(source_id, None)
        if holding is not None:
            held[source_id] = holding
        count += 1
    return count


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
