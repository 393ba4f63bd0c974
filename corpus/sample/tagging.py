"""Giving a PDF with marked content its structure tree (ISO 32000-1, 14.7 and 14.8)."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from corpus.sample.draw import TagMark
from corpus.sample.page import TreePath

LANGUAGE = "en-GB"


def add_structure(pdf: bytes, marks: Sequence[TagMark], *, title: str) -> bytes:
    """`pdf` as a tagged PDF: /MarkInfo, /Lang, a tree of elements in reading order, and its parent tree."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    root = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")}))
    document = _element(writer, "Document", root)
    document_element = _dictionary(document)
    document_element[NameObject("/T")] = TextStringObject(title)
    elements: dict[TreePath, IndirectObject] = {(): document}
    pages: dict[TreePath, set[int]] = defaultdict(set)
    for mark in marks:
        pages[mark.path].add(mark.page)
    owners: dict[int, list[IndirectObject]] = defaultdict(list)  # page -> element of each MCID in order
    for mark in marks:
        for depth in range(1, len(mark.path) + 1):
            path = mark.path[:depth]
            if path not in elements:
                elements[path] = _element(writer, path[-1][0], elements[path[:-1]])
                _add_child(elements[path[:-1]], elements[path])
        owner = elements[mark.path]
        _add_content(owner, mark, page=_page(writer, mark.page), alone=len(pages[mark.path]) == 1)
        owners[mark.page].append(owner)
    _dictionary(root).update(
        {
            NameObject("/K"): document,
            NameObject("/ParentTree"): writer._add_object(_parent_tree(writer, owners)),
            NameObject("/ParentTreeNextKey"): NumberObject(len(owners)),
        }
    )
    writer.root_object.update(
        {
            NameObject("/StructTreeRoot"): root,
            NameObject("/MarkInfo"): DictionaryObject({NameObject("/Marked"): BooleanObject(True)}),
            NameObject("/Lang"): TextStringObject(LANGUAGE),
            NameObject("/ViewerPreferences"): DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)}),
        }
    )
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _element(writer: PdfWriter, tag: str, parent: IndirectObject) -> IndirectObject:
    return writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject(f"/{tag}"),
                NameObject("/P"): parent,
                NameObject("/K"): ArrayObject(),
            }
        )
    )


def _dictionary(reference: IndirectObject) -> DictionaryObject:
    found = reference.get_object()
    if not isinstance(found, DictionaryObject):
        raise TypeError(f"{reference} is not a dictionary")
    return found


def _kids(element: IndirectObject) -> ArrayObject:
    kids = _dictionary(element)["/K"]
    if not isinstance(kids, ArrayObject):
        raise TypeError(f"the children of {element} are not an array")
    return kids


def _add_child(parent: IndirectObject, child: IndirectObject) -> None:
    _kids(parent).append(child)


def _add_content(element: IndirectObject, mark: TagMark, *, page: IndirectObject, alone: bool) -> None:
    if alone:
        _dictionary(element)[NameObject("/Pg")] = page
        _kids(element).append(NumberObject(mark.mcid))
        return
    # An element that runs on to another page names the page with each piece; with a /Pg of its own as well,
    # pdfplumber leaves it out on all but that page.
    reference = {
        NameObject("/Type"): NameObject("/MCR"),
        NameObject("/Pg"): page,
        NameObject("/MCID"): NumberObject(mark.mcid),
    }
    _kids(element).append(DictionaryObject(reference))


def _page(writer: PdfWriter, number: int) -> IndirectObject:
    reference = writer.pages[number].indirect_reference
    if reference is None:
        raise TypeError(f"page {number} of the PDF has no reference")
    return reference


def _parent_tree(writer: PdfWriter, owners: dict[int, list[IndirectObject]]) -> DictionaryObject:
    numbers = ArrayObject()
    for key, (page, elements) in enumerate(sorted(owners.items())):
        writer.pages[page][NameObject("/StructParents")] = NumberObject(key)
        writer.pages[page][NameObject("/Tabs")] = NameObject("/S")
        numbers += [NumberObject(key), writer._add_object(ArrayObject(elements))]
    return DictionaryObject({NameObject("/Nums"): numbers})
