"""Sentences stay whole over lines, columns, pages, notes, running heads, boxes and captions; boxes hold their words.

Every sentence is invented and carries its number in its first and its last words ("s17a ... s17z"), so that it can be
found again wherever it went.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pdfplumber
import pytest
from reportlab.lib.utils import simpleSplit

from extract.document import Document
from extract.read import read_document
from support.pdf_pages import BOLD, PLAIN, Sheet

SHA = "9" * 64
SHARE = 0.97  # of the sentences that must be whole
WORDS = re.findall(
    r"\w+",
    """
    the of and to in a is that for are on as with by it was this from at or which has have not their its been but
    they also can will may such more than these there family office register transfer village harvest council fund
    widow pension clerk payment account phone budget price ministry district audit review reform grant household
    school clinic teacher labour market season drought river border harbour island capital northern southern monthly
    """,
)
HYPHENATED = ("unemploy", "ment"), ("govern", "ance"), ("contribu", "tion")


@dataclass
class Book:
    """A document in the making: sentences handed out, words placed."""

    path: Path
    random: random.Random
    sheet: Sheet = field(init=False)
    sentences: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sheet = Sheet(self.path)

    def sentence(self) -> str:
        """A new sentence of 9 to 30 words, known by its number."""
        number = len(self.sentences)
        middle = " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(7, 28)))
        self.sentences.append(f"The s{number}a {middle} s{number}z.")
        return self.sentences[-1]

    def paragraph(self, sentences: int) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def save(self) -> list[str]:
        self.sheet.save()
        return self.sentences


def lines_of(text: str, width: float, *, size: float = 11) -> list[str]:
    return simpleSplit(text, PLAIN, size, width)


def poured(book: Book, paragraphs: int, *, width: float) -> Iterator[str]:
    """Lines of paragraphs of some sentences; the first line of each is indented by two spaces."""
    for _ in range(paragraphs):
        first, *rest = lines_of("xx " + book.paragraph(book.random.randint(2, 5)), width)
        yield "  " + first.removeprefix("xx ")
        yield from rest


def pour(book: Book, lines: Iterator[str], frames: list[tuple[float, float, int]], *, note: bool = False) -> None:
    """Pour `lines` into the frames (left, first baseline, how many lines) of page after page, with a running head.

    With `note`, a footnote in small type stands at the foot of the last frame.
    """
    page = 1
    while True:
        book.sheet.line("Review of the Household Fund of Vaduria", 72, 45, size=9)
        for x, base, count in frames:
            for place, line in enumerate(itertools.islice(lines, count)):
                indent = 12.0 if line.startswith("  ") else 0.0
                book.sheet.line(line.strip(), x + indent, base + 14 * place, size=11)
        if note:
            x = frames[-1][0]
            width = 440 if len(frames) == 1 else 205
            book.sheet.lines(lines_of(f"{page} " + book.paragraph(2), width, size=8), x, 745, size=8)
        book.sheet.line(str(page), 300, 815, size=9)
        book.sheet.page()
        following = next(lines, None)
        if following is None:
            return
        lines = itertools.chain([following], lines)
        page += 1


def one_column(book: Book) -> None:
    """Page breaks in mid-sentence, with a running head and a page number between the halves."""
    pour(book, poured(book, 40, width=440), [(72, 90, 46)])


def two_columns(book: Book) -> None:
    pour(book, poured(book, 40, width=205), [(72, 90, 47), (310, 90, 47)])


def footnotes(book: Book) -> None:
    """A footnote at the foot of every page, most of them in mid-sentence."""
    pour(book, poured(book, 30, width=440), [(72, 90, 43)], note=True)


def two_columns_with_footnotes(book: Book) -> None:
    pour(book, poured(book, 30, width=205), [(72, 90, 44), (310, 90, 43)], note=True)


def hyphenated(book: Book) -> None:
    """Some lines end in half a word."""
    lines = list(poured(book, 40, width=420))
    broken: list[str] = []
    rest = ""
    for line in lines:
        line, rest = rest + line.strip() if rest else line, ""
        if not line.endswith(".") and book.random.random() < 0.3 and not line.startswith("  "):
            half, other = book.random.choice(HYPHENATED)
            line, rest = f"{line} {half}-", f"{other} "
        broken.append(line)
    pour(book, iter(broken), [(72, 90, 46)])


def headings_and_lists(book: Book) -> None:
    """Numbered headings, paragraphs and lists whose items are sentences."""
    for number in range(1, 13):
        book.sheet.line(f"{number} On the clerks and the families", 72, 80, font=BOLD, size=14)
        base = book.sheet.paragraph(book.paragraph(4), 72, 110)
        for _ in range(4):
            base += 4
            for place, line in enumerate(lines_of(book.sentence(), 400)):
                book.sheet.line(line if place else f"– {line}", 90 if place else 80, base, size=11)
                base += 14
        book.sheet.paragraph(book.paragraph(4), 72, base + 12)
        book.sheet.page()


def box_in_the_page(book: Book) -> None:
    """A frame with text of its own stands between the halves of a sentence, at the foot of the page."""
    for number in range(1, 9):
        first, *lines = lines_of(book.paragraph(8), 440)
        cut = len(lines) // 2
        base = book.sheet.lines([first, *lines[:cut]], 72, 90)
        top = base + 20
        book.sheet.line(f"Box {number}. How the office works", 90, top + 18, font=BOLD, size=10)
        end = book.sheet.paragraph(book.paragraph(4), 90, top + 36, width=400, size=10)
        book.sheet.canvas.rect(80, book.sheet.height - end, 424, end - top, stroke=1, fill=0)
        book.sheet.lines(lines[cut:], 72, end + 24)
        book.sheet.page()


def figure_in_the_paragraph(book: Book) -> None:
    """A picture with its caption stands between the halves of a sentence."""
    for number in range(1, 11):
        first, *lines = lines_of(book.paragraph(7), 440)
        cut = len(lines) // 2
        base = book.sheet.lines([first, *lines[:cut]], 72, 90)
        book.sheet.canvas.setFillGray(0.8)
        book.sheet.canvas.rect(120, book.sheet.height - base - 150, 300, 130, stroke=0, fill=1)
        book.sheet.canvas.setFillGray(0)
        book.sheet.line(f"Figure {number}: Families on the register by district", 120, base + 170, size=9)
        book.sheet.lines(lines[cut:], 72, base + 205)
        book.sheet.page()


BOOKS = [
    one_column, two_columns, footnotes, two_columns_with_footnotes, hyphenated, headings_and_lists, box_in_the_page,
    figure_in_the_paragraph,
]  # fmt: skip


@pytest.fixture(scope="module", params=BOOKS, ids=lambda make: make.__name__)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], Document]:
    path = tmp_path_factory.mktemp("books") / "a.pdf"
    made = Book(path, random.Random(request.param.__name__))
    request.param(made)
    sentences = made.save()
    return path, sentences, read_document(path, SHA)


def bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_sentences_are_whole(book: tuple[Path, list[str], Document]) -> None:
    _, sentences, document = book
    texts = [bare(passage.text) for passage in document.passages]
    broken = []
    for number, sentence in enumerate(sentences):
        found = [text for text in texts if f"s{number}a" in text]
        ends = (f"Thes{number}a", f"s{number}z")
        inside = re.compile(f"{ends[0]}([^0-9]*){ends[1]}")  # other sentences and page numbers have figures
        if len(found) != 1 or not (match := inside.search(found[0])) or not _same(match[0], bare(sentence)):
            broken.append(sentence)
    assert len(sentences) >= 60
    assert len(broken) <= (1 - SHARE) * len(sentences), broken


def _same(found: str, sentence: str) -> bool:
    """The same words, save for the ones that were hyphenated into it."""
    for half, other in HYPHENATED:
        found = found.replace(half + other, "")
    return found == sentence


def test_a_box_is_kept_together_and_apart_from_the_body(tmp_path: Path) -> None:
    made = Book(tmp_path / "a.pdf", random.Random(7))
    box_in_the_page(made)
    sentences = made.save()
    document = read_document(made.path, SHA)
    boxed = {number for number in range(len(sentences)) if number % 12 >= 8}
    sidebars = "".join(document.text[slice(*block.span)] for block in document.blocks if block.role == "sidebar")
    assert {int(number) for number in re.findall(r"s(\d+)a", sidebars)} == boxed
    for passage in document.passages:
        held = {int(number) for number in re.findall(r"s(\d+)a", passage.text)}
        assert held <= boxed or not held & boxed


def test_boxes_cover_the_words(book: tuple[Path, list[str], Document]) -> None:
    """Words as pdfplumber places them: those in the boxes of a passage are the words of the passage."""
    path, _, document = book
    with pdfplumber.open(path) as pdf:
        words = {page.page_number: page.extract_words(use_text_flow=True) for page in pdf.pages}
    assert document.passages
    for passage in document.passages:
        held = "".join(
            word["text"]
            for box in passage.boxes
            for word in words[box.page]
            if box.x0 - 2 <= word["x0"] and word["x1"] <= box.x1 + 2
            and box.top - 1 <= (word["top"] + word["bottom"]) / 2 <= box.bottom + 1
        )  # fmt: skip
        assert bare(held) == bare(passage.text)
