"""Web of Science (.ciw, .isi, "plain text"): two letters, a blank and the value; further lines have three blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.reference_lists.fields import doi_of, name_of, page_range, read_addresses, read_year, split_keywords
from corpus.reference_lists.kinds import UNKNOWN, read_kind, read_language
from corpus.reference_lists.plain_text import from_markup
from corpus.reference_lists.readers.tagged import TaggedRecord
from corpus.reference_lists.records import Found, Refused
from corpus.registry.work import Work

NAME = "Web of Science"
_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|)$")
_BEGIN = re.compile(r"^PT [A-Z]", re.MULTILINE)
_TITLE = re.compile(r"^TI \S", re.MULTILINE)


def looks_like_web_of_science(text: str) -> bool:
    """Are there lines that begin a record (PT) and a title (TI) in columns of two letters?"""
    return bool(_BEGIN.search(text) and _TITLE.search(text))


def read_web_of_science(text: str) -> Iterator[Found]:
    """The records of a list from Web of Science (also Zoological Record, SciELO and others of the same house)."""
    for number, record in enumerate(_records(text), start=1):
        place = f"record {number} (line {record.line})"
        title = from_markup(record.first("TI", "FT"))
        yield _work(record, place, title) if title else Refused(place, "has no title (TI)")


def _records(text: str) -> Iterator[TaggedRecord]:
    record: TaggedRecord | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        found = _TAG.match(line.rstrip())
        tag = found[1] if found else ""
        if tag in ("PT", "ER", "EF") and record:
            if record.values:
                yield record
            record = None
        if tag in ("ER", "EF", "FN", "VR"):
            continue
        if found:
            record = record or TaggedRecord(number)
            record.add(tag, found[2] or "")
        elif record and record.open and line.startswith(" ") and line.strip():
            record.go_on(line)
    if record and record.values:
        yield record


def _work(record: TaggedRecord, place: str, title: str) -> Work:
    people = record.lines("AF") or record.lines("AU") or record.lines("BF", "BE", "ED")
    institutions = record.lines("CA") or ([] if people else record.lines("GP", "BA"))
    links = read_addresses(record.all("UR"))
    kinds = (read_kind(one, "other") for one in [*record.all("DT"), record.first("PT")])
    number = record.first("PM").removeprefix("MEDLINE:")
    return Work(
        place=place,
        title=title,
        authors=tuple(dict.fromkeys(map(from_markup, [*map(name_of, people), *institutions]))),
        year=read_year(record.first("PY"), record.first("EA"), record.first("PD")),
        publisher=from_markup(record.first("PU")),
        kind=next((kind for kind in kinds if kind != UNKNOWN), UNKNOWN),
        doi=doi_of(record.first("DI", "D2"), links),
        urls=links,
        language=read_language("; ".join(record.all("LA"))),
        container_title=from_markup(record.first("SO", "JI", "SE")),
        volume=record.first("VL"),
        issue=record.first("IS"),
        pages=page_range(record.first("BP", "PS", "AR"), record.first("EP")),
        pmid=number if number.isdigit() else "",
        abstract=from_markup(record.first("AB")),
        keywords=split_keywords(from_markup("; ".join(record.all("DE", "ID")))) if record.first("DE", "ID") else (),
    )
