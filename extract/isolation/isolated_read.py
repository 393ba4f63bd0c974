"""A PDF read to a Document in a process of its own; of a bad one what can be had is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from corpus.outcome import FrontPages
from extract.cache import UNREAD, document_from_json, document_to_json
from extract.document import Document
from extract.isolation.run_isolated import IsolationError, run_isolated
from extract.isolation.salvage import salvaged
from extract.read import FRONT_PAGES, read_front_pages, read_with_unread
from extract.readers.ocr_engine import Engine, available
from extract.readers.ocr_pages import MOST_PAGES, SECONDS_PER_PAGE
from extract.version import EXTRACTOR


def read_isolated(
    path: Path,
    sha256: str,
    *,
    seconds: float,
    memory_mb: int,
    engine: Engine | None = None,
    find_engine: Callable[[], Engine | None] | None = None,
) -> Document:
    """What `extract.read.read_document` gives, or a Document that says it took too long, too much or crashed.

    Such a file is read once more, page by page, with the same limits: what can be had of it is kept.
    Pages without usable text are read by `engine` in a second child, which has SECONDS_PER_PAGE more for each of them.
    Where that fails the Document without them stands, and says so. `find_engine` looks for one where it is needed.
    """
    try:
        answer, unread = run_isolated(_document, path, sha256, seconds=seconds, memory_mb=memory_mb)
    except IsolationError as error:
        kept = salvaged(path, sha256, error, seconds=seconds, memory_mb=memory_mb)
        return kept or Document(sha256, EXTRACTOR, error.state, str(error))
    document = document_from_json(answer)
    if document.state not in UNREAD:
        return document
    engine = engine or (find_engine() if find_engine else None)
    if engine is None:
        return document
    longer = seconds + SECONDS_PER_PAGE * min(int(unread), MOST_PAGES)
    try:
        answer, _ = run_isolated(_document, path, sha256, engine, seconds=longer, memory_mb=memory_mb)
    except IsolationError as error:
        return replace(document, note=f"{document.note}; OCR ({engine.name}) failed: {error}")
    return document_from_json(answer)


def front_pages_isolated(
    path: Path, *, seconds: float = 20, memory_mb: int = 1024, engine: Engine | None = None
) -> FrontPages:
    """What `extract.read.read_front_pages` gives, or FrontPages that say what went wrong."""
    longer = seconds + (FRONT_PAGES * SECONDS_PER_PAGE if engine else 0)
    try:
        state, note, pages, text = run_isolated(_front_pages, path, engine, seconds=longer, memory_mb=memory_mb)
    except IsolationError as error:
        return FrontPages(error.state, str(error))
    return FrontPages(cast(Any, state.decode()), note.decode(), int(pages), text.decode())


def front_pages_with_ocr(path: Path) -> FrontPages:
    """`front_pages_isolated`, read by OCR where they have no text and this machine has a program for it."""
    front = front_pages_isolated(path)
    engine = available() if front.state == "no text layer" else None
    return front_pages_isolated(path, engine=engine) if engine else front


def _document(path: Path, sha256: str, engine: Engine | None = None) -> Sequence[bytes]:
    document, unread = read_with_unread(path, sha256, engine=engine)
    return [document_to_json(document), str(unread).encode()]


def _front_pages(path: Path, engine: Engine | None = None) -> Sequence[bytes]:
    front = read_front_pages(path, engine=engine)
    return [front.state.encode(), front.note.encode(), str(front.pages).encode(), front.text.encode()]
