"""Files as other programs save them: each comes in whole, or is told in one line what is missing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document as WordDocument

from corpus.datafile import read_toml
from corpus.errors import DataFileError
from corpus.registry.sources import Source
from exchange.memo_facts import from_memo
from exchange.readers.code_matching import CodeBookOfOthers, Sources
from exchange.readers.import_codings import ImportResult, Names, import_codings
from exchange.readers.name_map import NameMap, draft_name_map, read_name_map
from exchange.readers.read_file import read_codings
from exchange.readers.refi_project import read_project
from extract.document import Document
from models.codebook.codebook import shipped_codebook
from support.exchange_review import FIRST, SECOND, SOURCES, document
from support.refi_project import CODES, USER, coding, packed, project, selection, text_source

DATA = Path(__file__).with_name("data")
NOTHING_HERE: dict[str, Document] = {}


def _imported(
    path: Path, *, documents: dict[str, Document] = NOTHING_HERE, given: NameMap | None = None
) -> ImportResult:
    given, codebook = given or NameMap(), shipped_codebook()
    ours = CodeBookOfOthers(codebook, given.codes)
    known = [*SOURCES, Source("torrand", "Torrand")]
    names = Names(ours, Sources(known, {}, given.documents), given.people, given.weights, "tester")
    contents = read_codings(path, is_code=ours.knows)
    return import_codings(contents, names=names, documents=documents, codebook=codebook, origin=path.name)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("atlas_pdf_and_text_same_selection.qdpx", {("GW", 1, "Amna")}),
        ("nvivo_case_is_code.qdpx", {("GW", 1, "Amna")}),
        ("plain_path_without_internal.qdpx", {("GW", 1, "Amna")}),
        ("atlasti_quotations.xlsx", {("GW", 1, "Amna"), ("TI", 1, "Amna")}),
        ("atlasti_code_document.xlsx", {("GW", 1, "tester"), ("TI", 1, "tester")}),
        ("dedoose_excerpts.xlsx", {("GW", 1, "amna"), ("TI", 1, "amna")}),
        ("maxqda_german.xlsx", {("GW", 1, "amna")}),
        ("maxqda_retrieved_segments.xlsx", {("GW", 1, "amna"), ("TI", 1, "amna")}),
        ("nvivo_matrix_query.xlsx", {("GW", 1, "tester"), ("TI", 1, "tester"), ("FS", 1, "tester")}),
        ("taguette_highlights.csv", {("GW", 1, "tester"), ("TI", 1, "tester")}),
        ("yes_no_matrix.csv", {("GW", 1, "tester"), ("IF", 0, "tester"), ("TI", 1, "tester")}),
        ("qualcoder_codes.csv", {("GW", 1, "amna")}),
        ("tabs.csv", {("GW", 1, "amna")}),
    ],
)  # fmt: skip
def test_a_file_of_another_program_comes_in(file: str, said: set[tuple[str, int, str]]) -> None:
    result = _imported(DATA / file)
    assert result.problems == result.passed_over == []
    assert {(d.theme, d.value, d.coder) for d in result.decisions} == said


@pytest.mark.parametrize("file", ["plain_path_without_internal.qdpx", "maxqda_german.xlsx"])
@pytest.mark.parametrize("ending", [".zip", ".bak", ""])
def test_what_a_file_holds_tells_what_it_is_where_its_ending_does_not(tmp_path: Path, file: str, ending: str) -> None:
    (tmp_path / f"study{ending}").write_bytes((DATA / file).read_bytes())
    assert len(_imported(tmp_path / f"study{ending}").decisions) == 1


def test_an_ending_that_tells_nothing_is_told_with_those_that_can_be_read(tmp_path: Path) -> None:
    for data in (b"PK\x03\x04....", b"plain", b""):
        (tmp_path / "study.mx22").write_bytes(data)
        with pytest.raises(DataFileError, match=r"\.mx22 can't be imported\. There is \.qdpx, \.qdc, \.csv"):
            _imported(tmp_path / "study.mx22")


@pytest.mark.parametrize(
    ("file", "decisions"),
    [
        ("atlas_pdf_and_text_same_selection.qdpx", 1), ("atlasti_quotations.xlsx", 3),
        ("atlasti_code_document.xlsx", 3), ("dedoose_excerpts.xlsx", 3), ("nvivo_matrix_query.xlsx", 4),
    ],
)  # fmt: skip
def test_each_coding_counts_once(file: str, decisions: int) -> None:
    assert len(_imported(DATA / file).decisions) == decisions


def test_what_nvivos_report_lacks_is_told_with_what_to_save_instead() -> None:
    with pytest.raises(DataFileError) as refused:
        _imported(DATA / "nvivo_coding_summary.xlsx")
    assert "column 'source' is missing" in str(refused.value)
    assert "export the project as REFI-QDA (.qdpx)" in str(refused.value)


def test_a_page_that_is_no_number_is_one_line(tmp_path: Path) -> None:
    (problem,) = _imported(DATA / "page_superscript.csv").problems
    assert problem == "line 2: page is '²'. Write the page of the PDF as a number from 1"
    (tmp_path / "c.csv").write_text(f"source,theme,coder,value,quote,page\nx,GW,a,1,the,{'9' * 6000}\n", "utf-8")
    (problem,) = _imported(tmp_path / "c.csv").problems
    assert len(problem) < 200


def test_a_rectangle_of_qualcoder_counts_from_the_top(tmp_path: Path) -> None:
    corners = 'page="1" firstX="60" firstY="90" secondX="410" secondY="104"'
    area = f'<PDFSelection guid="dd" {corners}>{coding(1)}</PDFSelection>'
    source = f'<PDFSource guid="ee" name="torrand-2021.pdf" path="internal://k.pdf">{area}</PDFSource>'
    for name in ('name="study.qda" origin="test"', 'name="study" origin="QualCoder 4.0"'):
        qde = project(source).replace(b'name="p" origin="Other 1"', name.encode())
        path = packed(tmp_path / "p.qdpx", qde, {"sources/k.pdf": b"%PDF"})
        (decision,) = _imported(path, documents={"torrand-2021": document()}).decisions
        assert decision.anchor is not None
        assert decision.anchor.quote == SECOND


def test_potato_counts_the_last_character(tmp_path: Path) -> None:
    start = FIRST.index("registers")
    inside = selection(start, start + len("registers") - 1, coding(1))
    qde = project(text_source(inside, name="torrand-2021")).replace(b'origin="Other 1"', b'origin="Potato"')
    path = packed(tmp_path / "p.qdpx", qde, {"sources/text.txt": FIRST.encode()})
    (found,) = read_project(path).codings
    assert found.quote == "registers"


def test_a_text_that_is_in_a_word_file_only_is_read(tmp_path: Path) -> None:
    word, packed_word = WordDocument(), io.BytesIO()
    for line in ("Interview", FIRST, SECOND):
        word.add_paragraph(line)
    word.save(packed_word)
    start = len("Interview\r\n")
    inside = selection(start, start + len(FIRST), coding(1))
    source = text_source(inside, name="torrand-2021").replace("plainTextPath", "richTextPath")
    source = source.replace("text.txt", "text.docx")
    path = packed(tmp_path / "p.qdpx", project(source), {"Sources/text.docx": packed_word.getvalue()})
    assert [found.quote for found in read_project(path).codings] == [FIRST]


def test_a_text_beside_the_project_is_read_and_none_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / "a.txt").write_text(FIRST, "utf-8")
    (tmp_path / "secret.txt").write_text(FIRST, "utf-8")
    inside = selection(0, 10, coding(1))
    beside = packed(folder / "p.qdpx", project(text_source(inside, path="relative:///texts/a.txt")))
    assert len(read_project(beside).codings) == 1
    for path in ("relative:///../secret.txt", f"absolute://{tmp_path}/secret.txt", f"{tmp_path}/secret.txt"):
        contents = read_project(packed(folder / "q.qdpx", project(text_source(inside, path=path))))
        assert contents.codings == []
        assert len(contents.passed_over) == 1


def test_one_odd_coding_is_passed_over_and_the_others_come_in(tmp_path: Path) -> None:
    inside = selection(0, 10, coding(1)) + selection(5, 5, coding(1, 2), 2) + selection(3, 9999, coding(1, 3), 3)
    qde = project(text_source(inside, name="torrand-2021"))
    path = packed(tmp_path / "p.qdpx", qde, {"sources/text.txt": FIRST.encode()})
    result = _imported(path)
    assert len(result.decisions) == 1
    assert result.problems == []
    assert ["no words at all" in result.passed_over[0], "outside of its text" in result.passed_over[1]] == [True, True]


@pytest.mark.parametrize(
    ("row", "value", "left_out"),
    [
        ("GW;50", 1, 1),
        ("GW;2", 2, 0),
        ("GW;0", 1, 0),
        ("Governance weaknesses > Ghosts;1", 1, 0),
        ("Codes\\\\GW;", 1, 0),
    ],
)
def test_weights_of_1_and_2_are_values_and_paths_of_codes_are_told(
    tmp_path: Path, row: str, value: int, left_out: int
) -> None:
    (tmp_path / "m.csv").write_text(f"Document name;Code;Weight score;Segment\ntorrand-2021;{row};late\n", "utf-8")
    result = _imported(tmp_path / "m.csv")
    assert [(d.theme, d.value) for d in result.decisions] == [("GW", value)]
    assert sum(result.left_out.values()) == left_out
    assert [d.value for d in _imported(tmp_path / "m.csv", given=NameMap(weights={"50": "2"})).decisions] == [
        2 if "50" in row else value
    ]


def test_the_list_of_names_is_written_filled_in_and_read(tmp_path: Path) -> None:
    inside = selection(0, 10, coding(3)) + selection(11, 20, coding(1, 2), 2)
    path = packed(
        tmp_path / "p.qdpx", project(text_source(inside, name="Interview 3")), {"sources/text.txt": FIRST.encode()}
    )
    codebook = shipped_codebook()
    draft = draft_name_map(read_project(path), CodeBookOfOthers(codebook, {}), Sources(SOURCES, {}, {}), NameMap())
    lines = draft.decode("utf-8-sig").splitlines()
    assert lines[1:] == [
        "code,Trust,,,1,", "code,Governance Weaknesses,GW,,1,same name", "document,Interview 3,,,2,",
        "person,Nadia,Nadia,,2,",
    ]  # fmt: skip
    filled = "\n".join(lines).replace("Trust,,", "Trust,TI,2").replace("Interview 3,,", "Interview 3,torrand-2021,")
    filled = filled.replace("Nadia,Nadia", "Nadia,N. Khan")
    (tmp_path / "codes.csv").write_text(filled.replace(",", ";"), "utf-8-sig")  # as a German Excel saves it
    result = _imported(path, given=read_name_map(tmp_path / "codes.csv"))
    assert {(d.theme, d.value, d.coder) for d in result.decisions} == {("TI", 2, "N. Khan"), ("GW", 1, "N. Khan")}


def test_a_damaged_workbook_is_one_line(tmp_path: Path) -> None:
    for broken in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"):
        path = tmp_path / "broken.xlsx"
        with zipfile.ZipFile(DATA / "maxqda_german.xlsx") as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                new.writestr(name, b"<worksheet><sheetData><row" if name == broken else old.read(name))
        with pytest.raises(DataFileError) as refused:
            _imported(path)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", [f"a = {'[' * 100_000}", f"a = {'9' * 6000}"], ids=["deep", "digits"])
def test_toml_that_python_gives_up_on_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "review.toml").write_text(text, "utf-8")
    with pytest.raises(DataFileError, match="not valid TOML"):
        read_toml(tmp_path / "review.toml")


def test_a_memo_of_json_without_end_is_a_note() -> None:
    text = f"[Jaiza] {'[' * 100_000}"
    assert from_memo(text) == (text, {})


def test_names_of_cases_are_no_codes(tmp_path: Path) -> None:
    assert USER
    case = '<Case guid="aa000000-0000-0000-0000-000000000003" name="Trust"/>'
    qde = project(text_source(selection(0, 9, coding(3)), name="torrand-2021"), codes=CODES)
    qde = qde.replace(b"<Sources>", f"<Cases>{case}</Cases><Sources>".encode())
    result = _imported(packed(tmp_path / "p.qdpx", qde, {"sources/text.txt": FIRST.encode()}))
    assert result.left_out == {"on cases (people, places), which are no themes": 1}
