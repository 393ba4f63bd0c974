"""Words from a picture of a page, with their boxes, by the program tesseract where it is installed.

Chosen by measurement on 13 real report pages, tables among them, drawn at 200 dots per inch: tesseract 5.3 found 89 %
of the words in their place (90 % with the page tilted and specked) in 2.8 processor seconds a page and 81 MB, and 92 %
at 300 dots in 3.1 seconds and 122 MB. The onnx wheel that bundles its models (rapidocr-onnxruntime 1.4.4) found 80 %
(89 %) in 11 seconds and 1,160 MB. Installed, tesseract takes 24 MB, the wheel with what it needs 370 MB. Both are
under Apache-2.0.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
from statistics import median
from xml.etree import ElementTree

from PIL import Image

from extract.readers.ocr_engine import LANGUAGE, Engine
from extract.words import Word

_WHOLE_PAGE, _ONE_BLOCK = "1", "6"  # page segmentation modes
_DPI_TOLD = 70  # tesseract distrusts a lower resolution and guesses one
_LEAST_SURE = 30.0  # per cent: what tesseract is less sure of is mostly specks, lines and parts of drawings
_SIGNS_SURE = 60.0  # ... and for words without a letter or a figure
# Parts of the font size, as usual in text faces. The size that tesseract gives for a line grows where it is tilted.
_X_HEIGHT, _ASCENDER, _DESCENDER = 0.5, 0.22, 0.21
_ASCENDS, _DESCENDS = re.compile(r"[A-Z0-9bdfhklti]"), re.compile(r"[gjpqyQ,;()]")
_INK = re.compile(r"[A-Za-z0-9]")
_TITLE = re.compile(r"(\w+) ([^;]+)")
_XHTML = "{http://www.w3.org/1999/xhtml}"


class OcrError(Exception):
    """The program gave no words; the message says why."""


class OcrTimeoutError(OcrError):
    """The program did not answer in time."""


def read_picture(
    engine: Engine, picture: Image.Image, *, scale: float, seconds: float, block: bool = False
) -> list[Word]:
    """The words in `picture`, a page as shown in grey at `scale` pixels per point, in reading order.

    Their boxes are points on the page. A word's size is estimated from its line, its weight is not known. A `block` is
    a part of a page with nothing but lines of text that stand upright. OcrTimeoutError: no answer within `seconds`;
    OcrError: the program failed.
    """
    sent = io.BytesIO()
    picture.save(sent, "PPM")
    mode, dpi = (_ONE_BLOCK if block else _WHOLE_PAGE), str(max(_DPI_TOLD, round(72 * scale)))
    command = [engine.program, "stdin", "stdout", "--psm", mode, "--dpi", dpi]
    try:
        done = subprocess.run(
            [*command, "-l", LANGUAGE, "hocr"],
            input=sent.getvalue(),
            capture_output=True,
            timeout=seconds,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its threads cost more than they gain; documents run abreast
        )
    except subprocess.TimeoutExpired:
        raise OcrTimeoutError(f"reading took more than {seconds:.0f} seconds") from None
    except OSError as error:
        raise OcrError(f"{engine.program} can't be started ({error.strerror})") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise OcrError(f"{engine.name} failed ({said[-1] if said else done.returncode})")
    return words_of_hocr(done.stdout, scale=scale)


def words_of_hocr(answer: bytes, *, scale: float) -> list[Word]:
    """The words in `answer`, a page in the hOCR format (version 1.2); OcrError where it is none."""
    try:
        root = ElementTree.fromstring(answer)
    except ElementTree.ParseError:
        raise OcrError("what the program answered can't be read") from None
    words: list[Word] = []
    for line in root.iter(f"{_XHTML}span"):
        title = _title(line)
        if "x_size" in title:
            words += _words(line, title, scale)
    return words


def _words(line: ElementTree.Element, title: dict[str, list[float]], scale: float) -> list[Word]:
    turn = round(-title.get("textangle", [0.0])[0] / 90) % 4  # hOCR counts against the clock
    x0, top, x1, bottom = title["bbox"]
    slope, offset = title.get("baseline", [0.0, -title.get("x_descenders", [0.0])[0]])
    # The middle of the base line: words of a line that a scanner has tilted still stand on one.
    drop = offset + slope * (x1 - x0) / 2
    base = (bottom + drop, -x0 + drop, -top + drop, x1 + drop)[turn]
    found: list[tuple[str, list[float]]] = []
    for span in line.iter(f"{_XHTML}span"):
        given = _title(span)
        text = "".join(span.itertext()).strip()
        if "x_wconf" not in given or not text or " " in text:
            continue
        if given["x_wconf"][0] >= (_LEAST_SURE if any(map(str.isalnum, text)) else _SIGNS_SURE):
            found.append((text, given["bbox"]))
    tall = [_size(text, box[2] - box[0] if turn % 2 else box[3] - box[1]) for text, box in found if _INK.search(text)]
    size = round((median(tall) if tall else title["x_size"][0]) / scale, 1)
    words = []
    for text, box in found:
        left, upper, right, lower = (round(value / scale, 2) for value in box)
        words.append(Word(text, left, upper, right, lower, round(base / scale, 2), size, False, turn))
    return words


def _size(text: str, height: float) -> float:
    """The font size of a word with letters or figures from the height of its ink."""
    ascends, descends = _ASCENDS.search(text) is not None, _DESCENDS.search(text) is not None
    return height / (_X_HEIGHT + _ASCENDER * ascends + _DESCENDER * descends)


def _title(span: ElementTree.Element) -> dict[str, list[float]]:
    found = {}
    for name, values in _TITLE.findall(span.get("title", "")):
        try:
            found[name] = [float(value) for value in values.split()]
        except ValueError:
            continue
    return found
