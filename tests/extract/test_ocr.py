from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader, simpleSplit

from corpus.workspace import open_workspace
from extract import cache, state_notes
from extract.isolation import isolated_read
from extract.isolation.isolated_read import read_isolated
from extract.read import read_document
from extract.readers import ocr_engine, ocr_pages, tesseract
from extract.readers.turned_words import turned_back, turned_words_read
from extract.version import EXTRACTOR, OCR_EXTRACTOR
from extract.words import Word
from support.pdf_pages import PARAGRAPHS, Sheet
from support.scans import hocr, program, scan

SHA = "d" * 64
SET = [(90 + 14.0 * n, line) for n, line in enumerate(simpleSplit(PARAGRAPHS[1], "Times-Roman", 11, 330))]


def test_scanned_pages_are_read_and_marked(tmp_path: Path) -> None:
    engine = program(tmp_path / "reader", hocr(SET))
    document = read_document(scan(tmp_path / "a.pdf", "ts", PARAGRAPHS[0]), SHA, engine=engine)
    assert (document.state, document.extractor) == ("read", OCR_EXTRACTOR)
    assert [(page.reader, page.has_text) for page in document.pages] == [("pdfium", True), ("OCR", True)]
    assert [(passage.text, passage.ocr) for passage in document.passages] == [
        (PARAGRAPHS[0], False),
        (PARAGRAPHS[1], True),
    ]
    assert document.note.startswith("1 of 2 pages read by OCR (tesseract 9.9.9) (2)")


def test_boxes_stand_where_the_program_saw_the_words(tmp_path: Path) -> None:
    engine = program(tmp_path / "reader", hocr(SET))
    (passage,) = read_document(scan(tmp_path / "a.pdf", "s", ""), SHA, engine=engine).passages
    assert len(passage.boxes) == len(SET)
    for box, (base, _) in zip(passage.boxes, SET, strict=True):
        assert (box.page, box.x0) == (1, pytest.approx(72, abs=0.2))
        assert box.bottom == pytest.approx(base, abs=0.2)


def test_a_document_with_text_on_every_page_never_meets_the_program(tmp_path: Path) -> None:
    engine = program(tmp_path / "reader", "", code=1)
    path = scan(tmp_path / "a.pdf", "tbt", PARAGRAPHS[0])
    assert read_document(path, SHA, engine=engine) == read_document(path, SHA)


@pytest.mark.parametrize(
    ("answer", "options", "note"),
    [
        (hocr(SET, sure=12), {}, "OCR found no text there"),
        (hocr(SET[:1])[:-40], {}, "OCR failed there (what the program answered can't be read)"),
        ("", {"code": 1}, "OCR failed there (tesseract 9.9.9 failed (1))"),
        (hocr([(90, "— . : | —")]), {}, "OCR found no text there"),
    ],
    ids=["unsure", "cut off", "fails", "specks"],
)
def test_a_page_that_gives_no_words_stays_unread(tmp_path: Path, answer: str, options, note: str) -> None:
    engine = program(tmp_path / "reader", answer, **options)
    document = read_document(scan(tmp_path / "a.pdf", "ts", PARAGRAPHS[0]), SHA, engine=engine)
    assert (document.state, document.extractor) == ("partial", OCR_EXTRACTOR)
    assert note in document.note
    assert not any(passage.ocr for passage in document.passages)


def test_pages_that_are_not_reached_in_time_stay_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_pages, "SECONDS_PER_PAGE", 0.0)
    engine = program(tmp_path / "reader", hocr(SET))
    document = read_document(scan(tmp_path / "a.pdf", "ss", ""), SHA, engine=engine)
    assert (document.state, document.extractor) == ("no text layer", EXTRACTOR)  # the next run tries again
    assert document.note.startswith("2 of 2 pages without a text layer (1, 2): the time for OCR was up")


def _sideways(said: str, turn: int) -> list[Word]:
    return [Word(t, 500, 100 + 40 * n, 510, 130 + 40 * n, -500, 10, False, turn) for n, t in enumerate(said.split())]


@pytest.mark.parametrize(
    ("seen", "read", "kept"),
    [
        ("dy} oured Moy pue yeyM soutaoid", {1: "paid to families by province", 3: "eptd oj"}, "paid to families by"),
        ("paid to families by province", {}, "paid to families by"),
        ("dy} oured Moy pue yeyM soutaoid", {}, ""),
        ("12 430 17 880", {}, "12 430 17 880"),
    ],
    ids=["told the wrong way round", "read right", "readable in no direction", "figures"],
)
def test_text_set_sideways_is_read_the_right_way_round_or_left_out(seen: str, read: dict[int, str], kept: str) -> None:
    upright = Word("households", 72, 100, 120, 110, 110, 10, False, 0)
    found = turned_words_read([upright, *_sideways(seen, 3)], lambda _, turn: _sideways(read.get(turn, ""), turn))
    assert found[0] == upright
    assert " ".join(word.text for word in found[1:]).startswith(kept)
    assert bool(found[1:]) == bool(kept)


@pytest.mark.parametrize("turn", [1, 3])
def test_words_of_a_turned_picture_stand_where_they_are_on_the_page(turn: int) -> None:
    # The word at the head of its text: at the top of a box that reads downwards, at the foot of one that reads upwards.
    word = Word("Annex", 5, 10, 45, 20, 19, 10, False, 0)
    found = turned_back(word, (400, 100, 460, 300), turn)
    top = 105 if turn == 1 else 255
    assert (found.top, found.bottom) == (top, top + 40)
    assert (found.x0, found.x1, found.base) == ((440, 450, -441) if turn == 1 else (410, 420, 419))


