"""Codings go out as native highlights on their words; highlights and comments come in as codings of their author."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from pypdf.annotations import Highlight, Text
from pypdf.generic import ArrayObject, FloatObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import DataFileError
from exchange.coded_review import select_codings
from exchange.pdf_marks import PdfMark, read_marks, write_marks
from exchange.readers.code_matching import CodeBookOfOthers
from exchange.readers.pdf_annotations import read_annotated_pdf
from exchange.writers.annotated_pdf import write_annotated_pdfs
from extract.document import Box
from models.codebook.codebook import shipped_codebook
from support.exchange_review import decisions, review

OURS = CodeBookOfOthers(shipped_codebook(), {"yellow highlight": "TI"})
LINES = ["The registers were closed for years, and wid-", "ows were never entered in them."]


def _pdf(path: Path, *, pages: int = 1) -> Path:
    canvas = Canvas(str(path), pagesize=(595, 842))
    for _ in range(pages):
        canvas.setFont("Helvetica", 10)
        for number, line in enumerate(LINES):
            canvas.drawString(70, 842 - 110 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return path


def _turned(path: Path, *, turn: int, crop: tuple[float, float, float, float]) -> Path:
    writer = pypdf.PdfWriter(clone_from=path)
    writer.pages[0].cropbox = pypdf.generic.RectangleObject(crop)
    writer.pages[0].rotate(turn)
    writer.write(path)
    return path


@pytest.mark.parametrize(
    ("turn", "crop", "box"),
    [
        (0, (0, 0, 595, 842), Box(1, 69, 100, 310, 114)),
        (0, (50, 100, 500, 800), Box(1, 19, 58, 260, 72)),
        (90, (0, 0, 595, 842), Box(1, 842 - 114, 69, 842 - 100, 310)),
        (180, (0, 0, 595, 842), Box(1, 595 - 310, 842 - 114, 595 - 69, 842 - 100)),
    ],
)
def test_a_mark_lies_on_its_words_on_pages_that_are_turned_or_cropped(
    tmp_path: Path, turn: int, crop: tuple[float, float, float, float], box: Box
) -> None:
    path = _turned(_pdf(tmp_path / "a.pdf"), turn=turn, crop=crop)
    (tmp_path / "b.pdf").write_bytes(write_marks(path, [PdfMark(1, "highlight", "GW", "Zoë", boxes=(box,))]))
    (mark,) = read_marks(tmp_path / "b.pdf")
    assert (mark.words, mark.comment, mark.author) == (LINES[0], "GW", "Zoë")


def test_every_coding_comes_back_and_the_bytes_repeat(tmp_path: Path) -> None:
    coded = review()
    coded = replace(coded, studies=[replace(coded.studies[0], pdf=_pdf(tmp_path / "a.pdf", pages=2)), coded.studies[1]])
    first, second = io.BytesIO(), io.BytesIO()
    write_annotated_pdfs(coded, first)
    write_annotated_pdfs(coded, second)
    assert first.getvalue() == second.getvalue()
    with zipfile.ZipFile(first) as archive:
        assert archive.namelist() == ["torrand-2021.pdf"]
        archive.extractall(tmp_path)
    contents = read_annotated_pdf(tmp_path / "torrand-2021.pdf", is_code=OURS.knows)
    found = {(c.coder, c.role, c.quote, c.note, c.decided) for c in contents.codings if OURS.knows(c.codes[0])}
    said = {
        (d.coder, d.role, d.anchor.quote if d.anchor else "", d.note, d.decided)
        for d in decisions()
        if d.source_id == "torrand-2021"
    }
    assert found == said
    assert contents.left_out == {"suggestions of a machine": 1}
    assert contents.passed_over == []


def test_one_study_alone_is_a_pdf_with_the_codings_chosen(tmp_path: Path) -> None:
    coded = review()
    coded = replace(coded, studies=[replace(coded.studies[0], pdf=_pdf(tmp_path / "a.pdf", pages=2)), coded.studies[1]])
    stream = io.BytesIO()
    write_annotated_pdfs(select_codings(coded, studies=["torrand-2021"], coders=["Benazir"], themes=["GW"]), stream)
    notes = [a.get_object() for page in pypdf.PdfReader(stream).pages for a in page.get("/Annots", ())]
    assert [(a["/Subtype"], a["/T"], a["/Contents"]) for a in notes] == [
        ("/Highlight", "Benazir", "GW judged absent\nLate, but\nnot badly run."),
    ]  # fmt: skip
    assert "/N" in notes[0]["/AP"]  # viewers that don't draw highlights themselves show this


def test_highlights_of_a_viewer_are_codings_of_their_author(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=_pdf(tmp_path / "a.pdf"))
    quads = [69, 742, 310, 742, 69, 729, 310, 729, 69, 728, 310, 728, 69, 715, 310, 715]
    for comment in ("GW: the post was vacant", "see table 3", "FS\nMoney\nlate"):
        highlight = Highlight(
            rect=(69, 715, 310, 742), quad_points=ArrayObject(map(FloatObject, quads)), highlight_color="ffff00"
        )
        highlight[NameObject("/Contents")] = TextStringObject(comment)
        highlight[NameObject("/T")] = TextStringObject("Amna")
        writer.add_annotation(0, highlight)
    for comment in ("TI 2 of the study", "TI: nowhere said", ""):
        writer.add_annotation(0, Text(rect=(10, 10, 30, 30), text=comment))
    writer.write(tmp_path / "torrand-2021.pdf")
    contents = read_annotated_pdf(tmp_path / "torrand-2021.pdf", is_code=OURS.knows)
    whole = "The registers were closed for years, and widows were never entered in them."
    assert [(c.origin.name, c.codes, c.coder, c.quote, c.page, c.note) for c in contents.codings] == [
        ("torrand-2021", ("GW",), "Amna", whole, 1, "the post was vacant"),
        ("torrand-2021", ("yellow highlight",), "Amna", whole, 1, "see table 3"),
        ("torrand-2021", ("FS",), "Amna", whole, 1, "Money\nlate"),
        ("torrand-2021", ("TI",), "", "", None, "nowhere said"),
    ]
    assert [line.partition(":")[0] for line in contents.passed_over] == ["page 1, note"] * 2


def test_what_is_no_pdf_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    with pytest.raises(DataFileError, match=r"a\.pdf: can't be read as a PDF"):
        read_annotated_pdf(tmp_path / "a.pdf", is_code=OURS.knows)
