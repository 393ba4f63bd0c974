"""A small coded review for tests of exchange: two studies, one without its text, and codings of every kind."""

from __future__ import annotations

from annotations.anchor import anchored
from annotations.decision import PUBLISHED, Anchor, Decision
from corpus.registry.sources import Source
from exchange.coded_review import CodedReview, Study
from extract.document import Box, Document, Page, Passage
from models.codebook.codebook import shipped_codebook
from models.suggestion import Reason, Suggestion

HEADING = "2. Findings \U0001f4c4"  # a character outside the first plane: positions must count it as one
FIRST = "The office’s registers were closed – 43 percent of widows were never entered in them."
NOTE = "1 The registers are those of 2011."
SECOND = "Complaints were answered late, if at all."
SOURCES = (
    Source("torrand-2021", "Torrand & Velka (2021) – Hearth Grant", "Five Years", ("Torrand, Matis",), 2021),
    Source("soren-2022", "Soren (2022) <draft>", "Outside", ("Soren, Mirel",), None, "Forum & Co", "policy note"),
)


def document() -> Document:
    """Two passages under a heading; the first runs over three lines, with a footnote before the third."""
    lines = ["The office’s registers were closed – 43 per-", "cent of widows were never", "entered in them."]
    text = f"{HEADING}\n\n{lines[0]}\n{lines[1]}\n\n{NOTE}\n\n{lines[2]}\n{SECOND}"
    start, third = text.index(lines[0]), text.index(lines[2])
    spans = ((start, start + len(lines[0]) + 1 + len(lines[1])), (third, third + len(lines[2])))
    boxes = (Box(1, 70, 100, 500, 110), Box(1, 70, 112, 500, 122), Box(2, 70, 80, 200, 90))
    second = text.index(SECOND)
    passages = (
        Passage(f"{'a' * 12}-{start}-{spans[1][1]}", FIRST, spans, boxes, heading=HEADING),
        Passage(f"{'a' * 12}-{second}-{len(text)}", SECOND, ((second, len(text)),), (Box(2, 70, 92, 400, 102),)),
    )
    pages = (Page(1, "", 595, 842, True), Page(2, "", 595, 842, True))
    return Document("a" * 64, "1", "read", pages=pages, text=text, passages=passages)


def decisions() -> tuple[Decision, ...]:
    """One of every kind: exact, misquoted, rejected, orphaned, on the whole study, adjudicated, published."""
    read = document()

    def quoted(theme: str, value: int, coder: str, quote: str, page: int | None = None, **more: object) -> Decision:
        return Decision("torrand-2021", theme, value, coder, anchor=Anchor(quote, page), **more)  # type: ignore[arg-type]

    shown = quoted(
        "TI", 2, "Amina", "43 percent of widows were never entered", decided="2026-03-01T10:00:00.123+00:00",
        model_id="m1", score=0.75, shown=True, seconds=4.5, codebook="c0ffee", origin="review page",
    )  # fmt: skip
    return (
        anchored(shown, read),
        quoted("GW", 1, "Amina", "the office's REGISTERS were closed - 43", 1, decided="2024-02-05"),
        quoted("GW", 0, "Benazir", SECOND, 2, note="Late, but\nnot badly run.", codebook="c0ffee"),
        quoted("GW", 1, "Amina", SECOND),
        quoted("FS", 2, "Benazir", "the reserve will be gone within eleven years", 9, note="An earlier draft."),
        Decision("soren-2022", "IF", 1, "Amina", note="Sections 4.1 and 7.", decided="last spring"),
        Decision("torrand-2021", "GW", 1, "Amina", "adjudicator", note="Present.", decided="2024-02-12"),
        Decision("soren-2022", "DIG", 0, PUBLISHED, "published", codebook="c0ffee", origin="published.csv"),
    )


def review() -> CodedReview:
    """The review as it is exported."""
    read = document()
    reasons = (Reason("phrase", "never entered", 1.42), Reason("term", "office", -0.3))
    made = Suggestion(read.passages[0].id, "TI", 0.8312, 2, reasons, "m1", "c0ffee")
    judged = {source.id: [d for d in decisions() if d.source_id == source.id] for source in SOURCES}
    studies = (
        Study(SOURCES[0], read, judged["torrand-2021"], (made,)),
        Study(SOURCES[1], None, judged["soren-2022"]),
    )
    return CodedReview("Shelf & <review>", shipped_codebook(), studies, sample=True)
