"""The text of a file whose encoding nobody told: UTF-8, UTF-16, UTF-32, else Windows-1252, line by line."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data` with "\\n" as line end, and a word on the encoding; the word is "" for UTF-8.

    A file that is not UTF-8 throughout (one pasted together, say) is decoded line by line: what is no UTF-8 is taken as
    Windows-1252, in which any byte is some letter.
    """
    text, word = _decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.replace("\ufeff", ""), word  # a mark within the text is left from files that were joined


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            if encoding == "utf-8-sig" and "\ufffd" in text:
                return _by_line(data[len(mark) :])
            return text.lstrip("\ufeff"), "" if encoding == "utf-8-sig" else f"read as {encoding.upper()}"
    half = len(data[:4000]) // 2
    for encoding, zeros in (("utf-16-le", data[1:4000:2]), ("utf-16-be", data[0:4000:2])):
        if half >= 4 and zeros.count(0) > 0.6 * half:
            return data.decode(encoding, errors="replace"), "no byte-order mark: read as UTF-16"
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _by_line(data)


def _by_line(data: bytes) -> tuple[str, str]:
    lines, guessed = [], 0
    for line in _LINE.findall(data):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            guessed += 1
            lines.append(_windows(line))
    what = "1 line is" if guessed == 1 else f"{guessed} lines are"
    return "".join(lines), f"{what} not UTF-8: read as Windows-1252; look at names with accents"


def _windows(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:  # five bytes mean nothing there
        return line.decode("latin-1")
