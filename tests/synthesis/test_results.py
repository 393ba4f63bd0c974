"""What write_results leaves behind, opened again: tables, workbook, audit, figures and report."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from annotations.agreement.intercoder_agreement import SCALES, agreements
from annotations.agreement.ratings import study_ratings
from annotations.decision import Decision
from corpus.registry.sources import Source
from exchange.writers.workbook import render_workbook
from pipeline.runs.result_files import write_results
from support.cells import SHA
from support.published_matrix import CODEBOOK, SOURCES
from support.review_result import PICTURE, QUOTE, review
from synthesis.matrix.merge import merge_cells
from synthesis.matrix.tables import cells_table, matrix, to_csv
from synthesis.report import figure_style
from synthesis.report.figures import draw_figures
from synthesis.report.report import marked, render_report
from synthesis.result import ReviewResult

FILES = {
    "matrix.csv", "cells.csv", "codings.csv", "frequencies.csv", "audit.json", "matrix.xlsx", "report.html",
    *(
        f"figures/{name}.{kind}"
        for name in ("frequencies", "matrix", "cooccurrence", "prisma", "upset", "saturation", "hierarchy")
        for kind in ("svg", "png", "pdf")
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, drawn_figures: Path) -> Path:
    folder = tmp_path_factory.mktemp("out")
    paths = write_results(review(), folder, figures=drawn_figures)
    assert {path.relative_to(folder).as_posix() for path in paths} == FILES
    return folder


@pytest.fixture(scope="module")
def page(written: Path) -> str:
    return (written / "report.html").read_text(encoding="utf-8")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.split("</style>")[1].split("<script>")[0]))


def test_the_same_result_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_results(review(), tmp_path)
    differing = [name for name in sorted(FILES) if (tmp_path / name).read_bytes() != (written / name).read_bytes()]
    assert differing == []


def test_csv_files_open_in_excel_with_the_right_characters(written: Path) -> None:
    for name in ("matrix.csv", "cells.csv", "frequencies.csv"):
        data = (written / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data
    table = pd.read_csv(written / "matrix.csv", index_col="source")
    assert table.loc["s01", "label"] == "Gazdar (2011) – SP Pakistan"
    assert table["GW"].sum() == 19


def test_cells_csv_has_a_row_for_every_cell_with_its_best_quotation(written: Path) -> None:
    table = pd.read_csv(written / "cells.csv")
    assert len(table) == 150
    rows = {(row["source"], row["theme"]): row for row in table.to_dict("records")}
    row = rows["s01", "TI"]
    assert (row["merged"], row["basis"], row["published"], row["machine"]) == (2, "agreed", 1, 2)
    assert (row["passages"], row["page"], row["quoted_by"], row["pdf_sha256"]) == (2, 1, "'=Ayesha", SHA)
    assert rows["s01", "DIG"]["disputed"] == "yes"
    assert rows["s01", "CGL"]["conflict"] == "yes"


def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe() -> None:
    table = pd.DataFrame({"quote": ["=1+1", "@x", "fine", "-5 %"], "number": [-1, 2, 3, 4]})
    assert to_csv(table).decode("utf-8-sig").splitlines() == ["quote,number", "'=1+1,-1", "'@x,2", "fine,3", "'-5 %,4"]


def test_unknown_is_empty_in_tables_and_not_0() -> None:
    cells = merge_cells([Source("s", "S")], [], {}, {}, CODEBOOK)
    assert matrix(cells, "merged").isna().all().all()
    assert to_csv(cells_table(cells, {"s": "S"})).decode("utf-8-sig").splitlines()[1].startswith("s,S,GW,,unknown,,,,")


def test_audit_json_carries_every_claim_with_its_verdict(written: Path) -> None:
    content = json.loads((written / "audit.json").read_text(encoding="utf-8"))
    assert content["verdicts"] == {"agrees": 11, "disagrees": 20, "partly": 5, "depends on": 1, "not testable": 6}
    assert content["findings"][2]["claim"] == {
        "id": "C03", "where": "abstract", "kind": "frequency", "theme": "GW", "percent": 84.0,
        "quote": "84% of studies indicate the weakness of governance",
    }  # fmt: skip
    assert [len(content["checks"]), len(content["subsets"])] == [11, 3]


def test_a_figure_is_drawn_in_all_formats_only_where_it_looks_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def figures(*, without: int = 0) -> dict[str, bytes]:
        made = review()
        return draw_figures(made.cells[: len(made.cells) - without], made.labels, made.themes, kept=tmp_path)

    rendered: list[str] = []
    render = figure_style._rendered
    monkeypatch.setattr(figure_style, "_rendered", lambda figure, kind: rendered.append(kind) or render(figure, kind))
    first = figures()
    assert sorted(rendered) == sorted(name.rpartition(".")[2] for name in first)
    rendered.clear()
    assert figures() == first
    assert set(rendered) == {"svg"}
    rendered.clear()
    assert figures(without=6) != first
    assert {"png", "pdf"} <= set(rendered)


def test_a_review_without_claims_has_an_empty_audit(tmp_path: Path, drawn_figures: Path) -> None:
    write_results(replace(review(), audit=None), tmp_path, figures=drawn_figures)
    assert json.loads((tmp_path / "audit.json").read_text()) == {"audit": None}
    assert 'id="audit"' not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_workbook_has_its_sheets_and_numbers(written: Path) -> None:
    book = load_workbook(written / "matrix.xlsx")
    assert book.sheetnames == ["Matrix", "Views", "Cells", "Frequencies", "Audit", "Sources", "About"]
    sheet = book["Matrix"]
    themes = ["GW", "IF", "TI", "FS", "DIG", "CGL"]
    assert [cell.value for cell in sheet[1]] == ["Study", *themes, "Themes (formula)", "Strength (formula)"]
    assert sheet["D2"].value == 2
    assert sheet["D2"].number_format == '[=0]"";0" R"'
    assert sheet["B2"].number_format == '[=0]"";"✓"'
    assert (sheet["B27"].value, sheet["B29"].value) == ('=COUNTIF(B2:B26,">0")', 19)
    assert sheet["H2"].value == '=IF(COUNT(B2:G2)=0,"?",COUNTIF(B2:G2,">0"))'
    assert sheet["I2"].value == '=IF(COUNT(B2:G2)=0,"?",SUM(B2:G2))'
    assert sheet["B31"].value == '=IF(B27=B29,"yes","NO")'
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:I26")
    assert book["Cells"].max_row == 151
    assert book["Audit"].max_row == 44


def test_the_workbook_keeps_text_as_text(written: Path) -> None:
    book = load_workbook(written / "matrix.xlsx")
    formulas = {
        (sheet.title, cell.value.split("(")[0])
        for sheet in book
        for row in sheet
        for cell in row
        if cell.data_type == "f"
    }
    assert formulas == {("Matrix", name) for name in ("=COUNTIF", "=IFERROR", "=IF")}
    quotes = [cell for row in book["Cells"] for cell in row if cell.value == QUOTE]
    assert [cell.quotePrefix for cell in quotes] == [True]


class Loads(HTMLParser):
    """Collects every address a browser would fetch by itself, and every id and link."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "srcset", "poster", "data", "background") or (name == "href" and tag in ("link", "use")):
                self.fetched.append(value or "")
            elif name == "id":
                self.ids.append(value or "")
            elif name == "href":
                self.links.append(value or "")


