from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter
from reportlab.lib.utils import ImageReader

from extract import read
from extract.read import document_of, read_document, read_front_pages
from extract.readers.pdfium_reader import PageWords
from extract.words import Word, Words
from support.pdf_pages import PARAGRAPHS, Sheet, report

SHA = "f" * 64


def scan(path: Path, kinds: str, *, stamp: str = "") -> Path:
    """Pages by letter: t text, s scanned image, b blank; `stamp` stands at the foot of every page."""
    picture = io.BytesIO()
    Image.radial_gradient("L").save(picture, "PNG")
    sheet = Sheet(path)
    for kind in kinds:
        if kind == "t":
            sheet.paragraph(PARAGRAPHS[0], 72, 90)
        if kind == "s":
            sheet.canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 40, 40, width=500, height=760)
        if stamp:
            sheet.line(stamp, 72, 830, size=7)
        sheet.page()
    sheet.save()
    return path


def encrypted(path: Path) -> Path:
    writer = PdfWriter(clone_from=report(path.with_name("open.pdf")))
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(path)
    return path


def truncated(path: Path) -> Path:
    path.write_bytes(report(path.with_name("whole.pdf")).read_bytes()[:300])
    return path


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


CASES = [
    pytest.param(lambda p: scan(p, "ttt"), "read", "", id="text"),
    pytest.param(lambda p: scan(p, "tbt"), "read", "", id="a blank page does not count"),
    pytest.param(lambda p: scan(p, "tstst"), "partial", "2 of 5 pages without a text layer (2, 4)", id="two scans"),
    pytest.param(lambda p: scan(p, "ts"), "partial", "1 of 2 pages without a text layer (2)", id="one scan"),
    pytest.param(lambda p: scan(p, "ss"), "no text layer", "it is a scan", id="scan"),
    pytest.param(
        lambda p: scan(p, "sss", stamp="Downloaded by M. Ilves"), "no text layer", "a scan", id="stamped scan"
    ),
    pytest.param(lambda p: scan(p, "bb"), "no text layer", "its pages are empty", id="empty pages"),
    pytest.param(encrypted, "password", "opens only with a password", id="password"),
    pytest.param(truncated, "damaged", "damaged beyond reading", id="truncated"),
    pytest.param(lambda p: written(p, b""), "damaged", "empty (0 bytes)", id="zero bytes"),
    pytest.param(lambda p: written(p, b"<html>Log in</html>"), "damaged", "not a PDF", id="html"),
    pytest.param(lambda p: p.parent, "damaged", "it is a folder", id="folder"),
    pytest.param(lambda p: p, "damaged", "no such file", id="missing"),
]


@pytest.mark.parametrize(("make", "state", "note"), CASES)
def test_a_file_gets_the_state_it_is_in(tmp_path: Path, make, state: str, note: str) -> None:
    document = read_document(make(tmp_path / "a.pdf"), SHA)
    assert (document.state, document.sha256) == (state, SHA)
    assert note in document.note
    assert bool(document.passages) == (state in ("read", "partial"))


def test_pages_say_whether_they_have_text(tmp_path: Path) -> None:
    document = read_document(scan(tmp_path / "a.pdf", "tsb"), SHA)
    assert [page.has_text for page in document.pages] == [True, False, False]


@pytest.mark.parametrize(
    ("make", "state", "pages"),
    [
        (lambda p: report(p, pages=5), "read", 5),
        (lambda p: scan(p, "sss"), "no text layer", 3),
        (encrypted, "password", 0),
        (truncated, "damaged", 0),
        (lambda p: p, "damaged", 0),
    ],
)
def test_front_pages_tell_state_and_number_of_pages(tmp_path: Path, make, state: str, pages: int) -> None:
    front = read_front_pages(make(tmp_path / "a.pdf"))
    assert (front.state, front.pages) == (state, pages)
    assert bool(front.text) == (state == "read")


def test_front_pages_give_the_text_of_three_pages(tmp_path: Path) -> None:
    text = read_front_pages(report(tmp_path / "a.pdf", pages=5)).text
    assert [f"Page {number} of 5" in text for number in (1, 2, 3, 4)] == [True, True, True, False]


@pytest.mark.parametrize("letters", ["\ue001\ue002\ue003", "(cid:12)(cid:7)", "\ufffd\ufffd"])
def test_glyph_codes_without_letters_count_as_no_text(letters: str) -> None:
    words = [Word(letters, 72, 90 + 14 * n, 120, 100 + 14 * n, 99 + 14 * n, 11, False, 0) for n in range(9)]
    document = document_of([PageWords(1, "", 595, 842, Words.of(words), False)], SHA)
    assert (document.state, document.text) == ("no text layer", "")


def test_a_file_that_pdfium_refuses_is_read_by_the_second_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = report(tmp_path / "a.pdf")
    plain = read_document(path, SHA)

    def refuse(_: Path) -> None:
        raise read.UnreadableError(password=False)

    monkeypatch.setattr(read, "opened", refuse)
    second = read_document(path, SHA)
    assert second.state == "read"
    assert [passage.text for passage in second.passages] == [passage.text for passage in plain.passages]
