"""Tagged PDFs made for the tests: parts drawn in one order, listed in the structure tree in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject
from reportlab.pdfgen.canvas import Canvas

from support.pdf_pages import HEIGHT, PLAIN, WIDTH


@dataclass(frozen=True)
class Part:
    """Lines of one element: its tag ("Artifact" for none, "" for no mark), where it stands, its place."""

    kind: str
    lines: tuple[str, ...]
    x: float
    base: float  # of the first line, from the top of the page
    place: float = 0.0  # parts are listed in the tree by this number, then in the order drawn
    font: str = PLAIN
    size: float = 11.0


def tagged(path: Path, pages: Sequence[Sequence[Part]], *, believed: bool = True) -> Path:
    """A PDF that draws the parts in the order given; `believed` sets the mark that its tags count."""
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=True)
    for parts in pages:
        for content, part in enumerate(parts):
            _draw(canvas, part, content)
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=path)
    root = DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
    document = DictionaryObject({NameObject("/S"): NameObject("/Document")})
    root_reference, document_reference = writer._add_object(root), writer._add_object(document)
    kids, numbers = ArrayObject(), ArrayObject()
    for number, parts in enumerate(pages):
        page = writer.pages[number]
        page[NameObject("/StructParents")] = NumberObject(number)
        elements = {}
        listed = [index for index, part in enumerate(parts) if part.kind not in ("", "Artifact")]
        for index in sorted(listed, key=lambda index: parts[index].place):
            element = DictionaryObject({
                NameObject("/S"): NameObject("/" + parts[index].kind), NameObject("/K"): NumberObject(index),
                NameObject("/P"): document_reference, NameObject("/Pg"): page.indirect_reference,
            })  # fmt: skip
            elements[index] = writer._add_object(element)
            kids.append(elements[index])
        parents = ArrayObject([elements.get(index, NumberObject(0)) for index in range(len(parts))])
        numbers.extend([NumberObject(number), writer._add_object(parents)])
    document[NameObject("/P")], document[NameObject("/K")] = root_reference, kids
    root[NameObject("/K")] = document_reference
    root[NameObject("/ParentTree")] = writer._add_object(DictionaryObject({NameObject("/Nums"): numbers}))
    writer.root_object[NameObject("/StructTreeRoot")] = root_reference
    if believed:
        marks = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
        writer.root_object[NameObject("/MarkInfo")] = marks
    writer.write(path)
    return path


def _draw(canvas: Canvas, part: Part, content: int) -> None:
    if part.kind:
        mark = "/Artifact BMC" if part.kind == "Artifact" else f"/{part.kind} <</MCID {content}>> BDC"
        canvas._code.append(mark)
    canvas.setFont(part.font, part.size)
    for row, text in enumerate(part.lines):
        canvas.drawString(part.x, HEIGHT - part.base - 1.25 * part.size * row, text)
    if part.kind:
        canvas._code.append("EMC")