def test_the_report_loads_nothing(page: str) -> None:
    loads = Loads()
    loads.feed(page)
    assert loads.fetched
    assert all(address.startswith("data:image/") for address in loads.fetched)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|import\(", page)
    assert "default-src 'none'" in page


def test_every_cell_of_the_report_opens_its_evidence(page: str) -> None:
    loads = Loads()
    loads.feed(page)
    assert len(loads.ids) == len(set(loads.ids))
    inside = {link[1:] for link in loads.links if link.startswith("#")}
    assert inside <= set(loads.ids)
    assert {f"{source.id}.{code}" for source in SOURCES for code in CODEBOOK.columns} <= inside


def test_the_report_shows_quotation_page_source_and_reason(page: str) -> None:
    cell = page.split('id="s01.TI"')[1].split("</details>")[0]
    assert "=HYPERLINK is &lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in cell
    assert "<mark>exclusion errors</mark>" in cell
    assert "probability 0.90" in cell
    assert "page 1 (printed 5)" in cell
    assert "under “Findings” · section: of no usual kind" in cell
    assert f'href="../../pdfs/{SHA}.pdf#page=1"' in cell
    assert f'src="{PICTURE}"' in cell
    assert "“exclusion errors” (rule TI.exclusion-error) speaks clearly for it, +1.4" in cell


def test_the_report_says_what_the_paper_got_wrong(page: str) -> None:
    said = text_of(page)
    assert (
        "Of 43 claims 20 disagree with it, 5 hold in part, 1 depends on what is not known, 6 can’t be tested and "
        "11 agree." in said
    )
    assert "≠ 17 (68%) in abstract, methods: data analysis; ≠ 12 (48%) in frequency table" in said


def test_the_report_counts_what_was_had_and_says_what_to_do(page: str) -> None:
    said = text_of(page)
    assert "put the PDF in inbox/s02.pdf" in said
    assert "For 24 of 25 studies there is no text that could be read" in said
    assert "In 1 cell reviewers differ and nobody has adjudicated." in said
    assert "12 pass the criteria, 11 are doubtful, 2 fail" in said


def test_nothing_from_a_text_becomes_markup(page: str) -> None:
    assert "<script>alert" not in page
    assert "A review &lt;of&gt; 25 studies" in page


@pytest.mark.parametrize(
    ("quote", "marks", "expected"),
    [
        ("a <b> c", ("<b>",), "a <mark>&lt;b&gt;</mark> c"),
        ("Proxy means test fails", ("means test", "proxy means test"), "<mark>Proxy means test</mark> fails"),
        ("1 < 2", (), "1 &lt; 2"),
    ],
)
def test_phrases_are_marked_and_everything_else_escaped(quote: str, marks: tuple[str, ...], expected: str) -> None:
    assert str(marked(quote, marks)) == expected


def test_everything_made_from_a_sample_says_so(tmp_path: Path) -> None:
    write_results(review(sample=True), tmp_path)
    assert "SAMPLE. The studies" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "invented" in (tmp_path / "audit.json").read_text(encoding="utf-8")
    book = load_workbook(tmp_path / "matrix.xlsx")
    assert all(str(sheet["A1"].value).startswith("SAMPLE") for sheet in book)
    assert (tmp_path / "figures/frequencies.png").read_bytes() != b""


def test_a_review_without_any_value_still_gets_its_report() -> None:
    sources = [Source("s", "S")]
    cells = merge_cells(sources, [], {}, {}, CODEBOOK)
    empty = ReviewResult("T", "r", "2026-01-01T00:00:00+00:00", CODEBOOK, sources, cells)
    page = render_report(empty, draw_figures(cells, empty.labels, empty.themes)).decode()
    assert "No cell has a value in this view yet." in page
    assert load_workbook(io.BytesIO(render_workbook(empty)))["Matrix"]["B2"].value == "?"


def test_a_review_without_sources_gets_an_empty_report(tmp_path: Path) -> None:
    write_results(ReviewResult("T", "r", "2026-01-01T00:00:00+00:00", CODEBOOK, [], []), tmp_path)
    assert "0 studies" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_figures_carry_no_date(written: Path) -> None:
    drawn = (written / "figures/frequencies.svg").read_text(encoding="utf-8")
    assert "<dc:date>" not in drawn
    assert (written / "figures/matrix.png").read_bytes().startswith(b"\x89PNG")


def test_agreement_is_told_of_what_two_coders_judged() -> None:
    judged = [Decision(f"s{n:02d}", "GW", n % 2, coder) for n in range(1, 9) for coder in ("A", "B")]  # type: ignore[arg-type]
    ratings = study_ratings(judged, (), sources=[source.id for source in SOURCES], themes=CODEBOOK.codes)
    found = [one for scale in SCALES for one in agreements(ratings, scale=scale, draws=50)]
    page = render_report(replace(review(), agreement=found), {}).decode()
    section = text_of(page).split("Agreement between coders")[-1].split("The machine beside people")[0]
    assert "Studies judged by at least two of A, B: presence of the theme" in section
    assert "AC1" in section


def test_without_two_coders_on_one_thing_agreement_can_not_be_told(page: str) -> None:
    assert "No two coders have judged the same passage or study" in text_of(page)


def test_the_flow_of_studies_is_counted_from_the_registry(page: str) -> None:
    said = text_of(page)
    assert "Records in the registry, 25 (25 works identified; Databases and search strings: not recorded)" in said
    assert "Records that fail a criterion: 2" in said


def test_the_filters_know_what_the_registry_knows(page: str) -> None:
    facts = json.loads(page.split('id="facts">')[1].split("</script>")[0])
    assert facts["studies"]["s01"]["text"] == ["read"]
    assert facts["studies"]["s24"]["screening"] == ["fails"]
    assert page.count('data-study="s01"') > 1
