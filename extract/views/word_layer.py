"""The words of one page with their boxes, for selecting them on its picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from extract.document import Reader
from extract.isolation.run_isolated import IsolationError, run_isolated
from extract.pdfium.open_document import UnreadableError, opened, page_count
from extract.readers import ocr_engine
from extract.readers.ocr_pages import recognised
from extract.readers.pdfium_reader import PageWords, read_page
from extract.readers.pdfplumber_reader import stream_pages
from extract.words import SOFT_HYPHEN

_OCR_SECONDS = 60.0  # one page of dense type takes 2 to 9 on one processor, more on a busy machine


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word as it stands on a page; coordinates as in extract.document."""

    text: str  # with a soft hyphen (U+00AD) at its end where the line breaks it
    x0: float
    top: float
    x1: float
    bottom: float


def words_isolated(
    path: Path, page: int, *, reader: Reader = "pdfium", seconds: float = 20, memory_mb: int = 1024
) -> tuple[PlacedWord, ...] | None:
    """The words of `page` (1-based) in the order they are read, by the `reader` that read the document's text.

    Read in a child process; None where they can't be had, for example because the program for OCR is gone.
    """
    engine = ocr_engine.available() if reader == "OCR" else None
    if reader == "OCR" and engine is None:
        return None
    try:
        (answer,) = run_isolated(
            _words, path, page, reader, engine, seconds=_OCR_SECONDS if engine else seconds, memory_mb=memory_mb
        )
    except IsolationError:
        return None
    return words_from_json(answer)


def words_to_json(words: tuple[PlacedWord, ...]) -> bytes:
    """As a list of [text, x0, top, x1, bottom]."""
    return json.dumps([[w.text, w.x0, w.top, w.x1, w.bottom] for w in words], ensure_ascii=False).encode()


def words_from_json(data: bytes) -> tuple[PlacedWord, ...]:
    """The words of `words_to_json`."""
    return tuple(PlacedWord(*row) for row in json.loads(data))


def quoted(words: tuple[PlacedWord, ...]) -> str:
    """The words as running text: a word broken at the end of a line is mended."""
    text = "".join(
        word.text.removesuffix(SOFT_HYPHEN) if word.text.endswith(SOFT_HYPHEN) else f"{word.text} " for word in words
    )
    return text.strip()


def _words(path: Path, number: int, reader: Reader, engine: ocr_engine.Engine | None) -> list[bytes]:
    page = _read(path, number, reader)
    if page is not None and engine is not None:
        (page,) = recognised(path, [page], [number], engine=engine).pages
    found = page.words if page is not None else []
    return [
        words_to_json(
            tuple(
                PlacedWord(w.text, round(w.x0, 1), round(w.top, 1), round(w.x1, 1), round(w.bottom, 1)) for w in found
            )
        )
    ]


def _read(path: Path, number: int, reader: Reader) -> PageWords | None:
    if reader == "pdfplumber":
        return next((page for _, page in stream_pages(path, number, number) if page is not None), None)
    try:
        with opened(path) as document:
            return read_page(document, number) if number <= page_count(document) else None
    except UnreadableError:
        return None
