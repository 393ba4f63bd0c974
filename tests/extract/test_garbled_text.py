from __future__ import annotations

import random
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from extract.lines.garbled_text import is_garbled
from extract.read import read_document
from support.long_texts import TEXTS
from support.pdf_pages import PARAGRAPHS, report
from support.scans import hocr, program

SHA = "f" * 64
DATA = Path(__file__).parent / "data/reading"


def shifted(text: str, by: int) -> str:
    turned = string.ascii_lowercase[by:] + string.ascii_lowercase[:by]
    return text.translate(str.maketrans(string.ascii_letters, turned + turned.upper()))


def exchanged(text: str) -> str:
    letters = random.Random(4).sample(string.ascii_lowercase, 26)
    return text.lower().translate(str.maketrans(string.ascii_lowercase, "".join(letters)))


def each(make: Callable[[int], str]) -> Callable[[str], str]:
    """`text` with every character but white space replaced by `make` of its code."""
    return lambda text: "".join(c if c.isspace() else make(ord(c)) for c in text)


BROKEN = {
    "private codes": each(lambda code: chr(0xF000 + code % 256)),
    "replaced": each(lambda _: "\ufffd"),
    "cid": each(lambda code: f"(cid:{code})"),
    "glyph numbers": each(lambda code: chr(max(33, code - 29)) if code < 256 else chr(code)),
    "signs": each(lambda code: chr(33 + code % 15)),
    "shifted 1": lambda text: shifted(text, 1),
    "shifted 13": lambda text: shifted(text, 13),
    "exchanged": exchanged,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_text_that_is_no_text_is_recognised(kind: str) -> None:
    assert is_garbled(BROKEN[kind](" ".join(PARAGRAPHS)).split())


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_urdu_read_in_the_wrong_encoding_is_recognised(encoding: str) -> None:
    misread = " ".join(TEXTS["ur"]).replace(" ", "_").encode().decode(encoding, "replace").replace("_", " ")
    assert is_garbled(misread.split())


@pytest.mark.parametrize("language", TEXTS)
def test_text_of_any_language_is_none_of_it(language: str) -> None:
    assert not is_garbled(" ".join(TEXTS[language]).split())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ue001",
        "1,204 38.5 (17.2) -0.4* 1998-99 2.1 100.0 % " * 40,
        "Chapter 1 ........................ 12\n" * 30,
        "LFPR NEET GDP CPI PKR BISP NSER PBM EOBI SBP FATA KPK NFC PSLM HIES CNIC NADRA SDG UNDP ILO " * 4,
        "• ■ • ■ • ■ " + " ".join(PARAGRAPHS),
    ],
    ids=["nothing", "one bullet", "figures", "contents", "abbreviations", "bullets"],
)
def test_tables_lists_and_abbreviations_are_none_of_it(text: str) -> None:
    assert not is_garbled(text.split())


def without_its_letters(path: Path) -> Path:
    """A report whose fonts say of every letter that it is the third next one, on its second page only."""
    return mapped(path, "".join(f"<{code:02x}> <{ord(shifted(chr(code), 3)):04x}>" for code in range(33, 127)))


def mapped(path: Path, entries: str) -> Path:
    """A report of three pages; the fonts of the second say by `entries` what their 94 codes stand for."""
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n94 beginbfchar\n{entries}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    writer = PdfWriter(clone_from=PdfReader(report(path.with_name("sound.pdf"), pages=3)))
    stream = DecodedStreamObject()
    stream.set_data(cmap.encode())
    reference = writer._add_object(stream)
    page = writer.pages[1]
    resources = page["/Resources"].get_object().clone(writer, force_duplicate=True)
    fonts = resources["/Font"].get_object().clone(writer, force_duplicate=True)
    for name, font in list(fonts.items()):
        changed = font.get_object().clone(writer, force_duplicate=True)
        changed[NameObject("/ToUnicode")] = reference
        fonts[NameObject(name)] = changed
    resources[NameObject("/Font")] = fonts
    page[NameObject("/Resources")] = resources
    writer.write(path)
    return path


def test_a_page_with_a_garbled_font_counts_as_one_without_text(tmp_path: Path) -> None:
    document = read_document(without_its_letters(tmp_path / "a.pdf"), SHA)
    assert document.state == "partial"
    assert "1 of 3 pages without a text layer (2)" in document.note
    assert {passage.page for passage in document.passages} == {1, 3}


def test_a_page_whose_letters_are_control_codes_is_no_empty_page(tmp_path: Path) -> None:
    entries = "".join(f"<{code:02x}> <0003>" for code in range(33, 127))
    document = read_document(mapped(tmp_path / "a.pdf", entries), SHA)
    assert document.state == "partial"
    assert "1 of 3 pages without a text layer (2)" in document.note


def test_a_page_with_a_garbled_font_is_read_by_ocr(tmp_path: Path) -> None:
    engine = program(tmp_path / "reader", hocr([(90, "The Household Support Fund pays"), (104, "48,000 families.")]))
    document = read_document(without_its_letters(tmp_path / "a.pdf"), SHA, engine=engine)
    assert document.state == "read"
    assert [page.reader for page in document.pages] == ["pdfium", "OCR", "pdfium"]
    assert "Fund pays\n48,000 families." in document.text


def test_a_last_page_of_one_line_is_judged_with_the_pages_before_it() -> None:
    document = read_document(DATA / "short_garbled_page.pdf", SHA)
    assert (document.state, document.blocks) == ("no text layer", ())


def test_a_line_whose_blanks_have_no_meaning_either_is_no_text() -> None:
    assert is_garbled(["SD\\PHQWV\ufffdZDV\ufffdQRWHG\ufffdE\\\ufffdWKH"])
    assert not is_garbled(["rose", "by", "12\ufffd15", "per", "cent", "to", "40\ufffd50"])
