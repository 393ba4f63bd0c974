"""A PDF held open by pdfium, which is not thread-safe: `opened` lets one thread in at a time."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pypdfium2.raw as pdfium

from extract.pdfium.handles import PdfiumDocument, PdfiumPage

_PDFIUM = threading.Lock()
_started = False
# Its new PDF reader adds the two bytes of a character instead of joining them: see extract.pdfium.characters.
_ADDS_BYTES = "Ghostscript 10.00"
_LONGEST_PRODUCER = 1000  # bytes
_MOST_ATTACHED, _LONGEST_NAME = 200, 300  # files, and characters of a name


class UnreadableError(Exception):
    """pdfium can't open the file; `password` tells whether that is for want of one."""

    def __init__(self, *, password: bool) -> None:
        self.password = password
        super().__init__("password" if password else "not a readable PDF")


@dataclass(frozen=True)
class OpenDocument:
    """What pdfium holds of the PDF at `path`."""

    path: Path
    handle: PdfiumDocument  # pdfium's FPDF_DOCUMENT

    @cached_property
    def adds_bytes(self) -> bool:
        """Was the file made by Ghostscript 10.00, which turns dashes and quotes into figures?"""
        return _ADDS_BYTES in _producer(self.handle)

    @cached_property
    def attached(self) -> tuple[str, ...]:
        """The names of the files that are attached to it."""
        names = []
        for number in range(min(pdfium.FPDFDoc_GetAttachmentCount(self.handle), _MOST_ATTACHED)):
            attachment = pdfium.FPDFDoc_GetAttachment(self.handle, number)
            buffer = (ctypes.c_ushort * _LONGEST_NAME)()
            length = pdfium.FPDFAttachment_GetName(attachment, buffer, 2 * _LONGEST_NAME) if attachment else 0
            if 2 < length <= 2 * _LONGEST_NAME:
                names.append(bytes(buffer)[: length - 2].decode("utf-16-le", "replace"))
        return tuple(names)

    def role(self, kind: str) -> str:
        """The type of the standard that the role map leads to from a type of tags, in any number of steps."""
        from extract.pdfium.file_facts import facts_of

        return facts_of(self.path).role(kind)

    def glyph_text(self, font: str, code: int) -> str:
        """What the glyph of `code` in the font called `font` reads by the glyph's name; "" where that says nothing."""
        # Slow to import and seldom needed: only where pdfium knows no character for a code.
        from extract.pdfium.file_facts import facts_of

        return facts_of(self.path).glyph_text(font, code)

    def layers_off(self) -> frozenset[str]:
        """The names of the layers that are not shown when the file is opened."""
        from extract.pdfium.file_facts import facts_of

        return facts_of(self.path).layers_off


@contextmanager
def opened(path: Path) -> Iterator[OpenDocument]:
    """The PDF at `path`, open for this thread alone. UnreadableError where pdfium refuses it."""
    global _started
    with _PDFIUM:
        if not _started:
            pdfium.FPDF_InitLibrary()
            _started = True
        handle = pdfium.FPDF_LoadDocument(os.fsencode(path), None)
        if not handle:
            code = pdfium.FPDF_GetLastError()
            raise UnreadableError(password=code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY))
        try:
            yield OpenDocument(path, handle)
        finally:
            pdfium.FPDF_CloseDocument(handle)


def page_count(document: OpenDocument) -> int:
    """How many pages the document says it has."""
    return int(pdfium.FPDF_GetPageCount(document.handle))


@contextmanager
def loaded(document: OpenDocument, number: int) -> Iterator[PdfiumPage]:
    """Page `number` (1-based), or None where it is broken."""
    page = pdfium.FPDF_LoadPage(document.handle, number - 1)
    try:
        yield page or None
    finally:
        if page:
            pdfium.FPDF_ClosePage(page)


def _producer(handle: PdfiumDocument) -> str:
    """The program that wrote the file, as it says itself; "" where it does not."""
    length = pdfium.FPDF_GetMetaText(handle, b"Producer", None, 0)
    if not 2 < length <= _LONGEST_PRODUCER:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDF_GetMetaText(handle, b"Producer", buffer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
