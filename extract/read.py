"""A PDF to a Document, in this process. `extract.isolation.isolated_read` does the same without risk to it."""

from __future__ import annotations

import contextlib
import gc
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from corpus.outcome import FrontPages
from extract.document import Document, Grid, Page, State, Table
from extract.layout.blocks import block_of, grouped, laid_out
from extract.layout.document_sections import in_sections
from extract.lines.page_lines import PageLines, read_page_lines, without_garbled
from extract.passages import passages_of
from extract.pdfium.open_document import UnreadableError, opened, page_count
from extract.readers.ocr_engine import Engine
from extract.readers.ocr_pages import Recognised, recognised
from extract.readers.pdfium_reader import PageWords, each_page, read_page
from extract.roles.roles import LineWithRole, assign_roles
from extract.state_notes import damage_note, languages_note, left_note, mixed_note, reading_note, unknown_note
from extract.tables.rows_over_pages import with_rows_whole
from extract.text.dehyphenation import vocabulary
from extract.version import EXTRACTOR, OCR_EXTRACTOR
from extract.words import UNKNOWN

FRONT_PAGES = 3
_TAIL = 1 << 20  # bytes at the end of a file, in which its last object begins

# A state, and the note that goes with it.
_Verdict = tuple[State, str]


def read_document(path: Path, sha256: str, *, engine: Engine | None = None) -> Document:
    """The Document of the PDF at `path`, whose content hash is `sha256`. A bad file gives a state, not an error.

    Pages without usable text are read by `engine`, where one is given.
    """
    return read_with_unread(path, sha256, engine=engine)[0]


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """No search for circular garbage: reading makes none, and looking through its words takes 5 % of the time."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


@_uncollected()
def read_with_unread(path: Path, sha256: str, *, engine: Engine | None = None) -> tuple[Document, int]:
    """`read_document`, and how many pages have something on them that is no usable text in the PDF."""
    if problem := _not_a_file(path):
        return Document(sha256, EXTRACTOR, *problem), 0
    attached: tuple[str, ...] = ()
    try:
        sheets, attached = each_page(path, read_page_lines)
    except UnreadableError as error:
        if error.password:
            return Document(sha256, EXTRACTOR, "password", _NEEDS_PASSWORD), 0
        sheets = []
    if not sheets:
        sheets = list(map(read_page_lines, _second_reader(path)))
    if not sheets:
        return Document(sha256, EXTRACTOR, "damaged", _damage(path)), 0
    file, sheets = _FileFacts(attached, _ends_early(path)), without_garbled(sheets)
    document, unread = _laid_out(sheets, sha256, file=file, again=engine is not None)
    if engine and document.state != "read":
        pages = [sheet.page for sheet in sheets if sheet.page.number in unread]
        tried = recognised(path, pages, unread, engine=engine)
        read = {page.number: page for page in tried.pages if page.reader == "OCR"}
        sheets = [read_page_lines(read[one.page.number]) if one.page.number in read else one for one in sheets]
        document, _ = _laid_out(sheets, sha256, file=file, engine=engine, tried=tried)
    return document, len(unread)


def read_front_pages(path: Path, *, engine: Engine | None = None) -> FrontPages:
    """Whether the PDF at `path` can be read, how many pages it has and what the first three say, by OCR if need be."""
    if problem := _not_a_file(path):
        return FrontPages("damaged", problem[1])
    count = 0
    try:
        with opened(path) as document:
            count = page_count(document)
            pages = [read_page(document, number) for number in range(1, min(count, FRONT_PAGES) + 1)]
    except UnreadableError as error:
        if error.password:
            return FrontPages("password", _NEEDS_PASSWORD)
        pages = []
    if not pages:
        pages = _second_reader(path, most=FRONT_PAGES)
    if not pages:
        return FrontPages("damaged", _damage(path))
    count = max(count, len(pages))
    text = "\n".join(line.text for page in pages for line in read_page_lines(page).lines)
    if not text and engine:
        read = recognised(path, pages, [page.number for page in pages], engine=engine).pages
        text = "\n".join(line.text for page in read if page.reader == "OCR" for line in read_page_lines(page).lines)
    if not text:
        return FrontPages("no text layer", f"the first {len(pages)} of {count} pages have no text layer", count)
    return FrontPages("read", "", count, text)


def document_of(pages: Iterable[PageWords], sha256: str) -> Document:
    """Layout, roles, blocks and passages from the words of `pages`."""
    return _laid_out(list(map(read_page_lines, pages)), sha256)[0]


class _FileFacts(NamedTuple):
    """What a file says besides its pages."""

    attached: tuple[str, ...] = ()  # names of the files attached to it
    cut: bool = False  # it ends within an object


_NO_FACTS = _FileFacts()


def _ends_early(path: Path) -> bool:
    """Does the file end within an object, as a download does that was cut off?"""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _TAIL))
        tail = stream.read()
    return b"%%EOF" not in tail and tail.rfind(b"endobj") <= tail.rfind(b" obj") + len(b" obj")


def _laid_out(
    sheets: Sequence[PageLines],
    sha256: str,
    *,
    file: _FileFacts = _NO_FACTS,
    engine: Engine | None = None,
    tried: Recognised | None = None,
    again: bool = False,
) -> tuple[Document, Sequence[int]]:
    """The Document of `sheets`, those with reader "OCR" read by `engine`; and the numbers of the pages without a text.

    A page counts as without where something is drawn on it, but nothing written that can be read. Lines are let go as
    the Document grows, unless the sheets are to be laid out `again`.
    """
    pages = [sheet.page for sheet in sheets]
    pictures = [page.number for page in pages if page.reader == "OCR"]
    lines = [line for sheet in sheets for line in sheet.lines]
    roles, measure = assign_roles(lines, pages=len(pages), frames={page.number: page.frames for page in pages})
    tables, grids = _kept(sheets, roles)
    text, groups = laid_out(in_sections(grouped(roles, measure)))
    blocks = tuple(map(block_of, groups))
    del lines, roles  # the groups hold what is needed of them
    for sheet in sheets if not again else ():
        sheet.lines.clear()
    # A scan with a stamp on every page ("Downloaded from ...") has words, but none that anyone wrote on it.
    written = {group.lines[0].page for group in groups if group.role not in ("furniture", "hidden")}
    missing = [page.number for page in pages if page.drawn and page.number not in written and not page.broken]
    broken = _incomplete(pages, cut=file.cut)
    state: State = "partial" if missing or broken else "read"
    if not written:
        state = "no text layer" if missing or not broken else "damaged"
    unseen = sorted({group.lines[0].page for group in groups if group.role == "hidden"})
    unknown = sorted({line.page for group in groups for line in group.lines if UNKNOWN in line.text})
    late = bool(tried and tried.late)
    waiting = deque(groups)
    del groups
    passages = passages_of(waiting, known=vocabulary(text), pictures=frozenset(pictures))
    notes = (
        damage_note(broken, pages=len(pages), cut=file.cut),
        reading_note(missing, pictures, pages=len(pages), written=bool(written or broken), engine=engine, tried=tried),
        unknown_note(unknown),
        left_note(file.attached, [page.number for page in pages if page.comments], unseen),
        languages_note(passages),
        mixed_note(passages),
    )
    document = Document(
        sha256=sha256,
        # Pages for which the time was up are tried again in the next run: a text without OCR counts as not yet read.
        extractor=OCR_EXTRACTOR if engine and not late and (pictures or state != "read") else EXTRACTOR,
        state=state,
        note="; ".join(filter(None, notes)),
        pages=tuple(Page(p.number, p.label, p.width, p.height, p.number in written, p.reader) for p in pages),
        blocks=blocks,
        text=text,
        passages=passages,
        tables=with_rows_whole(tables),
        grids=grids,
    )
    return document, missing


def _incomplete(pages: Sequence[PageWords], *, cut: bool) -> list[int]:
    """The numbers of the pages that can't be loaded, and of the last before them where the file is cut off in it."""
    broken = [page.number for page in pages if page.broken]
    before = broken[0] - 1 if broken else 0
    return [before, *broken] if cut and before else broken


