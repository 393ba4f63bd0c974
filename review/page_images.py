"""Page images and the words on them, drawn and read once and kept in `pictures/` of the workspace."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from corpus.store.pdf_store import pdf_path
from corpus.workspace import Workspace, write_atomic
from extract.document import Document
from extract.views.page_image import page_image_isolated
from extract.views.word_layer import PlacedWord, words_from_json, words_isolated, words_to_json

# Pixels per point: 1.5 fills a reading column of 900 pixels with a page of A4, 2.5 that of a tablet; 4 is for a zoom.
SCALES = (1.5, 2.5, 4.0)
# Drawing takes a processor: more at once would only make each of them later.
_AT_ONCE = 2
_LOCKS = 64  # a picture asked for twice at once waits for the first; two that share a lock only wait a little longer
_WORDS_KEPT = 200  # pages whose words stay in memory: some 100 KB each
_DRAWN = "1"  # grows when pages are drawn differently, so that kept pictures of the old kind are not shown


class PageImages:
    """The pictures of one workspace. Thread-safe; what two ask for at once is drawn once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._words: dict[tuple[str, int], tuple[PlacedWord, ...]] = {}
        self._working = threading.Semaphore(_AT_ONCE)
        self._locks = tuple(threading.Lock() for _ in range(_LOCKS))

    def page(self, document: Document, number: int, scale: float) -> bytes | None:
        """A PNG of page `number` (1-based) at one of SCALES; None where it can't be drawn."""
        path = self._place(document) / f"{number}@{scale:g}.{_DRAWN}.png"
        pdf = pdf_path(self._workspace, document.sha256)
        return self._kept(path, lambda: page_image_isolated(pdf, number, scale=scale))

    def first_page(self, pdf: Path, sha256: str) -> bytes | None:
        """A PNG of the first page of a PDF that is no source yet; None where it can't be drawn."""
        path = self._workspace.root / "pictures" / sha256 / f"1@{SCALES[0]:g}.{_DRAWN}.png"
        return self._kept(path, lambda: page_image_isolated(pdf, 1, scale=SCALES[0]))

    def words(self, document: Document, number: int) -> tuple[PlacedWord, ...] | None:
        """The words of page `number` with their places; None where they can't be read."""
        path = self._place(document) / f"{number}.{document.extractor}.words.json"
        pdf = pdf_path(self._workspace, document.sha256)
        reader = document.pages[number - 1].reader

        def read() -> bytes | None:
            words = words_isolated(pdf, number, reader=reader)
            return None if words is None else words_to_json(words)

        data = self._kept(path, read)
        words = None if data is None else words_from_json(data)
        if words is not None:
            self._remember((document.sha256, number), words)
        return words

    def words_at_hand(self, document: Document, number: int) -> tuple[PlacedWord, ...] | None:
        """The words of a page where they were read before; None where reading them would take a while."""
        known = self._words.get((document.sha256, number))
        if known is None and (self._place(document) / f"{number}.{document.extractor}.words.json").exists():
            known = self.words(document, number)
        return known

    def _remember(self, key: tuple[str, int], words: tuple[PlacedWord, ...]) -> None:
        if len(self._words) >= _WORDS_KEPT:
            self._words.pop(next(iter(self._words)), None)
        self._words[key] = words

    def _place(self, document: Document) -> Path:
        return self._workspace.root / "pictures" / document.sha256

    def _kept(self, path: Path, make: Callable[[], bytes | None]) -> bytes | None:
        if path.exists():
            return path.read_bytes()
        with self._locks[hash(path) % _LOCKS]:
            if path.exists():  # somebody else has just made it
                return path.read_bytes()
            with self._working:
                made = make()
            if made is not None:
                write_atomic(path, made)
            return made
