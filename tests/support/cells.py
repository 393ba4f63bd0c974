"""Cells, a document and suggestions made for tests of what is counted from them."""

from __future__ import annotations

from extract.document import Box, Document, Page, Passage
from models.suggestion import DocumentSuggestions, Reason, StudyProposal, Suggestion
from support.published_matrix import CODEBOOK
from synthesis.matrix.cell import Basis, Cell, Value


def made(source: str, theme: str, merged: Value, basis: Basis = "agreed") -> Cell:
    published = merged if basis == "published" else None
    return Cell(source, theme, published, merged, None, merged, basis, (), False, False, ())


def grid(rows: dict[str, list[Value]], basis: str = "agreed") -> list[Cell]:
    return [
        made(f"s{n}", theme, value, basis)  # type: ignore[arg-type]
        for theme, values in rows.items()
        for n, value in enumerate(values)
    ]


SHA = "ab" * 32


def document(passages: int = 3, *, sha256: str = SHA) -> Document:
    made = tuple(
        Passage(f"p{n}", f"Sentence {n} on exclusion errors.", ((n, n + 1),), (Box(n, 1, 2, 3, 4),), heading="Findings")
        for n in range(1, passages + 1)
    )
    pages = tuple(Page(n, f"{n + 4}", 595, 842, True) for n in range(1, passages + 1))
    return Document(sha256, "x1", "read", pages=pages, passages=made)


def suggestions(*made: tuple[str, str, float], studies: dict[str, int] | None = None) -> DocumentSuggestions:
    reasons = (Reason("phrase", "exclusion errors", 1.42, "TI.exclusion-error"), Reason("term", "on", -0.31))
    return DocumentSuggestions(
        SHA, "x1", "m", CODEBOOK.revision,
        tuple(Suggestion(key, theme, score, 1, reasons, "m", CODEBOOK.revision) for key, theme, score in made),
        tuple(StudyProposal(code, value, 3, 1, 0.01, ("p2",)) for code, value in (studies or {}).items()),  # type: ignore[arg-type]
    )  # fmt: skip
