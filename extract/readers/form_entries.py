"""What is written on a page beside its content: entries of forms, text boxes and comments (annotations).

pdfium's text holds none of them. Filled fields and text boxes are drawn into the content of the page in memory,
so that they are read with it; comments, which no page shows, are counted.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pypdfium2.raw as pdfium

from extract.pdfium.handles import PdfiumAnnotation, PdfiumPage
from extract.words import Words

_NO_COMMENTS = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_WIDGET})
_ENTRIES = frozenset({pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT})
_SAME_LINE = 0.6  # of the font size, between the base lines of a label and of what is filled in beside it
_MOST = 5_000  # annotations of a page

Rectangle = tuple[float, float, float, float]  # left, bottom, right and top in the user space of the page


class Entries(NamedTuple):
    """What annotations a page has."""

    fields: tuple[Rectangle, ...] = ()  # of its form, where they are drawn into the page
    drawn: bool = False  # fields or text boxes have been drawn into it: the page must be loaded anew
    comments: int = 0  # that hold text and are not read


def draw_entries(page: PdfiumPage) -> Entries:
    """Draw the fields and text boxes of a loaded page into its content; what is found there besides."""
    count = min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)
    if count <= 0:
        return Entries()
    fields: list[Rectangle] = []
    others: list[int] = []
    entries = comments = 0
    for number in range(count):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind in _ENTRIES:
            entries += 1
            if kind == pdfium.FPDF_ANNOT_WIDGET:
                fields.append(_rectangle(annotation))
        else:
            others.append(number)
            comments += kind not in _NO_COMMENTS and _has_text(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
    if not entries:
        return Entries(comments=comments)
    for number in reversed(others):  # marks over the text would cover it
        pdfium.FPDFPage_RemoveAnnot(page, number)
    done = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    return Entries(tuple(fields), done, comments)


def beside_labels(words: Words, fields: Sequence[Rectangle]) -> list[int]:
    """The numbers of the words with what is filled in behind the last word to its left on the same line.

    `fields` are places as shown: left, top, right and bottom. pdfium streams all fields behind the page.
    """
    x0, top, x1, bottom = words.places
    x, y, bases, sizes = (x0 + x1) / 2, (top + bottom) / 2, words.bases, words.sizes
    filled = np.zeros(len(words), dtype=bool)
    for left, upper, right, lower in fields:
        filled |= (x >= left) & (x <= right) & (y >= upper) & (y <= lower)
    order = np.flatnonzero(~filled).tolist()
    for number in np.flatnonzero(filled).tolist():
        near = [
            at
            for at, other in enumerate(order)
            if abs(bases[other] - bases[number]) <= _SAME_LINE * sizes[number]
            and x1[other] <= x0[number] + sizes[number]
        ]
        order.insert(max(near, key=lambda at: x1[order[at]]) + 1 if near else len(order), number)
    return order


def _rectangle(annotation: PdfiumAnnotation) -> Rectangle:
    box = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, box)
    return min(box.left, box.right), min(box.bottom, box.top), max(box.left, box.right), max(box.bottom, box.top)


def _has_text(annotation: PdfiumAnnotation) -> bool:
    return bool(pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", ctypes.POINTER(ctypes.c_ushort)(), 0) > 2)
