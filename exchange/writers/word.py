"""The review as a Word document: method, tables that can be edited, figures and limits, for pasting into a paper."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell

from exchange.plain_text import clean
from exchange.writers.paper_tables import SAMPLE, TableText, tables
from synthesis.report.machine_statement import AFTER, statement
from synthesis.report.narrative import limitations, method
from synthesis.result import ReviewResult

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

# File of a figure -> its caption. Those there are go in, in this order.
FIGURES = {
    "frequencies.png": "How many studies report each theme, with 95 % intervals, in each view.",
    "matrix.png": "The merged matrix.",
    "cooccurrence.png": "How often two themes are reported by the same study.",
}
_BODY, _SMALL = Pt(10), Pt(8.5)
_SHORT = 14  # characters: a column of shorter words gets no more room than these need
_MARGINS, _MOST = 6.0, 60.0  # of a cell, and the most a column asks for, in characters
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def review_docx(result: ReviewResult, figures: Mapping[str, bytes]) -> bytes:
    """The .docx file. `figures` are PNG files by name; the same bytes for the same result."""
    document = Document()
    _prepare(document, result)
    document.add_heading(clean(result.title), level=0)
    if result.sample:
        _warning(document)
    document.add_paragraph(f"Made by Jaiza on {result.generated[:10]}, codebook revision {result.codebook.revision}.")
    document.add_heading("How this was made", level=1)
    for sentence in method(result):
        document.add_paragraph(clean(sentence))
    document.add_heading("Tables", level=1)
    for table in tables(result):
        _table(document, table, sample=result.sample)
    document.add_heading("Figures", level=1)
    for name, caption in FIGURES.items():
        if name in figures:
            _figure(document, figures[name], caption)
    document.add_heading("The use of machines in this review", level=1)
    for heading, sentences in statement(result):
        document.add_heading(heading, level=2)
        document.add_paragraph(clean(" ".join(sentences)))
    document.add_paragraph(AFTER)
    document.add_heading("What this leaves open", level=1)
    for sentence in limitations(result):
        document.add_paragraph(clean(sentence), style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    return repeatable(buffer.getvalue())


def _prepare(document: Any, result: ReviewResult) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE  # a matrix is wider than a page is
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", _BODY
    style.paragraph_format.space_after = Pt(6)
    made = datetime.fromisoformat(result.generated).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = clean(result.title), "Jaiza", ""
    properties.created = properties.modified = made
    properties.language = "en"


def _warning(document: WordDocument) -> None:
    run = document.add_paragraph().add_run(SAMPLE)
    run.bold, run.font.color.rgb = True, RGBColor(0xA0, 0, 0)


def _table(document: Any, table: TableText, *, sample: bool) -> None:
    """A caption that Word numbers, a head that repeats on every page, lines above and below as in journals."""
    caption = f"{table.caption} ({SAMPLE})" if sample else table.caption
    _caption(document, "Table", caption, keep_with_next=True)
    made = document.add_table(rows=0, cols=len(table.head))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    made.autofit = False
    last = len(table.rows) - table.totals
    _fill(made, table.head, table, bold=True, above=True, below=True)
    _mark(made.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    for place, row in enumerate(table.rows):
        _fill(made, row, table, bold=place >= last, above=place == last, below=place == len(table.rows) - 1)
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for column, width in zip(made.columns, _widths(table, room), strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    note = document.add_paragraph().add_run(clean(table.note))
    note.font.size, note.italic = _SMALL, True


def _fill(made: Table, words: Sequence[str], table: TableText, *, bold: bool, above: bool, below: bool) -> None:
    row = made.add_row()  # type: ignore[no-untyped-call]
    _mark(row._tr.get_or_add_trPr(), "w:cantSplit")
    for place, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(clean(text))
        run.bold, run.font.size = bold, _SMALL
        paragraph.paragraph_format.space_after = Pt(1)
        if table.centred and place:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _lines(cell, above=above, below=below)


def _lines(cell: _Cell, *, above: bool, below: bool) -> None:
    properties = cell._tc.get_or_add_tcPr()
    borders = OxmlElement("w:tcBorders")
    for edge, drawn in (("w:top", above), ("w:bottom", below)):
        if drawn:
            line = OxmlElement(edge)
            for name, value in (("w:val", "single"), ("w:sz", "6"), ("w:color", "404040")):
                line.set(qn(name), value)
            borders.append(line)
    properties.append(borders)


def _widths(table: TableText, room: int) -> list[int]:
    """The width of each column, by the words in it: what is short stays on one line, what is long shares the rest."""
    asked = []
    for place, head in enumerate(table.head):
        longest = max([len(row[place]) for row in table.rows] + [len(head)])
        mean = sum(len(row[place]) for row in table.rows) / max(len(table.rows), 1)
        needed = longest if longest <= _SHORT else min(max(mean * 1.3, _SHORT), _MOST)
        asked.append(needed + _MARGINS)
    return [int(room * share / sum(asked)) for share in asked]


def _figure(document: WordDocument, png: bytes, caption: str) -> None:
    document.add_picture(io.BytesIO(png), width=Cm(17))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    for drawing in document.paragraphs[-1]._p.iter(qn("wp:docPr")):
        drawing.set("descr", caption)
    _caption(document, "Figure", caption, keep_with_next=False)


def _caption(document: WordDocument, kind: str, text: str, *, keep_with_next: bool) -> None:
    """ "Table 1. ..." with a number that Word counts itself, so that tables can be moved."""
    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = keep_with_next
    paragraph.add_run(f"{kind} ")
    number = sum(1 for p in document.element.body.iter(qn("w:fldSimple")) if kind in p.get(qn("w:instr"))) + 1
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" SEQ {kind} \\* ARABIC ")
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = str(number)
    run.append(shown)
    field.append(run)
    paragraph._p.append(field)
    paragraph.add_run(f". {clean(text)}")


def _mark(properties: Any, name: str) -> None:
    properties.append(OxmlElement(name))


def repeatable(data: bytes) -> bytes:
    """The file with one date on everything in it, so that the same review gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return buffer.getvalue()
