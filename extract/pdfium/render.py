"""A page, or a part of it, drawn in grey by pdfium."""

from __future__ import annotations

import ctypes

import pypdfium2.raw as pdfium
from PIL import Image

from extract.pdfium.handles import PdfiumPage


def drawn(page: PdfiumPage, size: tuple[int, int], start: tuple[int, int], whole: tuple[float, float]) -> Image.Image:
    """The page drawn in grey at `whole` pixels, of which the bitmap of `size` shows the part from -`start`.

    ValueError: there is no memory for it.
    """
    width, height = size
    buffer = (ctypes.c_ubyte * (width * height))()
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, buffer, width)
    if not bitmap:
        raise ValueError("no memory to draw the page")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        pixels = max(1, round(whole[0])), max(1, round(whole[1]))
        pdfium.FPDF_RenderPageBitmap(bitmap, page, *start, *pixels, 0, pdfium.FPDF_ANNOT)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return Image.frombytes("L", size, bytes(buffer))
