"""BibTeX and BibLaTeX, as Google Scholar, Mendeley, Zotero, JabRef and people write it.

bibtexparser takes the file apart. What it gives up on (an entry without key or closing brace, two commas in a row) is
read once more field by field, as far as it goes. An entry that has its key, or a field, twice is one like any other.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)
from bibtexparser.splitter import Splitter

from corpus.reference_lists.fields import (
    doi_of,
    is_institution,
    pmid_of,
    read_addresses,
    read_files,
    read_year,
    split_keywords,
)
from corpus.reference_lists.kinds import read_kind, read_language
from corpus.reference_lists.plain_text import from_latex, one_line
from corpus.reference_lists.prior_screening import screenings_in
from corpus.reference_lists.readers.bibtex_values import after_value, loose_fields, piece_end, plain_value
from corpus.reference_lists.records import Found, Refused, Remark
from corpus.registry.work import Work

NAME = "BibTeX"
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it can't parse is told by remarks and refusals

_BEGIN = re.compile(r"^[ \t]*@[ \t]*[a-zA-Z]+[ \t]*[{(]", re.MULTILINE)
_FIELD_LINE = re.compile(r"\n(?=[ \t]*[a-zA-Z][\w-]*[ \t]*=[ \t]*[{\"])")
_HEAD = re.compile(r"\s*@\s*([a-zA-Z]+)\s*[{(]\s*(?:([^\s=,{}]*)\s*,)?")
_NO_ENTRIES = frozenset(["comment", "preamble", "string"])
_NOT_INHERITED = frozenset(["crossref", "xdata", "doi", "url", "abstract", "file", "keywords"])
_MOST_ABOVE = 20  # entries that name one another; a part, its book and its series are three
_NO_WORKS = {"xdata": "it holds facts for other entries", "set": "it names other entries as one"}  # of BibLaTeX
_CONTAINERS = ("journal", "journaltitle", "booktitle", "maintitle", "series")
_INITIALS_FIRST = re.compile(r"\s*(?:[A-ZÀ-Þ]\.[\s-]?)+\w+")
_MONTHS = {name: name for name in ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]}


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry with its fields as they stand in the file."""

    kind: str
    key: str
    line: int
    fields: Mapping[str, str]  # by name in lower case; the first of a field that is there twice
    remark: str = ""


def looks_like_bibtex(text: str) -> bool:
    """Does a line begin with "@word{"?"""
    return bool(_BEGIN.search(text))


def read_bibtex(text: str) -> Iterator[Found]:
    """The entries of a BibTeX file; one that names another in `crossref` has its facts where it has none."""
    blocks = Splitter(text).split().blocks
    strings: dict[str, str] = dict(_MONTHS)
    for block in blocks:
        if isinstance(block, String):
            strings[block.key.lower()] = plain_value(block.value, strings)
    entries = [
        entry
        for block, rest in zip(blocks, [*blocks[1:], None], strict=True)
        if (entry := _entry(block, rest, strings))
    ]
    by_key = {entry.key.lower(): entry for entry in reversed(entries) if entry.key}
    known: dict[int, dict[str, str]] = {}
    for entry in entries:
        place = f"entry {entry.key or '(without key)'} (line {entry.line})"
        fields = _inherited(entry, by_key, known)
        title = _title(fields)
        if entry.kind.lower() in _NO_WORKS:
            yield Refused(place, f"is no work: {_NO_WORKS[entry.kind.lower()]}")
            continue
        yield _work(entry, fields, place, title) if title else Refused(place, "has no title")
        if entry.remark and title:
            yield Remark(place, entry.remark)


