"""What is drawn on a page besides its text: one walk over its objects serves its tags, its frames and its ruling."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extract import calls
from extract.calls import Address

_DEEPEST = 8  # forms within forms
MOST_PATHS = 20_000  # of a page; more is a map or a drawing
IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

# a, b, c, d, e, f as in a PDF: x' = ax + cy + e, y' = bx + dy + f
Matrix = tuple[float, float, float, float, float, float]
Point = Callable[[Any, Any], tuple[Any, Any]]  # of one point, or of arrays of many

_TEXT, _PATH, _FORM = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM


class Thing(NamedTuple):
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


def things_on(page: Any) -> list[Thing]:
    """The paths and forms of a pdfium page."""
    at = calls.address(page)
    objects = _objects(at, calls.count_objects(at), calls.get_object)
    return [Thing(thing, n, kind == _FORM) for n, (thing, kind) in enumerate(objects) if kind in (_PATH, _FORM)]


def paths_of(things: Sequence[Thing], place: Point) -> list[Path]:
    """The paths among `things` and in their forms, the first MOST_PATHS; `place` as of extract.pdfium.as_shown."""
    return list(islice(_paths(things, place), MOST_PATHS))


def texts_in(form: Thing) -> Iterator[Address]:
    """The text objects in a form and in the forms in it."""
    for thing, kind, _ in _inside(form.at, IDENTITY, 1):
        if kind == _TEXT:
            yield thing


def matrix_of(thing: Address) -> Matrix:
    """The matrix of a path or a form: from its own coordinates to those of what it is in."""
    found = pdfium.FS_MATRIX()
    if not calls.get_matrix(thing, ctypes.addressof(found)):
        return IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    """A point through a matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that does `inner` first, then `outer`."""
    if outer is IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _paths(things: Sequence[Thing], place: Point) -> Iterator[Path]:
    corners = (ctypes.c_float * 4)()
    left, bottom, right, top = (ctypes.addressof(corners) + 4 * number for number in range(4))
    get_bounds = calls.get_bounds
    for thing, number, is_form in things:
        if not is_form:
            if get_bounds(thing, left, bottom, right, top):
                x0, y0, x1, y1 = corners[:]
                (xa, ya), (xb, yb) = place(x0, y0), place(x1, y1)
                yield Path(thing, number, IDENTITY, *_ordered(xa, ya, xb, yb))
            continue
        for path, kind, outer in _inside(thing, IDENTITY, 1):
            if kind == _PATH and get_bounds(path, left, bottom, right, top):
                x0, y0, x1, y1 = corners[:]
                (xa, ya), (xb, yb) = place(*moved(x0, y0, outer)), place(*moved(x1, y1, outer))
                yield Path(path, number, outer, *_ordered(xa, ya, xb, yb))


def _ordered(xa: float, ya: float, xb: float, yb: float) -> tuple[float, float, float, float]:
    return xa if xa < xb else xb, ya if ya < yb else yb, xb if xa < xb else xa, yb if ya < yb else ya


def _inside(form: Address, outer: Matrix, depth: int) -> Iterator[tuple[Address, int, Matrix]]:
    """Every object in a form and in the forms in it with its kind and the matrix to where the outermost form is."""
    inner = times(matrix_of(form), outer)
    for thing, kind in _objects(form, calls.count_in_form(form), calls.get_in_form):
        yield thing, kind, inner
        if kind == _FORM and depth < _DEEPEST:
            yield from _inside(thing, inner, depth + 1)


def _objects(
    holder: Address, count: int, get: Callable[[Address, int], Address | None]
) -> Iterator[tuple[Address, int]]:
    found = [thing for thing in map(get, repeat(holder), range(count)) if thing]
    return zip(found, map(calls.kind_of, found), strict=True)
