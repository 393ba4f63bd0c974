"""The tools that are compared: each reads a PDF to the text of its pages. One runs per process, to be measured alone.

`python -m bench.readers TOOL PAGES OUT PDF...` writes OUT, a JSON object: texts per file and page, CPU seconds
(user and system, imports left out) and peak memory in bytes. PAGES 0 means all.
"""

from __future__ import annotations

import importlib
import json
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Reader = Callable[[Path, int | None], list[str]]

_WORD = re.compile(r"\S+")


def jaiza(path: Path, most: int | None) -> list[str]:
    """The full pipeline: reading order, furniture left out. Always the whole document."""
    return _pages_of(path, furniture=False)


def jaiza_with_furniture(path: Path, most: int | None) -> list[str]:
    """The same with running heads and page numbers."""
    return _pages_of(path, furniture=True)


def _pages_of(path: Path, *, furniture: bool) -> list[str]:
    from extract.lines.lines import CELL_BORDER
    from extract.read import read_document

    document = read_document(path, "0" * 64)
    texts = [""] * len(document.pages)
    for block in document.blocks:
        if furniture or block.role != "furniture":
            # The marks between the cells of a row are ours, not the page's.
            texts[block.box.page - 1] += document.text[slice(*block.span)].replace(CELL_BORDER, " ") + "\n"
    return texts


def pypdfium2_words(path: Path, most: int | None) -> list[str]:
    """Bare words with boxes: the text of a page in one call, then a rectangle per word."""

    def ask(text_page: Any, first: int, end: int) -> None:
        for place in range(text_page.count_rects(first, end - first)):
            text_page.get_rect(place)

    return _bare(path, most, ask)


def pypdfium2_characters(path: Path, most: int | None) -> list[str]:
    """Bare words with boxes as pypdfium2 alone gives them: a box a character, put together by word."""

    def ask(text_page: Any, first: int, end: int) -> None:
        boxes = [text_page.get_charbox(place) for place in range(first, min(end, text_page.count_chars()))]
        if boxes:
            lefts, bottoms, rights, tops = zip(*boxes, strict=True)
            _ = min(lefts), min(bottoms), max(rights), max(tops)

    return _bare(path, most, ask)


def _bare(path: Path, most: int | None, ask: Callable[[Any, int, int], None]) -> list[str]:
    """The texts of the pages; `ask` asks for the place of each word, from its first character to its end."""
    pdfium: Any = importlib.import_module("pypdfium2")
    document = pdfium.PdfDocument(path)
    texts = []
    for index in range(min(len(document), most or len(document))):
        page = document[index]
        text_page = page.get_textpage()
        texts.append(text_page.get_text_range())
        for word in _WORD.finditer(texts[-1]):
            ask(text_page, word.start(), word.end())
        text_page.close()
        page.close()
    document.close()
    return texts


def pdfplumber_text(path: Path, most: int | None) -> list[str]:
    """pdfplumber's `extract_text` as it comes."""
    return _plumbed(path, most, lambda page: str(page.extract_text()))


def pdfplumber_words(path: Path, most: int | None) -> list[str]:
    """pdfplumber's `extract_words` in the order of the stream."""
    return _plumbed(path, most, lambda page: " ".join(w["text"] for w in page.extract_words(use_text_flow=True)))


def _plumbed(path: Path, most: int | None, read: Callable[[Any], str]) -> list[str]:
    pdfplumber: Any = importlib.import_module("pdfplumber")
    texts = []
    with pdfplumber.open(path) as document:
        for page in document.pages[:most]:
            texts.append(read(page))
            page.close()
    return texts


def pdftotext(path: Path, most: int | None) -> list[str]:
    """Poppler's command."""
    last = ["-l", str(most)] if most else []
    run = subprocess.run(["pdftotext", *last, str(path), "-"], capture_output=True, check=False)
    return run.stdout.decode(errors="replace").split("\f")[:-1]


def pymupdf(path: Path, most: int | None) -> list[str]:
    """PyMuPDF, where it is installed."""
    module: Any = importlib.import_module("pymupdf")
    with module.open(path) as document:
        return [document[index].get_text() for index in range(min(len(document), most or len(document)))]


def pdf_oxide(path: Path, most: int | None) -> list[str]:
    """pdf_oxide, where it is installed."""
    module: Any = importlib.import_module("pdf_oxide")
    document = module.PdfDocument(str(path))
    count = document.page_count()
    return [document.extract_text(index) for index in range(min(count, most or count))]


READERS: dict[str, Reader] = {
    "jaiza": jaiza,
    "jaiza with furniture": jaiza_with_furniture,
    "pypdfium2 words": pypdfium2_words,
    "pypdfium2 characters": pypdfium2_characters,
    "pdfplumber text": pdfplumber_text,
    "pdfplumber words": pdfplumber_words,
    "pdftotext": pdftotext,
    "PyMuPDF": pymupdf,
    "pdf_oxide": pdf_oxide,
}
_MODULES = {"PyMuPDF": "pymupdf", "pdf_oxide": "pdf_oxide"}
_WARM = {"jaiza": "extract.read", "jaiza with furniture": "extract.read", "pypdfium2 words": "pypdfium2"}
_WARM |= {"pypdfium2 characters": "pypdfium2"}
_WARM |= {"pdfplumber text": "pdfplumber", "pdfplumber words": "pdfplumber"} | _MODULES


def available() -> list[str]:
    """The tools that are here, in the order of the table."""
    missing = {name for name, module in _MODULES.items() if find_spec(module) is None}
    if shutil.which("pdftotext") is None:
        missing.add("pdftotext")
    return [name for name in READERS if name not in missing]


def main(name: str, most: int | None, out: Path, paths: list[Path]) -> None:
    """Read `paths` with the tool `name` and write what it gave and cost."""
    if name in _WARM:
        importlib.import_module(_WARM[name])
    before = _cpu()
    texts = {str(path): READERS[name](path, most) for path in paths}
    cpu = _cpu() - before
    out.write_text(json.dumps({"texts": texts, "cpu": cpu, "peak": _peak()}), encoding="utf-8")


def _peak() -> int:
    """Bytes; of a command where one was run. Linux hands a process its parent's peak, so its own is asked for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    status = Path("/proc/self/status")
    if children or not status.exists():
        return 1024 * (children or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return 1024 * int(status.read_text().split("VmHWM:")[1].split()[0])


def _cpu() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) or None, Path(sys.argv[3]), [Path(name) for name in sys.argv[4:]])
