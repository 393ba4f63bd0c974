"""A page as an image to read: the size asked for, legible, and never too large."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from extract.views.page_image import page_image, page_image_isolated
from support.pdf_pages import HEIGHT, WIDTH, Sheet, report


@pytest.mark.parametrize("scale", [1.5, 4.0])
def test_it_shows_the_page_at_the_scale_asked_for(tmp_path: Path, scale: float) -> None:
    image = Image.open(io.BytesIO(page_image(report(tmp_path / "a.pdf"), 1, scale)))
    assert image.size == (round(WIDTH * scale), round(HEIGHT * scale))
    greys = image.convert("L").getcolors()
    assert greys is not None
    assert {0, 255} <= {grey for _, grey in greys}
    assert 8 < len(greys) <= 16


def test_a_huge_page_is_drawn_smaller(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf", width=14_000, height=14_000)
    sheet.line("A very large sheet", 100, 100, size=200)
    sheet.save()
    image = Image.open(io.BytesIO(page_image(tmp_path / "a.pdf", 1, 4)))
    assert image.width * image.height <= 9_100_000


def test_what_can_not_be_drawn_is_none(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"no PDF")
    assert page_image_isolated(tmp_path / "bad.pdf", 1, scale=1.5) is None
    assert page_image_isolated(report(tmp_path / "a.pdf"), 99, scale=1.5) is None
    assert page_image_isolated(tmp_path / "a.pdf", 1, scale=1.5) == page_image(tmp_path / "a.pdf", 1, 1.5)
