"""What is drawn on a page besides its text: one walk over its objects serves its tags, its frames and its ruling."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, groupby, islice, repeat
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium

from extract.pdfium import bindings
from extract.pdfium.bindings import Address
from extract.pdfium.handles import PdfiumPage

_DEEPEST = 8  # forms within forms
MOST_PATHS = 20_000  # of a page; more is a map or a drawing
IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

# a, b, c, d, e, f as in a PDF: x' = ax + cy + e, y' = bx + dy + f
Matrix = tuple[float, float, float, float, float, float]
Point = Callable[[Any, Any], tuple[Any, Any]]  # of one point, or of arrays of many

_TEXT, _PATH, _FORM = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM


class PageObject(NamedTuple):
    """A path or a form that stands on the page itself."""

    at: Address
    number: int  # among all objects of the page
    is_form: bool


class Path(NamedTuple):
    """A path on a page or in one of its forms, with its bounds on the page as shown."""

    at: Address
    number: int  # of the object on the page that it is, or is in
    outer: Matrix  # from the form it is in to the page's user space; IDENTITY itself where it is in none
    x0: float
    top: float
    x1: float
    bottom: float


def things_on(page: PdfiumPage) -> list[PageObject]:
    """The paths and forms of a pdfium page."""
    objects = _objects(bindings.reference(page), bindings.count_objects(bindings.address(page)), bindings.get_object)
    return [PageObject(thing, n, kind == _FORM) for n, (thing, kind) in enumerate(objects) if kind in (_PATH, _FORM)]


def numbers_of_texts(page: PdfiumPage) -> dict[Address, int]:
    """The text objects that stand on a pdfium page itself, each with its number among all objects of the page."""
    objects = _objects(bindings.reference(page), bindings.count_objects(bindings.address(page)), bindings.get_object)
    return {thing: number for number, (thing, kind) in enumerate(objects) if kind == _TEXT}


def paths_of(things: Sequence[PageObject], place: Point) -> list[Path]:
    """The paths among `things` and in their forms, the first MOST_PATHS; `place` as pdfium_reader.as_shown says."""
    return list(islice(_paths(things, place), MOST_PATHS))


def texts_in(form: PageObject) -> Iterator[Address]:
    """The text objects in a form and in the forms in it."""
    for thing, kind, _ in _inside(form.at, IDENTITY, 1):
        if kind == _TEXT:
            yield thing


def matrix_of(thing: Address) -> Matrix:
    """The matrix of a path or a form: from its own coordinates to those of what it is in."""
    found = pdfium.FS_MATRIX()
    if not bindings.get_matrix(thing, ctypes.addressof(found)):
        return IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def moved(x: Any, y: Any, matrix: Matrix) -> tuple[Any, Any]:
    """A point through a matrix, or arrays of many."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that does `inner` first, then `outer`."""
    if outer is IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _paths(things: Sequence[PageObject], place: Point) -> Iterator[Path]:
    for is_form, some in groupby(things, attrgetter("is_form")):
        if not is_form:
            ats, numbers, _ = zip(*islice(some, MOST_PATHS), strict=True)
            yield from _placed(ats, numbers, IDENTITY, place)
            continue
        for form in some:
            inside = ((path, outer) for path, kind, outer in _inside(form.at, IDENTITY, 1) if kind == _PATH)
            for outer, paths in groupby(islice(inside, MOST_PATHS), itemgetter(1)):
                yield from _placed([path for path, _ in paths], repeat(form.number), outer, place)


def _placed(paths: Sequence[Address], numbers: Iterable[int], outer: Matrix, place: Point) -> Iterator[Path]:
    """Those of `paths` that have bounds, all of them in what has the matrix `outer`."""
    buffer = bytearray(4 * 4)
    held = (ctypes.c_float * 4).from_buffer(buffer)
    sides = [repeat(ctypes.byref(held, 4 * side)) for side in range(4)]
    known, bounds = [], []
    for has_bounds in map(bindings.get_bounds, map(ctypes.c_void_p, paths), *sides):
        known.append(has_bounds)
        bounds.append(bytes(buffer))
    x0, y0, x1, y1 = np.frombuffer(b"".join(bounds), dtype=np.float32).reshape(-1, 4).T.astype(np.float64)
    if outer is not IDENTITY:
        (x0, y0), (x1, y1) = moved(x0, y0, outer), moved(x1, y1, outer)
    (xa, ya), (xb, yb) = place(x0, y0), place(x1, y1)
    edges = (np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(xa, xb), np.maximum(ya, yb))
    placed = map(Path, paths, numbers, repeat(outer), *(edge.tolist() for edge in edges))
    return compress(placed, known)


def _inside(form: Address, outer: Matrix, depth: int) -> Iterator[tuple[Address, int, Matrix]]:
    """Every object in a form and in the forms in it with its kind and the matrix to where the outermost form is."""
    inner = times(matrix_of(form), outer)
    for thing, kind in _objects(form, bindings.count_in_form(form), bindings.get_in_form):
        yield thing, kind, inner
        if kind == _FORM and depth < _DEEPEST:
            yield from _inside(thing, inner, depth + 1)


def _objects(holder: Any, count: int, get: Callable[[Any, int], Address | None]) -> Iterator[tuple[Address, int]]:
    found = [thing for thing in map(get, repeat(holder), range(count)) if thing]
    return zip(found, map(bindings.kind_of, found), strict=True)
