"""A stand-in for the OCR program, and pages that need one, for the tests of `extract`."""

from __future__ import annotations

import io
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from reportlab.lib.utils import ImageReader

from extract.readers.ocr_engine import Engine
from support.pdf_pages import Sheet

SCALE = 300 / 72  # pixels per point of the pictures that are handed to the program

_PROGRAM = """#!{python}
import sys, time
if "--version" in sys.argv:
    print("tesseract 9.9.9")
elif "--list-langs" in sys.argv:
    print("{languages}")
else:
    sys.stdin.buffer.read()
    time.sleep({seconds})
    sys.stdout.write({answer!r})
    sys.exit({code})
"""


def hocr(lines: Sequence[tuple[float, str]], *, sure: int = 95, size: float = 11.0) -> str:
    """The answer of the program to a page with `lines`, each with its baseline below the top, from x = 72 points."""
    spans = []
    for base, text in lines:
        x, words = 72.0, []
        for word in text.split():
            end = x + 0.5 * size * len(word)
            box = " ".join(str(round(value * SCALE)) for value in (x, base - 0.72 * size, end, base))
            words.append(f"<span class='ocrx_word' title='bbox {box}; x_wconf {sure}'>{word}</span>")
            x = end + 0.3 * size
        place = " ".join(str(round(value * SCALE)) for value in (72, base - 0.72 * size, x, base))
        title = f"bbox {place}; baseline 0 0; x_size {size * SCALE}"
        spans.append(f"<span class='ocr_line' title='{title}'>{' '.join(words)}</span>")
    return f"<html xmlns='http://www.w3.org/1999/xhtml'><body>{''.join(spans)}</body></html>"


def program(path: Path, answer: str, *, languages: str = "eng", seconds: float = 0, code: int = 0) -> Engine:
    """A program that answers every page with `answer`."""
    text = _PROGRAM.format(python=sys.executable, languages=languages, seconds=seconds, answer=answer, code=code)
    path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Engine(str(path), "tesseract 9.9.9")


def scan(path: Path, kinds: str, paragraph: str) -> Path:
    """Pages by letter: t `paragraph` as text, s a picture, b blank."""
    picture = io.BytesIO()
    Image.radial_gradient("L").save(picture, "PNG")
    sheet = Sheet(path)
    for kind in kinds:
        if kind == "t":
            sheet.paragraph(paragraph, 72, 90)
        if kind == "s":
            sheet.canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 40, 40, width=500, height=760)
        sheet.page()
    sheet.save()
    return path
