"""Zotero's RDF export: an element for every item, others for its attachments, its journal and its notes."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from corpus.reference_lists.fields import doi_of, pmid_of, read_addresses, read_files, read_year
from corpus.reference_lists.kinds import read_kind, read_language
from corpus.reference_lists.plain_text import from_markup
from corpus.reference_lists.prior_screening import screenings_in
from corpus.reference_lists.readers.xml_parser import local_name, parse_xml, text_of
from corpus.reference_lists.records import Found, Refused, Remark
from corpus.registry.work import Work

NAME = "Zotero RDF"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_NO_WORKS = ("attachment", "note", "annotation")


def looks_like_zotero_rdf(text: str) -> bool:
    """Is it RDF that says what Zotero calls the kind of an item?"""
    return text.lstrip().startswith("<") and "rdf:RDF" in text and "zotero.org/namespaces/export#" in text


def read_zotero_rdf(text: str) -> Iterator[Found]:
    """The items of a Zotero RDF file; attachments and notes are no items."""
    root, damage = parse_xml(text)
    resources = list(root) if root is not None else []
    by_address = {one.get(f"{_RDF}about", ""): one for one in resources}
    number = 0
    for element in resources:
        item_type = _child_text(element, "itemType")
        if not item_type or item_type in _NO_WORKS:
            continue
        number += 1
        title = from_markup(_child_text(element, "title"))
        place = f"item {number} (line {element.sourceline})"
        yield _work(element, place, title, item_type, by_address) if title else Refused(place, "has no title")
    if damage:
        yield Remark("the file", f"its XML is damaged ({damage}): look at the last items, or export it again")


def _work(
    element: etree._Element, place: str, title: str, item_type: str, by_address: dict[str, etree._Element]
) -> Work:
    whole = _container(element, by_address)
    marks = [text_of(one) for part in (element, whole) if part is not None for one in _children(part, "identifier")]
    attachments = [
        attached
        for link in _children(element, "link")
        if (attached := by_address.get(link.get(f"{_RDF}resource", ""))) is not None
    ]
    files = [text_of(identifier) for attached in attachments for identifier in _children(attached, "identifier")]
    paths = [one.get(f"{_RDF}resource", "") for attached in attachments for one in attached.iter("{*}resource")]
    links = read_addresses([*(one for one in files if one.lower().endswith(".pdf")), *marks, *files])
    extra = _child_text(element, "description")
    own_doi = next((one for one in marks if one.upper().startswith("DOI")), "")
    return Work(
        place=place,
        title=title,
        authors=_people(element, "authors") or _people(element, "editors") or _people(element, ""),
        year=read_year(_child_text(element, "date")),
        publisher=_publisher(element),
        kind=read_kind(item_type, "zotero", said=_child_text(element, "type")),
        doi=doi_of(own_doi, links),
        urls=links,
        language=read_language(_child_text(element, "language")),
        container_title=from_markup(_child_text(whole, "title")) if whole is not None else "",
        volume=_child_text(element, "volume") or (_child_text(whole, "volume") if whole is not None else ""),
        issue=_child_text(element, "number") or (_child_text(whole, "number") if whole is not None else ""),
        pages=_child_text(element, "pages"),
        pmid=pmid_of(extra, *marks),
        abstract=from_markup(_child_text(element, "abstract")),
        keywords=tuple(
            dict.fromkeys(filter(None, (from_markup(text_of(one)) for one in _children(element, "subject"))))
        ),
        screenings=screenings_in([extra]),
        files=read_files(paths),
    )


def _publisher(element: etree._Element) -> str:
    """The name of the organization, without its address."""
    given = next(iter(_children(element, "publisher")), None)
    named = next(given.iter("{*}name"), None) if given is not None else None
    return from_markup(text_of(named) if named is not None or given is None or len(given) else text_of(given))


def _container(element: etree._Element, by_address: dict[str, etree._Element]) -> etree._Element | None:
    """The journal or book an item is part of: within the item, or an element of its own that it points to."""
    for part in _children(element, "isPartOf"):
        inner = part[0] if len(part) else by_address.get(part.get(f"{_RDF}resource", ""))
        if inner is not None and _child_text(inner, "title"):
            return inner
    return None


def _people(element: etree._Element, role: str) -> tuple[str, ...]:
    """The people in one role ("authors"), or in any where `role` is ""."""
    names = []
    lists = _children(element, role) if role else list(element)
    for person in (one for list_ in lists for one in list_.iter("{*}Person")):
        surname = _child_text(person, "surname")
        given = _child_text(person, "givenName") or _child_text(person, "givenname")
        names.append(from_markup(f"{surname}, {given}" if given else surname or _child_text(person, "name")))
    return tuple(dict.fromkeys(filter(None, names)))


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if local_name(child) == name]


def _child_text(element: etree._Element | None, name: str) -> str:
    return text_of(next(iter(_children(element, name)), None)) if element is not None else ""
