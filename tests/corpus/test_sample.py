"""The sample review: its PDFs are what its texts give, of the kinds promised, and its files fit each other."""

from __future__ import annotations

import csv
import html.parser
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pdfplumber
import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from annotations.decisions_csv import read_decisions
from corpus.datafile import read_toml, to_dataclass
from corpus.errors import DataFileError
from corpus.registry.registry_file import load_source_file
from corpus.registry.screening import load_criteria, screen_all
from corpus.registry.title_match import check_title
from corpus.sample.make import HERE, SITE, SampleDocument, make_all, sample_documents, sample_sources
from corpus.sample.page import LABEL
from corpus.workspace import Workspace, read_review
from models.codebook.codebook import Codebook, Theme

DOCUMENTS = sample_documents()
BY_LAYOUT = {document.layout: document for document in DOCUMENTS}
WITH_TEXT = [document for document in DOCUMENTS if document.layout != "scan"]
HOST = "sample.invalid"
NO_ADDRESS, GONE = "panneth-2016", "lowen-2018"
# Two quotes are wrong on purpose; their notes say so.
SLIP, LOST = "Typed by hand", "From an earlier draft"
ABOUT: Any = {"argnames": "document", "ids": lambda document: document.source}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make_all(folder)
    return folder


def page_texts(path: Path) -> list[str]:
    """The text of each page: white space folded, words divided at line ends joined."""
    with pypdfium2.PdfDocument(path) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(re.sub(r"[\x02\ufffe]\s*", "", text).split()) for text in texts]


