"""The small functions of pdfium that are called for every word and every drawn thing, as plain C calls.

The interpreter's lock is kept, for each takes well under a microsecond. pypdfium2's own declarations check and convert
every argument; with these a page of words takes half of the time. Handles and places to write to go in as addresses,
and into those that are called most as references (`ctypes.byref`), which nothing checks.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

Address = int  # of a handle, or of a place to write to
Handle = ctypes.c_void_p  # the same as ctypes hands it on without looking at it


class _Given(Handle):
    """A handle as a function gives it back: ctypes would make a number of a plain c_void_p."""


def address(handle: Any) -> Address:
    """Where a handle that pypdfium2 gave points to."""
    return ctypes.addressof(handle.contents)


def _plain(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value)  # type: ignore[arg-type]


def reference(handle: Any) -> Any:
    """A handle that pypdfium2 gave, for the functions that are called for every word."""
    return ctypes.byref(handle.contents)


def floats(
    function: Callable[..., int], things: Sequence[Handle], *, sizes: Sequence[int]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """What `function` writes of each of `things`, a column each, and whether it has written anything.

    `sizes` are the numbers of floats that it writes to each of the places it is given.
    """
    buffer = bytearray(4 * sum(sizes))
    held = (ctypes.c_float * sum(sizes)).from_buffer(buffer)
    starts = itertools.accumulate(sizes[:-1], initial=0)
    places = [itertools.repeat(ctypes.byref(held, 4 * start)) for start in starts]
    written = [(done, bytes(buffer)) for done in map(function, things, *places)]
    rows = np.frombuffer(b"".join([row for _, row in written]), dtype=np.float32).reshape(-1, sum(sizes))
    return rows.T.astype(np.float64), np.array([done for done, _ in written], dtype=bool)


def reference_to(at: Address) -> Any:
    """The same of a handle that is known by its address."""
    return ctypes.byref(ctypes.c_char.from_address(at))


_AT, _INT, _LONG = ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong

# Of every word: (reference to the text page, character, ...); get_rect gives nothing back, for the index is known good.
count_rects: Callable[..., int] = _plain(pdfium.FPDFText_CountRects, _INT)
get_rect: Callable[..., None] = _plain(pdfium.FPDFText_GetRect, None)
text_object: Callable[..., Address | None] = _plain(pdfium.FPDFText_GetTextObject, _AT)
char_matrix: Callable[..., None] = _plain(pdfium.FPDFText_GetMatrix, None)
font_size: Callable[..., float] = _plain(pdfium.FPDFText_GetFontSize, ctypes.c_double)

# Of the text of a page: (text page, character, ...)
char_index: Callable[..., int] = _plain(pdfium.FPDFText_GetCharIndexFromTextIndex, _INT, _AT, _INT)
font_of: Callable[..., Address | None] = _plain(pdfium.FPDFTextObj_GetFont, _AT, _AT)

# Of what is drawn on a page or in a form: (holder, index), (thing, ...). get_object takes a reference to the page,
# get_in_form and get_segment a handle, as do those for `floats`.
count_objects: Callable[..., int] = _plain(pdfium.FPDFPage_CountObjects, _INT, _AT)
get_object: Callable[..., Handle] = _plain(pdfium.FPDFPage_GetObject, _Given)
count_in_form: Callable[..., int] = _plain(pdfium.FPDFFormObj_CountObjects, _INT, _AT)
get_in_form: Callable[..., Handle] = _plain(pdfium.FPDFFormObj_GetObject, _Given, _AT, _LONG)
kind_of: Callable[..., int] = _plain(pdfium.FPDFPageObj_GetType, _INT, _AT)
get_bounds: Callable[..., int] = _plain(pdfium.FPDFPageObj_GetBounds, _INT)
get_matrix: Callable[..., int] = _plain(pdfium.FPDFPageObj_GetMatrix, _INT)
count_segments: Callable[..., int] = _plain(pdfium.FPDFPath_CountSegments, _INT, _AT)
get_segment: Callable[..., Handle] = _plain(pdfium.FPDFPath_GetPathSegment, _Given)
segment_kind: Callable[..., int] = _plain(pdfium.FPDFPathSegment_GetType, _INT, _AT)
segment_point: Callable[..., int] = _plain(pdfium.FPDFPathSegment_GetPoint, _INT)
segment_closes: Callable[..., int] = _plain(pdfium.FPDFPathSegment_GetClose, _INT, _AT)
marked_content: Callable[..., int] = _plain(pdfium.FPDFPageObj_GetMarkedContentID, _INT, _AT)

# Of the structure tree: (element, ...); the two that are called for every child take a reference to it.
count_children: Callable[..., int] = _plain(pdfium.FPDF_StructElement_CountChildren, _INT, _AT)
child_content: Callable[..., int] = _plain(pdfium.FPDF_StructElement_GetChildMarkedContentID, _INT)
child_at: Callable[..., Address | None] = _plain(pdfium.FPDF_StructElement_GetChildAtIndex, _AT)
element_type: Callable[..., int] = _plain(pdfium.FPDF_StructElement_GetType, _LONG, _AT, _AT, _LONG)
