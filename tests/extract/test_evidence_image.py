from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter

from extract.document import Box, Passage
from extract.read import read_document
from extract.views.evidence_image import crop, page_picture, pictures_isolated
from support.pdf_pages import HEIGHT, WIDTH, Sheet, report

SHA = "d" * 64


def opened(data: bytes) -> Image.Image:
    assert data[8:12] == b"WEBP"
    return Image.open(io.BytesIO(data)).convert("RGB")


def first_passage(path: Path) -> Passage:
    return read_document(path, SHA).passages[0]


def turned(source: Path, degrees: int) -> Path:
    writer = PdfWriter(clone_from=source)
    for page in writer.pages:
        page.rotate(degrees)
    path = source.with_name(f"turned{degrees}.pdf")
    writer.write(path)
    return path


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_the_ink_of_the_passage_stands_on_the_tint(tmp_path: Path, degrees: int) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    sheet.lines(["The register is old and leaves out many of those who need it most,", "as all agree."], 72, 200)
    sheet.save()
    path = turned(tmp_path / "a.pdf", degrees)
    (passage,) = read_document(path, SHA).passages
    picture = opened(page_picture(path, 1, passage.boxes, 2.0))
    expected = (WIDTH, HEIGHT) if degrees in (0, 180) else (HEIGHT, WIDTH)
    assert picture.size == tuple(round(2 * side) for side in expected)
    colours = {colour for _, colour in picture.getcolors(1 << 20) or []}
    white_or_grey = {colour for colour in colours if colour[0] == colour[2]}
    assert white_or_grey <= {(255, 255, 255), (0, 0, 0)}  # no letter, so no grey edge of one, outside of the tint
    assert len(colours) > 3  # there are letters inside of it


def test_a_crop_shows_the_boxes_with_a_margin_and_is_small(tmp_path: Path) -> None:
    path = report(tmp_path / "a.pdf")
    passage = first_passage(path)
    data = crop(path, passage.boxes)
    picture = opened(data)
    width = max(box.x1 for box in passage.boxes) - min(box.x0 for box in passage.boxes)
    assert picture.width == pytest.approx(1.5 * (width + 28), abs=2)
    assert len(data) < 15_000


def test_a_huge_page_is_drawn_smaller(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf", width=14_000, height=14_000)
    sheet.line("A very large sheet", 100, 100, size=200)
    sheet.save()
    picture = opened(page_picture(tmp_path / "a.pdf", 1))
    assert picture.width * picture.height <= 4_100_000


@pytest.mark.parametrize(
    "boxes",
    [
        (),
        (Box(1, 72, 90, 200, 100), Box(2, 72, 90, 200, 100)),
        (Box(9, 72, 90, 200, 100),),
        (Box(1, 2000, 90, 2100, 100),),
    ],
)
def test_boxes_that_can_not_be_shown_are_refused(tmp_path: Path, boxes: tuple[Box, ...]) -> None:
    with pytest.raises(ValueError, match="page"):
        crop(report(tmp_path / "a.pdf"), boxes)


def test_several_pictures_come_from_one_child_and_a_bad_one_spoils_no_other(tmp_path: Path) -> None:
    path = report(tmp_path / "a.pdf")
    boxes = first_passage(path).boxes
    first, missing, last = pictures_isolated(path, [boxes, (Box(9, 0, 0, 1, 1),), boxes])
    assert first == last == crop(path, boxes)
    assert missing is None


def test_pictures_of_a_damaged_file_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no PDF")
    assert pictures_isolated(tmp_path / "a.pdf", [(Box(1, 0, 0, 9, 9),)] * 2) == [None, None]
