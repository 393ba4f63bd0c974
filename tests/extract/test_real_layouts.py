"""Pages as programs really write them, in tests/extract/data/reading: made for these tests, all text invented."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from reportlab.lib.utils import simpleSplit

from extract.document import Document, Role
from extract.read import read_document
from extract.views.quotation_check import misplaced
from support.pdf_pages import BOLD, PARAGRAPHS, Sheet

FOLDER = Path(__file__).parent / "data" / "reading"


@cache
def _read(name: str) -> Document:
    return read_document(FOLDER / f"{name}.pdf", "a" * 64)


def _blocks(document: Document, role: Role) -> list[str]:
    return [" ".join(document.text[slice(*b.span)].split()) for b in document.blocks if b.role == role]


def _passages(name: str) -> str:
    return " | ".join(passage.text for passage in _read(name).passages)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("abstract_larger_heading", ["abstract", "other", "other", "other", "conclusion"]),
        ("cover_subtitle_sets_section", ["other", "other", "other", "other", "conclusion"]),
        ("recommendation_headings", ["discussion", "recommendations", "recommendations", "recommendations", "other"]),
        ("references_letterspaced", ["introduction", "findings", "front"]),
    ],
)
def test_a_section_kind_does_not_leak_into_what_follows(name: str, kinds: list[str]) -> None:
    assert [passage.section for passage in _read(name).passages] == kinds


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("references_letterspaced", ("Who is left out of the register", "Weak offices")),
        ("citation_footnotes_are_passages", ("Adel R.", "Faro, M.", "Journal")),
        ("repository_cover_page", ("Citation", "Copyright", "breaches")),
        ("chart_title_joined_to_paragraph", ("Gross irrigated",)),
        ("line_numbers", ("1 The district", "2 compares", "21 quarter")),
        ("line_numbers_streamed_apart", (" 5 ", " 29 ")),
        ("latex_running_heads_at_13_percent", ("WHO IS LEFT OUT", "CHAPTER 2")),
    ],
)
def test_what_is_no_text_of_the_work_is_in_no_passage(name: str, left_out: tuple[str, ...]) -> None:
    passages = _passages(name)
    assert passages
    assert not [words for words in left_out if words in passages]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("page_top_drawn_last", "and the rising price of wheat has made the difference larger"),
        (
            "two_columns_drawn_row_by_row",
            "separate lists of the households that receive the grant, and nobody compares them.",
        ),
        (
            "two_columns_drawn_row_by_row",
            "The ministry spends most of the budget on salaries, and little of it reaches",
        ),
        ("box_with_chart_over_two_pages", "and to embrace the new GVC offices of the districts"),
        (
            "text_on_both_sides_of_a_frame",
            "chosen by a score, and the mistakes of the score were corrected by hand in the offices",
        ),
        ("text_on_both_sides_of_a_frame", "The evaluation found that the share of the poor"),
        ("text_on_both_sides_of_a_frame_tagged", "did not reach the hills"),
        ("wrapped_line_begins_with_parenthesis", "Corvan (43) Dorn (45), Eltan (54)"),
        ("wrapped_line_begins_with_parenthesis", "(b) the old, and (c) families with a child"),
        ("latex_running_heads_at_13_percent", "had sent its lists to the head office in the capital"),
        ("citation_footnotes_are_passages", "The dependency ratio is the number of children"),
        (
            "chromium_opacity_order",
            "A quote stands here. A paragraph with opacity stands here, after the figure. Last paragraph",
        ),
        ("justified_columns_are_tables", "Administrative fragmentation undermines coordination because"),
        ("justified_columns_are_tables", "Unemployment insurance and unconditional cash transfers nevertheless remain"),
    ],
)
def test_a_sentence_is_read_whole_and_in_order(name: str, sentence: str) -> None:
    assert sentence in _passages(name)


@pytest.mark.parametrize(
    ("name", "role", "count"),
    [
        ("booktabs_last_rows_are_body", "table", 1),
        ("justified_columns_are_tables", "table", 0),
        ("chromium_opacity_order", "caption", 2),
        ("chromium_opacity_order", "table", 1),
        ("wrapped_line_begins_with_parenthesis", "list item", 0),
        ("small_box_text_taken_for_footnote", "footnote", 0),
        ("small_box_text_taken_for_footnote", "sidebar", 1),
        ("citation_footnotes_are_passages", "footnote", 3),
        ("latex_running_heads_at_13_percent", "heading", 0),
        ("references_letterspaced", "references", 3),
        ("references_letterspaced", "heading", 5),
    ],
)
def test_blocks_have_their_role(name: str, role: Role, count: int) -> None:
    assert len(_blocks(_read(name), role)) == count


def test_the_last_rows_of_a_table_without_rules_stay_in_it() -> None:
    (table,) = _blocks(_read("booktabs_last_rows_are_body"), "table")
    assert table.startswith("Coverage")
    assert table.endswith("Gilgit 9.2 9.9 610")


def test_the_numbers_of_the_lines_of_a_draft_are_kept_as_furniture() -> None:
    numbers = " ".join(_blocks(_read("line_numbers"), "furniture")).split()
    assert numbers == [str(number) for number in range(1, 85)]


def test_a_box_with_a_chart_in_it_is_one_sidebar_over_two_pages() -> None:
    sidebars = " ".join(_blocks(_read("box_with_chart_over_two_pages"), "sidebar"))
    assert "The ministry spends most of the budget" in sidebars
    assert "GVC offices" in sidebars


def test_a_line_around_a_frame_has_a_box_on_either_side_of_it() -> None:
    document = _read("text_on_both_sides_of_a_frame")
    (frame,) = [block.box for block in document.blocks if block.role == "sidebar"]
    beside = [box for passage in document.passages[:-1] for box in passage.boxes if frame.top < box.top < frame.bottom]
    assert beside
    assert not [box for box in beside if box.x0 < frame.x0 and box.x1 > frame.x1]


def test_words_that_nobody_sees_are_kept_as_hidden() -> None:
    document = _read("clipped_text_is_read")
    paragraph = "Officials in three of the five provinces told us that payments were late"
    assert [text.startswith(paragraph) for text in _blocks(document, "hidden")] == [True] * 4
    assert len(document.passages) == 2
    assert not [passage for passage in document.passages if passage.text.startswith(paragraph)]
    assert _blocks(_read("hidden_layer_is_read"), "hidden") == ["DRAFT"]


def test_passages_stand_in_their_boxes() -> None:
    for path in sorted(FOLDER.glob("*.pdf")):
        document = _read(path.stem)
        wrong = misplaced(path, document)
        assert {one.passage.id for one in wrong} <= {one.id for one in document.passages if one.mixed}, path.name
    assert not misplaced(FOLDER / "text_on_both_sides_of_a_frame.pdf", _read("text_on_both_sides_of_a_frame"))


def test_words_of_a_formula_inside_the_boxes_of_a_passage_are_told_of(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 100)
    sheet.line("The share of the poor is weighted with the number of them that each district has in a year.", 72, base)
    for number in range(4):
        sheet.line("kjkj", 100 + 30 * number, base - 1 + number % 2, size=5)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", "a" * 64)
    assert [passage.mixed for passage in document.passages] == [True]
    assert document.note.startswith("1 of 1 passages stands among other words, such as formulas (1)")


def test_a_passage_with_a_formula_has_boxes_around_its_own_words(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 100)
    sheet.line("The share of the poor is weighted as Q    is of Q    in each district of the country.", 72, base)
    base = sheet.paragraph(PARAGRAPHS[1], 72, base + 14)
    for x in (248, 280):
        sheet.line("i", x, 146, size=5)
    sheet.line("+ (", 240, 145, size=11)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", "a" * 64)
    assert not misplaced(tmp_path / "a.pdf", document)


def test_a_form_to_fill_in_gives_no_passages(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(PARAGRAPHS[0], 72, 100)
    for row in range(13):
        for column in range(6):
            sheet.canvas.rect(72 + 75 * column, sheet.height - 300 - 24 * row, 75, 24)
    for row, text in enumerate(("What is the age of the head", "if it is not known to them")):
        for column, word in enumerate(text.split()[:6]):
            sheet.line(word, 76 + 75 * column, 292 + 24 * row, size=9)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", "a" * 64)
    assert [passage.text for passage in document.passages] == [PARAGRAPHS[0]]
    assert [block.rule for block in document.blocks if block.role == "table"] == [
        "in a form: a grid of mostly empty cells"
    ]


def test_a_line_in_italics_above_upright_text_is_a_heading(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 100)
    sheet.line("Payments to the old", 72, base + 6, font="Times-Italic")
    sheet.paragraph(PARAGRAPHS[1], 72, base + 26)
    sheet.save()
    assert _blocks(read_document(tmp_path / "a.pdf", "a" * 64), "heading") == ["Payments to the old"]


def test_the_head_of_a_table_is_told_once(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for page in (1, 2):
        if page == 1:
            sheet.paragraph(PARAGRAPHS[0], 72, 100)
        for number, row in enumerate([("District", "Families"), (f"North {page}", "12"), (f"South {page}", "34")]):
            base = 200 + 20 * number
            for column, text in enumerate(row):
                sheet.line(text, 80 + 150 * column, base)
                sheet.canvas.rect(72 + 150 * column, sheet.height - base - 6, 150, 20)
        sheet.page()
    sheet.save()
    document = read_document(tmp_path / "a.pdf", "a" * 64)
    assert _blocks(document, "table") == ["District | Families North 1 | 12 South 1 | 34", "North 2 | 12 South 2 | 34"]
    assert _blocks(document, "furniture") == ["District | Families"]


def test_entries_of_a_table_of_contents_may_lack_their_dots(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    titles = {"1 Introduction": 1, "1.1 Aims": 2, "1.2 Texts": 4, "1.3 Methods": 6, "2 Findings": 9, "References": 21}
    for number, (title, page) in enumerate(titles.items()):
        sheet.line(f"{title} {'.' * 60} {page}" if "." in title else title, 72, 110 + 16 * number)
        if "." not in title:
            sheet.line(str(page), 500, 110 + 16 * number)
    sheet.save()
    (entries,) = _blocks(read_document(tmp_path / "a.pdf", "a" * 64), "contents")
    assert entries.startswith("1 Introduction 1 1.1 Aims")
    assert entries.endswith("2 Findings 9 References 21")


def test_a_page_number_at_an_odd_height_is_furniture(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for number in range(4):
        sheet.paragraph(PARAGRAPHS[number % 3], 72, 150)
        sheet.line(str(number + 7), 300, 690)
        sheet.page()
    sheet.save()
    assert _blocks(read_document(tmp_path / "a.pdf", "a" * 64), "furniture") == ["7", "8", "9", "10"]


def test_a_bold_reference_that_begins_a_line_is_no_caption(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.lines(["The share of the households that were reached in each of the provinces is told in"], 72, 100)
    sheet.line("Figure 2.1.", 72, base, font=BOLD)
    sheet.save()
    assert not _blocks(read_document(tmp_path / "a.pdf", "a" * 64), "caption")


def test_marks_that_are_streamed_apart_stand_before_their_text(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("Introduction", 100, 80, font=BOLD, size=14)
    base = sheet.paragraph(PARAGRAPHS[0], 72, 110)
    items = ["The lists were never compared with each other.", "Fees were taken by the banks from each payment."]
    for number, item in enumerate(items):
        sheet.line(item, 100, base + 16 * number)
    sheet.line("1.", 78, 80, font=BOLD, size=14)
    for number in range(2):
        sheet.line("•", 86, base + 16 * number)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", "a" * 64)
    assert _blocks(document, "heading") == ["1. Introduction"]
    assert _blocks(document, "list item") == [f"• {item}" for item in items]


def test_the_numbers_of_every_fifth_line_at_the_right_are_furniture(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for number, line in enumerate(simpleSplit(" ".join(PARAGRAPHS * 3), "Times-Roman", 11, 400), 1):
        sheet.line(line, 90, 80 + 15 * number)
        if number % 5 == 0:
            sheet.line(str(number), 520, 80 + 15 * number, size=8)
    sheet.save()
    assert _blocks(read_document(tmp_path / "a.pdf", "a" * 64), "furniture") == ["5 10 15 20 25 30"]


def test_notes_at_the_end_that_are_sentences_stay_passages(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 100)
    sheet.line("Notes", 72, base + 10, font=BOLD, size=14)
    base = sheet.paragraph(f"1 {PARAGRAPHS[1]}", 72, base + 40)
    entry = "2 Khan, M. A. (2010). Aid and taxes. Journal of Grants, 23(2), 265-272."
    sheet.paragraph(entry, 72, base)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", "a" * 64)
    assert _blocks(document, "references") == [entry]
    assert [passage.section for passage in document.passages] == ["front", "references"]


def test_every_block_that_is_no_running_text_names_its_rule() -> None:
    for path in sorted(FOLDER.glob("*.pdf")):
        assert all(block.rule for block in _read(path.stem).blocks if block.role != "body"), path.name
