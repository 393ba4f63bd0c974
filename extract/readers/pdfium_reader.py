"""Pages and their words with boxes, read through pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pypdfium2.raw as pdfium

from extract.document import Reader
from extract.pdfium.handles import PdfiumPage
from extract.pdfium.open_document import OpenDocument, loaded, opened, page_count
from extract.pdfium.page_objects import Point, paths_of, things_on
from extract.pdfium.page_text import Asked, words_of
from extract.pdfium.right_to_left import reading_order
from extract.pdfium.structure_tree import PageTree, Tag, agrees, kinds, marks_of, page_tree, parts_listed, tree_order
from extract.pdfium.visibility import Visibility
from extract.readers.facing_pages import left_page_first
from extract.readers.form_entries import Entries, Rectangle, beside_labels, draw_entries
from extract.readers.struck_text import struck_words
from extract.ruling.edges import edges_of
from extract.ruling.frames import Frame, frames_of
from extract.ruling.grid import Cell, grids
from extract.ruling.rule_tables import Rules, rules_alike
from extract.words import CLEAN, HIDDEN, STRUCK, UNMARKED, Words

_EDGE = 0.08  # of the page height: where running heads and feet stand
_FEW_WORDS = 30  # a page with fewer may be a scan with a stamp on it, so look at what else is drawn
_SOLID_IMAGE = 0.1  # share of the page an image must cover to count as something to read
_MANY_PATHS = 50  # outlines of letters come as paths; frames and rules are a handful
_MANY_TEXTS = 5  # pieces of text of which no word comes; a page left blank on purpose has a few with spaces
_OBJECTS_LOOKED_AT = 400
_OPEN_FOR = 50  # pages; memory grows by up to 100 kB for each, and opening takes less than a page does

# The elements of a page list the whole document's, so the time that tags take grows with the square of its length.
# With 13 paragraphs a page, 1,000 pages take 11 CPU seconds, 9 of them for tags; 5,000 would take four minutes.
_MANY_PAGES = 300
_MOST_LISTED = 20_000

T = TypeVar("T")


class PageWords(NamedTuple):
    """One page as shown, with its words in the order of its tags where they are sound, in stream order otherwise."""

    number: int  # 1-based
    label: str
    width: float
    height: float
    words: Words
    drawn: bool  # few or no words, but images or many paths: there is something to read that is not text
    tags: Mapping[int, Tag] = {}  # what the marks of its words say; empty where there are none to believe
    frames: tuple[Frame, ...] = ()  # drawn around some of its text
    grids: tuple[tuple[Cell, ...], ...] = ()  # cells that its ruling draws, by the grid they hang together in
    marks: tuple[tuple[float, float], ...] = ()  # middles of small shapes, such as the points of a chart
    rules: tuple[Rules, ...] = ()  # level rules that begin and end alike, as those of a table
    reader: Reader = "pdfium"  # what gave the words
    broken: bool = False  # it can't be loaded
    comments: int = 0  # notes of readers on it, which are not read


def each_page(path: Path, take: Callable[[PageWords], T]) -> tuple[list[T], tuple[str, ...]]:
    """What `take` gives for each page of the PDF at `path`, in order, and the names of the files attached to it.

    UnreadableError where pdfium refuses it.

    pdfium keeps what it has parsed until a document is closed, so a long one is opened anew now and then. `take` must
    not open one itself: it would wait for this one.
    """
    taken: list[T] = []
    count, tags = 1, True
    attached: tuple[str, ...] = ()
    while len(taken) < count:
        with opened(path) as document:
            count = page_count(document)
            if not taken:
                attached = document.attached
                if count > _MANY_PAGES:
                    tags = _tags_are_listed_briefly(document, (count + 1) // 2)
            numbers = range(len(taken) + 1, min(len(taken) + _OPEN_FOR, count) + 1)
            taken.extend([take(read_page(document, number, tags=tags)) for number in numbers])
    return taken, attached


def _tags_are_listed_briefly(document: OpenDocument, number: int) -> bool:
    with loaded(document, number) as page:
        return page is None or parts_listed(page) <= _MOST_LISTED


def stream_pages(path: Path, first: int, last: int) -> Iterator[tuple[int, PageWords | None]]:
    """How many pages there are and None; then that number and pages `first` to `last` (0: all), one by one.

    UnreadableError where pdfium refuses the file.
    """
    with opened(path) as document:
        count = page_count(document)
        yield count, None
        for number in range(first, min(last or count, count) + 1):
            yield count, read_page(document, number)


def read_page(document: OpenDocument, number: int, *, tags: bool = True) -> PageWords:
    """Page `number` (1-based) with its words; a broken page has width 0 and counts as drawn.

    Without `tags` those of the PDF are left alone.
    """
    with loaded(document, number) as page:
        if page is None:
            return PageWords(number, _label(document, number), 0.0, 0.0, Words.of([]), True, broken=True)
        entries = draw_entries(page)
        if not entries.drawn:
            return _read(document, page, number, entries, tags=tags)
    with loaded(document, number) as page:  # anew, with its entries
        return _read(document, page, number, entries, tags=tags)


def _read(document: OpenDocument, page: PdfiumPage, number: int, entries: Entries, *, tags: bool) -> PageWords:
    """What is read of a loaded page."""
    width, height = float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page))
    place, turns = as_shown(page)
    tree = page_tree(page, document.role) if tags else None
    things = things_on(page)
    paths = paths_of(things, place)
    asked = Asked(
        marks_of(things) if tree is not None else None,
        document.glyph_text,
        Visibility(page, things, paths, place, document.layers_off).hidden,
        adds_bytes=document.adds_bytes,
    )
    words = words_of(page, place, turns, asked)
    if turn := _usual_turn(words):
        # pdfium streams the lines of a page that reads downwards last to first: show it the text upright.
        pdfium.FPDFPage_SetRotation(page, (turns - turn) % 4)
        words = words_of(page, place, turns, asked)
    words = _on_page(words, width, height)
    drawn = len(words) < _FEW_WORDS and _is_drawn(page, width * height, wordless=not len(words))
    frames = frames_of(paths) if len(words) >= _FEW_WORDS else ()
    edges = edges_of(paths, place)
    read = PageWords(
        number,
        _label(document, number),
        round(width, 2),
        round(height, 2),
        words,
        drawn,
        frames=frames,
        grids=tuple(map(tuple, grids(edges))),
        marks=edges.marks,
        rules=rules_alike(edges.level, height),
        comments=entries.comments,
    )
    order = _tree_order(words, tree, height) if tree is not None else None
    told = kinds(tree.tags) if order is not None and tree is not None else {}
    if struck := struck_words(words, paths):
        marks = words.marks
        words = words.remarked([one for one in struck if marks[one] != HIDDEN], STRUCK)
    words = reading_order(words.taken(order) if order is not None else left_page_first(words, width, height))
    if entries.fields and len(words):
        words = words.taken(beside_labels(words, [_shown(place, field) for field in entries.fields]))
    return read._replace(words=words, tags=told)


def _shown(place: Point, rectangle: Rectangle) -> Rectangle:
    """Left, top, right and bottom as shown of a rectangle in the user space of its page."""
    (xa, ya), (xb, yb) = place(rectangle[0], rectangle[1]), place(rectangle[2], rectangle[3])
    return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)


def _on_page(words: Words, width: float, height: float) -> Words:
    """The words whose middle lies on the page."""
    x0, top, x1, bottom = words.places
    inside = (x0 + x1 >= 0) & (x0 + x1 <= 2 * width) & (top + bottom >= 0) & (top + bottom <= 2 * height)
    return words if inside.all() else words.taken(np.flatnonzero(inside).tolist())


def as_shown(page: PdfiumPage) -> tuple[Point, int]:
    """The map from PDF user space to the page as shown, and how many quarter turns clockwise it is turned."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)  # the crop box within the media box
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    turns = max(0, int(pdfium.FPDFPage_GetRotation(page))) % 4
    maps: tuple[Point, ...] = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )
    return maps[turns], turns


