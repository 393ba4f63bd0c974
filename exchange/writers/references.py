"""The studies as references, in RIS, BibTeX and CSL-JSON: for Zotero, EndNote, Mendeley, JabRef, Word and LaTeX.

What is not known is left out. A theme that the merged matrix has for a study is a keyword of it. Journals go out as
journals and publishers as publishers; reports, books, chapters and conference papers under the type they have there
(corpus/reference_lists/kinds.toml).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.reference_lists.kinds import UNKNOWN, Format, read_kind, written_kind
from corpus.registry.source_details import SourceDetails
from corpus.registry.sources import Source
from synthesis.result import ReviewResult

# Kinds whose journal stands in `publisher` where the registry has no `container_title`.
_IN_JOURNALS = frozenset(["JOUR", "NEWS", "MGZN"])
# Type in BibTeX -> the field for the journal, book or series, and the field for who published it.
_BIBTEX_FIELDS = {
    "article": ("journal", "publisher"),
    "incollection": ("booktitle", "publisher"),
    "inproceedings": ("booktitle", "publisher"),
    "techreport": ("series", "institution"),
    "phdthesis": ("series", "school"),
    "misc": ("series", "howpublished"),
}
# Type in CSL-JSON -> the fields for the series a work is part of, and for its number.
_CSL_FIELDS = {"report": ("collection-title", "number"), "book": ("collection-title", "collection-number")}
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BibliographicRecord:
    """A study as it goes out."""

    source: Source
    keywords: tuple[str, ...] = ()
    abstract: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        """Its title, or the name it has in the matrix."""
        return _one_line(self.source.title or self.source.label)

    @property
    def container_title(self) -> str:
        """The journal, book, proceedings or series it appeared in."""
        given = self.source.container_title
        return given or (self.source.publisher if self._journal_is_publisher else "")

    @property
    def publisher(self) -> str:
        """Who published it, beside the journal."""
        return "" if self._journal_is_publisher else self.source.publisher

    @property
    def _journal_is_publisher(self) -> bool:
        return not self.source.container_title and written_kind(self.source.kind, "ris") in _IN_JOURNALS

    @property
    def url(self) -> str:
        """The first address that was printed or seen; a guess is no reference."""
        known = (one.url for one in self.source.candidates if one.standing != "unverified")
        return next(known, "").replace("{", "%7B").replace("}", "%7D")

    def said_kind(self, format_: Format) -> str:
        """The registry's word for its kind, where the type in `format_` does not say as much; else ""."""
        kind = self.source.kind
        return "" if kind == UNKNOWN or read_kind(written_kind(kind, format_), format_) == kind else kind


def references_ris(result: ReviewResult, details: Mapping[str, SourceDetails] | None = None) -> bytes:
    """The .ris file. `details` gives abstracts and keywords by source id."""
    return b"".join(ris_record(one).encode() for one in _references(result, details or {}))


def references_bibtex(result: ReviewResult, details: Mapping[str, SourceDetails] | None = None) -> bytes:
    """The .bib file, in UTF-8; a study's key is its id. `details` gives abstracts and keywords by source id."""
    return "\n".join(bibtex_entry(one) for one in _references(result, details or {})).encode()


def references_csl(result: ReviewResult, details: Mapping[str, SourceDetails] | None = None) -> bytes:
    """The CSL-JSON file, a list with an item a study. `details` gives abstracts and keywords by source id."""
    items = [csl_item(one) for one in _references(result, details or {})]
    return json.dumps(items, ensure_ascii=False, indent=2).encode() + b"\n"


