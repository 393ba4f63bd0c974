"""Pages and their words with boxes, read through pdfium.

One call fetches the text of a page and two more the rectangle of a *word*: asking per character costs twice the CPU.
pdfium is not thread-safe: `opened` lets one thread in at a time.
"""

from __future__ import annotations

import ctypes
import math
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extract.document import Reader
from extract.edges import edges_of
from extract.frames import Frame, frames_of
from extract.grid import Cell, grids
from extract.tags import UNMARKED, PageTree, Tag, agrees, kinds, marks_of, page_tree, tree_order

# pdfium puts U+FFFE (older builds U+0002) in place of a hyphen at a line end, with no line break after it.
_LINE_END_HYPHENS = "\ufffe\x02"
_WORD = re.compile(rf"[^\s{_LINE_END_HYPHENS}\x00]+[{_LINE_END_HYPHENS}]?")
_SURROGATE = re.compile("[\ud800-\udfff]")
SOFT_HYPHEN = "\u00ad"
# Control characters say nothing and are forbidden in XML; the mark at a line end becomes Unicode's own soft hyphen.
_CLEAN: dict[int, str | None] = dict.fromkeys([*range(32), *range(127, 160), 0xFEFF, 0xFFFF])
_CLEAN |= dict.fromkeys(map(ord, _LINE_END_HYPHENS), SOFT_HYPHEN)
_BOLD_WEIGHT = 600  # of a font; normal is 400, bold 700; some fonts say 410 or 780
_FEW_WORDS = 30  # a page with fewer may be a scan with a stamp on it, so look at what else is drawn
_SOLID_IMAGE = 0.1  # share of the page an image must cover to count as something to read
_MANY_PATHS = 50  # outlines of letters come as paths; frames and rules are a handful
_MANY_TEXTS = 5  # pieces of text of which no word comes; a page left blank on purpose has a few with spaces
_OBJECTS_LOOKED_AT = 400

_PDFIUM = threading.Lock()
_started = False

Point = Callable[[float, float], tuple[float, float]]


class Word(NamedTuple):
    """One word as it stands on the page; coordinates as in extract.document."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float  # position of its baseline down the reading direction; y where the word is upright
    size: float  # of the font, in points on the page
    bold: bool
    turn: int  # quarter turns clockwise as shown: 0 upright, 1 reads downwards, 3 reads upwards
    mark: int = UNMARKED  # marked content id on its page, or extract.tags.ARTIFACT


class PageWords(NamedTuple):
    """One page as shown, with its words in the order of its tags where they are sound, in stream order otherwise."""

    number: int  # 1-based
    label: str
    width: float
    height: float
    words: list[Word]
    drawn: bool  # few or no words, but images or many paths: there is something to read that is not text
    tags: Mapping[int, Tag] = {}  # what the marks of its words say; empty where there are none to believe
    frames: tuple[Frame, ...] = ()  # drawn around some of its text
    grids: tuple[tuple[Cell, ...], ...] = ()  # cells that its ruling draws, by the grid they hang together in
    reader: Reader = "pdfium"  # what gave the words


class UnreadableError(Exception):
    """pdfium can't open the file; `password` tells whether that is for want of one."""

    def __init__(self, *, password: bool) -> None:
        self.password = password
        super().__init__("password" if password else "not a readable PDF")


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The pdfium document at `path`, for this thread alone. UnreadableError where pdfium refuses it."""
    global _started
    with _PDFIUM:
        if not _started:
            pdfium.FPDF_InitLibrary()
            _started = True
        document = pdfium.FPDF_LoadDocument(os.fsencode(path), None)
        if not document:
            code = pdfium.FPDF_GetLastError()
            raise UnreadableError(password=code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY))
        try:
            yield document
        finally:
            pdfium.FPDF_CloseDocument(document)


def page_count(document: Any) -> int:
    """How many pages the document says it has."""
    return int(pdfium.FPDF_GetPageCount(document))


@contextmanager
def loaded(document: Any, number: int) -> Iterator[Any]:
    """Page `number` (1-based), or None where it is broken."""
    page = pdfium.FPDF_LoadPage(document, number - 1)
    try:
        yield page or None
    finally:
        if page:
            pdfium.FPDF_ClosePage(page)


def read_page(document: Any, number: int) -> PageWords:
    """Page `number` (1-based) with its words; a broken page has width 0 and counts as drawn."""
    label = _label(document, number)
    with loaded(document, number) as page:
        if page is None:
            return PageWords(number, label, 0.0, 0.0, [], True)
        width, height = float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page))
        place, turns = as_shown(page)
        tree = page_tree(page)
        words = list(_words(page, place, turns, tagged=tree is not None))
        if turn := _usual_turn(words):
            # pdfium streams the lines of a page that reads downwards last to first: show it the text upright.
            pdfium.FPDFPage_SetRotation(page, (turns - turn) % 4)
            words = list(_words(page, place, turns, tagged=tree is not None))
        words = [w for w in words if 0 <= (w.x0 + w.x1) / 2 <= width and 0 <= (w.top + w.bottom) / 2 <= height]
        drawn = len(words) < _FEW_WORDS and _is_drawn(page, width * height, wordless=not words)
        frames = frames_of(page, place) if len(words) >= _FEW_WORDS else ()
        ruling = tuple(map(tuple, grids(edges_of(page, place)))) if words else ()
        read = PageWords(number, label, round(width, 2), round(height, 2), words, drawn, frames=frames, grids=ruling)
        if tree is not None and (sound := _in_tree_order(words, tree)):
            return read._replace(words=sound, tags=kinds(tree.tags))
        return read


def as_shown(page: Any) -> tuple[Point, int]:
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


def _in_tree_order(words: list[Word], tree: PageTree) -> list[Word]:
    """The words in the order of the page's tags; none where the tags are not to be believed."""
    order = tree_order([word.mark for word in words], [len(word.text) for word in words], tree)
    if order is None or not agrees(order, [(word.x0, word.top, word.x1, word.bottom) for word in words]):
        return []
    return [words[index] for index in order]


