"""Reviews of many studies: evidence and codings lie in a file, tables are written in parts, the report has pages."""

from __future__ import annotations

import html
import io
import random
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from annotations.decision import Anchor, Decision
from corpus.errors import StoreError
from corpus.registry.sources import Source
from exchange.writers import workbook
from exchange.writers.workbook import render_workbook
from extract.document import Box, Document, Page, Passage
from models.suggestion import DocumentSuggestions, StudyProposal, Suggestion
from pipeline.runs.result_files import write_results
from support.published_matrix import CODEBOOK
from synthesis.matrix import coding, tables
from synthesis.matrix.coding import codings_table, codings_tables
from synthesis.matrix.merge import merge_cells
from synthesis.matrix.spill import Spill
from synthesis.matrix.tables import cells_table, cells_tables, csv_parts, to_csv, with_facts
from synthesis.patterns.patterns import PatternMaterial, find_patterns
from synthesis.report import report_pages
from synthesis.result import DocumentSummary, ReviewResult

STUDIES = [Source(f"s{n:03}", f"Study {n:03}", year=2000 + n % 20) for n in random.Random(1).sample(range(40), 40)]
WORDS = ("households", "score", "survey", "bribes", "agents", "villages", "pension", "budget", "registry", "women")


def texts() -> tuple[dict[str, Document], dict[str, DocumentSuggestions], list[Decision]]:
    """Three passages a study; the first two are proposed for two themes each, the third was accepted by a person."""
    chance = random.Random(2)
    documents, proposals, decisions = {}, {}, []
    for source in STUDIES:
        sha = f"{source.id}{'0' * 64}"[:64]
        passages = tuple(
            Passage(f"{sha[:8]}-{n}", " ".join(chance.choices(WORDS, k=9)), ((n, n + 1),), (Box(1, 1, 1, 9, 9),))
            for n in range(3)
        )
        documents[source.id] = Document(sha, "x", "read", pages=(Page(1, "1", 9, 9, True),), passages=passages)
        hits = tuple(
            Suggestion(passage.id, theme, chance.random(), chance.choice((1, 2)), (), "m", "c")
            for passage in passages[:2]
            for theme in chance.sample(CODEBOOK.codes, 2)
        )
        studies = tuple(StudyProposal(code, 1, 1, 9, 0.001, ()) for code in CODEBOOK.codes)
        proposals[source.id] = DocumentSuggestions(sha, "x", "m", "c", hits, studies)
        anchor = Anchor(passages[2].text, 1, passages[2].id, sha256=sha)
        decisions.append(Decision(source.id, chance.choice(CODEBOOK.codes), 1, "Amina", anchor=anchor))
    return documents, proposals, decisions


def result(spill: Spill | None = None) -> ReviewResult:
    documents, proposals, decisions = texts()
    keep = spill.put if spill else tuple
    cells = merge_cells(STUDIES, decisions, proposals, documents, CODEBOOK, keep=keep)
    material = PatternMaterial(decisions, (), documents, proposals)
    patterns = find_patterns(cells, STUDIES, CODEBOOK, material, view="merged", standing="proposed", keep=keep)
    return ReviewResult(
        "Many", "run-1", "2026-11-23T16:00:00+00:00", CODEBOOK, STUDIES, cells, patterns=patterns,
        documents=[DocumentSummary(key, "read", 1, 3, 4) for key in documents],
        pdf_links={one.sha256: f"../../pdfs/{one.sha256}.pdf" for one in documents.values()}, coders=["Amina"],
    )  # fmt: skip


def test_what_was_put_aside_makes_the_same_files(tmp_path: Path, drawn_figures: Path) -> None:
    write_results(result(), tmp_path / "held", figures=drawn_figures)
    write_results(result(Spill(tmp_path)), tmp_path / "aside")
    names = {path.relative_to(tmp_path / "held") for path in (tmp_path / "held").rglob("*.*")}
    assert len(names) > 20
    assert [
        name for name in names if (tmp_path / "held" / name).read_bytes() != (tmp_path / "aside" / name).read_bytes()
    ] == []


