"""Codings as W3C Web Annotations (JSON-LD): each says whose it is, what it says, and on which words of which file.

Source: Web Annotation Data Model, W3C Recommendation of 23 February 2017.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import BinaryIO

from corpus.json_table import JsonObject
from exchange.coded_review import CodedPassage, CodedReview, Study, User
from exchange.refi_qda import ABSENT, EVIDENCE, guid, source_guid, user_guid
from extract.document import Box
from models.codebook.codebook import Codebook

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"jaiza": "urn:jaiza:terms:"}]
_PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"
# UTF-16 units of the text before and after a quote: dom-anchor-text-quote, with which such annotations are mostly put
# on a page again, throws from 33 on.
_AROUND = 32


def write_annotations(review: CodedReview, stream: BinaryIO) -> None:
    """Write an AnnotationCollection, one annotation a line, then the texts its positions are counted in."""
    total = sum(len(study.codings) for study in review.studies)
    head = {
        "@context": CONTEXT,
        "id": _urn("annotations", review.title),
        "type": "AnnotationCollection",
        "label": review.title,
        "total": total,
    }
    if review.sample:
        head["jaiza:sample"] = "studies, texts and judgements are invented"
    page = {"id": _urn("page", review.title), "type": "AnnotationPage", "startIndex": 0}
    stream.write(f'{_json(head)[:-1]},\n"first":{_json(page)[:-1]},"items":[\n'.encode())
    for number, line in enumerate(_annotations(review)):
        stream.write((",\n" if number else "").encode() + line.encode())
    stream.write(b"\n]},\n")
    texts = {_source_id(study): study.reading.text for study in review.studies if study.document}
    stream.write(f'"jaiza:texts":{_json(texts)}}}\n'.encode())


def _annotations(review: CodedReview) -> Iterator[str]:
    for study in review.studies:
        for coding in study.codings:
            yield _json(_annotation(coding, study, review.codebook))


def _annotation(coding: CodedPassage, study: Study, codebook: Codebook) -> JsonObject:
    decision, suggestion = coding.decision, coding.suggestion
    bodies = [
        {"type": "TextualBody", "purpose": "classifying", "value": _named(coding, codebook), "format": "text/plain"}
    ]
    if decision and decision.note:
        bodies.append({"type": "TextualBody", "purpose": "commenting", "value": decision.note, "format": "text/plain"})
    made: JsonObject = {
        "id": _urn("annotation", study.source.id, coding.key),
        "type": "Annotation",
        "motivation": "classifying" if coding.value else "assessing",
        "creator": _creator(coding.user),
        "body": bodies,
        "target": _target(coding, study),
        "jaiza:theme": coding.theme,
        "jaiza:value": coding.value,
        "jaiza:role": coding.user.kind,
    }
    if coding.orphaned:
        made["jaiza:notInText"] = True
    if decision and decision.decided:
        made["created" if "T" in decision.decided else "jaiza:decided"] = decision.decided
    score = suggestion.score if suggestion else decision.score if decision else None
    if score is not None:
        made["jaiza:probability"] = round(score, 4)
    return made


def _target(coding: CodedPassage, study: Study) -> JsonObject | str:
    source: JsonObject = {"id": _source_id(study), "type": "Text", "label": study.source.label}
    if study.document:
        source["format"] = "application/pdf"
    if not coding.quote:
        return source
    if coding.span is None:
        return {"source": source, "selector": {"type": "TextQuoteSelector", "exact": coding.quote}}
    start, end = coding.span
    text = study.reading.text
    selectors: list[JsonObject] = [
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": _before(text, start),
            "suffix": _after(text, end),
        },
        {"type": "TextPositionSelector", "start": start, "end": end},
        {"type": "FragmentSelector", "conformsTo": _PDF_FRAGMENTS, "value": _fragment(list(coding.boxes))},
    ]
    return {"source": source, "selector": selectors}


def _before(text: str, start: int) -> str:
    return _within(text[max(0, start - _AROUND) : start][::-1])[::-1]


def _after(text: str, end: int) -> str:
    return _within(text[end : end + _AROUND])


def _within(text: str) -> str:
    """As many of the first characters as make up `_AROUND` UTF-16 units; those beyond U+FFFF are two."""
    room = _AROUND
    for place, character in enumerate(text):
        room -= 2 if ord(character) > 0xFFFF else 1
        if room < 0:
            return text[:place]
    return text


def _fragment(boxes: list[Box]) -> str:
    """The page, and the rectangle on it where the words stand on one page: left, top, width and height in points."""
    page = boxes[0].page
    if any(box.page != page for box in boxes):
        return f"page={page}"
    left, top = min(box.x0 for box in boxes), min(box.top for box in boxes)
    width, height = max(box.x1 for box in boxes) - left, max(box.bottom for box in boxes) - top
    return f"page={page}&viewrect={left:.1f},{top:.1f},{width:.1f},{height:.1f}"


def _creator(user: User) -> dict[str, str]:
    kinds = {"machine": "Software", "published": "Organization"}
    return {"id": f"urn:uuid:{user_guid(user)}", "type": kinds.get(user.kind, "Person"), "name": user.label}


def _named(coding: CodedPassage, codebook: Codebook) -> str:
    if coding.value == 1:
        names = {theme.code: theme.name for theme in codebook.themes}
        return f"{coding.theme} {names.get(coding.theme, '')}".strip()
    return f"{coding.theme} {EVIDENCE if coding.value else ABSENT}"


def _source_id(study: Study) -> str:
    """The PDF named by its hash (RFC 6920), so that whoever has the file knows it; else the study by its id."""
    if study.document is None:
        return f"urn:uuid:{source_guid(study.source.id)}"
    digest = urlsafe_b64encode(bytes.fromhex(study.document.sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _urn(*what: str) -> str:
    return f"urn:uuid:{guid(*what)}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
