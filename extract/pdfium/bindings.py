"""The small functions of pdfium that are called for every word and every drawn thing, as plain C bindings.

The interpreter's lock is kept, for each takes well under a microsecond. pypdfium2's own declarations check and convert
every argument; with these a page of words takes half of the time. Handles and places to write to go in as addresses,
and into those that are called most as references (`ctypes.byref`), which nothing checks.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

Address = int  # of a handle, or of a place to write to


def address(handle: Any) -> Address:
    """Where a handle that pypdfium2 gave points to."""
    return ctypes.addressof(handle.contents)


def _plain(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value)  # type: ignore[arg-type]


def reference(handle: Any) -> Any:
    """A handle that pypdfium2 gave, for the functions that are called for every word."""
    return ctypes.byref(handle.contents)


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
char_code: Callable[..., int] = _plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _AT, _INT)
has_map_error: Callable[..., int] = _plain(pdfium.FPDFText_HasUnicodeMapError, _INT, _AT, _INT)
render_mode: Callable[..., int] = _plain(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _AT)
font_of: Callable[..., Address | None] = _plain(pdfium.FPDFTextObj_GetFont, _AT, _AT)
base_font_name: Callable[..., int] = _plain(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, _AT, _AT, ctypes.c_size_t)
_NAME_SIZE = 128


def font_name(font: Address) -> str:
    """The name of a font as the PDF has it, with the letters that mark a subset; "" where it has none."""
    buffer = ctypes.create_string_buffer(_NAME_SIZE)
    length = base_font_name(font, ctypes.addressof(buffer), _NAME_SIZE)
    return buffer.value.decode("latin-1") if 0 < length <= _NAME_SIZE else ""


# Of what is drawn on a page or in a form: (holder, index), (thing, ...). get_object takes a reference to the page, and
# get_bounds a thing as c_void_p and references to where its left, bottom, right and top go.
count_objects: Callable[..., int] = _plain(pdfium.FPDFPage_CountObjects, _INT, _AT)
get_object: Callable[..., Address | None] = _plain(pdfium.FPDFPage_GetObject, _AT)
count_in_form: Callable[..., int] = _plain(pdfium.FPDFFormObj_CountObjects, _INT, _AT)
get_in_form: Callable[..., Address | None] = _plain(pdfium.FPDFFormObj_GetObject, _AT, _AT, _LONG)
kind_of: Callable[..., int] = _plain(pdfium.FPDFPageObj_GetType, _INT, _AT)
get_bounds: Callable[..., int] = _plain(pdfium.FPDFPageObj_GetBounds, _INT)
get_matrix: Callable[..., int] = _plain(pdfium.FPDFPageObj_GetMatrix, _INT, _AT, _AT)
draw_mode: Callable[..., int] = _plain(pdfium.FPDFPath_GetDrawMode, _INT, _AT, _AT, _AT)
count_segments: Callable[..., int] = _plain(pdfium.FPDFPath_CountSegments, _INT, _AT)
get_segment: Callable[..., Address | None] = _plain(pdfium.FPDFPath_GetPathSegment, _AT, _AT, _INT)
segment_kind: Callable[..., int] = _plain(pdfium.FPDFPathSegment_GetType, _INT, _AT)
segment_point: Callable[..., int] = _plain(pdfium.FPDFPathSegment_GetPoint, _INT, _AT, _AT, _AT)
segment_closes: Callable[..., int] = _plain(pdfium.FPDFPathSegment_GetClose, _INT, _AT)
marked_content: Callable[..., int] = _plain(pdfium.FPDFPageObj_GetMarkedContentID, _INT, _AT)
count_marks: Callable[..., int] = _plain(pdfium.FPDFPageObj_CountMarks, _INT, _AT)
clip_path: Callable[..., Address] = _plain(pdfium.FPDFPageObj_GetClipPath, _AT, _AT)
count_clip_paths: Callable[..., int] = _plain(pdfium.FPDFClipPath_CountPaths, _INT, _AT)
count_clip_segments: Callable[..., int] = _plain(pdfium.FPDFClipPath_CountPathSegments, _INT, _AT, _INT)
clip_segment: Callable[..., Address | None] = _plain(pdfium.FPDFClipPath_GetPathSegment, _AT, _AT, _INT, _INT)

# Of the structure tree: (element, ...); the two that are called for every child take a reference to it.
count_children: Callable[..., int] = _plain(pdfium.FPDF_StructElement_CountChildren, _INT, _AT)
child_content: Callable[..., int] = _plain(pdfium.FPDF_StructElement_GetChildMarkedContentID, _INT)
child_at: Callable[..., Address | None] = _plain(pdfium.FPDF_StructElement_GetChildAtIndex, _AT)
element_type: Callable[..., int] = _plain(pdfium.FPDF_StructElement_GetType, _LONG, _AT, _AT, _LONG)
