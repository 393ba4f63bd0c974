"""EndNote's tagged export (.enw, "Refer"): "%0 Journal Article", "%A Khan, Amina".

A blank line ends a record, or the tag that the list's first record begins with: %0 mostly, %T in lists of repositories.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.reference_lists.fields import doi_of, pmid_of, read_addresses, read_files, read_year, split_listed
from corpus.reference_lists.kinds import read_kind, read_language
from corpus.reference_lists.plain_text import from_markup
from corpus.reference_lists.prior_screening import screenings_in
from corpus.reference_lists.readers.tagged import TaggedRecord
from corpus.reference_lists.records import Found, Refused
from corpus.registry.work import Work

NAME = "EndNote (enw)"
_TAG = re.compile(r"%([A-Z0-9@!&*()+?~>\[\]:$#^<=-])(?:[ \t]+(.*)|)$", re.IGNORECASE)
_BEGIN = re.compile(r"^%(?:0|T|A)[ \t]+\S", re.MULTILINE)


def looks_like_endnote(text: str) -> bool:
    """Are there at least two lines of the kind "%0 ...", "%T ...", "%A ..."?"""
    return len(_BEGIN.findall(text[:20_000])) >= 2 or text.lstrip().startswith("%0 ")


def read_endnote(text: str) -> Iterator[Found]:
    """The records of an EndNote list."""
    for number, record in enumerate(_records(text), start=1):
        place = f"record {number} (line {record.line})"
        title = from_markup(record.first("T", "!"))
        yield _work(record, place, title) if title else Refused(place, "has no title (%T)")


def _records(text: str) -> Iterator[TaggedRecord]:
    record: TaggedRecord | None = None
    blank, begin = False, "0"
    for number, line in enumerate(text.split("\n"), start=1):
        found = _TAG.match(line.lstrip("\ufeff"))
        if not found:
            if record and line.strip() and record.open:
                record.go_on(line)
            blank = blank or not line.strip()
            continue
        begin = begin if record or found[1] != "T" else "T"
        if record is None or _is_next(record, found[1], begin, blank=blank):
            if record:
                yield record
            record = TaggedRecord(number)
        blank = False
        record.add(found[1], found[2] or "")
    if record:
        yield record


def _is_next(record: TaggedRecord, tag: str, begin: str, *, blank: bool) -> bool:
    """Does `tag` begin another record than `record`? `begin` is the tag of the list's first line, `blank` says whether
    a blank line stands before it."""
    return tag == begin or (tag in record.values and tag == "0") or (blank and tag in "0TA" and bool(record.first("T")))


def _work(record: TaggedRecord, place: str, title: str) -> Work:
    links = read_addresses([*record.all(">"), *record.all("U")])
    people = record.lines("A") or record.lines("E") or record.lines("?")
    return Work(
        place=place,
        title=title,
        authors=split_listed(map(from_markup, people)),
        year=read_year(record.first("D"), record.first("8")),
        publisher=from_markup(record.first("I")),
        kind=read_kind(record.first("0"), "other", said=record.first("9")),
        doi=doi_of(record.first("R"), links),
        urls=links,
        language=read_language("; ".join(record.all("G"))),
        container_title=from_markup(record.first("J", "B", "S")),
        volume=record.first("V"),
        issue=record.first("N"),
        pages=record.first("P"),
        pmid=_pmid(record),
        abstract=from_markup(record.first("X")),
        keywords=split_listed(map(from_markup, record.lines("K"))),
        screenings=screenings_in(record.all("Z", "<", "O")),
        files=read_files(record.all(">")),
    )


def _pmid(record: TaggedRecord) -> str:
    number = record.first("M")
    if re.fullmatch(r"\d{6,8}", number) and re.search("pubmed|medline|nlm", record.first("W", "~"), re.IGNORECASE):
        return number
    return pmid_of(*record.all("M", "U", "Z"))
