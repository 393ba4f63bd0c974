from __future__ import annotations

from pathlib import Path

import pytest

from extract.document import Document
from extract.read import read_document
from support.pdf_pages import BOLD, PARAGRAPHS, Sheet, report, words_of

SHA = "0123456789ab" + "0" * 52


def texts(document: Document, role: str) -> list[str]:
    return [document.text[slice(*block.span)] for block in document.blocks if block.role == role]


def test_running_heads_and_page_numbers_are_furniture_and_stay_in_the_text(tmp_path: Path) -> None:
    document = read_document(report(tmp_path / "a.pdf"), SHA)
    furniture = "\n".join(texts(document, "furniture"))
    assert furniture.count("Ministry of Welfare of Vaduria: annual review") == 4
    assert [f"Page {n} of 4" in furniture for n in (1, 2, 3, 4)] == [True] * 4
    assert not any("annual review" in passage.text or "Page" in passage.text for passage in document.passages)


def test_a_running_head_is_one_on_a_wide_page_too_and_the_title_in_capitals_is_none(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("A REGISTER FOR ALL", 230, 60, font=BOLD, size=12)
    for number in range(5):
        if number:
            wide, tall = (842, 595) if number == 3 else (595, 842)
            sheet.canvas.setPageSize((wide, tall))
            sheet.height = tall
            sheet.line("A register for all", wide / 2 - 40, 60, size=9)
            sheet.line(str(number), wide / 2, tall - 60, size=9)
        sheet.paragraph(PARAGRAPHS[number % 3], 72, 120)
        sheet.page()
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert "\n".join(texts(document, "furniture")).splitlines() == [
        line for number in range(1, 5) for line in ("A register for all", str(number))
    ]
    assert texts(document, "heading") == ["A REGISTER FOR ALL"]


def test_a_running_head_is_known_however_its_digits_and_marks_were_read(tmp_path: Path) -> None:
    heads = [
        "60 The Observer of Vaduria, vol. 13",
        "6 2 The Observer of Vaduria, voL 13",
        "The Observer of Vaduria vol 13 64",
    ]
    sheet = Sheet(tmp_path / "a.pdf")
    for number in range(5):
        sheet.line(heads[number % 3], 72, 40, size=9)
        sheet.paragraph(PARAGRAPHS[number % 3], 72, 120)
        sheet.page()
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert texts(document, "furniture") == [heads[number % 3] for number in range(5)]


def test_the_title_of_several_slides_is_no_running_head(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf", width=720, height=540)
    for number in range(16):
        sheet.line("Registry reform", 60, 24, size=12)
        sheet.line("What we found" if 2 < number < 6 else f"Part {chr(65 + number)} of the talk", 60, 60, size=30)
        sheet.paragraph(PARAGRAPHS[number % 3], 60, 160, width=600, size=18)
        sheet.page()
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert texts(document, "furniture") == ["Registry reform"] * 16
    assert texts(document, "heading").count("What we found") == 3


def test_every_word_of_the_pages_is_in_the_text_once(tmp_path: Path) -> None:
    document = read_document(report(tmp_path / "a.pdf", pages=1), SHA)
    heads = ["Ministry of Welfare of Vaduria: annual review", "Page 1 of 1", "1 Introduction"]
    assert sorted(words_of(document.text)) == sorted(words_of(" ".join([*heads, *PARAGRAPHS])))
    assert " ".join(document.text[slice(*block.span)] for block in document.blocks).split() == document.text.split()


def test_numbered_headings_have_levels_and_open_sections(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = 90.0
    for title, size in [("1 Introduction", 14), ("2 Data", 14), ("2.1 Survey design", 12), ("3 Results", 14)]:
        sheet.line(title, 72, base, font=BOLD, size=size)
        base = sheet.paragraph(PARAGRAPHS[0], 72, base + 24) + 20
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    headings = [(document.text[slice(*b.span)], b.level) for b in document.blocks if b.role == "heading"]
    assert headings == [("1 Introduction", 1), ("2 Data", 1), ("2.1 Survey design", 2), ("3 Results", 1)]
    assert [(p.heading, p.section) for p in document.passages] == [
        ("1 Introduction", "introduction"), ("2 Data", "methods"), ("2.1 Survey design", "methods"),
        ("3 Results", "findings"),
    ]  # fmt: skip


def test_a_bold_beginning_of_a_paragraph_is_no_heading(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(PARAGRAPHS[0], 72, 90)
    sheet.line("The register is old and leaves out many of those who need it most, so that", 72, 200, font=BOLD)
    sheet.lines(
        ["families who lost their income stay without help for a year or more. Nobody", "is told why."], 72, 213.8
    )
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert texts(document, "heading") == []
    assert any("so that families who lost" in passage.text for passage in document.passages)


def test_rows_of_figures_are_a_table_and_no_passage(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    sheet.line("Table 2: Spending by province", 72, base + 10, font=BOLD)
    rows = [("Province", "2011", "2015"), ("North", "12.4", "11.9"), ("South", "40.1", "38.0"), ("Coast", "7.7", "7.1")]
    for number, row in enumerate(rows):
        for cell, x in zip(row, (72, 220, 320), strict=True):
            sheet.line(cell, x, base + 30 + 14 * number)
    sheet.line("Source: Treasury of Vaduria", 72, base + 100, size=9)
    sheet.paragraph(PARAGRAPHS[2], 72, base + 130)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert texts(document, "caption") == ["Table 2: Spending by province", "Source: Treasury of Vaduria"]
    assert words_of("\n".join(texts(document, "table"))) == words_of(" ".join(cell for row in rows for cell in row))
    assert [passage.text for passage in document.passages] == [PARAGRAPHS[0], PARAGRAPHS[2]]


def test_a_line_full_of_years_inside_a_paragraph_is_no_table(tmp_path: Path) -> None:
    lines = [
        "The survey was held nine times before the reform, and each of its rounds asked the same",
        "1983–84, 1987–88, 1993–94, 1999–2000, 2004–05, 2007–08, 2009–10, 2011–12, 2013–14, 2015–16",
        "questions about work and income in every district of the country and of its islands.",
    ]
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.lines(lines, 72, 90)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert [passage.text for passage in document.passages] == [" ".join(lines)]


def test_contents_pages_and_the_reference_list_give_no_passages(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("Contents", 72, 90, font=BOLD, size=14)
    for number, title in enumerate(["The aims of the fund", "The reach of the fund", "What it costs", "References"]):
        sheet.line(f"{number + 1} {title} {'.' * 60} {3 * number + 1}", 72, 120 + 15 * number)
    sheet.page()
    sheet.line("1 The aims of the fund", 72, 90, font=BOLD, size=14)
    base = sheet.paragraph(PARAGRAPHS[0], 72, 120)
    sheet.line("References", 72, base + 20, font=BOLD, size=14)
    sheet.paragraph(
        "Ilves, M. (2012). The cost of the fund to the state and to the poor. Vaduria Press.", 72, base + 44
    )
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert len(texts(document, "contents")) == 1
    assert words_of(" ".join(texts(document, "references")))[:2] == ["Ilves", "M"]
    assert [passage.text for passage in document.passages] == [PARAGRAPHS[0]]


def test_items_of_a_list_stay_with_the_line_that_introduces_them(tmp_path: Path) -> None:
    items = ["The fund has three aims that the act of 1976 spells out:", "• to reach the poorest families first;"]
    items += ["• to pay each of them on the first day of the month;", "• to account for every payment in public."]
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.lines(items, 72, 90)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert len(texts(document, "list item")) == 3
    assert [passage.text for passage in document.passages] == [" ".join(items)]


def test_a_roman_number_makes_a_heading_of_a_line_in_the_middle(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = 90.0
    for title, text in [("I. Aims of the fund", PARAGRAPHS[0]), ("II. Groups of families", f"5. {PARAGRAPHS[1]}")]:
        sheet.line(title, 240, base)
        base = sheet.paragraph(text, 72, base + 26) + 20
    sheet.save()
    assert texts(read_document(tmp_path / "a.pdf", SHA), "heading") == ["I. Aims of the fund", "II. Groups of families"]


def test_a_sentence_quoted_in_large_type_is_no_heading(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("2 Results", 72, 80, font=BOLD, size=14)
    base = sheet.paragraph(PARAGRAPHS[0], 72, 104) + 20
    sheet.line("“Nobody told us that we were on the list.”", 72, base, size=16)
    sheet.paragraph(PARAGRAPHS[1], 72, base + 40)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert texts(document, "heading") == ["2 Results"]
    assert {passage.heading for passage in document.passages} == {"2 Results"}


def test_a_source_that_runs_on_is_a_caption_to_its_end(tmp_path: Path) -> None:
    source = (
        "Source: compiled by the authors from the accounts of the nine districts, which the audit office of Vaduria "
        "holds and did not publish before the year of the reform"
    )
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90) + 20
    base = sheet.paragraph(source, 72, base) + 20
    sheet.paragraph(PARAGRAPHS[1], 72, base)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert [" ".join(text.split()) for text in texts(document, "caption")] == [source]
    assert [passage.text for passage in document.passages] == list(PARAGRAPHS[:2])


def test_a_note_in_running_text_is_part_of_it(tmp_path: Path) -> None:
    note = (
        "Note: a family counts as one that is registered where one of its grown members is on the list of the district "
        "in which all of them have lived for a year or longer."
    )
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    base = sheet.paragraph(note, 72, base)
    sheet.paragraph(PARAGRAPHS[1], 72, base)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert texts(document, "caption") == []
    assert note in " ".join(passage.text for passage in document.passages)


@pytest.mark.parametrize(
    ("begins", "section"),
    [
        ("Abstract: ", "abstract"), ("SUMMARY. ", "abstract"), ("Executive summary — ", "abstract"),
        ("Correspondence: ", "other"), ("In brief, ", "other"),
    ],
)  # fmt: skip
def test_the_first_words_of_a_paragraph_on_the_title_page_open_the_abstract(
    tmp_path: Path, begins: str, section: str
) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("Cash for the hills", 150, 90, font=BOLD, size=18)
    sheet.paragraph(begins + PARAGRAPHS[0], 72, 140)
    sheet.line("1 Introduction", 72, 300, font=BOLD, size=14)
    sheet.paragraph("Summary: " + PARAGRAPHS[1], 72, 330)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert [passage.section for passage in document.passages] == [section, "introduction"]