def page_count(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def shipped(document: SampleDocument) -> Path:
    return SITE / document.file


@pytest.mark.parametrize(argvalues=DOCUMENTS, **ABOUT)
def test_the_shipped_pdf_is_what_the_texts_give(document: SampleDocument, made: Path) -> None:
    assert page_texts(shipped(document)) == page_texts(made / document.file)


def test_the_shipped_scan_shows_what_the_texts_give(made: Path) -> None:
    def darkness(path: Path) -> list[list[int]]:
        with pypdfium2.PdfDocument(path) as pdf:
            return [list(page.render(scale=0.1).to_pil().convert("L").tobytes()) for page in pdf]

    file = BY_LAYOUT["scan"].file
    for old, new in zip(darkness(SITE / file), darkness(made / file), strict=True):
        assert max(abs(a - b) for a, b in zip(old, new, strict=True)) < 60


def test_making_twice_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    for path in make_all(tmp_path):
        assert path.read_bytes() == (made / path.relative_to(tmp_path)).read_bytes()


@pytest.mark.parametrize(argvalues=DOCUMENTS, **ABOUT)
def test_every_document_has_two_to_five_pages(document: SampleDocument) -> None:
    assert 2 <= page_count(shipped(document)) <= 5


def test_the_shipped_pdfs_are_small() -> None:
    assert sum(path.stat().st_size for path in SITE.rglob("*.pdf")) < 400_000


def test_there_is_one_document_of_each_kind() -> None:
    kinds = {"single column", "two columns", "running heads", "ruled table", "tagged", "scan"}
    assert {document.layout for document in DOCUMENTS} == kinds
    assert len(DOCUMENTS) == 6


@pytest.mark.parametrize(argvalues=WITH_TEXT, **ABOUT)
def test_every_page_says_that_it_is_a_sample(document: SampleDocument) -> None:
    assert all(LABEL in text for text in page_texts(shipped(document)))


@pytest.mark.parametrize(argvalues=WITH_TEXT, **ABOUT)
def test_title_and_author_on_the_first_page_are_those_of_the_registry(document: SampleDocument) -> None:
    source = sample_sources()[document.source]
    first = page_texts(shipped(document))[0]
    assert source.title in first
    assert check_title(source, first).verdict == "match"


@pytest.mark.parametrize(argvalues=WITH_TEXT, **ABOUT)
def test_another_document_is_not_taken_for_this_one(document: SampleDocument) -> None:
    source = sample_sources()[document.source]
    others = [other for other in WITH_TEXT if other is not document]
    verdicts = {check_title(source, page_texts(shipped(other))[0]).verdict for other in others}
    assert verdicts == {"differs"}


def test_the_scan_has_no_text_layer() -> None:
    assert page_texts(shipped(BY_LAYOUT["scan"])) == ["", ""]


def test_the_article_is_set_in_two_columns_with_footnotes_read_column_by_column() -> None:
    path = shipped(BY_LAYOUT["two columns"])
    with pdfplumber.open(path) as pdf:
        page = pdf.pages[1]
        gutter = page.crop((page.width / 2 - 8, 70, page.width / 2 + 8, page.height - 70))
        left = page.crop((0, 70, page.width / 2, page.height - 70))
        right = page.crop((page.width / 2, 70, page.width, page.height - 70))
        assert not gutter.chars
        assert min(len(left.chars), len(right.chars)) > 1500
    text = page_texts(path)[0]
    assert text.index("2 A description of the Fund") < text.index("3. Data and methods") < text.index("3 Minutes")


def test_the_article_divides_words_at_line_ends() -> None:
    with pypdfium2.PdfDocument(shipped(BY_LAYOUT["two columns"])) as document:
        raw = document[0].get_textpage().get_text_bounded()
    assert len(re.findall(r"[a-z][\x02\ufffe]\s*[a-z]", raw)) >= 5


def test_the_pages_of_the_article_carry_their_printed_numbers() -> None:
    with pypdfium2.PdfDocument(shipped(BY_LAYOUT["two columns"])) as document:
        assert [document.get_page_label(number) for number in range(len(document))] == ["214", "215", "216"]


def test_running_heads_stand_on_every_page_but_the_first() -> None:
    document = BY_LAYOUT["running heads"]
    assert [text.startswith(f"{document.strap} {document.head} ") for text in page_texts(shipped(document))] == [
        False, True, True, True,
    ]  # fmt: skip


def test_the_table_of_the_audit_is_ruled_and_adds_up() -> None:
    with pdfplumber.open(shipped(BY_LAYOUT["ruled table"])) as pdf:
        assert len(pdf.pages[0].lines) >= 16
        _, *rows = pdf.pages[0].extract_table()
    figures = [[int(cell.replace(",", "")) for cell in row[1:]] for row in rows]
    assert [sum(column) for column in zip(*figures[:-1], strict=True)] == figures[-1]


def leaves(element: DictionaryObject) -> Iterator[tuple[str, Any, int]]:
    """(tag, page, mcid) of everything below a structure element, in order."""
    for kid in element["/K"]:
        kid = kid.get_object()
        if isinstance(kid, int):
            yield element["/S"], element["/Pg"], kid
        elif kid.get("/Type") == "/MCR":
            yield element["/S"], kid["/Pg"], kid["/MCID"]
        else:
            assert kid["/P"] == element
            yield from leaves(kid)


def test_the_tagged_pdf_is_marked_and_names_its_language() -> None:
    catalog = PdfReader(shipped(BY_LAYOUT["tagged"])).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"


def test_every_marked_stretch_of_the_tagged_pdf_is_in_its_tree_and_its_parent_tree() -> None:
    reader = PdfReader(shipped(BY_LAYOUT["tagged"]))
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    found = list(leaves(root["/K"]))
    numbers: ArrayObject = root["/ParentTree"]["/Nums"]
    owners = {numbers[at]: numbers[at + 1].get_object() for at in range(0, len(numbers), 2)}
    in_parent_tree = [
        (owner["/S"], page.get_object(), mcid)
        for page in reader.pages
        for mcid, owner in enumerate(element.get_object() for element in owners[page["/StructParents"]])
    ]
    assert found == in_parent_tree
    streams = [page.get_contents().get_data() for page in reader.pages]
    in_content = [int(number) for stream in streams for number in re.findall(rb"/MCID (\d+)", stream)]
    assert [mcid for _, _, mcid in found] == in_content
    assert {"/H1", "/H2", "/H3", "/P", "/LBody", "/Caption", "/TH", "/TD"} == {tag for tag, _, _ in found}


def test_a_paragraph_of_the_tagged_pdf_runs_on_over_a_page_break() -> None:
    with pdfplumber.open(shipped(BY_LAYOUT["tagged"])) as pdf:
        texts = page_texts(shipped(BY_LAYOUT["tagged"]))
        assert "no duplication of benefits between the" in texts[1]
        assert "two. Since the agreement of 2018" in texts[2]
        first_of_page = pdf.pages[2].structure_tree[0]["children"][0]
    assert (first_of_page["type"], first_of_page["mcids"]) == ("P", [0])


def test_heads_and_feet_of_the_tagged_pdf_are_artifacts_and_nothing_else_is() -> None:
    document = BY_LAYOUT["tagged"]
    with pdfplumber.open(shipped(document)) as pdf:
        outside = ["".join(char["text"] for char in page.chars if char["tag"] == "Artifact") for page in pdf.pages]
        assert all(char["mcid"] is not None or char["tag"] == "Artifact" for page in pdf.pages for char in page.chars)
    head = document.strap + document.head
    assert outside == [f"{LABEL}1", f"{head}{LABEL}2", f"{head}{LABEL}3"]


def test_the_registry_loads_and_has_every_document_and_two_sources_that_cannot_be_had() -> None:
    sources = load_source_file(HERE / "sources.toml")
    assert {source.id for source in sources} == {d.source for d in DOCUMENTS} | {NO_ADDRESS, GONE}
    assert len(sources) == 8
    assert {source.id for source in sources if not source.candidates} == {NO_ADDRESS}


def links(page: Path) -> list[str]:
    """What a landing page names as its PDF, or links to."""
    found: list[str] = []

    class Finder(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            named = dict(attrs)
            if named.get("name") == "citation_pdf_url":
                found.append(named["content"] or "")
            elif tag == "a" and (named["href"] or "").endswith(".pdf"):
                found.append(named["href"] or "")

    Finder().feed(page.read_text(encoding="utf-8"))
    return found


def test_every_address_leads_to_its_document_except_the_one_that_is_gone() -> None:
    redirects = read_toml(SITE / "redirects.toml")
    files = {document.source: f"/{document.file}" for document in DOCUMENTS}
    ways = set()
    for source in sample_sources().values():
        for candidate in source.candidates:
            address = urlsplit(candidate.url)
            assert (address.scheme, address.netloc) == ("http", HOST)
            path = redirects.get(address.path, address.path)
            ways.add((candidate.kind, path != address.path))
            if candidate.kind == "landing":
                (link,) = links(SITE / path[1:])
                path = urlsplit(urljoin(candidate.url, link)).path
            assert (SITE / path[1:]).exists() is (source.id != GONE)
            assert path == files.get(source.id, path)
    assert ways == {("pdf", False), ("pdf", True), ("landing", False)}


def test_the_settings_say_that_it_is_a_sample_and_start_from_no_other_sources() -> None:
    review = read_review(HERE / "review.toml")
    assert review.sample
    assert not review.shipped_sources
    assert review.title.startswith("Sample review (invented)")


def test_the_criteria_tell_the_sources_apart() -> None:
    workspace = Workspace(HERE, read_review(HERE / "review.toml"))
    screened = screen_all(load_source_file(HERE / "sources.toml"), load_criteria(workspace))
    doubtful = {one.source_id for one in screened if one.verdict == "doubtful"}
    assert doubtful == {"ministry-2013", NO_ADDRESS}
    assert {one.verdict for one in screened if one.source_id not in doubtful} == {"pass"}


THEMES = ("GW", "IF", "TI", "FS", "DIG", "CGL", "COV", "REC")
CODEBOOK = Codebook("test", tuple(Theme(code, code, code, (), (), ()) for code in THEMES))
DECISIONS = read_decisions(HERE / "decisions.csv", sources=[*sample_sources()], codebook=CODEBOOK)
QUOTED = [decision for decision in DECISIONS if decision.anchor]


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("decision", QUOTED, ids=lambda d: f"{d.source_id}-{d.theme}-{d.coder}-{d.anchor.page}")
def test_a_quote_is_on_its_page_unless_its_note_says_otherwise(decision: Any) -> None:
    (document,) = (one for one in DOCUMENTS if one.source == decision.source_id)
    texts = page_texts(shipped(document))
    on_pages = [number for number, text in enumerate(texts, 1) if folded(decision.anchor.quote) in text]
    wrong_on_purpose = decision.note.startswith((SLIP, LOST))
    assert on_pages == ([] if wrong_on_purpose else [decision.anchor.page])


def test_one_quote_has_slips_and_one_is_lost() -> None:
    notes = [decision.note for decision in QUOTED]
    assert [sum(note.startswith(mark) for note in notes) for mark in (SLIP, LOST)] == [1, 1]


def test_the_coders_agree_differ_and_are_adjudicated_somewhere() -> None:
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for decision in DECISIONS:
        values = cells.setdefault((decision.source_id, decision.theme), {})
        values[decision.coder] = max(values.get(decision.coder, 0), decision.value or 0)
    assert cells["osk-2020", "IF"] == {"sample-coder-a": 2, "sample-coder-b": 2}
    assert cells["torrand-2021", "FS"] == {"sample-coder-a": 1, "sample-coder-b": 0}
    assert cells["drevik-2023", "GW"] == {"sample-coder-a": 2, "sample-coder-b": 0, "sample-adjudicator": 1}
    assert cells["comptroller-2020", "FS"] == {"sample-coder-a": 0, "sample-coder-b": 0}


def test_every_decision_is_dated_and_its_coder_is_plainly_a_sample() -> None:
    with (HERE / "decisions.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(row["coder"].startswith("sample-") for row in rows)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row["decided"]) for row in rows)


def test_a_misspelt_key_in_documents_toml_is_an_error() -> None:
    table = {"source": "x", "file": "x.pdf", "layout": "scan", "strap": "", "date": "", "head": "", "pagina": 1}
    with pytest.raises(DataFileError, match="unknown key 'pagina'"):
        to_dataclass(SampleDocument, table, file="documents.toml", where="document 1")