def test_no_more_than_the_most_pages_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_pages, "MOST_PAGES", 2)
    monkeypatch.setattr(state_notes, "MOST_PAGES", 2)
    engine = program(tmp_path / "reader", hocr(SET))
    document = read_document(scan(tmp_path / "a.pdf", "sss", ""), SHA, engine=engine)
    assert [page.reader for page in document.pages] == ["OCR", "OCR", "pdfium"]
    assert document.state == "partial"
    assert "the first 2 such pages" in document.note


def test_a_slow_program_is_ended(tmp_path: Path) -> None:
    engine = program(tmp_path / "reader", "", seconds=30)
    with pytest.raises(tesseract.OcrError, match="more than"):
        tesseract.read_picture(engine, Image.new("L", (10, 10)), scale=1.0, seconds=0.3)


def test_without_the_program_the_note_has_the_command_that_adds_it(tmp_path: Path) -> None:
    for kinds, state in (("ss", "no text layer"), ("ts", "partial")):
        document = read_document(scan(tmp_path / f"{kinds}.pdf", kinds, PARAGRAPHS[0]), SHA)
        assert (document.state, document.extractor) == (state, EXTRACTOR)
        assert "apt install tesseract-ocr" in document.note


@pytest.mark.parametrize(
    ("languages", "named", "found"), [("eng", "", True), ("deu", "", False), ("eng", "off", False)]
)
def test_the_program_is_found_with_its_english_data_unless_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, languages: str, named: str, found: bool
) -> None:
    engine = program(tmp_path / "tesseract", "", languages=languages)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("JAIZA_OCR", named)
    assert ocr_engine.available() == (engine if found else None)


def test_a_child_reads_with_the_program_and_has_more_time_for_it(tmp_path: Path) -> None:
    engine = program(tmp_path / "reader", hocr(SET), seconds=1.2)
    path = scan(tmp_path / "a.pdf", "s", "")
    document = read_isolated(path, SHA, seconds=1, memory_mb=1024, engine=engine)
    assert (document.state, document.extractor) == ("read", OCR_EXTRACTOR)


def test_where_reading_with_the_program_fails_the_rest_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated_read, "SECONDS_PER_PAGE", 0.0)
    engine = program(tmp_path / "reader", hocr(SET), seconds=20)
    path = scan(tmp_path / "a.pdf", "ts", PARAGRAPHS[0])
    document = read_isolated(path, SHA, seconds=1, memory_mb=1024, engine=engine)
    assert (document.state, document.extractor) == ("partial", EXTRACTOR)
    assert [passage.text for passage in document.passages] == [PARAGRAPHS[0]]
    assert document.note.endswith("OCR (tesseract 9.9.9) failed: reading took more than 1 seconds")


def test_what_was_read_without_the_program_is_read_again_once_it_is_there(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "w")
    path = scan(tmp_path / "a.pdf", "ts", PARAGRAPHS[0])
    without = read_document(path, SHA)
    cache.store_document(workspace, without)
    assert cache.load_document(workspace, SHA) == without
    assert cache.load_document(workspace, SHA, ocr=True) is None
    with_it = read_document(path, SHA, engine=program(tmp_path / "reader", hocr(SET)))
    cache.store_document(workspace, with_it)
    # ... and is kept where the program is gone again.
    assert cache.load_document(workspace, SHA) == cache.load_document(workspace, SHA, ocr=True) == with_it


@pytest.mark.parametrize(("kinds", "answer"), [("tt", ""), ("ts", ""), ("bb", "")])
def test_what_the_program_can_add_nothing_to_is_not_read_again_and_again(
    tmp_path: Path, kinds: str, answer: str
) -> None:
    workspace = open_workspace(tmp_path / "w")
    engine = program(tmp_path / "reader", answer)
    path = scan(tmp_path / "a.pdf", kinds, PARAGRAPHS[0])
    document = read_isolated(path, SHA, seconds=20, memory_mb=1024, engine=engine)
    cache.store_document(workspace, document)
    assert cache.load_document(workspace, SHA, ocr=True) == document


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
@pytest.mark.parametrize("turned", [0, 90])
def test_tesseract_reads_a_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turned: int) -> None:
    monkeypatch.delenv("JAIZA_OCR")
    monkeypatch.setattr(ocr_pages, "SECONDS_PER_PAGE", 300.0)  # a machine may have much else to do
    monkeypatch.setattr(ocr_pages, "_LONGEST", 300.0)
    engine = ocr_engine.available()
    if engine is None:
        pytest.skip("tesseract is installed without its English data")
    picture = Image.new("L", (1240, 1754), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(26)
    for number, line in enumerate(simpleSplit(" ".join(PARAGRAPHS), "Times-Roman", 11, 400)):
        pen.text((150, 180 + 40 * number), line, font=font, fill=10)
    width, height = (842, 595) if turned else (595, 842)
    sheet = Sheet(tmp_path / "a.pdf", width=width, height=height)
    sheet.canvas.drawImage(ImageReader(picture.rotate(turned, expand=True)), 0, 0, width=width, height=height)
    sheet.save()
    document = read_document(tmp_path / "a.pdf", SHA, engine=engine)
    words = " ".join(passage.text for passage in document.passages).split()
    wanted = " ".join(PARAGRAPHS).split()
    assert sum(word in words for word in wanted) >= 0.95 * len(wanted)
    assert all(passage.ocr for passage in document.passages)
