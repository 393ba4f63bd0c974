"""A whole page as an image to read on the screen, drawn fast: somebody is waiting for it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2.raw as pdfium
from PIL import Image

from extract.isolation.run_isolated import IsolationError, run_isolated
from extract.pdfium import render
from extract.pdfium.open_document import UnreadableError, loaded, opened

_GREYS = 16  # four bits: letters look smooth, and photographs can be made out
# zlib's quickest. A page of A4 at 1.5 pixels a point, in processor time: drawn in 12 ms, written in 5 (45 KB). As WebP
# without loss it takes 45 to 70 ms to write (25 KB), which over a network within a house gains nothing.
_EFFORT = 1
_MOST_PIXELS = 9_000_000  # A4 at 4 pixels a point has 8 million; a poster-sized page is drawn smaller


def page_image_isolated(
    path: Path, page: int, *, scale: float, seconds: float = 60, memory_mb: int = 1024
) -> bytes | None:
    """A PNG of `page` (1-based) at `scale` pixels per point, drawn in a child process; None where it can't be had."""
    try:
        (image,) = run_isolated(_page, path, page, scale, seconds=seconds, memory_mb=memory_mb)
    except IsolationError:
        return None
    return image or None


def page_image(path: Path, number: int, scale: float) -> bytes:
    """The same in this process. ValueError: no such page, or it has no size. UnreadableError: no such PDF."""
    with opened(path) as document, loaded(document, number) as page:
        if page is None:
            raise ValueError(f"{path} has no page {number} to draw")
        width, height = float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page))
        if width * height <= 0:
            raise ValueError(f"page {number} of {path} has no size")
        scale = min(scale, (_MOST_PIXELS / (width * height)) ** 0.5)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        drawn = render.drawn(page, size, (0, 0), (width * scale, height * scale))
    levels = drawn.point([round(grey * (_GREYS - 1) / 255) for grey in range(256)])
    image = Image.frombytes("P", size, levels.tobytes())
    image.putpalette([grey * 255 // (_GREYS - 1) for grey in range(_GREYS) for _ in range(3)])
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=_EFFORT, bits=4)
    return out.getvalue()


def _page(path: Path, number: int, scale: float) -> Sequence[bytes]:
    try:
        return [page_image(path, number, scale)]
    except (ValueError, UnreadableError):
        return [b""]