def _entry(block: Block, following: Block | None, strings: Mapping[str, str]) -> _Entry | None:
    """The entry in `block`; `following` may hold the rest of one that bibtexparser gave up on."""
    remark = ""
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        inner = block.ignore_error_block
        if isinstance(block, DuplicateFieldKeyBlock):
            remark = f"a field stands there twice ({', '.join(sorted(block.duplicate_keys))}): the first counts"
        block = inner if inner is not None else block
    line = (block.start_line or 0) + 1
    if isinstance(block, ParsingFailedBlock):
        rest = (following.raw or "") if isinstance(following, ImplicitComment) else ""
        return _salvaged(f"{block.raw or ''}{rest}", line, strings)
    if not isinstance(block, Entry) or block.entry_type.lower() in _NO_ENTRIES:
        return None
    fields: dict[str, str] = {}
    for field in block.fields:
        rest = after_value(str(field.value))
        fields.setdefault(field.key.lower().strip(), plain_value(str(field.value), strings))
        for name, value in loose_fields(rest, strings):  # a comma is missing after the field
            fields.setdefault(name, value)
            remark = f"a comma is missing after {field.key}"
    return _Entry(block.entry_type, block.key.strip(), line, fields, remark)


def _salvaged(raw: str, line: int, strings: Mapping[str, str]) -> _Entry | None:
    head = _HEAD.match(raw)
    if not head or head[1].lower() in _NO_ENTRIES:
        return None
    fields: dict[str, str] = {}
    for part in _FIELD_LINE.split(raw[head.end() :]):  # a brace too few ends with its line
        for name, value in loose_fields(part, strings):
            fields.setdefault(name, value.rstrip(" ,\n"))
    return _Entry(head[1], head[2] or "", line, fields, "not proper BibTeX: read as far as it goes, look at it")


def _inherited(
    entry: _Entry, by_key: Mapping[str, _Entry], known: dict[int, dict[str, str]], *, depth: int = 0
) -> dict[str, str]:
    """The fields of an entry, with those of the entries it names in `crossref` and `xdata` where it has none.

    The title of the entry that `crossref` names is that of the book. `known`: what was found already, by the identity
    of the entry, so that a circle ends and each is looked at once.
    """
    if id(entry) in known:
        return known[id(entry)]
    own = known[id(entry)] = {name: value for name, value in entry.fields.items() if value.strip()}
    for name in ("crossref", "xdata") if depth < _MOST_ABOVE else ():
        for key in own.get(name, "").lower().split(","):
            parent = by_key.get(key.strip())
            if parent is None or parent is entry:
                continue
            given = dict(_inherited(parent, by_key, known, depth=depth + 1))
            if name == "crossref":
                given = _of_book(parent, given)
                if "author" in own:
                    given.pop("author", None)
            own = {**given, **own}
    known[id(entry)] = own
    return own


def _of_book(book: _Entry, fields: Mapping[str, str]) -> dict[str, str]:
    """What a book, or a volume of proceedings, hands down to its parts."""
    given = {name: value for name, value in fields.items() if name not in _NOT_INHERITED}
    title, subtitle = given.pop("title", ""), given.pop("subtitle", "")
    if title and not book.fields.get("booktitle"):
        given["booktitle"] = f"{title}: {subtitle}" if subtitle else title
    return given


def _title(fields: Mapping[str, str]) -> str:
    title, subtitle = from_latex(fields.get("title", "")), from_latex(fields.get("subtitle", ""))
    return f"{title}: {subtitle}" if title and subtitle else title


def _work(entry: _Entry, fields: Mapping[str, str], place: str, title: str) -> Work:
    links = read_addresses(_bare(fields.get(name, "")) for name in ("url", "link", "pdf", "eprint", "howpublished"))
    note = fields.get("note", "")
    volume = from_latex(fields.get("volume", ""))
    return Work(
        place=place,
        title=title,
        authors=_people(fields.get("author", "")) or _people(fields.get("editor", "")) or _institution(fields),
        year=read_year(*(fields.get(name, "") for name in ("year", "date", "origdate"))),
        publisher=_first(fields, "publisher", "institution", "school", "organization", "howpublished"),
        kind=_kind(entry.kind, fields),
        doi=doi_of(_bare(fields.get("doi", "")), links),
        urls=links,
        language=read_language(from_latex(fields.get("language") or fields.get("langid") or "")),
        container_title=_first(fields, *_CONTAINERS),
        volume=volume,
        issue=_first(fields, "issue", "number") if "issue" in fields else _first(fields, "number"),
        pages=re.sub(r"\s*[-–—]+\s*", "-", from_latex(fields.get("pages", ""))),
        pmid=from_latex(fields.get("pmid", "")) or pmid_of(note, *links),
        abstract=from_latex(fields.get("abstract", "")),
        keywords=split_keywords(from_latex(fields.get("keywords") or fields.get("keyword") or "")),
        screenings=screenings_in([note, fields.get("annote", ""), fields.get("notes", "")]),
        files=_files(fields.get("file") or fields.get("pdf") or ""),
    )


