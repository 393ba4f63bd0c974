"""PDFs made for the tests of `extract`, all text invented. Heights are given from the top of the page, as in a Box."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
PLAIN, BOLD = "Times-Roman", "Times-Bold"

PARAGRAPHS = (
    "The Household Support Fund of Vaduria pays a monthly transfer to about 48,000 families. Its register was last "
    "renewed nine years ago, so that many families who have since fallen into poverty are not on it. Local offices "
    "can add a name only with the consent of the ministry, which takes eleven months on average.",
    "Spending on the fund has fallen by 4.5 percent a year in real terms (Table 2). Dr. M. Ilves of the audit office "
    "holds that, e.g., the northern districts receive Rs. 12 per head against Rs. 31 in the capital. No single body "
    "answers for the whole of the system. Three ministries run programmes with the same aim.",
    "Payments moved to mobile accounts in the second year of the reform. Four in ten women in the sample had no phone "
    "of their own, and a third of all complaints concerned accounts that were blocked. The evaluation recommends one "
    "registry, one payment system and a budget line that grows with prices.",
)


class Sheet:
    """A canvas on which lines are set from the top of the page down."""

    def __init__(self, path: Path, *, width: float = WIDTH, height: float = HEIGHT) -> None:
        self.canvas = Canvas(str(path), pagesize=(width, height), invariant=True)
        self.height = height

    def line(self, text: str, x: float, base: float, *, font: str = PLAIN, size: float = 11) -> tuple[float, float]:
        """Set one line with its baseline `base` below the top; returns where it starts and ends."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.height - base, text)
        return x, x + stringWidth(text, font, size)

    def paragraph(self, text: str, x: float, base: float, *, width: float = 440, size: float = 11) -> float:
        """Set a paragraph in lines of up to `width`; returns the baseline for what comes next, with a gap."""
        return self.lines(simpleSplit(text, PLAIN, size, width), x, base, size=size) + 0.7 * size

    def lines(self, lines: Sequence[str], x: float, base: float, *, size: float = 11) -> float:
        """Set lines one below the other; returns the next baseline."""
        for text in lines:
            self.line(text, x, base, size=size)
            base += 1.25 * size
        return base

    def page(self) -> None:
        """Go to the next page."""
        self.canvas.showPage()

    def save(self) -> None:
        """Write the file."""
        self.canvas.save()


def report(path: Path, *, pages: int = 4) -> Path:
    """A single-column report with running heads, page numbers and numbered headings."""
    sheet = Sheet(path)
    titles = ("1 Introduction", "2 Data and methods", "3 Results", "4 Conclusion", "References")
    for number in range(1, pages + 1):
        sheet.line("Ministry of Welfare of Vaduria: annual review", 72, 40, size=9)
        sheet.line(f"Page {number} of {pages}", 270, 815, size=9)
        sheet.line(titles[(number - 1) % len(titles)], 72, 90, font=BOLD, size=14)
        base = 120.0
        for text in PARAGRAPHS:
            base = sheet.paragraph(text, 72, base)
        sheet.page()
    sheet.save()
    return path


def words_of(text: str) -> list[str]:
    """The letters and digits of `text`, to compare wordings whatever the spacing."""
    return ["".join(character for character in word if character.isalnum()) for word in text.split()]
