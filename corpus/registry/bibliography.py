"""Reference lists exported from Zotero, EndNote or Mendeley: RIS and BibTeX, read into works."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
from pylatexenc.latex2text import LatexNodes2Text

from corpus.errors import DataFileError
from corpus.registry.doi import bare_doi
from corpus.registry.sources import Candidate, Source

SUFFIXES = (".ris", ".bib")
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it can't parse is told by `unusable`

# What the two formats call a kind of work, in the words of the registry.
_KINDS = {
    "jour": "journal article", "ejour": "journal article", "jfull": "journal article", "article": "journal article",
    "rprt": "policy report", "report": "policy report", "govdoc": "policy report", "techreport": "policy report",
    "thes": "thesis", "thesis": "thesis", "phdthesis": "thesis", "mastersthesis": "thesis",
    "book": "book", "chap": "book chapter", "inbook": "book chapter", "incollection": "book chapter",
    "conf": "conference paper", "cpaper": "conference paper", "inproceedings": "conference paper",
    "unpb": "working paper", "unpublished": "working paper",
}  # fmt: skip
_PUBLISHED_BY = ("journal", "journaltitle", "institution", "publisher", "school", "booktitle")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_BARE_PER_CENT = re.compile(r"(?<!\\)%")  # in LaTeX it would begin a comment, in a title it means per cent


@dataclass(frozen=True, slots=True)
class Work:
    """One record of a reference list; what it does not say is empty."""

    place: str  # in its file, for example "record 3" or "entry khan2016 (line 12)"
    title: str
    authors: tuple[str, ...] = ()  # "Surname, Given" or an institution
    year: int | None = None
    publisher: str = ""
    kind: str = "unknown"  # as in the registry
    doi: str = ""  # bare, lower case
    urls: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The records of one file, and those that could not be used, each with the reason."""

    works: tuple[Work, ...]
    unusable: tuple[str, ...]


def read_bibliography(path: Path) -> Bibliography:
    """The works in a RIS or BibTeX file. A record without a title is told of and left out; the others count.

    DataFileError: it can't be read, or there is not one record in it.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataFileError(path, "", "not UTF-8 text", "Export it again with the encoding UTF-8") from None
    except OSError as error:
        raise DataFileError(path, "", f"can't be read ({error.strerror})") from None
    read = _bibtex if path.suffix.lower() == ".bib" else _ris
    works, unusable = [], []
    for found in read(text, path):
        if isinstance(found, str):
            unusable.append(found)
        elif not found.title:
            unusable.append(f"{found.place}: has no title")
        else:
            works.append(found)
    if not works and not unusable:
        raise DataFileError(path, "", "no record in it", "Export the list as RIS (.ris) or BibTeX (.bib)")
    return Bibliography(tuple(works), tuple(unusable))


def as_source(work: Work, *, source_id: str, label: str) -> Source:
    """`work` as it would stand in the registry; its addresses are tried when the source is pulled."""
    addresses = [*work.urls, *([f"https://doi.org/{work.doi}"] if work.doi else [])]
    return Source(
        id=source_id,
        label=label,
        title=work.title,
        authors=work.authors,
        year=work.year,
        publisher=work.publisher,
        kind=work.kind,
        language=work.language,
        doi=work.doi,
        identified="seen",
        candidates=tuple(Candidate(url, kind_of(url), "seen") for url in dict.fromkeys(addresses)),
    )


def kind_of(url: str) -> Any:
    """Whether an address looks like the file itself ("pdf") or like a page that leads to it ("landing")."""
    return "pdf" if url.partition("?")[0].lower().endswith(".pdf") else "landing"


def _ris(text: str, path: Path) -> Iterator[Work | str]:
    try:
        records: list[dict[str, Any]] = rispy.loads(text)
    except (rispy.parser.ParseError, OSError, ValueError, KeyError, IndexError) as error:
        raise DataFileError(path, "", f"not a proper RIS file ({error})", "Export the list again as RIS") from None
    for number, record in enumerate(records, start=1):
        first = {key: value for key, value in record.items() if isinstance(value, str)}
        authors = record.get("authors") or record.get("first_authors") or record.get("secondary_authors") or ()
        yield Work(
            place=f"record {number}",
            title=_line(_first(first, "title", "primary_title", "translated_title")),
            authors=tuple(filter(None, map(_line, authors))),
            year=_year(_first(first, "year", "publication_year", "date")),
            publisher=_line(_first(first, "publisher", "secondary_title", "journal_name", "alternate_title3")),
            kind=_KINDS.get(first.get("type_of_reference", "").lower(), "unknown"),
            doi=bare_doi(first.get("doi", "")),
            urls=_web(record.get("urls", ()) or [first.get("url", "")]),
            language=_language(first.get("language", "")),
        )


def _bibtex(text: str, path: Path) -> Iterator[Work | str]:
    library = parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    for block in library.failed_blocks:
        line = f"line {block.start_line + 1}" if block.start_line is not None else "somewhere"
        reason = getattr(block.error, "abort_reason", None) or str(block.error) or "not a proper BibTeX entry"
        yield f"{line}: {_line(reason)[:200]}"
    for entry in library.entries:
        fields: dict[str, Any] = {field.key.lower(): field.value for field in entry.fields}
        names = fields.get("author") or fields.get("editor") or fields.get("institution") or fields.get("organization")
        given = [names] if isinstance(names, str) else list(names or ())
        said = {key: value for key, value in fields.items() if isinstance(value, str)}
        yield Work(
            place=f"entry {entry.key} (line {(entry.start_line or 0) + 1})",
            title=_plain(said.get("title", "")),
            authors=tuple(filter(None, map(_author, given))),
            year=_year(_first(said, "year", "date")),
            publisher=_plain(_first(said, *_PUBLISHED_BY)),
            kind=_KINDS.get(entry.entry_type.lower(), "unknown"),
            doi=bare_doi(said.get("doi", "").replace("\\", "")),
            urls=_web([said.get("url", "").replace("\\", "")]),
            language=_language(_first(said, "language", "langid")),
        )


def _author(name: Any) -> str:
    """ "Surname, Given" of a name taken apart; "{World Bank}" and plain text stay whole."""
    if isinstance(name, str):
        return _plain(name)
    surname, given = _plain(" ".join([*name.von, *name.last, *name.jr])), _plain(" ".join(name.first))
    return f"{surname}, {given}" if given else surname


def _plain(latex: str) -> str:
    """LaTeX as text: "{P}overty \\& \\'Etude" is "Poverty & Étude"."""
    return _line(LatexNodes2Text().latex_to_text(_BARE_PER_CENT.sub(r"\\%", latex)))


def _line(text: str) -> str:
    return " ".join(text.split())


def _first(fields: Mapping[str, str], *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _year(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def _web(urls: Iterable[str]) -> tuple[str, ...]:
    plain = (url.strip() for url in urls if url)
    return tuple(url for url in plain if url.startswith(("http://", "https://")) and not re.search(r"\s", url))


def _language(text: str) -> str:
    return {"en": "English", "eng": "English", "english": "English"}.get(text.strip().lower()[:7], text.strip())
