"""The matrix and the studies for Word, LaTeX, reference managers and Excel, read back by other people's readers."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime
from functools import cache

import bibtexparser
import docx
import pandas as pd
import pytest
import rispy
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pylatexenc.latexwalker import LatexWalker

from corpus.registry.sources import Candidate, Source
from exchange.writers.coding_table import coding_table
from exchange.writers.latex import latex, tables_latex
from exchange.writers.paper_tables import SAMPLE
from exchange.writers.references import references_bibtex, references_ris
from exchange.writers.word import review_docx
from exchange.writers.workbook import render_workbook
from exchange.writers.xlsx_sheets import Book, temporary_file
from support.exchange_review import review as coded_review
from support.review_result import QUOTE, review
from synthesis.report.figures import draw_figures
from synthesis.result import ReviewResult

HARD = Source(
    "bank-2019", "Bank (2019) – 50% of {all}", "Costs & benefits_of #1: $5 ~ {Pakistan} \\ 10^2",
    ("Asian Development Bank", "Khan, Amina & Sons"), 2019, "Series A & B", "journal article", doi="10.1/a_b",
    candidates=(
        Candidate("https://guess.example/x", "pdf", "unverified"),
        Candidate("https://adb.example/a%20b_{1}.pdf", "pdf", "seen"),
    ),
)  # fmt: skip


@cache
def _result() -> ReviewResult:
    """The review with its first study replaced by one whose facts are full of signs."""
    made = review()
    return replace(made, sources=[replace(HARD, id=made.sources[0].id), *made.sources[1:]])


def test_ris_is_read_by_an_independent_reader() -> None:
    found = rispy.loads(references_ris(_result()).decode())
    assert len(found) == 25
    first = found[0]
    assert (first["type_of_reference"], first["title"], first["year"]) == ("JOUR", HARD.title, "2019")
    assert first["authors"] == list(HARD.authors)
    assert (first["doi"], first["urls"]) == ("10.1/a_b", ["https://adb.example/a%20b_%7B1%7D.pdf"])
    assert "Theme GW" in first["keywords"]
    assert found[1]["type_of_reference"] == "GEN"
    lines = references_ris(_result()).decode().split("\r\n")
    assert all(line == "" or re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)


def test_bibtex_is_read_by_an_independent_reader() -> None:
    library = bibtexparser.parse_string(references_bibtex(_result()).decode())
    assert library.failed_blocks == []
    assert len(library.entries) == 25
    first = library.entries[0]
    assert first.entry_type == "article"
    assert (
        first["title"]
        == r"{Costs \& benefits\_of \#1: \$5 \textasciitilde{} \{Pakistan\} \textbackslash{} 10\textasciicircum{}2}"
    )
    assert first["author"] == r"{Asian Development Bank} and Khan, Amina \& Sons"
    assert first["url"] == "https://adb.example/a%20b_%7B1%7D.pdf"


def test_latex_tables_are_well_formed_and_whole() -> None:
    text = tables_latex(_result()).decode()
    nodes, _, _ = LatexWalker(text, tolerant_parsing=False).get_latex_nodes()
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") == 5
    assert nodes
    matrix = text[text.index(r"\label{tab:matrix}") :].split(r"\end{longtable}")[0]
    body = matrix[matrix.index(r"\endlastfoot") :].splitlines()[1:]
    assert len(body) == 25 + 2  # with the rule and the totals
    assert all(line.count(" & ") == 6 for line in body if "midrule" not in line)
    shares = [float(share) for share in re.findall(r"dimexpr ([.\d]+)", text.split(r"\label{tab:matrix}")[0])]
    assert sum(shares[-7:]) == pytest.approx(1, abs=0.001)
    assert r"Bank (2019) -- 50\% of \{all\}" in body[0]
    assert r"\checkmark{}" in body[0]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            r"50% & #1_x ~ ^ {a} $b \c",
            r"50\% \& \#1\_x \textasciitilde{} \textasciicircum{} \{a\} \$b \textbackslash{}c",
        ),
        ("“It’s” – [sic] …", r"``It's'' -- {[}sic{]} \dots{}"),
        ("two\n lines", "two lines"),
        ("é ł €", r"{\'e} {\l} {\texteuro}"),
        ("₹ 5", r"\jaizasign{20B9}{₹}{Rs} 5"),
        ("ایک", r"\jaizasign{627}{ایک}{{[}Arabic script{]}}"),
        ("\U0001f600\u200d", r"\jaizasign{1F600}{😀}{{[}grinning face{]}}"),
    ],
)
def test_signs_are_written_for_latex(text: str, written: str) -> None:
    assert latex(text) == written


def test_word_has_tables_that_can_be_edited_and_captions_that_count() -> None:
    result = _result()
    figures = draw_figures(result.cells, result.labels, result.themes)
    data = review_docx(result, figures)
    document = docx.Document(io.BytesIO(data))
    matrix = document.tables[1]
    assert [cell.text for cell in matrix.rows[0].cells] == ["Study", "GW", "IF", "TI", "FS", "DIG", "CGL"]
    assert len(matrix.rows) == 27
    assert matrix.rows[26].cells[1].text == "19 of 25"
    assert matrix.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    fields = [field.get(qn("w:instr")).split()[1] for field in document.element.body.iter(qn("w:fldSimple"))]
    assert fields == ["Table"] * 5 + ["Figure"] * 3
    assert len(document.inline_shapes) == 3
    assert f"“{QUOTE}”" in [cell.text for row in document.tables[3].rows for cell in row.cells]
    assert data == review_docx(result, figures)


def test_a_sample_says_so_in_every_document() -> None:
    result = review(sample=True)
    document = docx.Document(io.BytesIO(review_docx(result, {})))
    assert sum(SAMPLE in paragraph.text for paragraph in document.paragraphs) == 6
    assert tables_latex(result).decode().count(SAMPLE) == 6
    assert references_ris(result).decode().count("SAMPLE") == references_bibtex(result).decode().count("SAMPLE") == 25


def test_the_workbook_has_the_quotations_as_notes_and_the_codings_as_a_sheet_to_import() -> None:
    book = load_workbook(io.BytesIO(render_workbook(review(), codings=coding_table(coded_review()))))
    note = book["Matrix"]["D2"].comment
    assert note is not None
    assert f"=Ayesha (2, p. 5): “{QUOTE}”" in note.text
    assert book["Matrix"]["B2"].comment is None
    sheet = book["Codings"]
    assert [cell.value for cell in sheet[1]][:4] == ["source", "theme", "value", "coder"]
    assert sheet.max_row == 1 + 9
    assert sheet.freeze_panes == "A2"


def test_formulas_carry_the_values_that_programs_without_excel_read() -> None:
    table = pd.read_excel(io.BytesIO(render_workbook(review())), sheet_name="Matrix", header=_banner_rows())
    studies = table.iloc[: len(review().labels)]
    for _, row in studies.iterrows():
        values = [value for value in row.iloc[1:-2] if value != "?"]
        expected = (sum(value > 0 for value in values), sum(values)) if values else ("?", "?")
        assert (row.iloc[-2], row.iloc[-1]) == expected
    present = table[table["Study"] == "Present (formula)"].iloc[0]
    made = table[table["Study"] == "Present (as counted when made)"].iloc[0]
    assert list(present.iloc[1:-2]) == list(made.iloc[1:-2])
    assert set(table[table["Study"] == "Formula and count agree"].iloc[0].iloc[1:-2]) == {"yes"}


def test_a_study_of_which_nothing_is_known_counts_as_unknown() -> None:
    cells = [replace(cell, merged=None, basis="unknown") for cell in review().cells]
    book = load_workbook(io.BytesIO(render_workbook(replace(review(), cells=cells))), data_only=True)
    rows = list(book["Matrix"].iter_rows(min_row=_banner_rows() + 2, max_row=_banner_rows() + 2, values_only=True))
    assert rows[0][-2:] == ("?", "?")


def test_every_sheet_prints_across_few_pages_with_its_headers() -> None:
    book = load_workbook(io.BytesIO(render_workbook(review(), codings=coding_table(coded_review()))))
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert 1 <= (sheet.page_setup.fitToWidth or 1) <= 4
        assert sheet.print_title_rows


def _banner_rows() -> int:
    return 1 if review().sample else 0


def test_a_row_is_as_high_as_its_text_needs() -> None:
    with temporary_file() as file:
        book = Book(file, title="R", made=datetime(2026, 1, 1))
        book.sheet("Codings").table(["source", "quote"], [["a", "short"], ["b", "word " * 60], ["c", "word " * 6000]])
        book.close()
        file.seek(0)
        sheet = load_workbook(file)["Codings"]
        heights = [sheet.row_dimensions[row].height for row in (2, 3, 4)]
    assert heights == [None, 75.0, 408.75]
