"""Files that somebody gives a review: PDFs and reference lists, each taken, kept to be confirmed, or refused.

A PDF whose first pages carry the title of a source without a file becomes that source's. Any other waits in `uploads/`
until a person has confirmed its title: no work enters the registry under a name that a machine has guessed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from corpus.clock import now
from corpus.errors import DataFileError, JaizaError
from corpus.outcome import USABLE
from corpus.reference_lists.read import read_reference_list
from corpus.registry.edition_links import load_links
from corpus.registry.intake import COUNTED, store_intake, take_in
from corpus.registry.registry_file import find_source, load_sources
from corpus.registry.sources import Source
from corpus.registry.title_match import check_title
from corpus.registry.work import Work
from corpus.store.pdf_store import Holdings, looks_like_pdf, sha256_of
from corpus.workspace import Workspace, write_atomic
from extract.cache import store_document
from extract.isolation.isolated_read import read_isolated
from extract.readers.ocr_engine import available
from extract.title import FIRST_PAGES, title_of
from pipeline.intake.attach_file import attach_file
from pipeline.open_review import at_work
from synthesis.humanize import counted

UPLOADS = "uploads"  # in the review's folder
FileState = Literal["attached", "to confirm", "list", "known", "refused"]
CONVERTED = frozenset({".docx", ".doc", ".odt", ".rtf", ".html", ".htm", ".txt", ".pptx"})
CONVERTER = "soffice"  # LibreOffice, where it is installed
_CONVERTING_SECONDS = 120
_REGISTRY = threading.RLock()  # files come several at a time; each is compared with what those before it added


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of one file."""

    name: str  # as it was given
    state: FileState
    said: str  # in words
    source_id: str = ""  # of an attached or known file


@dataclass(frozen=True, slots=True)
class Waiting:
    """A PDF that waits for its title to be confirmed."""

    sha256: str
    name: str  # as it was given
    title: str  # as its first pages seem to say; "" where they do not
    pages: int
    given: str  # ISO 8601, UTC


_WAITING: TypeAdapter[Waiting] = TypeAdapter(Waiting)


def take_file(workspace: Workspace, path: Path, name: str, *, source_id: str = "") -> TakenFile:
    """Take the file at `path`, called `name` by who gave it; for the source `source_id` where one is named.

    Never raises what the file is to blame for: that is told in the answer. JaizaError: the review is at work, or can't
    be written.
    """
    suffix = Path(name).suffix.lower()
    if looks_like_pdf(path):
        return _take_pdf(workspace, path, name, source_id)
    if suffix in CONVERTED:
        return _take_converted(workspace, path, name, source_id)
    if suffix == ".pdf" or source_id:
        return TakenFile(name, "refused", "it is not a PDF: open it in its program and save it as one")
    return _take_list(workspace, path, name)


