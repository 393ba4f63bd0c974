from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.utils import simpleSplit

from extract.document import Box, Document
from extract.pdfium.open_document import opened
from extract.read import read_document
from extract.readers.pdfium_reader import read_page
from extract.words import Word
from support.pdf_pages import BOLD, PARAGRAPHS, PLAIN, Sheet, report, words_of

SHA = "0123456789ab" + "0" * 52
COLUMNS = (*PARAGRAPHS, PARAGRAPHS[1], PARAGRAPHS[0], PARAGRAPHS[2], PARAGRAPHS[0])


def two_columns(path: Path) -> Path:
    """Paragraphs over two columns and two pages, a footnote at the foot of the first column."""
    lines = [line for text in COLUMNS for line in simpleSplit(text, PLAIN, 10, 210)]
    sheet = Sheet(path)
    places = [(1, 60), (1, 320), (2, 60)]
    for place, (page, x) in enumerate(places):
        if place and page != places[place - 1][0]:
            sheet.page()
        third = -(-len(lines) // 3)
        sheet.lines(lines[place * third : (place + 1) * third], x, 90, size=10)
        if place == 0:
            note = simpleSplit("1 The act was amended twice since then, in 1983 and again in 2004.", PLAIN, 8, 210)
            sheet.lines(note, x, 770, size=8)
    sheet.save()
    return path


def bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def inside(word: Word, box: Box) -> bool:
    return box.x0 - 0.02 <= word.x0 and word.x1 <= box.x1 + 0.02 and box.top - 0.02 <= word.top <= box.bottom


@pytest.mark.parametrize("make", [report, two_columns])
def test_text_and_spans_say_the_same(tmp_path: Path, make) -> None:
    document = read_document(make(tmp_path / "a.pdf"), SHA)
    assert document.passages
    for passage in document.passages:
        assert bare(passage.text) == bare("".join(document.text[a:b] for a, b in passage.spans))


@pytest.mark.parametrize("make", [report, two_columns])
def test_boxes_hold_the_words_of_the_passage_and_no_others(tmp_path: Path, make) -> None:
    document = read_document(make(tmp_path / "a.pdf"), SHA)
    with opened(tmp_path / "a.pdf") as pdf:
        words = {page.number: read_page(pdf, page.number).words for page in document.pages}
    for passage in document.passages:
        held = [w.text for box in passage.boxes for w in words[box.page] if inside(w, box)]
        assert bare("".join(held)) == bare(passage.text)


def test_passages_are_whole_sentences_within_the_limits(tmp_path: Path) -> None:
    document = read_document(report(tmp_path / "a.pdf"), SHA)
    for passage in document.passages:
        assert 20 <= len(passage.text.split()) <= 150
        assert passage.text[0].isupper()
        assert passage.text.endswith(".")
    assert [passage.page for passage in document.passages] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]


def test_a_sentence_runs_on_over_columns_and_pages_past_a_footnote(tmp_path: Path) -> None:
    document = read_document(two_columns(tmp_path / "a.pdf"), SHA)
    roles = [block.role for block in document.blocks]
    assert roles.count("footnote") == 1
    whole = " ".join(passage.text for passage in document.passages)
    assert words_of(whole) == words_of(" ".join(COLUMNS))
    over_column = [p for p in document.passages if p.page == 1 and {60 < b.x0 < 300 for b in p.boxes} == {True, False}]
    assert over_column
    assert len(over_column[0].spans) == 2
    assert any({box.page for box in passage.boxes} == {1, 2} for passage in document.passages)


def test_ids_are_the_same_in_every_reading(tmp_path: Path) -> None:
    report(tmp_path / "a.pdf")
    assert read_document(tmp_path / "a.pdf", SHA) == read_document(tmp_path / "a.pdf", SHA)


def test_a_long_paragraph_is_split_into_balanced_parts_between_sentences(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(" ".join(PARAGRAPHS * 2), 72, 90)
    sheet.save()
    passages = read_document(tmp_path / "a.pdf", SHA).passages
    counts = [len(passage.text.split()) for passage in passages]
    assert len(counts) == 3
    assert max(counts) <= 150
    assert min(counts) >= 75
    assert " ".join(passage.text for passage in passages) == " ".join(PARAGRAPHS * 2)


def test_a_short_paragraph_joins_the_next_but_not_across_a_heading(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph("The fund is small and its rules are old.", 72, 90)
    base = sheet.paragraph(PARAGRAPHS[0], 72, base + 10)
    base = sheet.paragraph("This closes the account of the fund and of its long history.", 72, base + 10)
    sheet.line("2 Results", 72, base + 20, font="Times-Bold", size=14)
    sheet.paragraph(PARAGRAPHS[1], 72, base + 44)
    sheet.save()
    first, second = read_document(tmp_path / "a.pdf", SHA).passages
    assert first.text.startswith("The fund is small and its rules are old. The Household")
    assert first.text.endswith("average. This closes the account of the fund and of its long history.")
    assert second.text == PARAGRAPHS[1]


def test_hyphens_at_line_ends_are_mended_in_the_text_and_kept_in_the_document(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    lines = ["The rise of unemploy-", "ment among the young is the first of the problems which the", "review names."]
    sheet.lines([*lines, "It has no remedy for it that would work within the next year or two."], 72, 90)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert "rise of unemployment among" in document.passages[0].text
    assert "unemploy\u00ad\nment" in document.text


def words_in(document: Document) -> int:
    return sum(len(passage.text.split()) for passage in document.passages)


def test_labels_of_a_chart_are_no_part_of_a_passage(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    for number, label in enumerate(["Primary completion", "Health", "Sex ratio at birth"]):
        sheet.line(label, 72 + 90 * number, base + 30 + 25 * number, size=8)
    sheet.paragraph(PARAGRAPHS[1], 72, base + 140)
    sheet.save()
    assert words_in(read_document(tmp_path / "a.pdf", SHA)) == len(" ".join(PARAGRAPHS[:2]).split())


@pytest.mark.parametrize(
    "line",
    ["Laid before the Assembly of Vaduria on 9 March 2020", "By Mirel Soren and Tova Maresk of the Forum for Work"],
)
def test_a_byline_and_a_date_are_no_part_of_the_first_passage(tmp_path: Path, line: str) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.line("A Review of the Household Support Fund", 72, 90, font=BOLD, size=18)
    sheet.line(line, 72, 130)
    sheet.paragraph(PARAGRAPHS[0], 72, 180)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert line in document.text
    assert [passage.text for passage in document.passages] == [PARAGRAPHS[0]]


@pytest.mark.parametrize("rest", ["the", "Vaduria's"])
def test_a_sentence_reads_on_over_the_labels_of_a_chart_at_the_foot_of_the_page(tmp_path: Path, rest: str) -> None:
    first = (
        "The audit found that the local offices answered half of all complaints within a month and that most of the "
        "families who wrote to them were told in the end to come back a month later by order of"
    )
    last = f"{rest} ministry, which has not changed its rules so far."
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(first, 72, 90)
    for number, label in enumerate(["Other services", "Mining", "Retail", "Transport", "Public offices", "Others"]):
        sheet.line(label, 300 if number % 2 else 90, 300 + 40 * number, size=6)
    sheet.page()
    sheet.paragraph(last, 72, 90)
    sheet.save()
    texts = [passage.text for passage in read_document(tmp_path / "a.pdf", SHA).passages]
    assert texts == [f"{first} {last}"]
