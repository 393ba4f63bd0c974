"""What can be had of a PDF that ended the process that read it.

Every page is sent on as soon as it is read, so that a child that dies tells which page it died of. That page is tried
once by the other reader, in a child of its own, and the rest is read on behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from extract.cache import document_from_json, document_to_json
from extract.document import Document, Reader
from extract.isolation.run_isolated import IsolationError, run_isolated
from extract.read import document_of
from extract.readers.page_readers import FIRST, load_reader, reader_after
from extract.readers.pdfium_reader import PageWords
from extract.words import Words

_CHILDREN = 12  # one page that ends its reader costs two: six such pages are enough to know the file
_LISTED = 12  # page numbers in a note
_MOST_PAGES = 20_000  # a count beyond that is no count of pages but damage
_PAGE = TypeAdapter(PageWords)

# (path, reader, first page, last page; 0 for all) -> how many pages there are, then the pages, each as JSON
PageJob = Callable[[Path, Reader, int, int], Iterable[bytes]]


def stream_pages(path: Path, reader: Reader, first: int, last: int) -> Iterator[bytes]:
    """The job of a child: how many pages there are, then pages `first` to `last` (0: all) as they are read."""
    for count, page in load_reader(reader).stream_pages(path, first, last):
        yield str(count).encode() if page is None else _PAGE.dump_json(page)


def salvaged(
    path: Path, sha256: str, failure: IsolationError, *, seconds: float, memory_mb: int, job: PageJob = stream_pages
) -> Document | None:
    """The Document of the pages that can be read within `seconds`, the others named; None where there is none.

    `failure` is what reading in one piece came to.
    """
    count, pages = _pages(path, job, seconds=seconds, memory_mb=memory_mb)
    for _ in range(2):
        if not pages:
            return None
        numbers = range(1, min(max(count, *pages), _MOST_PAGES) + 1)
        given = [(pages[number][1] if number in pages else b"") for number in numbers]
        try:
            (answer,) = run_isolated(_assembled, given, sha256, seconds=seconds, memory_mb=memory_mb)
            return _named(document_from_json(answer), pages, failure)
        except IsolationError:  # pages that can be read but not laid out: do without the heaviest
            del pages[max(pages, key=lambda number: len(pages[number][1]))]
    return None


def _pages(path: Path, job: PageJob, *, seconds: float, memory_mb: int) -> tuple[int, dict[int, tuple[Reader, bytes]]]:
    """How many pages there are, and those that could be read, by number, each with its reader."""
    pages: dict[int, tuple[Reader, bytes]] = {}
    plan: list[tuple[Reader, int, int]] = [(FIRST, 1, 0)]  # last in, first out
    count, end = 0, time.monotonic() + seconds
    for _ in range(_CHILDREN):
        left = end - time.monotonic()
        if not plan or left <= 0:
            break
        reader, first, last = plan.pop()
        failed = False
        try:
            parts = run_isolated(job, path, reader, first, last, seconds=left / 2, memory_mb=memory_mb)
        except IsolationError as error:
            parts, failed = error.parts, True
        if parts:
            count = max(count, int(parts[0]))
        pages |= {number: (reader, part) for number, part in enumerate(parts[1:], first)}
        if not failed:
            continue
        bad = first + max(0, len(parts) - 1)
        if not last and bad < count:
            plan.append((reader, bad + 1, 0))
        if other := reader_after(reader):
            plan.append((other, bad, bad) if parts else (other, 1, 0))
    return count, pages


def _assembled(pages: Sequence[bytes], sha256: str) -> list[bytes]:
    read = (
        _PAGE.validate_json(data) if data else PageWords(number, "", 0.0, 0.0, Words.of([]), False)
        for number, data in enumerate(pages, 1)
    )
    return [document_to_json(document_of(read, sha256))]


def _named(document: Document, pages: Mapping[int, tuple[Reader, bytes]], failure: IsolationError) -> Document:
    """The document with the reader of every page, its state, and what is missing and why."""
    document = replace(
        document,
        pages=tuple(
            replace(page, reader=pages[page.number][0]) if page.number in pages else page for page in document.pages
        ),
    )
    lost = [page.number for page in document.pages if page.number not in pages]
    if not lost:
        return document
    listed = ", ".join(map(str, lost[:_LISTED])) + (" ..." if len(lost) > _LISTED else "")
    note = f"{len(lost)} of {len(document.pages)} pages could not be read ({listed}): {failure}"
    if document.state == "no text layer":
        return replace(document, state=failure.state, note=note)
    return replace(document, state="partial", note="; ".join(filter(None, (document.note, note))))
