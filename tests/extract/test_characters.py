from __future__ import annotations

from pathlib import Path

import pytest

from extract.pdfium.font_styles import is_bold_name, is_italic_name
from extract.pdfium.open_document import opened
from extract.pdfium.tex_fonts import OT1, SIGNS, T1, encoding_of
from extract.read import read_document
from extract.readers.pdfium_reader import read_page
from tests.support.raw_pdf import write_pdf

DATA = Path(__file__).parent / "data"
HELVETICA = "/F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def words(path: Path) -> list[str]:
    with opened(path) as document:
        return read_page(document, 1).words.texts


def text(path: Path) -> str:
    return " ".join(words(path))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("cp1252_dash_dropped", "Costs rose by 12–15 per cent in 2018–19, the “new” plan says."),
        ("latex_t1_bitmap_fonts", "The office found 12–15% “inefficient” cash transfers"),
        ("latex_t1_bitmap_fonts", "audit of 2018–19"),
        ("latex_t1_bitmap_fonts", "The first wave of the survey defined"),
        ("latex_list_marks_lost", "rose by 5 € each; see §4 and † the note"),
        ("latex_list_marks_lost", "José Muñoz, François and Straße stayed."),
        ("latex_accents_apart", "Zürich and café: p ≤ 0.05, β = −0.45, R2 • done"),
        ("ghostscript_10_00_dashes_are_figures", "areas ≤ 5 ≥ 3; α and β"),
        ("ghostscript_10_00_dashes_are_figures", "12–15 to 40–50 percent — the ministry’s ‘target’ — in “poor” areas"),
    ],
)  # fmt: skip
def test_signs_that_pdfium_gives_as_codes_are_read_as_drawn(case: str, said: str) -> None:
    assert said in text(DATA / f"{case}.pdf")


def test_a_list_mark_without_a_meaning_begins_an_item() -> None:
    document = read_document(DATA / "latex_list_marks_lost.pdf", "0" * 64)
    items = [document.text[slice(*block.span)] for block in document.blocks if block.role == "list item"]
    assert items[1:] == ["• The lists of the two ministries were never compared.", "• Fees were taken by the banks"]
    passages = [passage.text for passage in document.passages]
    assert passages[1].endswith("• Fees were taken by the banks")
    assert passages[2].startswith("Nothing was done")


def test_ligatures_are_read_by_the_names_of_their_glyphs_and_the_rest_is_marked(tmp_path: Path) -> None:
    names = "/Encoding<</Type/Encoding/Differences[1/f_t 30/f_f_i 128/zzz]>>"
    fonts = f"/F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica{names}>>"
    path = write_pdf(tmp_path / "a.pdf", b"BT /F1 12 Tf 72 700 Td (The o\036ce a\001er 12\20015) Tj ET", fonts=fonts)
    assert words(path) == ["The", "office", "after", "12\ufffd15"]


