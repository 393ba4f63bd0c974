"""The formats of reference lists. A new one is a file of its own and a row in FORMATS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.reference_lists.readers import (
    bibtex,
    csl_json,
    csv_table,
    endnote,
    endnote_xml,
    nbib,
    ris,
    web_of_science,
    zotero_rdf,
)
from corpus.reference_lists.records import Found


@dataclass(frozen=True, slots=True)
class ListFormat:
    """One format: how it is told by its content, and how it is read."""

    name: str  # for people
    suffixes: tuple[str, ...]  # that programs give to it; the content decides
    looks_like: Callable[[str], bool]
    read: Callable[[str], Iterator[Found]]


# In the order in which a text is asked; the surest first.
FORMATS = (
    ListFormat(endnote_xml.NAME, (".xml",), endnote_xml.looks_like_endnote_xml, endnote_xml.read_endnote_xml),
    ListFormat(zotero_rdf.NAME, (".rdf",), zotero_rdf.looks_like_zotero_rdf, zotero_rdf.read_zotero_rdf),
    ListFormat(csl_json.NAME, (".json",), csl_json.looks_like_csl_json, csl_json.read_csl_json),
    ListFormat(ris.NAME, (".ris", ".txt"), ris.looks_like_ris, ris.read_ris),
    ListFormat(nbib.NAME, (".nbib", ".txt"), nbib.looks_like_nbib, nbib.read_nbib),
    ListFormat(
        web_of_science.NAME,
        (".ciw", ".isi", ".txt"),
        web_of_science.looks_like_web_of_science,
        web_of_science.read_web_of_science,
    ),
    ListFormat(endnote.NAME, (".enw", ".txt"), endnote.looks_like_endnote, endnote.read_endnote),
    ListFormat(csv_table.NAME, (".csv", ".tsv", ".tab", ".txt"), csv_table.looks_like_table, csv_table.read_table),
    ListFormat(bibtex.NAME, (".bib",), bibtex.looks_like_bibtex, bibtex.read_bibtex),
)
NAMES = ", ".join(one.name for one in FORMATS)


def format_of(text: str) -> ListFormat | None:
    """The format that `text` is in, told by its content; None for none of them."""
    return next((one for one in FORMATS if one.looks_like(text)), None)
