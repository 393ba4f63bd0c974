from __future__ import annotations

from pathlib import Path

import pytest

from extract.read import read_document
from support.pdf_pages import PARAGRAPHS, Sheet

SHA = "c" * 64


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("Table 3: Families on the register", True),
        ("Table II-1 Families by type of district", True),
        ("Figure A.2 Families by type of district", True),
        ("Table II-1 and Table II-2 imply that the register leaves out many of those in need", False),
        ("Figure 4 shows that the register leaves out many of those in need", False),
    ],
)
def test_a_line_that_begins_with_a_table_and_its_number_is_a_caption_where_a_title_follows(
    tmp_path: Path, text: str, caption: bool
) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90) + 24
    sheet.line(text, 72, base)
    sheet.paragraph(PARAGRAPHS[1], 72, base + 40)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    found = [document.text[slice(*block.span)] for block in document.blocks if block.role == "caption"]
    assert found == ([text] if caption else [])