def ris_record(reference: BibliographicRecord) -> str:
    """One record: tags of two letters, two blanks, a hyphen and a blank; lines end as the format wants, CR LF."""
    source = reference.source
    kind = written_kind(source.kind, "ris")
    first, _, last = source.pages.partition("-")
    fields = [
        ("TY", kind),
        ("ID", source.id),
        *(("AU", author) for author in source.authors),
        ("TI", reference.title),
        ("T2", reference.container_title),
        ("JO", reference.container_title if kind == "JOUR" else ""),
        ("PY", str(source.year or "")),
        ("VL", source.volume),
        ("IS", source.issue),
        ("SP", first),
        ("EP", last),
        ("PB", reference.publisher),
        ("M3", reference.said_kind("ris")),
        ("LA", source.language),
        ("DO", source.doi),
        ("UR", reference.url),
        ("AN", source.pmid),
        ("DB", "PubMed" if source.pmid else ""),
        ("AB", reference.abstract),
        *(("KW", keyword) for keyword in reference.keywords),
        ("N1", reference.note),
    ]
    lines = [f"{tag}  - {_one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def bibtex_entry(reference: BibliographicRecord) -> str:
    """One entry; a second pair of braces keeps the capitals of its title."""
    source = reference.source
    kind = written_kind(source.kind, "bibtex")
    container, publisher = _BIBTEX_FIELDS.get(kind, ("series", "publisher"))
    text = {
        "year": str(source.year or ""),
        container: reference.container_title,
        publisher: reference.publisher,
        "volume": source.volume,
        "number": source.issue,
        "type": reference.said_kind("bibtex"),
        "language": source.language,
        "keywords": "; ".join(reference.keywords),
        "abstract": reference.abstract,
        "note": reference.note,
    }
    fields = {
        "author": " and ".join(_bibtex_author(author) for author in source.authors),
        "title": f"{{{escape_latex(reference.title)}}}",
        **{name: escape_latex(_one_line(value)) for name, value in text.items()},
        "pages": source.pages.replace("-", "--"),
        "doi": source.doi,
        "url": reference.url,
        "pmid": source.pmid,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{source.id},", *lines, "}", ""])


def csl_item(reference: BibliographicRecord) -> dict[str, object]:
    """One item, as the schema of CSL-JSON has it."""
    source = reference.source
    kind = written_kind(source.kind, "csl")
    container, issue = _CSL_FIELDS.get(kind, ("container-title", "issue"))
    said: dict[str, object] = {
        "id": source.id,
        "type": kind,
        "title": reference.title,
        "author": [_csl_name(author) for author in source.authors],
        "issued": {"date-parts": [[source.year]]} if source.year is not None else None,
        container: reference.container_title,
        "publisher": reference.publisher,
        "volume": source.volume,
        issue: source.issue,
        "page": source.pages,
        "genre": reference.said_kind("csl"),
        "language": source.language,
        "DOI": source.doi,
        "PMID": source.pmid,
        "URL": reference.url,
        "abstract": reference.abstract,
        "keyword": "; ".join(reference.keywords),
        "note": reference.note,
    }
    return {name: value for name, value in said.items() if value}


def escape_latex(text: str) -> str:
    """`text` with every sign that LaTeX would take for a command written so that it is printed."""
    return "".join(_LATEX.get(character, character) for character in text)


def _references(result: ReviewResult, details: Mapping[str, SourceDetails]) -> Iterator[BibliographicRecord]:
    for source, themes in _studies(result):
        more = details.get(source.id)
        keywords = (*themes, *(more.keywords if more else ()))
        yield BibliographicRecord(source, keywords, more.abstract if more else "", _note(source, result))


def _studies(result: ReviewResult) -> Iterator[tuple[Source, Sequence[str]]]:
    """Every study, with the names of the themes that the merged matrix has for it."""
    present: dict[str, set[str]] = {}
    for cell in result.cells:
        if cell.merged:
            present.setdefault(cell.source_id, set()).add(cell.theme)
    for source in result.sources:
        yield source, [name for code, name in result.themes.items() if code in present.get(source.id, ())]


def _bibtex_author(name: str) -> str:
    """ "Gazdar, Haris" as it is; an institution in braces, so that it is not taken for a first name and a surname."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1 or len(parts) > 3 or not all(parts) or re.search(r"\band\b", name):
        return f"{{{escape_latex(name)}}}"
    surname, given, *suffix = parts
    return escape_latex(", ".join([surname, *suffix, given]))


def _csl_name(name: str) -> dict[str, str]:
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1 or len(parts) > 3 or not all(parts):
        return {"literal": name}
    return dict(zip(("family", "given", "suffix"), parts, strict=False))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _note(source: Source, result: ReviewResult) -> str:
    doubt = {"unknown": "Not identified: only its label is known.", "unverified": "Recalled, not verified."}
    parts = [f"{source.label}."] if source.title else []
    parts += [doubt[source.identified]] if source.identified in doubt else []
    parts += ["SAMPLE: invented."] if result.sample else []
    return " ".join(parts)
