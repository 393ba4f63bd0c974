from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from extract.document import Document
from extract.read import read_document
from tests.support.raw_pdf import write_pdf

DATA = Path(__file__).parent / "data"
HELVETICA = "/F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def read(path: Path) -> Document:
    return read_document(path, "0" * 64)


def shown(document: Document, role: str | None = None) -> str:
    """The text of the blocks with a role; without one, of all that can be seen."""
    blocks = [b for b in document.blocks if (b.role == role if role else b.role != "hidden")]
    return " ".join(" ".join(document.text[slice(*block.span)] for block in blocks).split())


def test_struck_out_words_are_no_text_and_a_moved_sentence_counts_once() -> None:
    document = read(DATA / "struck_out_words_are_read.pdf")
    assert "The informal worker is covered fully by the scheme." in shown(document)
    assert shown(document).count("The moved sentence stands here.") == 1
    assert shown(document, "hidden").startswith("not ")
    assert "words on page 1 are struck out or can't be seen" in document.note


def test_text_that_is_clipped_away_or_covered_is_hidden() -> None:
    document = read(DATA / "clipped_text_is_read.pdf")
    assert shown(document).count("they could not afford the fare") == 1
    assert shown(document, "hidden").count("told us that payments were late in every quarter") == 8


def test_a_layer_that_is_off_is_hidden() -> None:
    document = read(DATA / "hidden_layer_is_read.pdf")
    assert (shown(document), shown(document, "hidden")) == ("Ordinary words stay. CONFIDENTIAL", "DRAFT")


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("BT /F1 12 Tf 72 700 Td (Kept apart) Tj ET 1 g 60 690 200 30 re f", ""),
        ("0.9 g 60 690 200 30 re f 0 g BT /F1 12 Tf 72 700 Td (Kept apart) Tj ET", "Kept apart"),
        ("q 300 300 50 50 re W n BT /F1 12 Tf 72 700 Td (Kept apart) Tj ET Q", ""),
        ("q 60 690 200 30 re W n BT /F1 12 Tf 72 700 Td (Kept apart) Tj ET Q", "Kept apart"),
        ("BT /F1 12 Tf 72 700 Td (Kept apart) Tj ET 72 697 60 0.8 re f", "Kept apart"),
        ("BT /F1 12 Tf 72 700 Td (Kept apart) Tj ET 72 703.6 58 0.8 re f", ""),
        ("BT /F1 12 Tf 72 700 Td (Kept apart) Tj ET 20 703.6 500 0.8 re f", "Kept apart"),
        ("BT 3 Tr /F1 12 Tf 72 700 Td (Kept apart) Tj ET 1 g 60 690 200 30 re f", "Kept apart"),
    ],
)  # fmt: skip
def test_what_can_be_seen_is_text(tmp_path: Path, content: str, seen: str) -> None:
    assert shown(read(write_pdf(tmp_path / "a.pdf", content.encode(), fonts=HELVETICA))) == seen


def test_filled_fields_and_text_boxes_are_read_where_they_stand() -> None:
    text = shown(read(DATA / "form_field_and_note_lost.pdf"))
    assert "Amount paid to the household: Rs. 12,000" in text
    assert "see annex" in text


def test_comments_and_attached_files_are_told_of(tmp_path: Path) -> None:
    comment = "/Annots[<</Type/Annot/Subtype/Text/Rect[72 600 90 618]/Contents(Is this so?)>>]"
    path = write_pdf(tmp_path / "a.pdf", b"BT /F1 12 Tf 72 700 Td (The fund pays) Tj ET", fonts=HELVETICA, page=comment)
    writer = pypdf.PdfWriter(clone_from=path)
    writer.add_attachment("budget.xlsx", b"1,2,3")
    writer.write(path)
    note = "1 file is attached and is not read (budget.xlsx); comments on page 1 are not read"
    assert (read(path).state, read(path).note) == ("read", note)


def test_a_file_that_was_cut_off_is_damaged_and_no_scan() -> None:
    document = read(DATA / "truncated_linearised.pdf")
    assert document.state == "partial"
    assert document.note.startswith("damaged: 9 of 20 pages could be read in full; pages 10, 11, ")
    assert "install" not in document.note
