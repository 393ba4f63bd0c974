"""Pictures of the evidence as it stands on the page: the part around some boxes, with the boxes tinted."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageDraw

from extract.document import Box
from extract.isolation.run_isolated import IsolationError, run_isolated
from extract.pdfium import render
from extract.pdfium.open_document import UnreadableError, loaded, opened

_SCALE = 1.5  # pixels per point: 108 per inch, small type is still readable
_MARGIN = 14.0  # points around the boxes
_PAD = 1.5  # points by which the tint reaches over the letters
_TINT = (255, 236, 140)
# Text needs few greys, and few greys without loss take less than half of a lossy picture: about 8 KB a passage.
_GREYS = 8
_SMALL_SCALE = 1.25  # pixels per point, where many pages are shown at once
_SMALL_BYTES = 60_000  # of one of them: 60 pages make a file of 5 MB
_MOST_PIXELS = 4_000_000  # a poster-sized page is drawn smaller


def crop(path: Path, boxes: Sequence[Box], *, scale: float = _SCALE) -> bytes:
    """A WebP picture of the part of the page around `boxes`, all on one page, at `scale` pixels per point.

    ValueError: no boxes, boxes on several pages, or a page that is not there.
    """
    if len({box.page for box in boxes}) != 1:
        raise ValueError(f"a picture shows boxes of one page, not of {len({box.page for box in boxes})}")
    area = Box(
        boxes[0].page,
        min(box.x0 for box in boxes) - _MARGIN,
        min(box.top for box in boxes) - _MARGIN,
        max(box.x1 for box in boxes) + _MARGIN,
        max(box.bottom for box in boxes) + _MARGIN,
    )
    return _webp(_drawn(path, boxes[0].page, area, boxes, scale))


def page_picture(path: Path, page: int, boxes: Sequence[Box] = (), scale: float = _SCALE) -> bytes:
    """A WebP picture of the whole of `page` (1-based), with those of `boxes` that stand on it tinted."""
    return _webp(_drawn(path, page, None, [box for box in boxes if box.page == page], scale))


def pictures_isolated(
    path: Path, jobs: Sequence[Sequence[Box]], *, seconds: float = 60, memory_mb: int = 1024
) -> list[bytes | None]:
    """`crop` for each of `jobs` in one child process; None for each where it can't be had."""
    try:
        pictures = run_isolated(_crops, path, [tuple(job) for job in jobs], seconds=seconds, memory_mb=memory_mb)
    except IsolationError:
        return [None] * len(jobs)
    return [picture or None for picture in pictures]


def page_pictures_isolated(
    path: Path, pages: Sequence[int], *, seconds: float = 120, memory_mb: int = 1024
) -> dict[int, bytes | None]:
    """Small WebP pictures of `pages` by number, drawn in one child process; None for each that can't be had."""
    try:
        pictures = run_isolated(_small_pages, path, tuple(pages), seconds=seconds, memory_mb=memory_mb)
    except IsolationError as error:
        pictures = error.parts
    had: dict[int, bytes | None] = dict.fromkeys(pages)
    return had | {page: picture or None for page, picture in zip(pages, pictures, strict=False)}


def _small_pages(path: Path, pages: Sequence[int]) -> Iterator[bytes]:
    for page in pages:
        try:
            yield _small_webp(_drawn(path, page, None, (), _SMALL_SCALE))
        except (ValueError, UnreadableError):
            yield b""


def _small_webp(image: Image.Image) -> bytes:
    """At most _SMALL_BYTES: without loss, which suits text, or with as much loss and shrinking as it takes."""
    data = _webp(image)
    while len(data) > _SMALL_BYTES:
        out = io.BytesIO()
        image.save(out, "WEBP", quality=30, method=3)
        data = out.getvalue()
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))
    return data


def _crops(path: Path, jobs: Sequence[Sequence[Box]]) -> list[bytes]:
    pictures = []
    for boxes in jobs:
        try:
            pictures.append(crop(path, boxes))
        except (ValueError, UnreadableError):
            pictures.append(b"")
    return pictures


def _drawn(path: Path, number: int, area: Box | None, boxes: Sequence[Box], scale: float) -> Image.Image:
    """`area` of a page as shown, or all of it."""
    with opened(path) as document, loaded(document, number) as page:
        if page is None:
            raise ValueError(f"{path} has no page {number} to draw")
        width, height = float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page))
        x0, top, x1, bottom = (area.x0, area.top, area.x1, area.bottom) if area else (0.0, 0.0, width, height)
        x0, top, x1, bottom = max(0.0, x0), max(0.0, top), min(width, x1), min(height, bottom)
        if x1 <= x0 or bottom <= top:
            raise ValueError(f"the boxes lie outside page {number} of {path}")
        scale = min(scale, (_MOST_PIXELS / ((x1 - x0) * (bottom - top))) ** 0.5)
        size = max(1, round((x1 - x0) * scale)), max(1, round((bottom - top) * scale))
        image = render.drawn(page, size, (-round(x0 * scale), -round(top * scale)), (width * scale, height * scale))
    tint = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(tint)
    for box in boxes:
        corners = (box.x0 - x0 - _PAD, box.top - top - _PAD, box.x1 - x0 + _PAD, box.bottom - top + _PAD)
        pen.rectangle([corner * scale for corner in corners], fill=_TINT)
    few = image.point([round(grey * (_GREYS - 1) / 255) * 255 // (_GREYS - 1) for grey in range(256)])
    return ImageChops.multiply(few.convert("RGB"), tint)


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=True, quality=60, method=3)
    return out.getvalue()
