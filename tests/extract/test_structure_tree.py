"""What the PDF's own tags decide: reading order, furniture and roles, where they are sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject
from reportlab.lib.utils import simpleSplit

from extract.document import Document
from extract.pdfium.structure_tree import ARTIFACT, UNMARKED, PageTree, Tag, agrees, tree_order
from extract.read import read_document
from extract.readers import pdfium_reader
from support.pdf_pages import BOLD, PARAGRAPHS
from support.tagged_pages import Part, tagged

SHA = "0123456789ab" + "0" * 52


def lines(text: str, width: float = 220) -> tuple[str, ...]:
    return tuple(simpleSplit(text, "Times-Roman", 11, width))


def roles(document: Document) -> list[tuple[str, str]]:
    return [(block.role, document.text[slice(*block.span)]) for block in document.blocks]


def two_columns(path: Path, *, believed: bool = True) -> Document:
    """The right column is drawn first; the tags name the left one first."""
    right = Part("P", lines(PARAGRAPHS[1]), 310, 100, place=2)
    left = Part("P", lines(PARAGRAPHS[0]), 60, 100, place=1)
    return read_document(tagged(path, [[right, left]], believed=believed), SHA)


def test_the_order_of_the_tags_is_the_order_of_the_text(tmp_path: Path) -> None:
    text = two_columns(tmp_path / "a.pdf").text
    assert 0 <= text.index("The Household Support Fund") < text.index("Spending on the fund")


def test_tags_that_the_pdf_does_not_vouch_for_are_left_alone(tmp_path: Path) -> None:
    text = two_columns(tmp_path / "a.pdf", believed=False).text
    assert 0 <= text.index("Spending on the fund") < text.index("The Household Support Fund")


def test_tags_of_a_document_so_long_that_they_would_take_minutes_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdfium_reader, "_MANY_PAGES", 0)
    assert two_columns(tmp_path / "a.pdf").text.index("The Household Support Fund") == 0
    monkeypatch.setattr(pdfium_reader, "_MOST_LISTED", 1)
    text = two_columns(tmp_path / "a.pdf").text
    assert 0 <= text.index("Spending on the fund") < text.index("The Household Support Fund")


def test_every_word_of_a_tagged_page_is_in_the_text_once(tmp_path: Path) -> None:
    text = two_columns(tmp_path / "a.pdf").text
    assert sorted(text.split()) == sorted(" ".join(PARAGRAPHS[:2]).split())


def test_tags_that_jump_up_and_down_the_page_give_way_to_the_stream(tmp_path: Path) -> None:
    rows = lines(" ".join(PARAGRAPHS), 440)
    parts = [Part("P", (row,), 72, 90 + 15 * n, place=-n) for n, row in enumerate(rows)]
    text = read_document(tagged(tmp_path / "a.pdf", [parts]), SHA).text
    assert text.split() == " ".join(PARAGRAPHS).split()


def test_artifacts_are_furniture_wherever_they_stand(tmp_path: Path) -> None:
    parts = [
        Part("P", lines(PARAGRAPHS[0], 440), 72, 90),
        Part("Artifact", ("Draft not for circulation",), 200, 300),
        Part("P", lines(PARAGRAPHS[2], 440), 72, 330, place=1),
    ]
    document = read_document(tagged(tmp_path / "a.pdf", [parts]), SHA)
    assert ("furniture", "Draft not for circulation") in roles(document)
    assert not any("Draft" in passage.text for passage in document.passages)


@pytest.mark.parametrize("kind", ["TH", "H2", "LI"])
def test_what_repeats_at_the_top_of_pages_is_text_where_its_tag_says_so(tmp_path: Path, kind: str) -> None:
    page = [Part(kind, ("Sub-major group",), 72, 60), Part("P", lines(PARAGRAPHS[0], 440), 72, 200, place=1)]
    found = roles(read_document(tagged(tmp_path / "a.pdf", [page] * 4), SHA))
    assert "furniture" not in dict(found)
    assert [text for _, text in found].count("Sub-major group") == 4


def test_what_repeats_at_the_top_of_pages_is_furniture_where_it_is_tagged_as_a_paragraph(tmp_path: Path) -> None:
    page = [Part("P", ("Annual review of Vaduria",), 72, 60), Part("P", lines(PARAGRAPHS[0], 440), 72, 200, place=1)]
    assert ("furniture", "Annual review of Vaduria") in roles(
        read_document(tagged(tmp_path / "a.pdf", [page] * 4), SHA)
    )


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("H1", "heading"), ("H3", "heading"), ("Title", "heading"), ("LI", "list item"), ("Caption", "caption"),
        ("Note", "footnote"), ("FENote", "footnote"), ("TOCI", "contents"), ("BibEntry", "references"),
    ],
)  # fmt: skip
def test_a_tag_gives_a_plain_line_its_role(tmp_path: Path, kind: str, role: str) -> None:
    parts = [
        Part("P", lines(PARAGRAPHS[0], 440), 72, 90),
        Part(kind, ("Families that the register leaves out of the count and",), 72, 200, place=1),
        Part("P", lines(PARAGRAPHS[2], 440), 72, 260, place=2),
    ]
    found = roles(read_document(tagged(tmp_path / "a.pdf", [parts]), SHA))
    assert (role, "Families that the register leaves out of the count and") in found


def test_the_first_item_below_a_heading_needs_no_mark(tmp_path: Path) -> None:
    items = ("Measure who is covered by the registry", "Learn why families do not apply")
    parts = [
        Part("H1", ("Survey objectives",), 72, 80, font=BOLD, size=14),
        *(Part("LI", (item,), 90, 110 + 20 * place, place=place) for place, item in enumerate(items, 1)),
        Part("P", lines(PARAGRAPHS[0], 440), 72, 200, place=3),
    ]
    found = roles(read_document(tagged(tmp_path / "a.pdf", [parts]), SHA))
    assert [text for role, text in found if role == "list item"] == list(items)


def test_small_cells_are_a_table_and_a_page_within_a_cell_is_not(tmp_path: Path) -> None:
    cells = [Part("TD", (name,), 72 + 60 * n, 90) for n, name in enumerate(["Kaleb", "Orun", "Miral", "Tessa", "Veda"])]
    text = Part("TD", lines(PARAGRAPHS[0], 440), 72, 200, place=1)
    found = {text: role for role, text in roles(read_document(tagged(tmp_path / "a.pdf", [[*cells, text]]), SHA))}
    assert {role for text, role in found.items() if "Miral" in text} == {"table"}
    assert {role for text, role in found.items() if "Household" in text} == {"body"}


def test_levels_come_from_the_tags_and_untagged_headings_rank_below_them(tmp_path: Path) -> None:
    parts, base = [], 60.0
    for place, (kind, title) in enumerate([("H1", "Poverty"), ("H2", "Coverage"), ("P", "Delivery"), ("H2", "Costs")]):
        parts.append(Part(kind, (title,), 72, base, place=2 * place, font=BOLD, size=13))
        parts.append(Part("P", lines(PARAGRAPHS[0], 440), 72, base + 24, place=2 * place + 1))
        base += 140
    document = read_document(tagged(tmp_path / "a.pdf", [parts]), SHA)
    levels = {document.text[slice(*block.span)]: block.level for block in document.blocks if block.role == "heading"}
    assert levels == {"Poverty": 1, "Coverage": 2, "Delivery": 3, "Costs": 2}


def test_a_paragraph_tagged_as_a_heading_stays_text(tmp_path: Path) -> None:
    parts = [Part("H1", lines(PARAGRAPHS[0], 440), 72, 90), Part("P", lines(PARAGRAPHS[2], 440), 72, 260, place=1)]
    assert {role for role, _ in roles(read_document(tagged(tmp_path / "a.pdf", [parts]), SHA))} == {"body"}


def test_a_sentence_reads_on_over_a_note_that_the_tags_place_within_it(tmp_path: Path) -> None:
    first, second = (
        "Local offices can add a name only with the consent of the",
        "Ministry of Welfare, which takes a year.",
    )
    parts = [
        Part("P", (first,), 72, 90),
        Part("Note", ("1 Household means those who eat from one kitchen.",), 72, 760, place=1, size=8),
        Part("P", (second,), 72, 103.75, place=2),
    ]
    document = read_document(tagged(tmp_path / "a.pdf", [parts]), SHA)
    assert any(f"{first} {second}" in passage.text for passage in document.passages)


def test_a_turned_tagged_page_with_labels_reads_as_an_upright_one(tmp_path: Path) -> None:
    upright = two_columns(tmp_path / "a.pdf")
    writer = PdfWriter(clone_from=tmp_path / "a.pdf")
    writer.pages[0].rotate(90)
    writer.set_page_label(0, 0, style="/r", start=4)
    writer.write(tmp_path / "b.pdf")
    assert PdfReader(tmp_path / "b.pdf").pages[0].rotation == 90
    turned = read_document(tmp_path / "b.pdf", SHA)
    assert turned.text.split() == upright.text.split()
    assert turned.pages[0].label == "iv"


@pytest.mark.parametrize(
    ("marks", "order"),
    [
        ([2, 1, 0], [2, 1, 0]),
        ([0, UNMARKED, 1, 2], [0, 1, 2, 3]),
        ([2, UNMARKED, 1, 0], [3, 2, 0, 1]),  # what has no mark stays behind the word it follows
        ([ARTIFACT, 1, 0, ARTIFACT], [0, 2, 1, 3]),
        ([0, UNMARKED, UNMARKED, UNMARKED], None),  # too little is tagged
        ([0, ARTIFACT, ARTIFACT, ARTIFACT], None),  # nearly all is swept aside
        ([7, 8, 9], None),  # the tree knows none of it
    ],
)
def test_words_are_put_in_the_order_of_the_tree(marks: list[int], order: list[int] | None) -> None:
    weights = [8 if mark >= 0 else 4 for mark in marks]
    assert tree_order(marks, weights, PageTree({content: Tag("P", content) for content in range(3)})) == order


def test_an_order_may_go_up_to_another_column_but_not_up_in_its_own() -> None:
    boxes = [(72.0, 20.0 * row, 200.0, 20.0 * row + 10) for row in range(20)]
    beside = [(300.0, top, 500.0, bottom) for _, top, _, bottom in boxes]
    assert agrees([*range(20, 40), *range(20)], np.array([*boxes, *beside]).T)
    assert not agrees([*reversed(range(20))], np.array(boxes).T)


@pytest.mark.parametrize("kind", ["Caption", "Figure", "P"])
@pytest.mark.parametrize("last", [False, True], ids=["named first", "named last"])
def test_a_paragraph_stays_its_own_where_a_form_has_the_same_content_id(
    tmp_path: Path, kind: str, *, last: bool
) -> None:
    writer = PdfWriter(clone_from=Path(__file__).parent / "data" / "form_mcid_steals_paragraph.pdf")
    root = writer.root_object["/StructTreeRoot"]["/K"][0].get_object()  # type: ignore[index]
    elements = list(root["/K"])
    of_form = next(one for one in elements if one.get_object()["/S"] == "/Caption")
    of_form.get_object()[NameObject("/S")] = NameObject(f"/{kind}")
    if last:
        root[NameObject("/K")] = ArrayObject([one for one in elements if one != of_form] + [of_form])
    writer.write(tmp_path / "a.pdf")
    document = read_document(tmp_path / "a.pdf", SHA)
    first = next(text for role, text in roles(document) if role == "body" and "registers of the two" in text)
    assert first.startswith("The registers of the two provinces")
    assert "Figure 1" not in first
    assert any("neither of them sees" in passage.text for passage in document.passages)
