"""RIS: what Zotero, EndNote, Mendeley, Scopus, Rayyan, ASReview and most databases export.

A record goes from TY to ER. Files that people have are less tidy: an ER is missing, a record begins without TY, there
is one blank before the hyphen, values run over several lines, and other lines stand in between. The tags are those of
the specification of 2011 and of what programs write besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.reference_lists.fields import (
    doi_of,
    page_range,
    pmid_of,
    read_addresses,
    read_files,
    read_year,
    split_listed,
)
from corpus.reference_lists.kinds import read_kind, read_language
from corpus.reference_lists.plain_text import from_markup
from corpus.reference_lists.prior_screening import screenings_in
from corpus.reference_lists.readers.tagged import TaggedRecord
from corpus.reference_lists.records import Found, Refused, Remark
from corpus.registry.work import Work

NAME = "RIS"
_TAGS = re.compile(
    "TY|ER|A[1-5BDNUV]|BT|C[1-8APTY]|D[ABIOPS]|E[DPT]|I[DS]|J[12AFO]|KW|L[1-4ABK]|M[1-3]|N[1-3V]|OP|P[BMPY]|PMID|"
    "R[INP]|S[ENOPT]|T[1-3AIT]|U[1-5R]|V[LO]|W[PTV]|Y[12R]"
)
_TAG = re.compile(r"[ \t]*([A-Z][A-Z0-9]|PMID)([ \t\xa0]{1,4})[-–](?:[ \t\xa0](.*)|)$")
_TAG_WITHOUT_BLANK = re.compile(r"[ \t]*([A-Z][A-Z0-9])([ \t\xa0]{2})[-–](\S.*)$")
_NEXT_RECORD = re.compile(
    r"^([ \t]*ER[ \t\xa0]{1,4}-)[ \t]*(?=TY[ \t\xa0]{1,4}-)", re.MULTILINE
)  # in files that were joined
_RUNNING_ON = re.compile("A[12BDU]|BT|C[1TY]|ED|J[FO]|KW|L[12]|N[12]|PB|S[OT]|T[123IT]|UR")  # over several lines
_BEGIN = re.compile(r"^[ \t]*TY[ \t\xa0]{1,4}-", re.MULTILINE)
_TITLES = ("TI", "T1", "CT", "BT", "TT", "ST")
_CONTAINERS = ("T2", "JF", "JO", "BT", "SO", "JA", "J2", "J1", "TA", "T3")


def looks_like_ris(text: str) -> bool:
    """Is there a line that begins a record?"""
    return bool(_BEGIN.search(text))


def read_ris(text: str) -> Iterator[Found]:
    """The records of a RIS file."""
    number = 0
    for record in _records(text):
        if not record.values.get("TY") and not record.first(*_TITLES):  # a line after ER, as some hosts write it
            yield Remark(f"line {record.line}", f"stands outside of a record: {', '.join(record.values)}")
            continue
        number += 1
        place = f"record {number} (line {record.line})"
        for line, said in record.stray[:3]:
            yield Remark(place, f"line {line} is no RIS tag and was passed over: {said[:80]}")
        yield _work(record, place) if record.first(*_TITLES) else Refused(place, _why_none(record))
        if len(record.all("TI") or record.all("T1")) > 1:
            yield Remark(place, "it has a second title, which was passed over")


def _records(text: str) -> Iterator[TaggedRecord]:
    record: TaggedRecord | None = None
    for number, line in _lines(text):
        found = _TAG.match(line) or _TAG_WITHOUT_BLANK.match(line)
        tag = found[1] if found and (_TAGS.fullmatch(found[1]) or len(found[2]) == 2) else ""
        if tag == "TY" or tag == "ER":
            if record and record.values:
                yield record
            record = TaggedRecord(number) if tag == "TY" else None
        if tag == "ER":
            continue
        if found and tag:
            record = record or TaggedRecord(number)  # a record whose TY is missing
            record.add(tag, found[3] or "")
        elif record and line.strip():
            if _RUNNING_ON.fullmatch(record.open):
                record.go_on(line)
            else:
                record.stray.append((number, line.strip()))
    if record and record.values:
        yield record


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; a TY that stands behind the ER before it is a line of its own."""
    for number, line in enumerate(text.split("\n"), start=1):
        end = _NEXT_RECORD.match(line)
        if end:
            yield number, end[1]
        yield number, line[end.end() :] if end else line


def _work(record: TaggedRecord, place: str) -> Work:
    titles = record.all(*_TITLES)
    links = read_addresses([*record.all("L1"), *record.all("UR"), *record.all("L2", "L3", "LK")])
    notes = record.all("N1")
    container = next((one for one in record.all(*_CONTAINERS) if one != titles[0]), "")
    return Work(
        place=place,
        title=from_markup(titles[0]),
        authors=_people(record),
        year=read_year(*record.all("PY", "Y1", "YR", "DA", "Y2")),
        publisher=from_markup(record.first("PB")),
        kind=read_kind(record.first("TY"), "ris", said=record.first("M3")),
        doi=doi_of(" ".join(record.all("DO", "DI")[:1]) or _if_doi(record.first("M3")), links),
        urls=links,
        language=read_language("; ".join(record.all("LA"))),
        container_title=from_markup(container),
        volume=record.first("VL", "VO"),
        issue=record.first("IS"),
        pages=page_range(record.first("SP", "PP", "C7"), record.first("EP")),
        pmid=_pmid(record, notes),
        abstract=from_markup(record.first("AB", "N2")),
        keywords=split_listed(map(from_markup, record.lines("KW"))),
        screenings=screenings_in(notes),
        files=read_files(record.all("L1", "L2", "L3", "L4", "UR")),
    )


def _people(record: TaggedRecord) -> tuple[str, ...]:
    names = record.lines("AU", "A1") or record.lines("ED", "A2") or record.lines("A3", "A4")
    return split_listed(map(from_markup, names))


def _if_doi(text: str) -> str:
    return text if re.match(r"(?:doi:?\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4}", text.strip(), re.IGNORECASE) else ""


def _pmid(record: TaggedRecord, notes: list[str]) -> str:
    number = record.first("PMID", "PM", "AN")
    if re.fullmatch(r"\d{1,8}", number) and (
        record.first("PMID", "PM") or re.search("pubmed|medline|nlm", " ".join(record.all("DB", "DP")), re.IGNORECASE)
    ):
        return number
    return pmid_of(*record.all("AN", "C2", "ID", "UR", "L2"), *notes)


def _why_none(record: TaggedRecord) -> str:
    told = ", ".join(f"{tag} {record.first(tag)[:40]}" for tag in ("AU", "T2", "JO", "PY", "DO") if record.first(tag))
    return f"has no title (TI or T1){': ' + told if told else ''}"
