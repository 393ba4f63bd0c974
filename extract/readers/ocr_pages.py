"""Pages without usable text, drawn and read by OCR.

A page costs seconds, not milliseconds, so a document gets SECONDS_PER_PAGE more for each page to be read, and no more
than MOST_PAGES are. Pages that fail or are not reached in time stay as they were, and the document's note says which.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import pypdfium2.raw as pdfium
from PIL import Image

from extract.pdfium import render
from extract.pdfium.open_document import loaded, opened
from extract.readers import ocr_engine, tesseract
from extract.readers.pdfium_reader import PageWords
from extract.readers.turned_words import Rectangle, turned_back, turned_words_read
from extract.words import Word, Words

SECONDS_PER_PAGE = 20.0  # a page of dense type takes 2 to 9 on one processor, twice that on a busy machine
MOST_PAGES = 200  # about ten minutes; nearly all scanned reports are shorter
_LONGEST = 60.0  # seconds for one page
_DPI = 300  # real pages: 92 % of the words in their place, 89 % at 200; small print in tables 76 % instead of 4 %
_MOST_PIXELS = 12_000_000  # an A4 page has 8.7 million at _DPI; a poster is drawn coarser
_FEWEST_WORDS = 3  # with letters: fewer are found in any photograph
_SAME_SIZE = 0.15  # estimates of one font size differ by that much from line to line


class Recognised(NamedTuple):
    """What OCR gave."""

    pages: list[PageWords]  # all that were handed over, those that were read with their words and the reader "OCR"
    late: tuple[int, ...] = ()  # numbers of those for which the time was up
    failed: tuple[int, ...] = ()  # numbers of those that could not be drawn or read
    reason: str = ""  # why the first of these failed


def recognised(
    path: Path, pages: Sequence[PageWords], numbers: Collection[int], *, engine: ocr_engine.Engine
) -> Recognised:
    """`pages` of the PDF at `path`, those with a number (1-based) in `numbers` with the words `engine` reads there."""
    wanted = sorted(numbers)[:MOST_PAGES]
    deadline = time.monotonic() + SECONDS_PER_PAGE * len(wanted)
    read: dict[int, list[Word]] = {}
    late: list[int] = []
    failed: dict[int, str] = {}
    for number in wanted:
        try:
            words = _read(path, number, engine, deadline - time.monotonic())
        except tesseract.OcrTimeoutError:
            late.append(number)
        except (ValueError, tesseract.OcrError) as error:
            failed[number] = str(error)
        else:
            if sum(1 for word in words if any(map(str.isalpha, word.text))) >= _FEWEST_WORDS:
                read[number] = words
    settled = _settled(read)
    return Recognised(
        [
            page._replace(words=Words.of(settled[page.number]), reader="OCR") if page.number in settled else page
            for page in pages
        ],
        tuple(late),
        tuple(failed),
        next(iter(failed.values()), ""),
    )


def _read(path: Path, number: int, engine: ocr_engine.Engine, seconds: float) -> list[Word]:
    """The words of a page, what is set sideways among them only where it can be read."""
    if seconds <= 0:
        raise tesseract.OcrTimeoutError
    ends = time.monotonic() + min(seconds, _LONGEST)
    picture, scale = _picture(path, number)
    words = tesseract.read_picture(engine, picture, scale=scale, seconds=ends - time.monotonic())
    return turned_words_read(
        words, lambda box, turn: _read_turned(engine, picture, scale, box, turn, ends - time.monotonic())
    )


def _read_turned(
    engine: ocr_engine.Engine, picture: Image.Image, scale: float, box: Rectangle, turn: int, seconds: float
) -> list[Word]:
    """The words in the rectangle `box` of a picture, in points, that read `turn` quarter turns clockwise."""
    if seconds <= 0:
        return []
    left, top, right, bottom = (round(side * scale) for side in box)
    part = picture.crop((left, top, right, bottom)).rotate(90 * turn, expand=True)
    read = tesseract.read_picture(engine, part, scale=scale, seconds=seconds, block=True)
    return [turned_back(word, box, turn) for word in read if word.turn == 0]


def _picture(path: Path, number: int) -> tuple[Image.Image, float]:
    """A page as shown, and its pixels per point. ValueError: there is nothing that could be drawn."""
    with opened(path) as document, loaded(document, number) as page:
        if page is None:
            raise ValueError(f"page {number} is broken")
        width, height = float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page))
        if width * height <= 0:
            raise ValueError(f"page {number} has no size")
        scale = min(_DPI / 72, (_MOST_PIXELS / (width * height)) ** 0.5)
        whole = width * scale, height * scale
        return render.drawn(page, (max(1, round(whole[0])), max(1, round(whole[1]))), (0, 0), whole), scale


def _settled(read: dict[int, list[Word]]) -> dict[int, list[Word]]:
    """The words with one font size for the body: the layout tells headings by their size, and OCR's is an estimate."""
    sizes = sorted(word.size for words in read.values() for word in words for _ in word.text)
    if not sizes:
        return read
    usual = sizes[len(sizes) // 2]
    return {
        number: [word._replace(size=usual) if abs(word.size - usual) <= _SAME_SIZE * usual else word for word in words]
        for number, words in read.items()
    }
