"""The readers of PDFs by name. Another one is a file with a `stream_pages` and a row in READERS."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

from extract.document import Reader
from extract.readers.pdfium_reader import PageWords


class PageReader(Protocol):
    """What the module of a reader offers."""

    def stream_pages(self, path: Path, first: int, last: int) -> Iterator[tuple[int, PageWords | None]]:
        """How many pages there are and None; then that number and pages `first` to `last` (0: all), one by one.

        Raises whatever its engine stumbles over.
        """


# In the order in which they are asked: the next where one fails. They are imported when they are needed: pdfplumber
# takes half a second, and few files ask for it.
READERS: dict[Reader, str] = {
    "pdfium": "extract.readers.pdfium_reader",
    "pdfplumber": "extract.readers.pdfplumber_reader",
}
FIRST, SECOND, *_ = READERS


def load_reader(name: Reader) -> PageReader:
    """The module of the reader `name`."""
    found: PageReader = import_module(READERS[name])
    return found


def reader_after(name: Reader) -> Reader | None:
    """The reader that is asked where `name` fails; None where it is the last."""
    names = list(READERS)
    return next(iter(names[names.index(name) + 1 :]), None)