@pytest.mark.parametrize(
    ("codes", "table"),
    [((0x41, 0x15, 0x1E), T1), ((0x61, 0x10), T1), ((0x61, 0x0C, 0x7B), OT1), ((0x88,), SIGNS), ((0xBF, 0x84), SIGNS)],
)
def test_a_bitmap_font_is_told_by_the_codes_it_uses(codes: tuple[int, ...], table: object) -> None:
    assert encoding_of(frozenset(codes)) is table


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("/F1 11 Tf (poor targeting) Tj 4 Ts /F1 6.5 Tf (12) Tj", ["poor", "targeting", "12"]),
        ("/F1 11 Tf (the sector.) Tj 4 Ts /F1 6.5 Tf (7) Tj 0 Ts /F1 11 Tf ( It) Tj", ["the", "sector.", "7", "It"]),
        ("/F1 11 Tf (Punjab) Tj 4 Ts /F1 6.5 Tf (a) Tj", ["Punjab", "a"]),
        ("/F1 11 Tf (grants) Tj 4 Ts /F1 6.5 Tf (3,4) Tj 0 Ts /F1 11 Tf ( go) Tj", ["grants", "3,4", "go"]),
        ("4 Ts /F1 6.5 Tf (12) Tj 0 Ts /F1 11 Tf (See the annex) Tj", ["12", "See", "the", "annex"]),
        ("/F1 11 Tf (in 2015) Tj 4 Ts /F1 6.5 Tf (3) Tj", ["in", "2015", "3"]),
        ("/F1 11 Tf (40 km) Tj 4 Ts /F1 6.5 Tf (2) Tj", ["40", "km2"]),
        ("/F1 11 Tf (the 21) Tj 4 Ts /F1 6.5 Tf (st) Tj", ["the", "21st"]),
        ("/F1 11 Tf (CO) Tj -2 Ts /F1 6.5 Tf (2) Tj", ["CO2"]),
        ("/F1 11 Tf (tar) Tj (geting) Tj", ["targeting"]),
    ],
)
def test_note_marks_are_apart_from_their_words(tmp_path: Path, shown: str, read: list[str]) -> None:
    assert words(write_pdf(tmp_path / "a.pdf", f"BT 72 700 Td {shown} ET".encode(), fonts=HELVETICA)) == read


def test_a_note_mark_knows_its_place_and_its_size() -> None:
    with opened(DATA / "note_mark_glued.pdf") as document:
        read = read_page(document, 1).words
    word, mark = (read.word(read.texts.index(text)) for text in ("targeting", "12"))
    assert mark.size == 6.5
    assert (word.x1 <= mark.x0, mark.bottom < word.bottom) == (True, True)


def test_figures_of_ten_points_stand_apart_as_those_of_other_sizes_do() -> None:
    assert words(DATA / "ten_point_gap.pdf") == ["1,234", "5,678", "9,012"] * 5


@pytest.mark.parametrize(
    "name",
    ["ABCDEF+CMBX10", "Arial,Bold", "NimbusRomNo9L-Medi", "HelveticaNeueLTStd-BdCn", "ecbx1000", "FranklinGothic-Demi"],
)
def test_names_of_bold_fonts(name: str) -> None:
    assert is_bold_name(name)


@pytest.mark.parametrize(
    "name", ["CMR10", "Helvetica", "NotoSans-Regular", "Roboto-Medium", "NimbusRomNo9L-Regu", "Abdo"]
)
def test_names_of_fonts_that_are_not_bold(name: str) -> None:
    assert not is_bold_name(name)


@pytest.mark.parametrize(
    ("name", "italic"),
    [("CMTI10", True), ("Georgia-Italic", True), ("MinionPro-BoldIt", True), ("Helvetica-Oblique", True),
     ("Italo", False), ("Digital", False), ("CMR10", False)],
)  # fmt: skip
def test_names_of_italic_fonts(name: str, italic: bool) -> None:
    assert is_italic_name(name) is italic


def test_urdu_words_are_spelled_and_ordered_as_they_read_and_do_not_break_the_english_line() -> None:
    document = read_document(DATA / "urdu_phrase_in_english_line.pdf", "0" * 64)
    assert "سماجی تحفظ کا نظام غریب خاندان کی" in document.text
    line = next(line for line in document.text.split("\n") if line.startswith("The officers"))
    assert line.endswith("in their letters,")
    assert "سماجی تحفظ کا “نظام" in line
    assert "ہر صوبے" in document.text.replace("\ufffd", "ہ")  # the font says nothing of one letter


def test_accents_that_are_written_behind_their_line_are_joined_with_their_letters(tmp_path: Path) -> None:
    fonts = "/F1<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>"
    shown = (
        b"BT /F1 10 Tf 72 700 Td (\\(Templier and Pare, 2018\\) `name` and) Tj ET BT /F1 10 Tf 174 700 Td (\264) Tj ET"
    )
    assert words(write_pdf(tmp_path / "a.pdf", shown, fonts=fonts)) == [
        "(Templier",
        "and",
        "Paré,",
        "2018)",
        "`name`",
        "and",
    ]
