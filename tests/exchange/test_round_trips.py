"""What goes out to a format comes back as it was, whatever people write, as far as the format can hold it."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from annotations.decision import Anchor, Decision, place
from exchange.coded_review import CodedReview, Study
from exchange.plain_text import clean
from exchange.readers.code_matching import CodeBookOfOthers, Sources
from exchange.readers.import_codings import Names, import_codings
from exchange.readers.read_file import read_codings
from exchange.writers.annotated_pdf import write_annotated_pdfs
from exchange.writers.coding_table import coding_table
from exchange.writers.refi_project import write_project
from exchange.writers.xlsx_sheets import Book, temporary_file
from models.codebook.codebook import shipped_codebook
from support.exchange_review import SECOND, SOURCES, document
from synthesis.matrix.tables import to_csv

CODEBOOK = shipped_codebook()
# What a line of text can hold in every format: no control characters, no half of a surrogate pair, nothing at its ends.
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30).map(
    lambda text: " ".join(clean(text).split())
)
SAID = WORDS.filter(bool)
QUOTES = st.one_of(st.sampled_from([SECOND, "registers were closed", "43 percent of widows"]), SAID)
DECISIONS = st.builds(
    Decision,
    st.just("torrand-2021"),
    st.sampled_from(CODEBOOK.codes),
    st.sampled_from([0, 1, 2]),
    SAID.filter(lambda name: name != "published" and not name.startswith(("machine", "'"))),
    st.sampled_from(["coder", "adjudicator"]),
    st.one_of(st.none(), st.builds(Anchor, QUOTES, st.one_of(st.none(), st.integers(1, 900)))),
    note=st.one_of(st.just(""), SAID.filter(lambda note: not note.startswith("'"))),
    decided=st.sampled_from(["", "2024-02-05", "2026-03-01T10:00:00+00:00"]),
)


def _plain(decision: Decision) -> Decision:
    """Without what follows from finding the quote again, and the file it came from."""
    anchor = decision.anchor and Anchor(decision.anchor.quote, decision.anchor.page)
    return replace(decision, anchor=anchor, origin="", codebook="")


def _back(path: Path) -> list[Decision]:
    ours = CodeBookOfOthers(CODEBOOK, {})
    contents = read_codings(path, is_code=ours.knows)
    texts = {"torrand-2021": document()}
    names = Names(ours, Sources(SOURCES, {}, {}))
    result = import_codings(contents, names=names, documents=texts, codebook=CODEBOOK, origin="x")
    assert result.problems == result.passed_over == []
    return sorted(map(_plain, result.decisions), key=repr)


def _printed(path: Path) -> Path:
    canvas = Canvas(str(path), pagesize=(595, 842))
    for _ in document().pages:
        canvas.drawString(70, 700, "printed")
        canvas.showPage()
    canvas.save()
    return path


def _review(decisions: list[Decision], folder: Path) -> CodedReview:
    (folder / "a.pdf").write_bytes(b"%PDF")
    return CodedReview("R", CODEBOOK, [Study(SOURCES[0], document(), decisions, (), folder / "a.pdf")])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DECISIONS, max_size=6, unique_by=place))
def test_decisions_come_back_from_projects_tables_and_workbooks(decisions: list[Decision]) -> None:
    said = sorted(map(_plain, decisions), key=repr)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        coded = _review(decisions, folder)
        for profile in ("text", "pdf"):
            stream = io.BytesIO()
            write_project(coded, stream, profile=profile)  # type: ignore[arg-type]
            (folder / "r.qdpx").write_bytes(stream.getvalue())
            assert _back(folder / "r.qdpx") == said
        table = coding_table(coded)
        (folder / "r.csv").write_bytes(to_csv(table))
        assert _back(folder / "r.csv") == said
        with temporary_file() as file:
            book = Book(file, title="R", made=datetime(2026, 1, 1))
            rows = table.astype(object).where(table.notna(), None).itertuples(index=False)
            book.sheet("Codings").table(list(table.columns), rows)
            book.close()
            file.seek(0)
            (folder / "r.xlsx").write_bytes(file.read())
        assert _back(folder / "r.xlsx") == said


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DECISIONS, max_size=6, unique_by=place))
def test_decisions_come_back_from_the_highlights_of_a_pdf(decisions: list[Decision]) -> None:
    with tempfile.TemporaryDirectory() as made:
        path = _printed(Path(made) / "torrand-2021.pdf")
        study = Study(SOURCES[0], document(), decisions, (), path)
        stream = io.BytesIO()
        write_annotated_pdfs(CodedReview("R", CODEBOOK, [study]), stream)
        path.write_bytes(stream.getvalue())  # one study is a PDF, several are a zip file of them
        assert _back(path) == sorted(map(_plain, decisions), key=repr)
