"""The studies as references, in RIS and BibTeX: for Zotero, EndNote, Mendeley, JabRef and LaTeX.

What is not known is left out. A theme that the merged matrix has for a study is a keyword of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus.registry.sources import Source
from synthesis.result import ReviewResult

# Kind of a source -> (type in RIS, type in BibTeX, the field that holds who or what published it).
_KINDS = {
    "journal article": ("JOUR", "article", "journal"),
    "working paper": ("RPRT", "techreport", "institution"),
    "policy report": ("RPRT", "techreport", "institution"),
    "evaluation report": ("RPRT", "techreport", "institution"),
    "case study": ("RPRT", "techreport", "institution"),
    "thesis": ("THES", "phdthesis", "school"),
}
_OTHER = ("GEN", "misc", "howpublished")
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_VERBATIM = frozenset(["url", "doi"])  # fields that LaTeX takes as they are


def references_ris(result: ReviewResult) -> bytes:
    """The .ris file: tags of two letters, two spaces, a hyphen and a space; lines end as the format wants, CR LF."""
    lines: list[str] = []
    for source, themes in _studies(result):
        kind, _, _ = _KINDS.get(source.kind, _OTHER)
        fields = [
            ("TY", kind), ("ID", source.id), *(("AU", author) for author in source.authors), ("TI", _title(source)),
            ("PY", str(source.year or "")), ("JO" if kind == "JOUR" else "PB", source.publisher),
            ("M3", source.kind if source.kind != "unknown" else ""), ("LA", source.language), ("DO", source.doi),
            ("UR", _url(source)), *(("KW", theme) for theme in themes), ("N1", _note(source, result)),
        ]  # fmt: skip
        lines += [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
        lines += ["ER  - ", ""]
    return "\r\n".join(lines).encode() + b"\r\n"


def references_bibtex(result: ReviewResult) -> bytes:
    """The .bib file, in UTF-8; a study's key is its id."""
    return "\n".join(_entry(source, themes, result) for source, themes in _studies(result)).encode()


def escape_latex(text: str) -> str:
    """`text` with every sign that LaTeX would take for a command written so that it is printed."""
    return "".join(_LATEX.get(character, character) for character in text)


def _entry(source: Source, themes: Sequence[str], result: ReviewResult) -> str:
    _, kind, place = _KINDS.get(source.kind, _OTHER)
    fields: Mapping[str, str] = {
        "author": " and ".join(_author(author) for author in source.authors), "title": _title(source),
        "year": str(source.year or ""), place: source.publisher, "doi": source.doi, "url": _url(source),
        "language": source.language, "keywords": ", ".join(themes), "note": _note(source, result),
    }  # fmt: skip
    lines = [f"@{kind}{{{source.id},"]
    for name, value in fields.items():
        if not value:
            continue
        plain = " ".join(value.split())
        if name not in _VERBATIM and name != "author":
            plain = escape_latex(plain)
        # A second pair of braces keeps the capitals of a title.
        lines.append(f"  {name} = {{{{{plain}}}}}," if name == "title" else f"  {name} = {{{plain}}},")
    return "\n".join([*lines, "}", ""])


def _author(name: str) -> str:
    """ "Gazdar, Haris" as it is; an institution in braces, so that it is not taken for a first name and a surname."""
    escaped = escape_latex(name)
    return escaped if "," in name else f"{{{escaped}}}"


def _studies(result: ReviewResult) -> Iterator[tuple[Source, Sequence[str]]]:
    for source in result.sources:
        present = {cell.theme for cell in result.cells if cell.source_id == source.id and cell.merged}
        yield source, [name for code, name in result.themes.items() if code in present]


def _title(source: Source) -> str:
    return source.title or source.label


def _url(source: Source) -> str:
    """The first address that was printed or seen; a guess is no reference."""
    known = (candidate.url for candidate in source.candidates if candidate.standing != "unverified")
    return next(known, "").replace("{", "%7B").replace("}", "%7D")


def _note(source: Source, result: ReviewResult) -> str:
    doubt = {"unknown": "Not identified: only its label is known.", "unverified": "Recalled, not verified."}
    parts = [f"{source.label}."] if source.title else []
    parts += [doubt[source.identified]] if source.identified in doubt else []
    parts += ["SAMPLE: invented."] if result.sample else []
    return " ".join(parts)
