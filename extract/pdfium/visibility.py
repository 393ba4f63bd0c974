"""Words that a page holds and does not show: clipped away, under a filled shape, or in a layer that is off.

pdfium gives the text of all of them. A word counts as clipped where hardly any of it lies within the box around what it
may be drawn in, and as covered where a filled rectangle, drawn after it, holds all of it. Pictures are left out: many
scans draw the page over the text that OCR found on it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence

import numpy as np
import pypdfium2.raw as pdfium

from extract.pdfium import bindings
from extract.pdfium.bindings import Address
from extract.pdfium.page_objects import IDENTITY, PageObject, Path, Point, numbers_of_texts, texts_in
from extract.words import Bools, Floats

_SEEN = 0.25  # of the area of a word within its clip: with less it can't be read
_SHRED = 3  # words within a clip that are too few to read
_SMALLEST = 150.0  # square points of a shape that may cover a word
_MOST_COVERS = 400  # shapes of a page looked at; more are a drawing
_OVER = 1.0  # points by which a word may reach out of what covers it
_RECTANGLE = 5  # corners, the one where it starts included
_MOST_CORNERS = 200  # of a clip path; its box is told from these
_UNPAINTED = (3, 7)  # ways to show text that paint nothing: what OCR found under a scan, covered or not
_NAME_SIZE = 256  # bytes

_Box = tuple[float, float, float, float]  # left, bottom, right, top in user space
_NOWHERE: _Box = (-np.inf, -np.inf, np.inf, np.inf)


class Visibility:
    """What of a page is shown, for its words to be asked about."""

    def __init__(
        self,
        page: object,
        things: Sequence[PageObject],
        paths: Sequence[Path],
        place: Point,
        layers_off: Callable[[], frozenset[str]],
    ) -> None:
        """`things` and `paths` are those of `page`, `place` maps its user space to the page as shown.

        `layers_off` gives the names of the layers that are off.
        """
        self._page, self._things, self._paths, self._place = page, things, paths, place
        self._layers_off = layers_off
        self._clips: dict[tuple[Address | None, ...], _Box] = {}

    def hidden(self, texts: Sequence[Address | None], sides: Floats) -> list[int]:
        """The numbers of the words that can't be seen.

        `texts` are their text objects, `sides` left, top, right and bottom in user space, a row each.
        """
        known = [text for text in dict.fromkeys(texts) if text]
        clipped, sides = self._clipped(known, texts, sides)
        found = clipped | self._covered(texts, sides)
        if clipped.any():
            cut = {text for text, outside in zip(texts, clipped.tolist(), strict=True) if outside}
            shreds = _shreds(found, sides[:, 3], sides[:, 1])
            found |= shreds & np.array([text in cut for text in texts], dtype=bool)
        off = self._in_layers_off(known)
        if off:
            found |= np.array([text in off for text in texts], dtype=bool)
        return np.flatnonzero(found).tolist()

    def _clipped(
        self, known: Sequence[Address], texts: Sequence[Address | None], sides: Floats
    ) -> tuple[Bools, Floats]:
        """Which words are clipped away, and the sides of what is left of the others."""
        clips = list(map(bindings.clip_path, known))
        counts = map(bindings.count_clip_paths, clips)
        boxes = {
            text: box
            for text, clip, count in zip(known, clips, counts, strict=True)
            if count > 0 and (box := self._clip_box(clip, count)) is not _NOWHERE
        }
        if not boxes:
            return np.zeros(len(texts), dtype=bool), sides
        left, bottom, right, top = np.array([boxes.get(text, _NOWHERE) if text else _NOWHERE for text in texts]).T
        x0, y1, x1, y0 = sides.T
        wide = np.clip(np.minimum(right, x1) - np.maximum(left, x0), 0, None)
        tall = np.clip(np.minimum(top, y1) - np.maximum(bottom, y0), 0, None)
        outside: Bools = wide * tall < _SEEN * (x1 - x0) * (y1 - y0)
        if not outside.any():
            return outside, sides
        # In a form the clip is told in coordinates of its own.
        inside = {text for form in self._things if form.is_form for text in texts_in(form)}
        own = np.array([text not in inside for text in texts], dtype=bool)
        left_over = np.array([np.maximum(x0, left), np.minimum(y1, top), np.minimum(x1, right), np.maximum(y0, bottom)])
        return outside & own, np.where((own & ~outside)[:, None], left_over.T, sides)

    def _clip_box(self, clip: Address, count: int) -> _Box:
        """The box around what is drawn through `count` clip paths. Text objects share them, so each is read once."""
        key = tuple([bindings.clip_segment(clip, number, 0) for number in range(count)])
        box = self._clips.get(key)
        if box is None:
            box = _NOWHERE
            for number in range(count):
                corners = _corners(clip, number)
                if corners:
                    xs, ys = zip(*corners, strict=True)
                    box = (
                        max(box[0], min(xs)),
                        max(box[1], min(ys)),
                        min(box[2], max(xs)),
                        min(box[3], max(ys)),
                    )
            self._clips[key] = box
        return box

    def _covered(self, texts: Sequence[Address | None], sides: Floats) -> Bools:
        covered = np.zeros(len(texts), dtype=bool)
        numbers: dict[Address, int] | None = None
        large = [
            path
            for path in self._paths
            if path.outer is IDENTITY and (path.x1 - path.x0) * (path.bottom - path.top) >= _SMALLEST
        ][:_MOST_COVERS]
        if not large or not texts:
            return covered
        (xa, ya), (xb, yb) = self._place(sides[:, 0], sides[:, 3]), self._place(sides[:, 2], sides[:, 1])
        x0, top, x1, bottom = np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(xa, xb), np.maximum(ya, yb)
        edges = np.array([(path.x0, path.top, path.x1, path.bottom) for path in large]).T[:, :, None]
        under = (edges[0] - _OVER <= x0) & (x1 <= edges[2] + _OVER)
        under &= (edges[1] - _OVER <= top) & (bottom <= edges[3] + _OVER)
        for place in np.flatnonzero(under.any(axis=1)).tolist():
            path = large[place]
            if not _is_opaque(path.at):
                continue
            if numbers is None:
                numbers = numbers_of_texts(self._page)
            for word in np.flatnonzero(under[place]).tolist():
                text = texts[word]
                if text is not None and bindings.render_mode(text) not in _UNPAINTED:
                    covered[word] |= numbers.get(text, path.number) < path.number
        return covered

    def _in_layers_off(self, known: Sequence[Address]) -> set[Address]:
        """The text objects in layers that are off."""
        counts, contents = map(bindings.count_marks, known), map(bindings.marked_content, known)
        # What carries one mark and a marked content id is tagged, no more.
        marked = [(text, n) for text, n, content in zip(known, counts, contents, strict=True) if n > (content >= 0)]
        layers = {text: names for text, count in marked if (names := _layers(text, count))}
        if not layers:
            return set()
        off = self._layers_off()
        return {text for text, names in layers.items() if names & off}


def _shreds(outside: Bools, lower: Floats, upper: Floats) -> Bools:
    """The few words of a line within a narrow clip, with the rest of the line outside of it on one side or both."""
    borders = np.flatnonzero(np.diff(np.concatenate(([True], outside, [True])).astype(np.int8)))
    shreds = np.zeros(len(outside), dtype=bool)
    for first, end in zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True):
        near = [n for n in (first - 1, end) if 0 <= n < len(outside)]
        beside = [n for n in near if lower[n] < (lower[first] + upper[first]) / 2 < upper[n]]
        shreds[first:end] = end - first <= _SHRED and bool(beside)
    return shreds


def _corners(clip: Address, number: int) -> list[tuple[float, float]]:
    corner = (ctypes.c_float * 2)()
    x = ctypes.addressof(corner)
    count = min(_MOST_CORNERS, bindings.count_clip_segments(clip, number))
    segments = [bindings.clip_segment(clip, number, index) for index in range(count)]
    return [(corner[0], corner[1]) for segment in segments if bindings.segment_point(segment, x, x + 4)]


def _is_opaque(path: Address) -> bool:
    """Is it a rectangle filled with a colour that nothing shows through?"""
    if bindings.count_segments(path) not in (_RECTANGLE - 1, _RECTANGLE):
        return False
    held = ctypes.cast(path, pdfium.FPDF_PAGEOBJECT)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPath_GetDrawMode(held, fill, stroke) or not fill.value:
        return False
    solid = pdfium.FPDFPageObj_GetFillColor(held, red, green, blue, alpha) and alpha.value == 255
    return bool(solid) and not pdfium.FPDFPageObj_HasTransparency(held)


def _layers(text: Address, count: int) -> set[str]:
    """The names of the layers that a text object with `count` marks is marked to be in."""
    held = ctypes.cast(text, pdfium.FPDF_PAGEOBJECT)
    marks = [pdfium.FPDFPageObj_GetMark(held, index) for index in range(count)]
    return {_written(pdfium.FPDFPageObjMark_GetParamStringValue, mark, b"Name") for mark in marks if _is_layer(mark)}


def _is_layer(mark: object) -> bool:
    return _written(pdfium.FPDFPageObjMark_GetName, mark) == "OC"


def _written(function: Callable[..., int], *arguments: object) -> str:
    """The UTF-16 text that a function of pdfium writes; "" where it has none."""
    buffer, length = (ctypes.c_ushort * (_NAME_SIZE // 2))(), ctypes.c_ulong()
    if not function(*arguments, buffer, _NAME_SIZE, length):
        return ""
    return bytes(buffer)[: max(0, min(length.value, _NAME_SIZE) - 2)].decode("utf-16-le", "replace")
