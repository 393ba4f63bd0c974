"""The result of a small review: 25 studies with their ticks, one with a text, suggestions and a quotation."""

from __future__ import annotations

from annotations.decision import Anchor, Decision
from corpus.outcome import Outcome
from corpus.registry.screening import CriterionFinding, Screening
from extract.document import Document
from models.suggestion import DocumentSuggestions
from support.cells import SHA, document, suggestions
from support.published_matrix import CODEBOOK, SCREENING, SOURCES, TICKS
from synthesis.audit.audit import audit
from synthesis.audit.claims import SHIPPED, read_claims
from synthesis.matrix.merge import merge_cells
from synthesis.matrix.views import unfolded
from synthesis.patterns.patterns import PatternMaterial, find_patterns
from synthesis.result import DocumentSummary, ModelFacts, ReviewResult
from synthesis.statistics.frequency import frequencies

QUOTE = "=HYPERLINK is <script>alert(1)</script> & more"

PICTURE = "data:image/png;base64,AAAA"


def review(*, sample: bool = False) -> ReviewResult:
    """The 25 studies with their ticks; the first has a text, machine suggestions and a reviewer's quotation."""
    text: dict[str, Document] = {"s01": document()}
    made: dict[str, DocumentSuggestions] = {
        "s01": suggestions(("p1", "TI", 0.9), ("p2", "CGL", 0.7), studies={"TI": 2, "CGL": 1})
    }
    judged = [
        Decision("s01", "TI", 2, "=Ayesha", anchor=Anchor(QUOTE, 1, "p1")),
        Decision("s01", "DIG", 0, "Bilal"),
        Decision("s01", "DIG", 1, "=Ayesha"),
    ]
    cells = merge_cells(SOURCES, [*TICKS, *judged], made, text, CODEBOOK)
    return ReviewResult(
        title="A review <of> 25 studies",
        run_id="run-1",
        generated="2026-11-23T16:00:00+00:00",
        codebook=CODEBOOK,
        sources=SOURCES,
        cells=cells,
        sample=sample,
        screenings=[
            Screening(key, verdict, (CriterionFinding("judgement", "unclear", "no year given"),), True)  # type: ignore[arg-type]
            for key, verdict in SCREENING.items()
        ],
        outcomes=[
            Outcome("s01", "pulled", "fetched", sha256=SHA),
            Outcome("s02", "unreachable", "2 addresses tried", "put the PDF in inbox/s02.pdf"),
        ],
        documents=[DocumentSummary("s01", "partial", 3, 3, 2, "1 of 3 pages has no text layer (2)")],
        decisions={"published": 150, "coder": 3},
        model=ModelFacts("m-1", {"TI": {"precision": 0.7, "recall": 0.6, "f1": 0.65}}, "Measured on 10 passages."),
        audit=audit(read_claims(SHIPPED, CODEBOOK), cells, SOURCES, CODEBOOK, screening=SCREENING),
        patterns=find_patterns(
            cells, SOURCES, CODEBOOK, PatternMaterial(judged, (), text, made), view="merged", standing="proposed"
        ),
        every_theme=frequencies(merge_cells(SOURCES, [*TICKS, *judged], made, text, unfolded(CODEBOOK)), "merged"),
        coders=["=Ayesha", "Bilal"],
        pdf_links={SHA: f"../../pdfs/{SHA}.pdf"},
        pictures={(SHA, "p1"): PICTURE},
    )
