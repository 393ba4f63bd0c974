"""The quotations of a review as a Word document, by theme and study, for reading through and pasting into a paper."""

from __future__ import annotations

import io
from collections.abc import Iterator

from docx import Document
from docx.document import Document as DocumentObject
from docx.shared import Pt

from annotations.decision import Memo
from exchange.coded_review import NOT_IN_TEXT, CodedPassage, CodedReview, Study
from exchange.plain_text import clean
from exchange.writers.paper_tables import SAMPLE
from exchange.writers.word import repeatable

_SAID = {0: "judged absent", 1: "mentioned", 2: "with evidence"}


def quotations_docx(review: CodedReview) -> bytes:
    """The .docx file: a heading for each theme, the studies below it, each quotation with page, value, coder and note;
    the same bytes for the same review."""
    document = Document()
    document.styles["Normal"].font.size = Pt(10)
    document.core_properties.title, document.core_properties.author = clean(review.title), "Jaiza"
    document.add_heading(clean(f"{review.title}: quotations"), level=0)
    if review.sample:
        document.add_paragraph().add_run(SAMPLE).bold = True
    found = False
    for theme in review.codebook.themes:
        quoted = list(_quoted(review, theme.code))
        if not quoted:
            continue
        found = True
        document.add_heading(clean(f"{theme.code} {theme.name}"), level=1)
        study_before = ""
        for study, coding in quoted:
            if study.source.id != study_before:
                document.add_heading(clean(study.source.label), level=2)
                study_before = study.source.id
            _add_quotation(document, study, coding)
    found |= _add_memos(document, review)
    if not found:
        document.add_paragraph("No quotation was coded.")
    buffer = io.BytesIO()
    document.save(buffer)
    return repeatable(buffer.getvalue())


def _add_memos(document: DocumentObject, review: CodedReview) -> bool:
    """A chapter with the memos: on the review and its themes, then study by study; is there any?"""
    placed = [(_about(review, memo), memo, "") for memo in review.memos]
    for study in review.studies:
        placed += [(study.source.label, memo, place.quote) for memo, place in study.noted]
    if placed:
        document.add_heading("Memos", level=1)
    before = ""
    for about, memo, quote in placed:
        if about != before:
            document.add_heading(clean(about), level=2)
            before = about
        if quote:
            document.add_paragraph(clean(f"“{quote}”"), style="Quote")
        paragraph = document.add_paragraph(clean(memo.text))
        paragraph.add_run(clean(f"\n{memo.coder}, {memo.decided[:10]}")).italic = True
    return bool(placed)


def _about(review: CodedReview, memo: Memo) -> str:
    names = {theme.code: f"{theme.code} {theme.name}" for theme in review.codebook.themes}
    names |= {code.code_id: code.name for code in review.codes}
    return names.get(memo.theme, memo.theme) or "The review"


def _quoted(review: CodedReview, theme: str) -> Iterator[tuple[Study, CodedPassage]]:
    return ((study, coding) for study, coding in review.codings if coding.theme == theme and coding.quote)


def _add_quotation(document: DocumentObject, study: Study, coding: CodedPassage) -> None:
    pages = study.document.pages if study.document else ()
    label = next((page.label for page in pages if page.number == coding.page), "")
    where = f"p. {label or coding.page}, " if coding.page else ""
    missing = f" {NOT_IN_TEXT}" if coding.orphaned else ""
    paragraph = document.add_paragraph(clean(f"“{coding.quote}”{missing}"), style="Quote")
    paragraph.add_run(clean(f"\n{where}{_SAID[coding.value]}, {coding.user.label}")).italic = False
    if coding.decision and coding.decision.note:
        document.add_paragraph(clean(coding.decision.note))
