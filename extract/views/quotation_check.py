"""Do the words of a passage stand where it says they stand? Its words are compared with those inside its boxes.

A quotation is only evidence where it can be found on the page. The words of a page are taken as pdfium gives them,
before lines, blocks and passages are made of them, and told by their middles; hyphens and spaces are left out of the
comparison, since words that are broken at line ends are mended in a passage.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extract.document import Box, Document, Passage
from extract.pdfium.open_document import opened, page_count
from extract.readers.pdfium_reader import PageWords, read_page
from extract.text.dehyphenation import spelled
from extract.words import HIDDEN

_EDGE = 0.6  # points by which the middle of a word may lie outside of a box, which is rounded
_LEFT_OUT = str.maketrans("", "", "-\u00ad\u2010\u2011 \n\ufffe\x02")
_FOUND = 0.98  # of the letters of a passage must be in its boxes, and of those in its boxes in the passage


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A passage whose boxes hold other words than it has."""

    passage: Passage
    share: float  # of the letters of the passage and its boxes that both have
    inside: str  # the words within its boxes


def misplaced(path: Path, document: Document) -> list[Misplaced]:
    """The passages of `document`, read from the PDF at `path`, that don't stand in their boxes; none of those by OCR.

    UnreadableError: pdfium can't read the file.
    """
    wanted = {box.page for passage in document.passages if not passage.ocr for box in passage.boxes}
    with opened(path) as held:
        pages = {number: read_page(held, number) for number in sorted(wanted) if number <= page_count(held)}
    return [one for passage in document.passages if not passage.ocr and (one := _checked(passage, pages))]


def _checked(passage: Passage, pages: Mapping[int, PageWords]) -> Misplaced | None:
    inside = " ".join(_words_in(passage.boxes, pages))
    one, other = Counter(_letters(passage.text)), Counter(_letters(inside))
    share = (one & other).total() / max(one.total(), other.total(), 1)
    return None if share >= _FOUND else Misplaced(passage, share, inside)


def _words_in(boxes: Iterable[Box], pages: Mapping[int, PageWords]) -> list[str]:
    """The words whose middles lie in one of `boxes`, each once."""
    found: dict[int, set[int]] = defaultdict(set)
    for box in boxes:
        if box.page in pages:
            x0, top, x1, bottom = pages[box.page].words.places
            x, y = (x0 + x1) / 2, (top + bottom) / 2
            within = (box.x0 - _EDGE <= x) & (x <= box.x1 + _EDGE) & (box.top - _EDGE <= y) & (y <= box.bottom + _EDGE)
            within &= pages[box.page].words.marks != HIDDEN
            found[box.page].update(np.flatnonzero(within).tolist())
    return [pages[page].words.texts[number] for page, numbers in found.items() for number in sorted(numbers)]


def _letters(text: str) -> str:
    return "".join(map(spelled, text.split())).translate(_LEFT_OUT)
