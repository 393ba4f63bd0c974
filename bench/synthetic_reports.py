"""Reports by the thousand for measuring: invented, each with a text of its own, made once and kept.

The words are drawn from the labelled passages that Jaiza is trained on, so that themes are found in them; names and
numbers are drawn anew for every sentence. They say nothing about any country.
"""

from __future__ import annotations

import json
import random
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

LINES, WORDS = 44, 11  # of a page, of a line: about 480 words a page, as in the reports of the review
_NUMBER = re.compile(r"\d+")


def make_reports(folder: Path, count: int, *, pages: int) -> list[Path]:
    """`count` PDFs of `pages` pages in `folder`; those that are there stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"report-{number:05}-{pages}p.pdf" for number in range(count)]
    for number, path in enumerate(paths):
        if not path.exists():
            _write(path, number, pages=pages)
    return paths


def _write(path: Path, number: int, *, pages: int) -> None:
    chance = random.Random(f"{number} {pages}")
    part = path.with_suffix(".part")
    canvas = Canvas(str(part), pagesize=A4, pageCompression=1)
    for page in range(1, pages + 1):
        text = canvas.beginText(72, 770)
        text.setFont("Helvetica-Bold", 14)
        text.textLine(f"{page}. Findings of district {chance.randrange(10_000)}")
        text.setFont("Times-Roman", 10)
        text.setLeading(14.5)
        words: list[str] = []
        while len(words) < LINES * WORDS:
            sentence = chance.choice(_sentences())
            words += _NUMBER.sub(lambda _: str(chance.randrange(1, 999)), sentence).split()
        for line in range(LINES):
            text.textLine(" ".join(words[line * WORDS : (line + 1) * WORDS]))
        canvas.drawText(text)
        canvas.drawString(300, 30, str(page))
        canvas.showPage()
    canvas.save()
    part.replace(path)


@cache
def _sentences() -> list[str]:
    found: list[str] = []
    for path in sorted(Path(str(files("models").joinpath("seed"))).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = json.loads(line).get("text", "")
            if text.isascii():
                found.append(text)
    return found