def _kind(entry_type: str, fields: Mapping[str, str]) -> str:
    return read_kind(entry_type, "bibtex", said=from_latex(fields.get("type") or fields.get("entrysubtype") or ""))


def _people(names: str) -> tuple[str, ...]:
    people = (_person(name) for name in _parted(one_line(names).strip(" ,")))
    return tuple(dict.fromkeys(name for name in people if name and name.lower() != "others"))


def _parted(names: str) -> list[str]:
    """The names in a field: "and" parts them; where somebody wrote ";", "&" or commas instead, those do."""
    found = [str(name) for name in split_multiple_persons_names(names)]
    if len(found) != 1 or "{" in names:
        return found
    if ";" in names:
        return names.split(";")
    joined = re.split(r"\s+(?:\\?&)\s+", names)
    if len(joined) > 1 and all("," in name or _INITIALS_FIRST.match(name) for name in joined):
        return joined
    apart = [name.strip() for name in names.split(",")]
    return apart if len(apart) > 2 and all(" " in name for name in apart) else found


def _person(name: str) -> str:
    """ "Surname, Given" of a name taken apart; "{World Bank}" stays whole."""
    bare = name.strip().rstrip(",;")
    if bare.startswith("{") and piece_end(bare, 0) == len(bare):
        return from_latex(bare)
    if "," not in bare and is_institution(bare):
        return from_latex(bare)
    parts = parse_single_name_into_parts(bare, strict=False)
    surname = from_latex(" ".join([*parts.von, *parts.last]))
    given = ", ".join(filter(None, (from_latex(" ".join(parts.first)), from_latex(" ".join(parts.jr)))))
    return f"{surname}, {given}" if surname and given else surname or given


def _files(text: str) -> tuple[str, ...]:
    r"""The PDFs that `file` names, as Zotero ("Full Text:files/1/a.pdf:application/pdf"), JabRef (":a.pdf:PDF") and
    Mendeley (":C$\backslash$:/a.pdf:pdf") write it, several with ";" between them."""
    plain = re.sub(r"\$\\backslash\$|\{?\\textbackslash\s?(?:\{\})?\}?", r"\\", text)
    entries = re.split(r"(?<!\\);", plain)
    parts = (re.split(r"(?<!\\):(?!//)", one) if ":" in one else [one] for one in entries)
    paths = (next((part for part in one if part.strip().lower().endswith(".pdf")), "") for one in parts)
    return read_files(re.sub(r"\\([:;_&%#$ \\])", r"\1", path.strip()) for path in paths if path)


def _institution(fields: Mapping[str, str]) -> tuple[str, ...]:
    name = _first(fields, "institution", "organization")
    return (name,) if name else ()


def _bare(text: str) -> str:
    r"""An address or DOI without what programs put before its signs: "\_", "{\_}", "\url{...}"."""
    inner = re.sub(r"\\url\s*\{([^{}]*)\}", r"\1", re.sub(r"\{?\\textasciitilde\s?(?:\{\})?\}?", "~", text))
    return (
        re.sub(r"[{}\s]", "", re.sub(r"\{?\\([^a-zA-Z])\}?", r"\1", inner)) if "http" in inner or "10." in inner else ""
    )


def _first(fields: Mapping[str, str], *names: str) -> str:
    return next((text for name in names if (text := from_latex(fields.get(name, "")))), "")
