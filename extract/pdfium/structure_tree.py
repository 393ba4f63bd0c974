"""The PDF's own tags: the order in which its author's program says a page reads, and what each part of it is.

Source: ISO 32000-1, 14.6 to 14.8. The words of a page carry marked content ids (MCID); the structure tree lists
them in reading order under elements such as H1, P, LI or Note. What is drawn as /Artifact (running heads, page
numbers) is outside the tree. Many trees are poor, so one is believed only page by page, where it holds most of the
page's characters and does not jump about on the page more than the stream itself.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from extract.pdfium import bindings
from extract.pdfium.bindings import Address
from extract.pdfium.handles import PdfiumPage
from extract.pdfium.page_objects import PageObject, texts_in
from extract.words import ARTIFACT, HIDDEN, STRUCK, UNMARKED

_COVERED = 0.6  # of the characters of a page must be in the tree or artifacts
_MOST_ARTIFACT = 0.5  # of the characters; a page with more is one that was never tagged, only swept
_MORE_JUMPS = 0.1  # of the changes of line: jumps upwards that the tree may have beyond those of the stream
_FREE_JUMPS = 3  # a caption above its figure, a box: such jumps are no fault
_DEEPEST = 60  # levels of a tree; real ones have a dozen
_MOST_ELEMENTS = 20_000  # of a page
_NAME_SIZE = 128  # bytes, two a character
_FEW = 8  # children that are asked for one by one
# Elements with parts drawn in a form, whose ids begin anew there; pdfium does not tell them from those of the page.
_DRAWN = frozenset({"Figure", "Formula", "Caption"})

# What an element is counts from the innermost of these that holds it: a P within an LI is the item of a list.
_KINDS = frozenset({
    "H", "H1", "H2", "H3", "H4", "H5", "H6", "Title", "P", "LI", "Caption", "Note", "FENote", "TOCI", "TOC", "TD",
    "TH", "Figure", "Formula", "BibEntry", "BlockQuote", "Aside",
})  # fmt: skip
# Within these a paragraph or a heading is part of the whole and nothing by itself.
_HOLDING = frozenset({"LI", "Caption", "Note", "FENote", "TOCI", "TOC", "TD", "TH", "Figure", "BibEntry"})


# The other types of ISO 32000-1 and -2, which lead nowhere else.
_STANDARD = _KINDS | {
    "Document",
    "DocumentFragment",
    "Part",
    "Art",
    "Sect",
    "Div",
    "NonStruct",
    "Private",
    "Index",
    "L",
    "Lbl",
    "LBody",
    "Table",
    "TR",
    "THead",
    "TBody",
    "TFoot",
    "Span",
    "Quote",
    "Reference",
    "Code",
    "Link",
    "Annot",
    "Ruby",
    "RB",
    "RT",
    "RP",
    "Warichu",
    "WT",
    "WP",
    "Form",
    "Em",
    "Strong",
    "Sub",
    "Artifact",
}
Role = Callable[[str], str]


class Tag(NamedTuple):
    """What the tree says of some marked content: the innermost telling element around it."""

    kind: str  # standard type, for example "H1"; "" where no element tells
    element: int  # counts the elements of the page in reading order: the same for all content of one


UNTAGGED = Tag("", 0)
ARTIFACT_TAG = Tag("Artifact", -1)
# What marks say on any page, tagged or not: not to be seen, struck out.
HIDDEN_TAG, STRUCK_TAG = Tag("Hidden", -2), Tag("Struck", -3)
MARK_TAGS = {HIDDEN: HIDDEN_TAG, STRUCK: STRUCK_TAG}
NO_TEXT = frozenset({"Artifact", "Hidden", "Struck"})


class PageTree(NamedTuple):
    """The structure of one page: marked content id -> its tag, in reading order."""

    tags: dict[int, Tag]


def page_tree(page: PdfiumPage, role: Role = str) -> PageTree | None:
    """The structure of a loaded page; None where it is not tagged. `role` follows a role map to its end."""
    claims = _walked(page, role).claims
    return PageTree(_settled(claims)) if claims else None


def parts_listed(page: PdfiumPage) -> int:
    """How many parts the elements of a loaded page list, those on other pages included."""
    return _walked(page).listed


def _walked(page: PdfiumPage, role: Role = str) -> _Walk:
    walk = _Walk(role)
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return walk
    try:
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            element = pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
            if element:
                walk.enter(bindings.address(element), UNTAGGED, 0)
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return walk


def _settled(claims: Sequence[tuple[int, Tag]]) -> dict[int, Tag]:
    """Content id -> the element it belongs to, in reading order, from all that name it.

    A sound tree names an id of the page once. Where two do, one means an id within a form: the one that is drawn
    (a figure, its caption), or the one that has more than this, for the other would be left with nothing.
    """
    named: dict[int, list[Tag]] = {}
    for content, tag in claims:
        tags = named.setdefault(content, [])
        if tag not in tags:
            tags.append(tag)
    alone = {tags[0] for tags in named.values() if len(tags) == 1}
    owner = {
        content: min(tags, key=lambda tag: (tag.kind in _DRAWN, tag in alone)) if len(tags) > 1 else tags[0]
        for content, tags in named.items()
    }
    return {content: tag for content, tag in claims if owner[content] == tag}


def marks_of(things: Iterable[PageObject]) -> Callable[[Address], int]:
    """A function text object -> its marked content id, ARTIFACT or UNMARKED. `things` are the forms of the page: in
    them ids are counted anew, and what counts is the form's own."""
    known = {text: mark for form in things if form.is_form for mark in (_mark(form.at),) for text in texts_in(form)}

    def mark(thing: Address) -> int:
        found = known.get(thing)
        if found is None:
            found = known[thing] = _mark(thing)
        return found

    return mark


