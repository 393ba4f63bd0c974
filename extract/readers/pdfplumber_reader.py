"""Words and ruling through pdfplumber, thirty times slower than pdfium: for the few files that pdfium refuses."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pdfplumber

from extract.pdfium.font_styles import is_bold_name, is_italic_name
from extract.pdfium.handles import PlumberPage
from extract.readers.pdfium_reader import PageWords
from extract.ruling.edges import SHORTEST, Edges
from extract.ruling.grid import grids
from extract.words import Word, Words

_GAP = 0.15  # of the font size between two letters: a wider gap is a blank

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it tells of every oddity on standard error


def read_pages(path: Path, *, most: int | None = None) -> list[PageWords]:
    """The pages of the PDF at `path`, the first `most` of them; none where this reader fails too."""
    try:
        with pdfplumber.open(path) as document:
            pages = []
            for page in document.pages[:most]:
                pages.append(_page(page))
                page.close()
            return pages
    except Exception:  # of any kind: pdfminer raises what its parser stumbles over, from TypeError to struct.error
        return []


def stream_pages(path: Path, first: int, last: int) -> Iterator[tuple[int, PageWords | None]]:
    """How many pages there are and None; then that and pages `first` to `last` (0: all) one by one.

    Raises whatever pdfminer stumbles over.
    """
    with pdfplumber.open(path) as document:
        count = len(document.pages)
        yield count, None
        for page in document.pages[first - 1 : last or None]:
            yield count, _page(page)
            page.close()


def _page(page: PlumberPage) -> PageWords:
    page = page.crop(page.cropbox, strict=False) if tuple(page.cropbox) != tuple(page.bbox) else page
    # Text flow keeps the stream order; the default interleaves columns.
    found = page.extract_words(use_text_flow=True, x_tolerance_ratio=_GAP, extra_attrs=["fontname", "size"])
    left, top = page.bbox[0], page.bbox[1]
    words = [
        Word(
            text=word["text"],
            x0=word["x0"] - left,
            top=word["top"] - top,
            x1=word["x1"] - left,
            bottom=word["bottom"] - top,
            base=word["bottom"] - top,
            size=round(word["size"], 1),
            bold=is_bold_name(word["fontname"]),
            turn=0,
            italic=is_italic_name(word["fontname"]),
        )
        for word in found
        if word["upright"]
    ]
    drawn = bool(page.images) and not words
    return PageWords(
        page.page_number,
        "",
        float(page.width),
        float(page.height),
        Words.of(words),
        drawn,
        grids=tuple(map(tuple, grids(_edges(page)))),
        reader="pdfplumber",
    )


def _edges(page: PlumberPage) -> Edges:
    edges = Edges([], [])
    left, top = page.bbox[0], page.bbox[1]
    for edge in page.edges:
        x0, x1, y0, y1 = edge["x0"] - left, edge["x1"] - left, edge["top"] - top, edge["bottom"] - top
        if edge["orientation"] == "h" and x1 - x0 >= SHORTEST:
            edges.level.append((y0, x0, x1))
        elif edge["orientation"] == "v" and y1 - y0 >= SHORTEST:
            edges.upright.append((x0, y0, y1))
    return edges
