from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib import get_data_path
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

from extract.lines.lines import lines_of
from extract.pdfium.open_document import opened
from extract.read import read_document
from extract.readers.pdfium_reader import read_page
from extract.text.language import language_of
from extract.text.prose import reads_as_prose
from extract.words import runs_right_to_left
from support.long_texts import TEXTS
from support.pdf_pages import PARAGRAPHS, Sheet, report

SHA = "e" * 64
PASSAGES = [
    pytest.param(text, language, id=f"{language} {n}") for language in TEXTS for n, text in enumerate(TEXTS[language])
]


@pytest.mark.parametrize(("text", "language"), PASSAGES)
def test_a_passage_gets_its_language_and_reads_as_prose(text: str, language: str) -> None:
    assert language_of(text) == language
    assert reads_as_prose(text, note=False, item=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,204 38.5 17.2 (0.4) 1998-99 2.1 100.0",
        "Rizky Reza Fauzi, Taufik Ramadhan Indrakesuma, Bambang Suharnoko Sjahrir, Deviana Djalil, Elisabeth Ekasari",
        "In Vaduria the Caja de los Trabajadores de la Costa pays the pensions of dock workers, and the Instituto "
        "Nacional de las Mujeres those of their widows.",
        "See M. Ilves, La protection sociale et les pauvres (2009), on which the figures of the second report rest.",
        "The word for it is زکوٰة, a levy on savings that is handed to the poor by committees of the village.",
    ],
    ids=["nothing", "figures", "names", "Spanish names", "French title", "Arabic word"],
)
def test_names_titles_and_figures_do_not_make_another_language(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("این برنامه هر ماه به خانواده های فقیر پول می پردازد و گزارش آن", "fa"),
        ("يدفع البرنامج كل شهر إعانة للأسر الفقيرة", "ar"),
        ("यह कार्यक्रम हर महीने गरीब परिवारों को नकद राशि देता है", "hi"),
        ("এই কর্মসূচি প্রতি মাসে দরিদ্র পরিবারকে নগদ অর্থ দেয়", "bn"),
        ("Программа ежемесячно выплачивает пособие бедным семьям", "ru"),
        ("Програма щомісяця виплачує допомогу бідним сім'ям, які її потребують", "uk"),
    ],
)
def test_a_script_tells_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(("word", "leftwards"), [("پروگرام", True), ("2009", False), ("fund", False), ("é", False)])
def test_words_that_run_right_to_left(word: str, leftwards: bool) -> None:
    assert runs_right_to_left(word) == leftwards


def test_passages_of_other_languages_are_kept_and_told_of(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    base = sheet.paragraph(PARAGRAPHS[0], 72, 90)
    base = sheet.paragraph(TEXTS["fr"][0], 72, base + 20)
    base = sheet.paragraph(PARAGRAPHS[1], 72, base + 20)
    sheet.paragraph(TEXTS["pt"][1], 72, base + 20)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA)
    assert [passage.language for passage in document.passages] == ["en", "fr", "en", "pt"]
    assert document.passages[1].text == TEXTS["fr"][0]
    assert (document.state, document.note) == (
        "read",
        "2 of 4 passages are not in English (fr 1, pt 1): kept, not coded",
    )


def test_an_english_document_says_nothing_of_languages(tmp_path: Path) -> None:
    document = read_document(report(tmp_path / "a.pdf"), SHA)
    assert {passage.language for passage in document.passages} == {"en"}
    assert document.note == ""


# Arabic, for the font at hand lacks some letters of Urdu.
ARABIC = (
    "يدفع البرنامج كل شهر إعانة نقدية للأسر الفقيرة في الأقاليم الشمالية. لكن كثيرا من الأسر التي لها حق فيها لا توجد "
    "في القائمة، لأن المسح أجري قبل عشر سنوات.",
    "تدير ثلاث وزارات برامج متشابهة دون تنسيق بينها. وقد زاد الإنفاق خلال خمس سنوات، ولكن نصيب الفقراء من المستفيدين "
    "بقي كما كان في بداية الإصلاح.",
)


def set_from_the_right(path: Path) -> list[str]:
    """A page with ARABIC, its glyphs from left to right as programs leave them; returns its lines."""
    registerFont(TTFont("DejaVu", str(Path(get_data_path()) / "fonts/ttf/DejaVuSans.ttf")))
    sheet = Sheet(path)
    sheet.canvas.setFont("DejaVu", 12)
    base, lines = 90.0, []
    for text in ARABIC:
        words = text.split()
        for start in range(0, len(words), 9):
            lines.append(" ".join(words[start : start + 9]))
            sheet.canvas.drawRightString(523, sheet.height - base, lines[-1][::-1])
            base += 18
        base += 16
    sheet.save()
    return lines


def test_a_page_is_read_from_right_to_left(tmp_path: Path) -> None:
    wanted = set_from_the_right(tmp_path / "a.pdf")
    with opened(tmp_path / "a.pdf") as pdf:
        lines = lines_of(read_page(pdf, 1))
    assert [line.text for line in lines] == wanted
    document = read_document(tmp_path / "a.pdf", SHA)
    assert [passage.text for passage in document.passages] == list(ARABIC)
    assert {passage.language for passage in document.passages} == {"ar"}