def waiting(workspace: Workspace) -> tuple[Waiting, ...]:
    """The PDFs that wait for their title to be confirmed, in the order in which they came."""
    found = []
    for path in (workspace.root / UPLOADS).glob("*.json"):
        try:
            found.append(_WAITING.validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            continue  # half a file is no file: its PDF is given again
    return tuple(sorted(found, key=lambda one: (one.given, one.name)))


def confirm(
    workspace: Workspace, sha256: str, title: str, *, authors: Sequence[str] = (), year: int | None = None
) -> TakenFile:
    """Take a waiting PDF in under the title that a person has confirmed: a new source, or the file of a known one.

    JaizaError: it does not wait any more, or has no title.
    """
    found = next((one for one in waiting(workspace) if one.sha256 == sha256), None)
    if found is None:
        raise JaizaError("this file does not wait any more: load the page again")
    if not title.strip():
        raise JaizaError(f"{found.name}: give its title, as its title page has it")
    work = Work(found.name, " ".join(title.split()), tuple(authors), year)
    with _REGISTRY:
        sources = load_sources(workspace)
        links = load_links(workspace, sources)
        (taken,) = take_in([work], sources, links=links)
        if taken.source is None and Holdings(workspace).get(taken.other) is not None:
            forget(workspace, sha256)
            return TakenFile(found.name, "known", f"the review has this work already ({taken.why})", taken.other)
        with at_work(workspace, "sources"):
            store_intake(workspace, sources, links, [taken], origin=found.name)
        source = taken.source or find_source(sources, taken.other)
        file = _attach(workspace, source, waiting_pdf(workspace, sha256), found.name, confirm=True)
    if file.state == "attached":
        forget(workspace, sha256)
    return replace(file, said=f"{taken.happened}{f' ({taken.why})' if taken.why else ''}; {file.said}")


def forget(workspace: Workspace, sha256: str) -> None:
    """Leave a waiting PDF out."""
    for path in (waiting_pdf(workspace, sha256), waiting_pdf(workspace, sha256).with_suffix(".json")):
        path.unlink(missing_ok=True)


def _take_pdf(workspace: Workspace, path: Path, name: str, source_id: str) -> TakenFile:
    sha256, held = sha256_of(path), Holdings(workspace)
    known = next((one.source_id for one in held if one.sha256 == sha256), "")
    if known and known != source_id:
        return TakenFile(name, "known", f"it is the file of {_label_of(workspace, known)} already", known)
    sources = load_sources(workspace)
    if source_id:
        return _attach(workspace, find_source(sources, source_id), path, name)
    if same := next((one for one in waiting(workspace) if one.sha256 == sha256), None):
        return TakenFile(name, "known", f"it is the same file as {same.name}, which waits for its title below")
    limits = workspace.review.extract
    document = read_isolated(path, sha256, seconds=limits.seconds, memory_mb=limits.memory_mb, find_engine=available)
    if document.state in ("password", "damaged", "timed out", "too large"):
        return TakenFile(name, "refused", f"{document.state}: {document.note}")
    front = " ".join(document.text[slice(*block.span)] for block in document.blocks if block.box.page <= FIRST_PAGES)
    for source in sources:
        if source.title and held.get(source.id) is None and check_title(source, front).verdict == "match":
            return _attach(workspace, source, path, name)
    store_document(workspace, document)  # the run finds it read
    found = Waiting(sha256, name, title_of(document), len(document.pages), now())
    (workspace.root / UPLOADS).mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(path, waiting_pdf(workspace, sha256))
        write_atomic(waiting_pdf(workspace, sha256).with_suffix(".json"), json.dumps(asdict(found)).encode())
    except OSError:  # no room, for example: nothing half stays
        forget(workspace, sha256)
        raise
    return TakenFile(name, "to confirm", "is its title right?" if found.title else "its first pages show no title")


def _label_of(workspace: Workspace, source_id: str) -> str:
    return next((one.label for one in load_sources(workspace) if one.id == source_id), source_id)


def _attach(workspace: Workspace, source: Source, path: Path, name: str, *, confirm: bool = False) -> TakenFile:
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / (Path(name).name or "file.pdf")  # the registry keeps the name it was given
        shutil.copyfile(path, named)
        with _REGISTRY:
            outcome = attach_file(workspace, source, named, confirm=confirm)
    said = ". ".join(filter(None, (outcome.message, *outcome.warnings)))
    if outcome.state in USABLE or outcome.sha256:
        return TakenFile(name, "attached", f"{source.label}: {said}", source.id)
    return TakenFile(name, "refused", f"{source.label}: {said}")


def _take_converted(workspace: Workspace, path: Path, name: str, source_id: str) -> TakenFile:
    """A file of a word processor or the web, made a PDF where a program for it is here; the original is kept."""
    program = shutil.which(CONVERTER)
    if program is None:
        return TakenFile(name, "refused", "it is no PDF, and LibreOffice is not installed here: save it as a PDF")
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / f"given{Path(name).suffix.lower()}"
        shutil.copyfile(path, given)
        call = [program, "--headless", "--convert-to", "pdf", "--outdir", folder, str(given)]
        try:
            subprocess.run(call, capture_output=True, check=True, timeout=_CONVERTING_SECONDS, env=_home(folder))
        except (OSError, subprocess.SubprocessError):
            return TakenFile(name, "refused", "LibreOffice could not make a PDF of it: open it and save it as one")
        made = given.with_suffix(".pdf")
        if not made.exists():
            return TakenFile(name, "refused", "LibreOffice could not make a PDF of it: open it and save it as one")
        originals = workspace.root / "originals"
        originals.mkdir(exist_ok=True)
        shutil.copyfile(path, originals / f"{sha256_of(made)[:12]}-{Path(name).name}")
        taken = _take_pdf(workspace, made, f"{Path(name).stem}.pdf", source_id)
    return replace(taken, name=name, said=f"made a PDF of it; {taken.said}")


def _home(folder: str) -> dict[str, str]:
    """LibreOffice's own settings in a folder of this call, so that one that is open does not take it over."""
    return {**os.environ, "HOME": folder}


def _take_list(workspace: Workspace, path: Path, name: str) -> TakenFile:
    try:
        found = read_reference_list(path)
    except DataFileError as error:
        return TakenFile(name, "refused", str(error).replace(str(path), name))
    works = [replace(work, place=f"{name}, {work.place}") for work in found.works]
    with _REGISTRY, at_work(workspace, "sources"):
        sources = load_sources(workspace)
        links = load_links(workspace, sources)
        taken = take_in(works, sources, links=links)
        store_intake(workspace, sources, links, taken)
    numbers = Counter(one.state for one in taken)
    told = [f"{numbers[state]} {words}" for state, words in COUNTED.items() if numbers[state]]
    told += [f"{one.place}: {one.reason}" for one in found.refused]
    return TakenFile(name, "list", f"{found.format}, {counted(found.records, 'record')}: {'; '.join(told)}")


def waiting_pdf(workspace: Workspace, sha256: str) -> Path:
    """Where a waiting PDF lies. JaizaError: that is no name of one."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise JaizaError("this file does not wait any more: load the page again")
    return workspace.root / UPLOADS / f"{sha256}.pdf"
