"""A review as a REFI-QDA project (.qdpx): its texts or PDFs, and every coding in them under the name of its coder."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, floor
from typing import BinaryIO, Literal

from lxml import etree

from annotations.codes import code_tree
from corpus.workspace import VERSION
from exchange.coded_review import NOT_IN_TEXT, CodedPassage, CodedReview, Study, User
from exchange.memo_facts import facts_of, memo
from exchange.plain_text import clean
from exchange.refi_qda import PROJECT, RefiCode, XmlFile, codes, guid, source_guid, user_guid
from exchange.writers.refi_elements import element, qualified, text_element
from exchange.writers.refi_notes import Notes, memo_selections, memos_on_study, notes_on_codes, notes_on_review, refer
from extract.document import Box

Profile = Literal["text", "pdf"]
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can hold; the same for every file, so that bytes repeat
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_VARIABLES = ("Year", "Kind", "Peer-reviewed", "Method", "Countries", "Programmes")
_NAME = 80  # characters of a quote that name its selection in lists
_ORPHANS = "\n\nQuotations given by coders that are not in the text as it was read:\n\n"


def write_project(review: CodedReview, stream: BinaryIO, *, profile: Profile = "text") -> None:
    """Write the .qdpx file; the same bytes for the same review.

    "text": every study is a plain text with its codings at character positions, which all programs read. "pdf": every
    study is its PDF with a rectangle for each coding, for programs that show PDFs, and the same coding under the same
    id in the text beside it, for those that read no rectangles; where there is no PDF, and for quotes that are not in
    the text, as with "text".
    """
    with zipfile.ZipFile(stream, "w") as archive:
        texts: dict[str, str] = {}
        notes = Notes(texts)
        own = code_tree(review.codes, review.codebook) if review.codes else {}
        known = {*review.codebook.codes, *(code.code_id for code in review.codes)}
        others = {coding.theme for _, coding in review.codings} - known
        with archive.open(_entry("project.qde"), "w") as file, etree.xmlfile(file, encoding="utf-8") as xml:
            xml.write_declaration()
            with xml.element(
                qualified("Project"), {"name": clean(review.title), "origin": f"Jaiza {VERSION}"}, {None: PROJECT}
            ):
                _users(xml, review.users)
                with xml.element(qualified("CodeBook")):
                    noted = notes_on_codes(review, notes)
                    xml.write(codes(review.codebook, PROJECT, values=True, others=others, own=own, notes=noted))
                _variables(xml)
                _cases(xml, review.studies)
                with xml.element(qualified("Sources")):
                    for study in review.studies:
                        _source(xml, study, texts, notes, pdf=profile == "pdf" and study.pdf is not None)
                on_review = notes_on_review(review, notes)
                notes.write(xml)
                xml.write(text_element("Description", _about(review)))
                _write_all(xml, map(refer, on_review))
        for name, text in texts.items():
            archive.writestr(_entry(f"sources/{name}.txt"), text.encode())
        for study in review.studies:
            if profile == "pdf" and study.pdf:
                entry = _entry(f"sources/{guid('pdf', study.source.id)}.pdf")
                entry.compress_type = zipfile.ZIP_STORED
                with study.pdf.open("rb") as source, archive.open(entry, "w") as target:
                    shutil.copyfileobj(source, target, 1 << 20)


def _source(xml: XmlFile, study: Study, texts: dict[str, str], notes: Notes, *, pdf: bool) -> None:
    """One study: its selections in the order of the text, then what was said of it as a whole."""
    text_id = source_guid(study.source.id) if not pdf else guid("text", study.source.id)
    text = study.reading.text or clean(_placeholder(study))
    orphans = [coding for coding in study.codings if coding.orphaned]
    if orphans:
        text += _ORPHANS
    outside: dict[str, tuple[int, int]] = {}
    for coding in orphans:
        outside[coding.key] = (len(text), len(text) + len(clean(coding.quote)))
        text += f"{clean(coding.quote)}\n"
    texts[text_id] = text
    selected = [_at_text(coding, text, outside[coding.key], study) for coding in orphans]
    placed = sorted((c for c in study.codings if c.span), key=lambda c: (c.span or (0, 0), c.theme, c.user.label))
    label, reference = clean(study.source.label), text_element("Description", clean(_reference(study)))
    if not pdf:
        with xml.element(
            qualified("TextSource"), {"guid": text_id, "name": label, "plainTextPath": f"internal://{text_id}.txt"}
        ):
            xml.write(reference)
            for coding in placed:
                xml.write(_at_text(coding, text, coding.span or (0, 0), study))
            _write_all(xml, [*selected, *(made for _, made in memo_selections(study, notes))])
            _write_all(xml, [*_on_the_whole(study, notes), *memos_on_study(study, notes)])
        return
    path = f"internal://{guid('pdf', study.source.id)}.pdf"
    with xml.element(qualified("PDFSource"), {"guid": source_guid(study.source.id), "name": label, "path": path}):
        xml.write(reference)
        heights = {page.number: page.height for page in study.document.pages} if study.document else {}
        for coding in placed:
            xml.write(_at_rectangle(coding, study, heights))
        with xml.element(
            qualified("Representation"), {"guid": text_id, "name": label, "plainTextPath": f"internal://{text_id}.txt"}
        ):
            # The same selections once more, under the same ids, as ATLAS.ti writes them: QualCoder takes only these.
            for coding in placed:
                xml.write(_at_text(coding, text, coding.span or (0, 0), study))
            _write_all(xml, [*selected, *(made for _, made in memo_selections(study, notes))])
        _write_all(xml, [*_on_the_whole(study, notes), *memos_on_study(study, notes)])


def _at_text(coding: CodedPassage, text: str, span: tuple[int, int], study: Study) -> etree._Element:
    start, end = span
    made = element("PlainTextSelection", **_named(coding, study), startPosition=str(start), endPosition=str(end))
    made.append(text_element("Description", _memo(coding, text[start:end])))
    made.append(_coding(coding, study))
    return made


def _at_rectangle(coding: CodedPassage, study: Study, heights: dict[int, float]) -> etree._Element:
    """The rectangle around the lines on the page, and in the column, where most of the quote stands.

    One coding stays one coding: a second rectangle would count it twice. The words, all of them, go with it. Pages
    count from 0, and the first corner is the upper left one, in points from the lower left of the page.
    """
    box = _largest(coding.boxes)
    height = heights.get(box.page, 0.0)
    made = element(
        "PDFSelection",
        **_named(coding, study),
        page=str(box.page - 1),
        firstX=str(floor(box.x0)),
        firstY=str(ceil(height - box.top)),
        secondX=str(ceil(box.x1)),
        secondY=str(floor(height - box.bottom)),
    )
    words = study.reading.text[slice(*coding.span)] if coding.span else coding.quote
    made.append(text_element("Description", _memo(coding, words)))
    inner = element("Representation", guid=guid("words", study.source.id, coding.key))
    inner.append(text_element("PlainTextContent", words))
    made.append(inner)
    made.append(_coding(coding, study))
    return made


def _largest(boxes: Sequence[Box]) -> Box:
    """The outline of the largest run of lines that follow each other down one column of one page."""
    runs = [[boxes[0]]]
    for above, below in pairwise(boxes):
        if below.page == above.page and below.top > above.top - 1:
            runs[-1].append(below)
        else:
            runs.append([below])
    run = max(runs, key=len)
    return Box(
        run[0].page, min(b.x0 for b in run), min(b.top for b in run), max(b.x1 for b in run), max(b.bottom for b in run)
    )


def _on_the_whole(study: Study, notes: Notes) -> Iterable[etree._Element]:
    for coding in study.codings:
        if coding.quote or coding.decision is None:
            continue
        made = _coding(coding, study)
        said = _memo(coding, "")
        if said:
            name = clean(f"{study.source.label}: {coding.theme}, {coding.user.label}")
            note_id = guid("note", study.source.id, coding.key)
            made.append(refer(notes.add(note_id, name, said, _date(coding), coding.user)))
        yield made


def _coding(coding: CodedPassage, study: Study) -> etree._Element:
    made = element("Coding", guid=guid("coding", study.source.id, coding.key), creatingUser=user_guid(coding.user))
    if date := _date(coding):
        made.set("creationDateTime", date)
    made.append(element("CodeRef", targetGUID=RefiCode(coding.theme, coding.value).guid))
    return made


def _named(coding: CodedPassage, study: Study) -> dict[str, str]:
    quote = " ".join(clean(coding.quote).split())
    if coding.orphaned:
        quote = f"{NOT_IN_TEXT} {quote}"
    named = {
        "guid": guid("selection", study.source.id, coding.key),
        "name": quote if len(quote) <= _NAME else f"{quote[: _NAME - 1]}…",
        "creatingUser": user_guid(coding.user),
    }
    return named | ({"creationDateTime": date} if (date := _date(coding)) else {})


def _memo(coding: CodedPassage, words: str) -> str:
    """The coder's note, or the machine's reasons, with what else belongs to the coding."""
    if coding.suggestion:
        made = coding.suggestion
        reasons = "; ".join(f"{reason.text} {reason.weight:+.1f}" for reason in made.reasons)
        said = f"Suggested by the machine, probability {made.score:.2f}" + (f": {reasons}" if reasons else "")
        return memo(said, {"model_id": made.model_id, "score": round(made.score, 4), "codebook": made.codebook})
    if coding.decision is None:
        return ""
    facts = facts_of(coding.decision, found=coding.span is not None)
    if facts.get("decided") == _date(coding):
        del facts["decided"]
    if coding.quote != words:
        facts["quote"] = coding.quote
    return memo(coding.decision.note, facts)


def _date(coding: CodedPassage) -> str:
    """When it was decided as XML wants it; empty where that is not known. A day without a time is its midnight."""
    given = coding.decision.decided if coding.decision else ""
    if _DATE_TIME.fullmatch(given):
        return given
    return f"{given}T00:00:00Z" if _DATE.fullmatch(given) else ""


def _users(xml: XmlFile, users: Sequence[User]) -> None:
    if users:
        with xml.element(qualified("Users")):
            _write_all(xml, (element("User", guid=user_guid(u), name=clean(u.label), id=u.kind) for u in users))


def _variables(xml: XmlFile) -> None:
    with xml.element(qualified("Variables")):
        for name in _VARIABLES:
            kind = "Integer" if name == "Year" else "Text"
            xml.write(element("Variable", guid=guid("variable", name), name=name, typeOfVariable=kind))


def _cases(xml: XmlFile, studies: Sequence[Study]) -> None:
    """Every study as a case with what the registry knows of it."""
    with xml.element(qualified("Cases")):
        for study in studies:
            source = study.source
            case = element("Case", guid=guid("case", source.id), name=clean(source.label))
            values = (
                str(source.year or ""),
                source.kind,
                source.peer_reviewed,
                source.method,
                "; ".join(source.countries),
                "; ".join(source.programmes),
            )
            for name, value in zip(_VARIABLES, values, strict=True):
                if value:
                    held = etree.SubElement(case, qualified("VariableValue"))
                    held.append(element("VariableRef", targetGUID=guid("variable", name)))
                    held.append(text_element("IntegerValue" if name == "Year" else "TextValue", clean(value)))
            case.append(element("SourceRef", targetGUID=source_guid(source.id)))
            xml.write(case)


def _about(review: CodedReview) -> str:
    sample = "SAMPLE: studies, texts and judgements are invented. " if review.sample else ""
    return (
        f"{sample}Made by Jaiza {VERSION}, codebook revision {review.codebook.revision}. A theme's code means "
        "mentioned; the code below it, supported with evidence; the codes under “Judged absent”, that a coder saw the "
        "passage or the study and found the theme not there. Codings of users whose name ends in “(suggestions)” are "
        "proposals of a machine that nobody has decided on."
    )


def _reference(study: Study) -> str:
    source = study.source
    parts = ("; ".join(source.authors), f"({source.year})" if source.year else "", source.title, source.publisher)
    return ". ".join(part for part in (*parts, source.doi) if part) or source.label


def _placeholder(study: Study) -> str:
    return f"{study.source.label}\n\n{_reference(study)}\n\nThe text of this study is not in this project."


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
    entry.external_attr = 0o644 << 16
    return entry


def _write_all(xml: XmlFile, elements: Iterable[etree._Element]) -> None:
    for one in elements:
        xml.write(one)
