"""EndNote's XML export: <xml><records><record>, with the styles of its words as elements of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from corpus.reference_lists.fields import doi_of, pmid_of, read_addresses, read_files, read_year
from corpus.reference_lists.kinds import read_kind, read_language
from corpus.reference_lists.plain_text import from_markup
from corpus.reference_lists.prior_screening import screenings_in
from corpus.reference_lists.readers.xml_parser import parse_xml, text_of
from corpus.reference_lists.records import Found, Refused, Remark
from corpus.registry.work import Work

NAME = "EndNote XML"
_RECORD = re.compile(r"<record(?:\s[^<>]*)?>")


def looks_like_endnote_xml(text: str) -> bool:
    """Is it XML with records, each of which says its kind?"""
    return text.lstrip().startswith("<") and "<records>" in text and ("<ref-type" in text or "<titles>" in text)


def read_endnote_xml(text: str) -> Iterator[Found]:
    """The records of an EndNote XML file."""
    root, damage = parse_xml(text)
    records = root.findall(".//record") if root is not None else []
    for number, record in enumerate(records, start=1):
        place = f"record {number} (line {record.sourceline})"
        title = _said(record, "titles/title", "titles/secondary-title")
        yield _work(record, place, title) if title else Refused(place, "has no title")
    missing = len(_RECORD.findall(text)) - len(records)
    for number in range(missing):
        yield Refused(f"record {len(records) + number + 1}", "can't be read: the XML is damaged from there on")
    if damage:
        yield Remark("the file", f"its XML is damaged ({damage}): look at the last records, or export it again")


def _work(record: etree._Element, place: str, title: str) -> Work:
    people = _all(record, "contributors/authors/author") or _all(record, "contributors/secondary-authors/author")
    links = read_addresses([*_all(record, "urls/pdf-urls/url"), *_all(record, "urls/*/url"), *_all(record, "urls/url")])
    ref_type = record.find("ref-type")
    name = (ref_type.get("name") or "") if ref_type is not None else ""
    accession = _said(record, "accession-num")
    from_pubmed = re.search("pubmed|medline|nlm", _said(record, "remote-database-name"), re.IGNORECASE)
    return Work(
        place=place,
        title=title,
        authors=tuple(dict.fromkeys(name.rstrip(", ") for name in people)),
        year=read_year(_said(record, "dates/year"), _said(record, "dates/pub-dates/date")),
        publisher=_said(record, "publisher"),
        kind=read_kind(name, "other", said=_said(record, "work-type")),
        doi=doi_of(_said(record, "electronic-resource-num"), links),
        urls=links,
        language=read_language(_said(record, "language")),
        container_title=_said(record, "periodical/full-title", "titles/secondary-title", "periodical/abbr-1"),
        volume=_said(record, "volume"),
        issue=_said(record, "number", "issue"),
        pages=_said(record, "pages"),
        pmid=accession if from_pubmed and accession.isdigit() else pmid_of(*_all(record, "urls/*/url"), accession),
        abstract=_said(record, "abstract"),
        keywords=tuple(dict.fromkeys(_all(record, "keywords/keyword"))),
        screenings=screenings_in([*_all(record, "notes"), *_all(record, "research-notes")]),
        files=read_files(_all(record, "urls/pdf-urls/url")),
    )


def _all(record: etree._Element, path: str) -> list[str]:
    return [text for one in record.findall(path) if (text := from_markup(text_of(one)))]


def _said(record: etree._Element, *paths: str) -> str:
    return next((text for path in paths for text in _all(record, path)), "")
