"""What belongs together is not cut, and what stands apart is not joined: tables without uprights, page breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.utils import simpleSplit

from extract.document import Document
from extract.lines import captions
from extract.lines.page_lines import read_page_lines
from extract.read import read_document
from extract.readers.pdfium_reader import each_page
from extract.roles.furniture import standing_still
from extract.text.prose import goes_on, has_leaders, reads_as_prose
from support.pdf_pages import BOLD, PARAGRAPHS, PLAIN, Sheet

CELLS = (
    ("1. Registers", "The lists of the two offices are kept apart,", "A shared list of both would cost little and"),
    ("", "and nobody has compared them since 2015.", "could be made from what is there."),
    ("2. Payments", "Payments are late in every quarter of the year.", "The banks should be told of the dates."),
)


def _read(path: Path) -> Document:
    return read_document(path, "c" * 64)


def _told(document: Document) -> str:
    return " | ".join(passage.text for passage in document.passages)


@pytest.mark.parametrize(
    ("title", "head", "is_table"),
    [
        ("Table 1. What was found, and what follows.", ("Subject", "Finding", "Advice"), True),
        ("", ("Subject", "Finding", "Advice"), True),
        ("", ("A rule of two lines of text stands above this.", "", ""), False),
    ],
)
def test_a_table_between_level_rules_is_no_running_text(
    tmp_path: Path, title: str, head: tuple[str, ...], is_table: bool
) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    sheet.line(title, 72, base + 10)
    rules = [base + 20, base + 42]
    places = (72, 150, 350)
    for x, text in zip(places, head, strict=True):
        sheet.line(text, x, base + 35, size=9)
    base += 56
    for x, column in zip(places, zip(*CELLS, strict=True), strict=True):
        sheet.lines([text for text in column if text], x, base, size=9)
    rules.append(base + 40)
    for rule in rules:
        sheet.canvas.line(72, sheet.height - rule, 540, sheet.height - rule)
    sheet.paragraph(PARAGRAPHS[1], 72, base + 70)
    sheet.save()
    document = _read(tmp_path / "a.pdf")
    passages = _told(document)
    assert PARAGRAPHS[0] in passages
    assert PARAGRAPHS[1] in passages
    assert ("kept apart" in passages) is not is_table
    assert "kept apart" in document.text


def test_full_lines_between_rules_are_running_text(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("Review", 72, 100, size=9)
    sheet.line("of welfare", 250, 100, size=9)
    sheet.line("2020", 500, 100, size=9)
    base = sheet.paragraph(PARAGRAPHS[0], 72, 130, width=465)
    for rule in (86, 106, base + 20):
        sheet.canvas.line(72, sheet.height - rule, 540, sheet.height - rule)
    sheet.save()
    assert PARAGRAPHS[0] in _told(_read(tmp_path / "a.pdf"))


def test_a_sentence_goes_on_behind_a_page_of_figures(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    lines = simpleSplit(" ".join(PARAGRAPHS), PLAIN, 11, 440)
    sheet.lines(lines[:5], 72, 700)
    sheet.page()
    sheet.line("Figure 1: Families on the register", 72, 700, font=BOLD)
    sheet.page()
    sheet.lines(lines[5:], 72, 90)
    sheet.save()
    assert lines[4].rsplit(". ", 1)[-1] + " " + lines[5].split(". ", 1)[0] in _told(_read(tmp_path / "a.pdf"))


def test_a_sentence_goes_on_with_a_number_on_the_next_page(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.lines(
        ["The fund was reviewed by three offices of the ministry, and its spending", "fell in 2019, 2020 and"], 72, 750
    )
    sheet.page()
    sheet.lines(["2021 by a third in real terms, more than that of any other fund in the country."], 72, 90)
    sheet.save()
    assert "2019, 2020 and 2021 by a third" in _told(_read(tmp_path / "a.pdf"))


@pytest.mark.parametrize(
    ("text", "found"), [("reference to the", True), ("was set up.", False), ("the ministry", False)]
)
def test_a_last_word_may_tell_that_the_sentence_goes_on(text: str, found: bool) -> None:
    assert goes_on(text) is found


def test_lines_with_leaders_are_in_no_passage(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    sheet.line("III. Adoption of the report of the forum on the rights of the families " + "." * 20 + " 21", 72, base)
    sheet.paragraph(PARAGRAPHS[1], 72, base + 30)
    sheet.save()
    passages = _told(_read(tmp_path / "a.pdf"))
    assert not has_leaders(passages)
    assert PARAGRAPHS[1] in passages


def test_an_item_of_many_names_is_prose_where_it_ends_with_a_stop() -> None:
    item = (
        "(b) Promote global economic stability, by addressing Vaduria's $120 billion trade finance gap, reducing"
        " global supply chain vulnerabilities and fostering economic resilience;"
    )
    assert reads_as_prose(item, note=False, item=True)
    assert not reads_as_prose(item, note=False, item=False)


def test_what_stands_still_on_many_pages_is_a_running_head(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for number in range(6):
        sheet.line("Notes to the Financial Statements", 72, 60, font=BOLD)
        sheet.line("Table 3 (continued)", 72, 90 + 20 * number)
        sheet.page()
    sheet.save()
    sheets, _ = each_page(tmp_path / "a.pdf", read_page_lines)
    lines = [line for sheet in sheets for line in sheet.lines]
    found = standing_still(lines, range(len(lines)), pages=6)
    assert {lines[index].text for index in found} == {"Notes to the Financial Statements"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("CHARTER OF THE UNITED NATIONS", None), ("Tables A and B show", None), ("Chartered accountants of", None),
        ("Table A2: Cost", "A2"), ("Figure3. Cost", "3"), ("Chart IV: Cost", "IV"), ("Table BR3. Cases", "BR3"),
    ],
)  # fmt: skip
def test_a_word_that_begins_like_chart_or_table_is_no_caption(text: str, number: str | None) -> None:
    match = captions._CAPTION.match(text)
    assert (match and match["number"]) == number


def test_an_item_that_is_set_in_goes_on_at_the_margin(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90, width=440)
    sheet.line("(g) If the fund finds that it cannot pay what is due to a family under", 160, base)
    base = sheet.lines(["Section 5(a) of the act, the ministry pays it in the month that follows."], 72, base + 14)
    sheet.save()
    assert "is due to a family under Section 5(a) of the act" in _told(_read(tmp_path / "a.pdf"))


def test_page_numbers_with_a_letter_are_furniture(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for number in range(1, 5):
        sheet.paragraph(PARAGRAPHS[number % 3], 72, 90)
        sheet.line(f"F-{number}", 290, 700)
        sheet.page()
    sheet.save()
    assert "F-" not in _told(_read(tmp_path / "a.pdf"))


def test_a_note_in_smaller_type_is_not_joined_with_the_paragraph_below_it(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    sheet.line("1. Only those that sent their lists are counted here.", 72, base + 20, size=8)
    sheet.paragraph(PARAGRAPHS[1], 72, base + 50)
    sheet.save()
    assert PARAGRAPHS[1] in [passage.text for passage in _read(tmp_path / "a.pdf").passages]


def test_the_short_item_between_long_ones_stays_in_the_list(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    items = (
        "(a) Compare the lists of the two offices in all districts of the province once a year, and publish it.",
        "(b) Pay on time.",
        "(c) Tell each of the families in writing why it was left out of the list that the office keeps of them.",
    )
    base = 90.0
    for item in items:
        base = sheet.paragraph(item, 72, base)
    sheet.save()
    assert "(b) Pay on time." in _told(_read(tmp_path / "a.pdf"))


@pytest.mark.parametrize(
    "heading", ["(e) Building confidence in what the offices of the ministry do", "IV. WHO IS PAID AND WHEN"]
)
def test_lettered_headings_in_italics_and_capitals_of_body_size_are_headings(tmp_path: Path, heading: str) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    sheet.line(heading, 72, base + 12, font="Times-Italic" if heading.startswith("(") else PLAIN)
    sheet.paragraph(PARAGRAPHS[1], 72, base + 12 + (24 if heading.startswith("(") else 14))
    sheet.save()
    document = _read(tmp_path / "a.pdf")
    assert heading in [document.text[slice(*block.span)] for block in document.blocks if block.role == "heading"]


def test_a_pointer_to_the_notes_of_a_table_is_in_no_passage(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    sheet.line("See notes at end of table.", 72, base + 20, size=9)
    sheet.paragraph(PARAGRAPHS[1], 72, base + 50)
    sheet.save()
    assert "See notes" not in _told(_read(tmp_path / "a.pdf"))
