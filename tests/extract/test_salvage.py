"""A page that ends its reader costs that page, not the document."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from extract.document import Document, Reader
from extract.isolation.run_isolated import IsolationError
from extract.isolation.salvage import salvaged, stream_pages
from extract.read import read_document
from support.pdf_pages import report

SHA = "c" * 64
PAGES = 9
FAILURE = IsolationError("damaged", "the reader crashed on it (SIGSEGV)")


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _hang() -> None:
    time.sleep(60)


def _stumble() -> None:
    raise ValueError("a strange page")


def _hoard() -> None:
    bytearray(2 << 30)


def _before(
    path: Path,
    reader: Reader,
    first: int,
    last: int,
    *,
    bad: tuple[int, ...],
    readers: tuple[Reader, ...],
    end: Callable[[], None],
) -> Iterator[bytes]:
    """The real job, which comes to its `end` before page `bad` where one of `readers` reads; page 0 is opening."""
    if 0 in bad and reader in readers:
        end()
    for place, part in enumerate(stream_pages(path, reader, first, last)):
        if place and first + place - 1 in bad and reader in readers:
            end()
        yield part


def pdfium_crashes_on_5(path: Path, reader: Reader, first: int, last: int) -> Iterator[bytes]:
    return _before(path, reader, first, last, bad=(5,), readers=("pdfium",), end=_crash)


def pdfium_crashes_on_the_last(path: Path, reader: Reader, first: int, last: int) -> Iterator[bytes]:
    return _before(path, reader, first, last, bad=(PAGES,), readers=("pdfium",), end=_crash)


def pdfium_crashes_at_once(path: Path, reader: Reader, first: int, last: int) -> Iterator[bytes]:
    return _before(path, reader, first, last, bad=(0,), readers=("pdfium",), end=_crash)


def both_crash_on_5(path: Path, reader: Reader, first: int, last: int) -> Iterator[bytes]:
    return _before(path, reader, first, last, bad=(5,), readers=("pdfium", "pdfplumber"), end=_crash)


def both_hang_on_the_last(path: Path, reader: Reader, first: int, last: int) -> Iterator[bytes]:
    return _before(path, reader, first, last, bad=(PAGES,), readers=("pdfium", "pdfplumber"), end=_hang)


def both_need_much_on_2_and_7(path: Path, reader: Reader, first: int, last: int) -> Iterator[bytes]:
    return _before(path, reader, first, last, bad=(2, 7), readers=("pdfium", "pdfplumber"), end=_hoard)


def pdfium_refuses_and_pdfplumber_stumbles_on_3(path: Path, reader: Reader, first: int, last: int) -> Iterator[bytes]:
    if reader == "pdfium":
        _stumble()
    return _before(path, reader, first, last, bad=(3,), readers=("pdfplumber",), end=_stumble)


def nothing_works(path: Path, reader: Reader, first: int, last: int) -> Iterator[bytes]:
    return _before(path, reader, first, last, bad=(0,), readers=("pdfium", "pdfplumber"), end=_crash)


def rescue(path: Path, job: Callable[..., Iterator[bytes]]) -> Document | None:
    seconds = 6 if job is both_hang_on_the_last else 60
    return salvaged(path, SHA, FAILURE, seconds=seconds, memory_mb=1024, job=job)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(tmp_path_factory.mktemp("salvage") / "a.pdf", pages=PAGES)


@pytest.mark.parametrize(
    ("job", "by_pdfplumber"),
    [
        (stream_pages, set()),
        (pdfium_crashes_on_5, {5}),
        (pdfium_crashes_on_the_last, {PAGES}),
        (pdfium_crashes_at_once, set(range(1, PAGES + 1))),
    ],
)
def test_a_page_that_pdfium_fails_on_is_read_by_pdfplumber(path: Path, job, by_pdfplumber: set[int]) -> None:
    document, plain = rescue(path, job), read_document(path, SHA)
    assert document is not None
    assert (document.state, document.note) == ("read", "")
    assert {page.number for page in document.pages if page.reader == "pdfplumber"} == by_pdfplumber
    assert [passage.text for passage in document.passages] == [passage.text for passage in plain.passages]


@pytest.mark.parametrize(
    ("job", "lost"),
    [
        (both_crash_on_5, "1 of 9 pages could not be read (5)"),
        (both_hang_on_the_last, "1 of 9 pages could not be read (9)"),
        (both_need_much_on_2_and_7, "2 of 9 pages could not be read (2, 7)"),
        (pdfium_refuses_and_pdfplumber_stumbles_on_3, "1 of 9 pages could not be read (3)"),
    ],
)
def test_pages_that_no_reader_survives_are_named_and_the_others_kept(path: Path, job, lost: str) -> None:
    document, plain = rescue(path, job), read_document(path, SHA)
    assert document is not None
    assert (document.state, document.note) == ("partial", f"{lost}: {FAILURE}")
    missing = {page.number for page in document.pages if not page.has_text}
    assert len(document.pages) == PAGES
    assert [p.text for p in document.passages] == [p.text for p in plain.passages if p.page not in missing]


def test_where_nothing_can_be_had_there_is_no_document(path: Path) -> None:
    assert rescue(path, nothing_works) is None
