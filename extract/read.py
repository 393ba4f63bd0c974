"""A PDF to a Document, in this process. `extract.isolate` does the same without risk to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus.outcome import FrontPages
from extract.blocks import block_of, grouped, laid_out
from extract.document import Document, Page, State
from extract.lines import lines_of
from extract.mending import vocabulary
from extract.passages import passages_of
from extract.pdfium import PageWords, UnreadableError, opened, page_count, read_page
from extract.roles import marked

EXTRACTOR = "1"  # part of every cache key: raise it with any change that alters what a PDF gives
_FRONT_PAGES = 3
_LISTED = 12  # page numbers in a note
_SENSELESS = 0.3  # share of characters without meaning that makes the text of a page unusable

# A state, and the note that goes with it.
_Verdict = tuple[State, str]


def read_document(path: Path, sha256: str) -> Document:
    """The Document of the PDF at `path`, whose content hash is `sha256`. A bad file gives a state, not an error."""
    if problem := _not_a_file(path):
        return Document(sha256, EXTRACTOR, *problem)
    try:
        with opened(path) as document:
            pages = [read_page(document, number) for number in range(1, page_count(document) + 1)]
    except UnreadableError as error:
        if error.password:
            return Document(sha256, EXTRACTOR, "password", _NEEDS_PASSWORD)
        pages = []
    if not pages:
        pages = _second_reader(path)
    if not pages:
        return Document(sha256, EXTRACTOR, "damaged", _DAMAGED)
    return document_of(pages, sha256)


def read_front_pages(path: Path) -> FrontPages:
    """Whether the PDF at `path` can be read, how many pages it has and what the first three say."""
    if problem := _not_a_file(path):
        return FrontPages("damaged", problem[1])
    count = 0
    try:
        with opened(path) as document:
            count = page_count(document)
            pages = [read_page(document, number) for number in range(1, min(count, _FRONT_PAGES) + 1)]
    except UnreadableError as error:
        if error.password:
            return FrontPages("password", _NEEDS_PASSWORD)
        pages = []
    if not pages:
        pages = _second_reader(path, most=_FRONT_PAGES)
    if not pages:
        return FrontPages("damaged", _DAMAGED)
    count = max(count, len(pages))
    text = "\n".join(line.text for page in map(_sensible, pages) for line in lines_of(page))
    if not text:
        return FrontPages("no text layer", f"the first {len(pages)} of {count} pages have no text layer", count)
    return FrontPages("read", "", count, text)


def document_of(pages: Sequence[PageWords], sha256: str) -> Document:
    """Layout, roles, blocks and passages from the words of `pages`."""
    pages = [_sensible(page) for page in pages]
    lines = [line for page in pages for line in lines_of(page)]
    roles, measure = marked(lines, pages=len(pages))
    text, groups = laid_out(grouped(roles, measure))
    # A scan with a stamp on every page ("Downloaded from ...") has words, but none that anyone wrote on it.
    written = {group.lines[0].page for group in groups if group.role != "furniture"}
    missing = [page.number for page in pages if page.drawn and page.number not in written]
    state, note = _verdict(missing, len(pages), written=bool(written))
    return Document(
        sha256=sha256,
        extractor=EXTRACTOR,
        state=state,
        note=note,
        pages=tuple(Page(p.number, p.label, p.width, p.height, p.number in written) for p in pages),
        blocks=tuple(map(block_of, groups)),
        text=text,
        passages=passages_of(groups, sha256=sha256, known=vocabulary(text)),
    )


def _verdict(missing: Sequence[int], pages: int, *, written: bool) -> _Verdict:
    if not written:
        if not missing:
            return "no text layer", "its pages are empty: check that it is the right file"
        return "no text layer", "no page has a text layer, it is a scan: make its text searchable (OCR) and attach it"
    if not missing:
        return "read", ""
    listed = ", ".join(map(str, missing[:_LISTED])) + (" ..." if len(missing) > _LISTED else "")
    return "partial", f"{len(missing)} of {pages} pages without a text layer ({listed}): what stands there is not read"


def _sensible(page: PageWords) -> PageWords:
    """The page without its words where the font gives no letters but codes of its own."""
    letters = "".join(word.text for word in page.words)
    senseless = letters.count("\ufffd") + sum(1 for c in letters if "\ue000" <= c <= "\uf8ff")
    senseless += 6 * letters.count("(cid:")
    if letters and senseless > _SENSELESS * len(letters):
        return page._replace(words=[], drawn=True)
    return page


def _second_reader(path: Path, *, most: int | None = None) -> list[PageWords]:
    # Slow to import and seldom needed: only for files that pdfium refuses.
    from extract.plumber import read_pages

    return read_pages(path, most=most)


def _not_a_file(path: Path) -> _Verdict | None:
    if path.is_dir():
        return "damaged", "it is a folder, not a file"
    if not path.exists():
        return "damaged", "there is no such file"
    try:
        with path.open("rb") as stream:
            if not stream.read(1):
                return "damaged", "the file is empty (0 bytes): download it again"
    except OSError as error:
        return "damaged", f"the file can't be opened ({error.strerror})"
    return None


_NEEDS_PASSWORD = "it opens only with a password: save a copy without one and attach that"
_DAMAGED = "it is not a PDF or damaged beyond reading: download it again"