def tree_order(marks: Sequence[int], weights: Sequence[int], tree: PageTree) -> list[int] | None:
    """Indices of the words of a page in reading order; None where the tree holds too few of their characters.

    `marks` and `weights` are the marked content id and the length of each word, in stream order. What is outside
    the tree stays behind the word it follows in the stream; artifacts stand first or last.
    """
    total = sum(weights)
    artifact = sum(weight for mark, weight in zip(marks, weights, strict=True) if mark == ARTIFACT)
    inside = sum(weight for mark, weight in zip(marks, weights, strict=True) if mark in tree.tags)
    if not inside or artifact > _MOST_ARTIFACT * total or inside + artifact < _COVERED * total:
        return None
    places = {content: place for place, content in enumerate(tree.tags)}
    keys: list[int] = []
    place = -1
    for mark in marks:
        if mark == ARTIFACT:
            keys.append(-1 if place < 0 else len(places))
        else:
            place = places.get(mark, place)
            keys.append(place)
    return sorted(range(len(keys)), key=keys.__getitem__)


def agrees(order: Sequence[int], places: npt.NDArray[np.float64]) -> bool:
    """Does the tree's order run down the columns of the page about as well as the stream does?

    `places` are left, top, right and bottom, a row each, of the words in stream order.
    """
    jumps, steps = _jumps(places[:, order])
    return jumps <= _jumps(places)[0] + _FREE_JUMPS + _MORE_JUMPS * steps


def _jumps(places: npt.NDArray[np.float64]) -> tuple[int, int]:
    """Steps up that do not lead to a column on the right, and steps up or down in all."""
    left, top, right, bottom = places
    up = bottom[1:] < top[:-1]
    steps = up | (top[1:] > bottom[:-1])
    return int((up & (left[1:] < right[:-1])).sum()), int(steps.sum())


def kinds(tags: Mapping[int, Tag]) -> dict[int, Tag]:
    """`tags` by marked content id, and in addition a tag under ARTIFACT for what is no part of the text."""
    return {**tags, ARTIFACT: ARTIFACT_TAG}


class _Walk:
    """One pass over the elements of a page, which fills `claims`."""

    def __init__(self, role: Role) -> None:
        self._role = role
        self.claims: list[tuple[int, Tag]] = []  # content ids and the elements that name them, in reading order
        self.listed = 0  # parts of the elements met
        self._count = 0
        self._buffer = bytearray(_NAME_SIZE)
        self._held = (ctypes.c_char * _NAME_SIZE).from_buffer(self._buffer)
        self._at = ctypes.addressof(self._held)
        self._kinds: dict[bytes, str] = {}

    def enter(self, element: Address, above: Tag, depth: int) -> None:
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST_ELEMENTS:
            return
        tag = above
        if above.kind not in _HOLDING or above.kind == "LI":
            kind = self._kind(element)
            # Lists stand within lists; nothing else within a part that holds.
            if kind in _KINDS and (above.kind != "LI" or kind == "LI"):
                tag = Tag(kind, self._count)
        of, count = bindings.reference_to(element), bindings.count_children(element)
        self.listed += count
        # An element lists all its parts, also the thousands on other pages: neither child nor content is had of those.
        children: Iterable[Address | None] = map(bindings.child_at, repeat(of), range(count))
        if count > _FEW:
            children = list(children)
            contents = map(bindings.child_content, repeat(of), range(count))
            told = [
                (child, content) for child, content in zip(children, contents, strict=True) if child or content >= 0
            ]
        else:
            told = [(child, -1 if child else bindings.child_content(of, n)) for n, child in enumerate(children)]
        for child, content in told:
            if child:
                self.enter(child, tag, depth + 1)
            elif content >= 0:
                self.claims.append((content, tag))

    def _kind(self, element: Address) -> str:
        length = bindings.element_type(element, self._at, _NAME_SIZE)
        written = bytes(self._buffer[: max(0, length)]) if length <= _NAME_SIZE else b""
        kind = self._kinds.get(written)
        if kind is None:
            kind = _string(written)
            # pdfium follows the role map for one step: what is no type of the standard may stand for one.
            kind = self._kinds[written] = kind if kind in _STANDARD or not kind else self._role(kind)
        return kind


def _string(written: bytes) -> str:
    """UTF-16 text as pdfium writes it, with the zero at the end."""
    return written[:-2].decode("utf-16-le", "replace")


def _mark(thing: Address) -> int:
    content = bindings.marked_content(thing)
    if content >= 0:
        return content
    held = ctypes.cast(thing, pdfium.FPDF_PAGEOBJECT)
    buffer, length = (ctypes.c_ushort * (_NAME_SIZE // 2))(), ctypes.c_ulong()
    for index in range(pdfium.FPDFPageObj_CountMarks(held)):
        mark = pdfium.FPDFPageObj_GetMark(held, index)
        named = pdfium.FPDFPageObjMark_GetName(mark, buffer, _NAME_SIZE, length)
        if named and _string(bytes(buffer)[: length.value]) == "Artifact":
            return ARTIFACT
    return UNMARKED
