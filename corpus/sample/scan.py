"""Set pages as a scanner would give them: pictures of text, a little turned and speckled, with no text layer."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Sequence
from pathlib import Path

import reportlab  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from corpus.sample.page import PAGE_HEIGHT, PAGE_WIDTH, Front, Text, TypesetPage

DPI = 150  # what an office copier gives, and enough for text recognition to have a chance
TURN_DEGREES = (0.6, -0.4)  # page by page, in turn
SPECKS = 900  # dots of dust on a page
SEED = 20130514  # the date on the circular
_SCALE = DPI / 72
_FONTS = Path(reportlab.__file__).parent / "fonts"
_FILES = {"Vera": "Vera.ttf", "Vera-Bold": "VeraBd.ttf", "Vera-Italic": "VeraIt.ttf"}


def scan_pdf(sheets: Sequence[TypesetPage], front: Front) -> bytes:
    """A PDF of one black-and-white picture a page, with the same bytes on every call."""
    dust = random.Random(SEED)
    pictures = [_scan(sheet, TURN_DEGREES[number % 2], dust) for number, sheet in enumerate(sheets)]
    target = io.BytesIO()
    moment = time.gmtime(0)
    pictures[0].save(
        target,
        "PDF",
        save_all=True,
        append_images=pictures[1:],
        resolution=DPI,
        title=front.title,
        author=front.byline,
        subject="Sample: invented for Jaiza",
        producer="",
        creationDate=moment,
        modDate=moment,
    )
    return target.getvalue()


def _scan(sheet: TypesetPage, degrees: float, dust: random.Random) -> Image.Image:
    width, height = round(PAGE_WIDTH * _SCALE), round(PAGE_HEIGHT * _SCALE)
    grey = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(grey)
    for item in sheet.items:
        if isinstance(item, Text):
            font = ImageFont.truetype(_FONTS / _FILES[item.font], item.size * _SCALE)
            pen.text((item.x * _SCALE, height - item.y * _SCALE), item.line.plain, font=font, fill=20, anchor="ls")
        else:
            pen.line([(x * _SCALE, height - y * _SCALE) for x, y in ((item.x0, item.y0), (item.x1, item.y1))], 20, 2)
    grey = grey.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    for _ in range(SPECKS):
        x, y, shade = dust.randrange(width), dust.randrange(height), dust.choice((0, 255, 255))
        grey.putpixel((x, y), shade)
    return grey.point(lambda shade: 255 if shade > 150 else 0).convert("1", dither=Image.Dither.NONE)