def _usual_turn(words: list[Word]) -> int:
    turned = Counter(word.turn for word in words).most_common(1)
    return turned[0][0] if turned else 0


def _words(page: Any, place: Point, turns: int, *, tagged: bool) -> Iterator[Word]:
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return
    try:
        units, index_of = _text(text_page)
        rectangle, style = _rectangles(text_page), _styles(text_page)
        mark_of = marks_of(page, text_page) if tagged else None
        for found in _WORD.finditer(units):
            text = found.group()
            if not (text.isascii() and text.isprintable()):
                text = text.translate(_CLEAN)
                if _SURROGATE.search(text):
                    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            first, last = index_of(found.start()), index_of(found.end() - 1)
            box = rectangle(first, last - first + 1)
            if box is None or not text.strip(SOFT_HYPHEN):
                continue
            size, bold, (across, up), origin = style(first)
            turn = round(turns - math.atan2(up, across) / (math.pi / 2)) % 4 if across <= 0 or up or turns else 0
            (xa, ya), (xb, yb) = place(box[0], box[1]), place(box[2], box[3])
            x, y = place(*origin)
            base = (y, -x, -y, x)[turn]
            mark = mark_of(first) if mark_of else UNMARKED
            yield Word(text, min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb), base, size, bold, turn, mark)
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _text(text_page: Any) -> tuple[str, Callable[[int], int]]:
    """The text in UTF-16 units (pairs kept apart, for pdfium counts in units), and text index -> character index."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return "", int
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    units = "".join(map(chr, buffer[: max(0, written - 1)]))
    if len(units) == count:
        return units, int
    return units, lambda index: max(0, int(pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, index)))


def _rectangles(text_page: Any) -> Callable[[int, int], tuple[float, float, float, float] | None]:
    """A function (first character, how many) -> left, bottom, right, top in user space, or None without ink."""
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    places = tuple(ctypes.byref(value) for value in (left, top, right, bottom))

    def rectangle(first: int, count: int) -> tuple[float, float, float, float] | None:
        found = None
        for index in range(pdfium.FPDFText_CountRects(text_page, first, count)):
            pdfium.FPDFText_GetRect(text_page, index, *places)
            x0, y0, x1, y1 = left.value, bottom.value, right.value, top.value
            if found is None:
                found = x0, y0, x1, y1
            else:
                found = min(found[0], x0), min(found[1], y0), max(found[2], x1), max(found[3], y1)
        return found

    return rectangle


def _styles(text_page: Any) -> Callable[[int], tuple[float, bool, tuple[float, float], tuple[float, float]]]:
    """A function character -> size in points, bold, direction of the text and its origin, both in user space."""
    matrix, name, flags = pdfium.FS_MATRIX(), ctypes.create_string_buffer(128), ctypes.c_int()

    def style(index: int) -> tuple[float, bool, tuple[float, float], tuple[float, float]]:
        pdfium.FPDFText_GetMatrix(text_page, index, matrix)
        # The font size alone is often 1, with the real size in the matrix.
        size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
        bold = pdfium.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT
        if not bold:
            length = pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
            bold = 0 < length <= len(name) and b"bold" in name.value.lower()
        return round(size, 1), bold, (matrix.a, matrix.b), (matrix.e, matrix.f)

    return style


def _label(document: Any, number: int) -> str:
    length = pdfium.FPDF_GetPageLabel(document, number - 1, None, 0)
    if length <= 2 or length > 200:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDF_GetPageLabel(document, number - 1, buffer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace").translate(_CLEAN).strip()


def _is_drawn(page: Any, area: float, *, wordless: bool) -> bool:
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
