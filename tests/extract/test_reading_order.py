"""What stands at the foot of a page and is streamed first."""

from __future__ import annotations

from pathlib import Path

from extract.read import read_document
from support.pdf_pages import PARAGRAPHS, Sheet

SHA = "f" * 64
FOOT = "The views are those of the authors and not those of the ministry or of any of its offices in the districts."


def test_a_foot_streamed_first_does_not_interrupt_the_sentence_before_it(tmp_path: Path) -> None:
    first, second = PARAGRAPHS[0].split(" Local offices ")
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(f"{first} Local offices", 72, 700)
    sheet.page()
    sheet.paragraph(FOOT, 72, 760)
    sheet.paragraph(second, 72, 90)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert any("Local offices can add a name" in passage.text for passage in document.passages)
    assert document.text.index("can add a name") < document.text.index("The views are")


def test_a_column_streamed_first_stays_first(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.paragraph(PARAGRAPHS[0], 310, 120, width=220)
    sheet.paragraph(PARAGRAPHS[1], 72, 90, width=220)
    sheet.save()
    text = " ".join(read_document(tmp_path / "a.pdf", SHA).text.split())
    assert text.index("The Household Support Fund") < text.index("Spending on the fund")


def test_the_title_of_a_slide_that_is_streamed_last_is_read_first(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf", width=720, height=540)
    for title, text in [("Survey objectives", PARAGRAPHS[0]), ("What we found", PARAGRAPHS[1])]:
        sheet.paragraph(text, 60, 160, width=600, size=18)
        sheet.line(title, 60, 80, size=30)
        sheet.page()
    sheet.save()
    passages = read_document(tmp_path / "a.pdf", SHA).passages
    assert [(passage.heading, passage.text) for passage in passages] == [
        ("Survey objectives", PARAGRAPHS[0]), ("What we found", PARAGRAPHS[1]),
    ]  # fmt: skip
