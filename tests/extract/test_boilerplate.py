"""Copyright, licences and disclaimers are kept with a role of their own and give no passages."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.document import Document
from extract.read import read_document
from support.pdf_pages import PARAGRAPHS, Sheet

SHA = "e" * 64


def document(path: Path, text: str, *, page: int = 1, of: int = 6) -> Document:
    """A report of `of` pages in which `text` is a paragraph of its own on `page`."""
    sheet = Sheet(path)
    for number in range(1, of + 1):
        base = sheet.paragraph(PARAGRAPHS[number % 3], 72, 120)
        if number == page:
            sheet.paragraph(text, 72, base + 30)
        sheet.page()
    sheet.save()
    return read_document(path, SHA)


@pytest.mark.parametrize("page", [1, 6])
@pytest.mark.parametrize(
    "text",
    [
        "© 2019 Institute of Invented Studies, Vaduria. All rights reserved.",
        "ISBN 978-0-0000-0000-0. Printed in Vaduria by the Harbour Press.",
        "The findings, interpretations and conclusions expressed in this work are those of its authors and do not "
        "necessarily reflect the views of the board of the institute or of the governments it represents.",
        "The institute does not guarantee the accuracy of the data included in this work. The boundaries shown on any "
        "map do not imply any judgement on the legal status of a territory.",
        "Open access under the terms of a Creative Commons licence, which permits any use if the work is cited.",
        "No part of this publication may be stored, copied or sent in any form without the consent of the publisher.",
        "Downloaded from an invented library of reports by a reader in the capital of Vaduria on the first of May.",
    ],
)
def test_boilerplate_gives_no_passage(tmp_path: Path, text: str, page: int) -> None:
    read = document(tmp_path / "a.pdf", text, page=page)
    (block,) = [block for block in read.blocks if block.role == "boilerplate"]
    assert " ".join(read.text[slice(*block.span)].split()) == text
    assert [passage.text for passage in read.passages] == [PARAGRAPHS[number % 3] for number in range(1, 7)]


@pytest.mark.parametrize(
    "text",
    [
        "The licence fee for mobile accounts is a burden on the poor, and their right to appeal is on paper only.",
        "The views expressed by the families differ from those of the offices that serve them.",
        "Tenants hold few rights, and the printed register of claims is kept at www.example.invalid for all to read.",
    ],
)
def test_words_about_rights_are_no_boilerplate(tmp_path: Path, text: str) -> None:
    read = document(tmp_path / "a.pdf", text, page=3)
    assert "boilerplate" not in {block.role for block in read.blocks}
    assert text in " ".join(passage.text for passage in read.passages)


def test_a_note_nearly_as_large_as_the_body_is_told_by_its_raised_number(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for text in PARAGRAPHS:
        sheet.paragraph(text, 72, 120)
        if text is PARAGRAPHS[1]:
            sheet.line("7", 72, 706, size=7)
            sheet.line("The ministry changed this rule in the second year, and took it back in the", 79, 710, size=10.6)
            sheet.line("third year of the reform, for reasons which nobody has written down.", 72, 723, size=10.6)
        sheet.page()
    sheet.save()
    read = read_document(tmp_path / "a.pdf", SHA)
    assert [block.role for block in read.blocks] == ["body", "body", "footnote", "body"]
    texts = [passage.text for passage in read.passages]
    assert [text for text in texts if not text.startswith("7 The ministry changed")] == list(PARAGRAPHS)
