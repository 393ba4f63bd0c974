"""PubMed's own format (.nbib, "MEDLINE"): a tag in four columns, a hyphen, and the value; further lines are indented.

Also what PsycInfo and ERIC call by that name. The tags are described in the National Library of Medicine's list of
MEDLINE/PubMed data elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import groupby

from corpus.reference_lists.fields import doi_of, name_of, read_addresses, read_year
from corpus.reference_lists.kinds import UNKNOWN, read_kind, read_language
from corpus.reference_lists.plain_text import from_markup
from corpus.reference_lists.prior_screening import screenings_in
from corpus.reference_lists.readers.tagged import TaggedRecord
from corpus.reference_lists.records import Found, Refused
from corpus.registry.work import Work

NAME = "PubMed (nbib)"
_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)$")
_BEGIN = re.compile(r"^PMID ?- ?\S", re.MULTILINE)
_ALSO = re.compile(r"^(?:TI  - |FAU - |OWN - )", re.MULTILINE)
_TRANSLATED = re.compile(r"^\[(.*)\]\.?$")  # so stands the title of a work in another language
_TITLES = ("TI", "BTI")
_ERIC_FIRST = "OWN"  # where a list from ERIC begins one


def looks_like_nbib(text: str) -> bool:
    """Are there lines that begin with PMID and with other tags of PubMed?"""
    return bool(_BEGIN.search(text) and _ALSO.search(text)) or text.lstrip().startswith("OWN - ERIC")


def read_nbib(text: str) -> Iterator[Found]:
    """The records of a list from PubMed."""
    for number, record in enumerate(_records(text), start=1):
        place = f"record {number} (line {record.line})"
        title = _TRANSLATED.sub(r"\1", from_markup(record.first("TI", "BTI", "TT")))
        if title:
            yield _work(record, place, title)
        else:
            yield Refused(place, f"has no title (TI): PMID {record.first('PMID') or 'unknown'}")


def _records(text: str) -> Iterator[TaggedRecord]:
    begin = _ERIC_FIRST if text.lstrip().startswith("OWN - ERIC") else "PMID"
    record: TaggedRecord | None = None
    for paragraph in _paragraphs(text):
        tags = {found[1] for _, line in paragraph if (found := _TAG.match(line))}
        if record and _begins(tags, record, begin):  # PubMed Central has its own number before the one of PubMed
            yield record
            record = None
        for number, line in paragraph:
            if found := _TAG.match(line):
                if record and found[1] == begin and begin in record.values:
                    yield record
                    record = None
                record = record or TaggedRecord(number)
                record.add(found[1], found[2])
            elif record and record.open and line.startswith(" "):
                record.go_on(line)
    if record:
        yield record


def _paragraphs(text: str) -> Iterator[list[tuple[int, str]]]:
    """The lines between empty ones, each with its number."""
    for filled, lines in groupby(enumerate(text.split("\n"), start=1), lambda line: bool(line[1].strip())):
        if filled:
            yield list(lines)


def _begins(tags: Set[str], record: TaggedRecord, begin: str) -> bool:
    """Do these tags after an empty line begin a record, and are not the rest of `record`?"""
    titled = any(tag in record.values for tag in _TITLES)
    return begin in tags or (titled and any(tag in tags for tag in _TITLES))


def _work(record: TaggedRecord, place: str, title: str) -> Work:
    full, short = record.all("FAU"), record.all("AU")
    authors = [*(full or map(name_of, short)), *record.all("CN")] or record.all("FED", "ED")
    number = record.first("PMID")
    links = read_addresses(record.all("URL", "LID", "UR"))
    kinds = (read_kind(one, "other") for one in record.all("PT"))
    return Work(
        place=place,
        title=title,
        authors=tuple(dict.fromkeys(from_markup(name) for name in authors)),
        year=read_year(record.first("DP"), record.first("DEP"), record.first("EDAT")),
        publisher=from_markup(record.first("PB")),
        kind=next((kind for kind in kinds if kind != UNKNOWN), UNKNOWN),
        doi=_doi(record, links),
        urls=links,
        language=read_language("; ".join(record.all("LA"))),
        container_title=from_markup(record.first("JT", "TA", "CTI", "SO")),
        volume=record.first("VI"),
        issue=record.first("IP"),
        pages=record.first("PG"),
        pmid=number if number.isdigit() else "",
        abstract=from_markup(record.first("AB", "OAB")),
        keywords=tuple(dict.fromkeys(from_markup(one).strip("*") for one in [*record.all("OT"), *record.all("MH")])),
        screenings=screenings_in(record.all("GN", "N1")),
    )


def _doi(record: TaggedRecord, links: tuple[str, ...]) -> str:
    marked = (one for one in record.all("LID", "AID") if "[doi]" in one)
    return doi_of(next(marked, "") or record.first("DO", "DOI"), links)