def _tree_order(words: Words, tree: PageTree, height: float) -> list[int] | None:
    """The numbers of the words in the order of the page's tags; None where the tags are not to be believed.

    Running heads and feet that are marked as nothing, as Chromium leaves them, tell nothing against the tags.
    """
    marks = words.marks
    middle = (words.places[1] + words.places[3]) / 2
    at_edge = (marks == UNMARKED) & ((middle < _EDGE * height) | (middle > (1 - _EDGE) * height))
    weights = [0 if outside else len(text) for text, outside in zip(words.texts, at_edge.tolist(), strict=True)]
    order = tree_order(marks.tolist(), weights, tree)
    return order if order and agrees(order, words.places) else None


def _usual_turn(words: Words) -> int:
    turns = words.turns
    counts = np.bincount(turns, minlength=4)
    # Of those with as many words the first to stand on the page.
    return next((turn for turn in turns.tolist() if counts[turn] == counts.max()), 0)


def _label(document: OpenDocument, number: int) -> str:
    length = pdfium.FPDF_GetPageLabel(document.handle, number - 1, None, 0)
    if length <= 2 or length > 200:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDF_GetPageLabel(document.handle, number - 1, buffer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace").translate(CLEAN).strip()


def _is_drawn(page: PdfiumPage, area: float, *, wordless: bool) -> bool:
    """Is there something to read that is no word? Where there are no words at all, also text without letters."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    paths = texts = 0
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _OBJECTS_LOOKED_AT)):
        thing = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            if pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
                covered = (right.value - left.value) * (top.value - bottom.value)
                if covered >= _SOLID_IMAGE * area:
                    return True
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            texts += 1
    return paths >= _MANY_PATHS or (wordless and texts >= _MANY_TEXTS)
