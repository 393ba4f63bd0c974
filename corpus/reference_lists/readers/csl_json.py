"""CSL-JSON: what Zotero, Mendeley, Paperpile and citeproc exchange (citationstyles.org, csl-data.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from corpus.reference_lists.fields import doi_of, pmid_of, read_addresses, read_files, read_year, split_keywords
from corpus.reference_lists.kinds import read_kind, read_language
from corpus.reference_lists.plain_text import from_markup, one_line
from corpus.reference_lists.prior_screening import screenings_in
from corpus.reference_lists.records import Found, Refused
from corpus.registry.work import Work

NAME = "CSL-JSON"
_MEMBERS = ("items", "references", "records", "data")  # where programs wrap the list into an object
# One of these makes an object a reference; "type" alone is in many others.
_KEYS = frozenset(["title", "author", "DOI", "issued", "container-title", "itemType"])
# What Zotero's own JSON (also that of Better BibTeX) calls the fields, by their names in CSL-JSON.
_ZOTERO = {
    "author": "creators", "issued": "date", "URL": "url", "abstract": "abstractNote", "page": "pages",
    "container-title": "publicationTitle", "note": "extra", "keyword": "tags", "genre": "reportType",
    "collection-title": "bookTitle", "citation-key": "citationKey",
}  # fmt: skip
_LONGEST_NUMBER = 100  # digits
_NO_ITEMS = frozenset(["attachment", "note", "annotation"])


def looks_like_csl_json(text: str) -> bool:
    """Is it a JSON list of objects, some of which have a key of a reference?"""
    items = _items(text) if text.lstrip()[:1] in ("[", "{") else None
    return items is not None and any(isinstance(one, dict) and _KEYS & set(_from_zotero(one)) for one in items)


def read_csl_json(text: str) -> Iterator[Found]:
    """The items of a CSL-JSON file."""
    number = 0
    for item in _items(text) or ():
        item = _from_zotero(item) if isinstance(item, dict) else item
        if isinstance(item, dict) and item.get("itemType") in _NO_ITEMS:
            continue
        number += 1
        if not isinstance(item, dict):
            yield Refused(f"item {number}", "is no object with a title")
            continue
        key = item.get("id") or item.get("citation-key") or ""
        place = f"item {number}" + (f" ({_text(key)[:60]})" if key else "")
        title = from_markup(_text(item.get("title")))
        yield _work(item, place, title) if title else Refused(place, "has no title")


def _items(text: str) -> list[object] | None:
    try:
        data = json.loads(text, parse_int=_number)
    except RecursionError:
        return None
    except ValueError:
        return _lines(text)
    if isinstance(data, dict):
        data = next((data[name] for name in _MEMBERS if isinstance(data.get(name), list)), [data])
    return data if isinstance(data, list) else None


def _number(digits: str) -> int | str:
    """A number; one of thousands of digits, which Python reads as no number, stays text."""
    return int(digits) if len(digits) < _LONGEST_NUMBER else digits


def _lines(text: str) -> list[object] | None:
    """An object a line, as some programs write long lists; None where a line is none."""
    try:
        return [json.loads(line, parse_int=_number) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        return None


def _from_zotero(item: dict[str, object]) -> dict[str, object]:
    """An item of Zotero's own JSON under the names of CSL-JSON; others as they are."""
    inner = item.get("data")
    item = inner if isinstance(inner, dict) and "itemType" in inner else item
    if "itemType" not in item:
        return item
    renamed = {name: item[theirs] for name, theirs in _ZOTERO.items() if item.get(theirs)}
    files = item.get("attachments")
    paths = [one.get("path") for one in files if isinstance(one, dict)] if isinstance(files, list) else []
    return {**item, **renamed, "type": item["itemType"], "files": [path for path in paths if path]}


def _work(item: Mapping[str, object], place: str, title: str) -> Work:
    links = read_addresses([_text(item.get("URL"))])
    note = _text(item.get("note"), lines=True)
    return Work(
        place=place,
        title=title,
        authors=_people(item.get("author") or item.get("authors")) or _people(item.get("editor")),
        year=_year(item.get("issued")) or _year(item.get("submitted")) or _year(item.get("year")),
        publisher=from_markup(_text(item.get("publisher"))),
        kind=_kind(item),
        doi=doi_of(_text(item.get("DOI")), links),
        urls=links,
        language=read_language(_text(item.get("language"))),
        container_title=from_markup(_text(item.get("container-title")) or _text(item.get("collection-title"))),
        volume=_text(item.get("volume")),
        issue=_text(item.get("issue") or item.get("number") or item.get("collection-number")),
        pages=_text(item.get("page")),
        pmid=_text(item.get("PMID")) or pmid_of(note),
        abstract=from_markup(_text(item.get("abstract"))),
        keywords=_keywords(item),
        screenings=screenings_in([note]),
        files=read_files(map(_text, given)) if isinstance(given := item.get("files"), list) else (),
    )


def _kind(item: Mapping[str, object]) -> str:
    return read_kind(_text(item.get("type")), "zotero" if "itemType" in item else "csl", said=_text(item.get("genre")))


def _keywords(item: Mapping[str, object]) -> tuple[str, ...]:
    given = item.get("keyword") or item.get("categories")
    if isinstance(given, list):
        words = [_text(one.get("tag") if isinstance(one, dict) else one) for one in given]
    else:
        words = list(split_keywords(_text(given)))
    return tuple(dict.fromkeys(filter(None, map(from_markup, words))))


def _people(names: object) -> tuple[str, ...]:
    people = []
    for name in names if isinstance(names, list) else ():
        if isinstance(name, dict):
            name = {"family": name.get("lastName"), "given": name.get("firstName"), "literal": name.get("name"), **name}
            particles = (_text(name.get("non-dropping-particle")), _text(name.get("family")))
            family = " ".join(filter(None, particles))
            given = " ".join(filter(None, (_text(name.get("given")), _text(name.get("dropping-particle")))))
            suffix = _text(name.get("suffix"))
            said = _text(name.get("literal")) or ", ".join(filter(None, (family, given, suffix)))
        else:
            said = _text(name)
        people.append(from_markup(said))
    return tuple(dict.fromkeys(filter(None, people)))


def _year(date: object) -> int | None:
    if not isinstance(date, dict):
        return read_year(_text(date))
    parts = date.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    spelled = _text(first[0]) if isinstance(first, list) and first else ""
    return read_year(spelled, _text(date.get("raw")), _text(date.get("literal")))


def _text(value: object, *, lines: bool = False) -> str:
    """`value` as text, "" for what is no text or number. Of a list (Crossref gives titles so) the first counts."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).encode("utf-8", errors="replace").decode()  # half of a surrogate pair can't be written anywhere
    return text.strip() if lines else one_line(text)