def _kept(sheets: Sequence[PageLines], roles: Iterable[LineWithRole]) -> tuple[tuple[Table, ...], tuple[Grid, ...]]:
    """The tables but for those that are furniture, running heads in ruled boxes, and all grids."""
    shown = {(m.line.page, m.line.table) for m in roles if m.line.table and m.role != "furniture"}
    tables: list[Table] = []
    grids: list[Grid] = []
    for sheet in sheets:
        number = 0
        for grid in sheet.grids:
            if grid.kind == "table":
                one = sheet.ruled[number]
                number += 1
                if one.is_layout or (sheet.page.number, number) in shown:
                    tables.append(one.table)
                else:
                    grid = replace(grid, kind="furniture", reason="a running head or foot")
            grids.append(grid)
    return tuple(tables), tuple(grids)


def _second_reader(path: Path, *, most: int | None = None) -> list[PageWords]:
    # Slow to import and seldom needed: only for files that pdfium refuses.
    from extract.readers.pdfplumber_reader import read_pages

    return read_pages(path, most=most)


def _not_a_file(path: Path) -> _Verdict | None:
    if path.is_dir():
        return "damaged", "it is a folder, not a file"
    if not path.exists():
        return "damaged", "there is no such file"
    try:
        with path.open("rb") as stream:
            if not stream.read(1):
                return "damaged", "the file is empty (0 bytes): download it again"
    except OSError as error:
        return "damaged", f"the file can't be opened ({error.strerror})"
    return None


def _damage(path: Path) -> str:
    """What is wrong with a file in which no reader found a page."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    name = next((name for start, name in _OTHER_KINDS.items() if head.startswith(start)), None)
    if b"%PDF-" not in head:
        return f"it is not a PDF{f' but {name}' if name else ''}: download it again, or save it as a PDF"
    with contextlib.suppress(UnreadableError), opened(path) as document:
        if page_count(document) == 0:
            return "it is a PDF without any page: download it again"
    return "it is damaged beyond reading: download it again"


_HEAD = 1024  # bytes within which a PDF says that it is one
_OTHER_KINDS = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"%!PS": "a PostScript file",
    b"<html": "a web page",
    b"<!doctype html": "a web page",
    b"<!DOCTYPE html": "a web page",
}
_NEEDS_PASSWORD = "it opens only with a password: save a copy without one and attach that"
