"""The PDFs of the studies with every coding as a highlight that any viewer shows, its code and note as a comment."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

from corpus.errors import JaizaError
from exchange.coded_review import NOT_IN_TEXT, CodedPassage, CodedReview, Study
from exchange.memo_facts import facts_of
from exchange.pdf_marks import CONTINUED, PdfMark, write_marks
from exchange.refi_qda import ABSENT, EVIDENCE, guid
from extract.document import Box
from models.codebook.codebook import Codebook

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can hold; the same for every file, so that bytes repeat
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:(Z|\+00:00)|([+-]\d\d):(\d\d))?)?")
# A colour for each theme: Okabe and Ito's, which people with any kind of colour vision tell apart.
_COLOURS = (
    (230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (0, 114, 178), (213, 94, 0), (204, 121, 167),
    (153, 153, 153),
)  # fmt: skip


def write_annotated_pdfs(review: CodedReview, stream: BinaryIO) -> None:
    """Write the PDF of the study, or, where there are several with a PDF, a zip file with one for each; the same bytes
    for the same review. JaizaError where no study has one."""
    studies = [study for study in review.studies if study.pdf and study.document]
    if not studies:
        raise JaizaError("no study to be exported has a PDF here: `jaiza pull` and `jaiza extract` first")
    if len(review.studies) == 1:
        stream.write(annotated_pdf(studies[0], review.codebook))
        return
    with zipfile.ZipFile(stream, "w") as archive:
        for study in studies:
            entry = zipfile.ZipInfo(f"{study.source.id}.pdf", _ZIP_DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, annotated_pdf(study, review.codebook))


def annotated_pdf(study: Study, codebook: Codebook) -> bytes:
    """The study's PDF with its codings: a highlight for each quote, a note on the first page for each judgement on the
    whole study and for each quote that is not in the text."""
    if study.pdf is None:
        raise JaizaError(f"{study.source.label} has no PDF here")
    colours = {code: _COLOURS[place % len(_COLOURS)] for place, code in enumerate(codebook.codes)}
    marks = [mark for coding in study.codings for mark in _marks(coding, study, codebook, colours)]
    return write_marks(study.pdf, marks)


def _marks(
    coding: CodedPassage, study: Study, codebook: Codebook, colours: dict[str, tuple[int, int, int]]
) -> Iterator[PdfMark]:
    """The marks of a coding: one, or, where its words run over pages, one on each, of which only the first has facts
    and so comes back as a coding."""
    date, facts = _pdf_date(coding), _facts(coding)
    colour = colours.get(coding.theme, _COLOURS[-1])
    pages = _by_page(_joined(coding.boxes)) or [[]]
    for number, boxes in enumerate(pages):
        yield PdfMark(
            boxes[0].page if boxes else 1,
            "highlight" if boxes else "note",
            _comment(coding, codebook) if not number else CONTINUED,
            coding.user.label,
            colour=colour,
            date=date,
            name=guid("mark", study.source.id, coding.key, str(number or "")),
            facts=json.dumps(facts, ensure_ascii=False, sort_keys=True) if facts and not number else "",
            boxes=tuple(boxes),
        )


def _comment(coding: CodedPassage, codebook: Codebook) -> str:
    """The code on the first line, under a name by which an import knows it, then what belongs to it."""
    names = {theme.code: theme.name for theme in codebook.themes}
    said = {2: f"{coding.theme} {EVIDENCE}", 0: f"{coding.theme} {ABSENT}"}.get(coding.value)
    lines = [said or f"{coding.theme} {names.get(coding.theme, '')}".strip()]
    if coding.orphaned:
        lines.append(f"{NOT_IN_TEXT} “{coding.quote}”")
    if coding.decision and coding.decision.note:
        lines.append(coding.decision.note)
    if coding.suggestion:
        reasons = "; ".join(f"{reason.text} {reason.weight:+.1f}" for reason in coding.suggestion.reasons)
        lines.append(f"Suggested by the machine, probability {coding.suggestion.score:.2f}")
        lines += [reasons] if reasons else []
    return "\n".join(lines)


def _facts(coding: CodedPassage) -> dict[str, object]:
    """What comes back as it was though the comment does not say it: the quote as given, the note, the time."""
    if coding.decision is None:
        return {}
    facts: dict[str, object] = dict(facts_of(coding.decision, found=coding.span is not None))
    return {**facts, "quote": coding.quote, "note": coding.decision.note}


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """The lines, two that touch side by side as one."""
    made: list[Box] = list(boxes[:1])
    for before, box in pairwise(boxes):
        if box.page == before.page and abs(box.top - before.top) < 1 and abs(box.x0 - before.x1) < 1:
            last = made[-1]
            made[-1] = Box(box.page, last.x0, min(last.top, box.top), box.x1, max(last.bottom, box.bottom))
        else:
            made.append(box)
    return made


def _by_page(boxes: Sequence[Box]) -> list[list[Box]]:
    pages: dict[int, list[Box]] = {}
    for box in boxes:
        pages.setdefault(box.page, []).append(box)
    return list(pages.values())


def _pdf_date(coding: CodedPassage) -> str:
    found = _DATE.fullmatch(coding.decision.decided) if coding.decision else None
    if not found:
        return ""
    year, month, day, hour, minute, second, utc, ahead, minutes = found.groups()
    zone = "Z" if utc else f"{ahead}'{minutes}'" if ahead else ""
    return f"D:{year}{month}{day}{hour or '00'}{minute or '00'}{second or '00'}{zone}"