def test_values_put_aside_are_there_again_and_leave_no_file(tmp_path: Path) -> None:
    spill = Spill(tmp_path)
    first, second = spill.put(["a", "b", "c"]), spill.put(range(3))
    assert (list(first), first[1], first[1:], len(first)) == (["a", "b", "c"], "b", ("b", "c"), 3)
    assert (list(second), list(first)[-1], spill.put([])) == ([0, 1, 2], "c", ())
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spill = Spill(tmp_path)

    class Full:
        def seek(self, _place: int) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(spill, "_file", Full())
    with pytest.raises(StoreError, match=r"\(No space left on device\): make room"):
        spill.put([1])


def test_tables_in_parts_are_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    made = result()
    whole = to_csv(with_facts(cells_table(made.cells, made.labels), made.sources, made.screenings))
    codings = to_csv(codings_table(list(made.codings), made.labels))
    monkeypatch.setattr(tables, "ROWS", 7)
    monkeypatch.setattr(coding, "ROWS", 7)
    parts = list(csv_parts(cells_tables(made.cells, made.sources, made.screenings)))
    assert len(parts) > 30
    assert b"".join(parts) == whole
    assert b"".join(csv_parts(codings_tables(made.codings, made.labels))) == codings


def test_a_workbook_of_many_cells_has_no_notes_and_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    few = load_workbook(io.BytesIO(render_workbook(result())))
    monkeypatch.setattr(workbook, "NOTED_CELLS", 10)
    many = load_workbook(io.BytesIO(render_workbook(result())))
    noted = [sum(place.comment is not None for row in book["Matrix"].rows for place in row) for book in (few, many)]
    assert noted[0] > 30
    assert noted[1] == 0
    for sheet in few.sheetnames:
        assert list(many[sheet].values) == list(few[sheet].values)


@pytest.fixture
def paged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn_figures: Path) -> Path:
    monkeypatch.setattr(report_pages, "ON_ONE_PAGE", 30)
    monkeypatch.setattr(report_pages, "STUDIES_ON_A_PAGE", 15)
    write_results(result(Spill(tmp_path)), tmp_path / "out", figures=drawn_figures)
    return tmp_path / "out"


def test_the_report_of_many_studies_has_pages_with_every_study_once(paged: Path) -> None:
    pages = sorted((paged / "studies").iterdir())
    assert [page.name for page in pages] == ["0001.html", "0002.html", "0003.html"]
    shown = [re.findall(r'<details class="cell" id="(\w+)\.GW">', page.read_text()) for page in pages]
    assert [len(ids) for ids in shown] == [15, 15, 10]
    assert [key for ids in shown for key in ids] == [source.id for source in STUDIES]
    assert 'class="cell"' not in (paged / "report.html").read_text()


def test_every_link_between_the_pages_of_a_report_leads_somewhere(paged: Path) -> None:
    ids = {page: set(re.findall(r'id="([^"]+)"', page.read_text())) for page in paged.rglob("*.html")}
    followed = 0
    for page in ids:
        text = page.read_text()
        found = re.search(r'id="facts">(.*?)</script>', text, re.DOTALL)
        searched = re.findall(r'"(studies/[^"]+)"', found[1]) if found else []
        for link in {*re.findall(r'href="([^":]*)"', text), *searched}:
            name, _, target = html.unescape(link).partition("#")
            if not name.endswith(".pdf"):
                where = (page.parent / name).resolve() if name else page
                assert where in ids, link
                assert not target or target in ids[where], link
                followed += 1
    assert followed > 300


def test_a_page_of_studies_counts_its_own(paged: Path) -> None:
    text = (paged / "studies" / "0003.html").read_text()
    assert "Page 3 of 3" in text
    rows = re.findall(r'<tr data-study="(\w+)"><th scope="row">', text)
    assert set(rows) == {source.id for source in STUDIES[30:]}
