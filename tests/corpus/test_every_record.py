"""Every record of a list ends in the table, in every format: added, known, to check or refused."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook

from corpus.reference_lists.formats import FORMATS
from corpus.reference_lists.read import parse_reference_list
from corpus.registry.intake import take_in

TITLE = "Grain vouchers and village relief in Arvenia"
# Title, and year: one that is new, one that looks like it, one that it has already, one without a title, and another
# that is new.
RECORDS: Sequence[tuple[str, str]] = (
    (TITLE, "2014"), (f"{TITLE}: a first look", "2014"), (TITLE, "2014"), ("", "2015"),
    ("Salt taxes & tolls in coastal towns", "2016"),
)  # fmt: skip
AUTHOR = ("Tollander", "Ines")
STATES = {"new": 2, "to check": 1, "known": 1, "refused": 1}
_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:bib="http://purl.org/net/biblio#"'
    ' xmlns:foaf="http://xmlns.com/foaf/0.1/">{}</rdf:RDF>'
)
_RDF_PERSON = (
    "<bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>{}</foaf:surname><foaf:givenName>{}</foaf:givenName>"
    "</foaf:Person></rdf:li></rdf:Seq></bib:authors>"
)
_CSL_AUTHOR = [{"family": AUTHOR[0], "given": AUTHOR[1]}]


def _lines(start: str, title: str, year: str, author: str, end: str) -> Callable[[], str]:
    """Tagged lines: each argument is a tag with a place for its value."""

    def written() -> str:
        records = []
        for number, (said, when) in enumerate(RECORDS, start=1):
            lines = [
                start.format(number),
                author.format(", ".join(AUTHOR)),
                title.format(said) if said else "",
                year.format(when),
            ]
            records.append("\n".join(filter(None, [*lines, end])))
        return "\n\n".join(records) + "\n"

    return written


def _bibtex() -> str:
    titles = [f"title = {{{said}}}," if said else "" for said, _ in RECORDS]
    return "\n".join(
        f"@techreport{{t, {title} author = {{{', '.join(AUTHOR)}}}, year = {when}}}"
        for title, (_, when) in zip(titles, RECORDS, strict=True)
    )


def _endnote_xml() -> str:
    records = "".join(
        f'<record><ref-type name="Report">27</ref-type><contributors><authors><author>{", ".join(AUTHOR)}</author>'
        f"</authors></contributors><titles><title>{escape(said)}</title></titles>"
        f"<dates><year>{when}</year></dates></record>"
        for said, when in RECORDS
    )
    return f"<xml><records>{records}</records></xml>"


def _zotero_rdf() -> str:
    return _RDF.format(
        "".join(
            f'<bib:Report rdf:about="#{n}"><z:itemType>report</z:itemType>{_RDF_PERSON.format(*AUTHOR)}'
            f"<dc:title>{escape(said)}</dc:title><dc:date>{when}</dc:date></bib:Report>"
            for n, (said, when) in enumerate(RECORDS)
        )
    )


def _csl() -> list[dict[str, object]]:
    return [
        {"type": "report", "title": said, "author": _CSL_AUTHOR, "issued": {"date-parts": [[int(when)]]}}
        for said, when in RECORDS
    ]


def _zotero_items() -> list[dict[str, object]]:
    """Items as Zotero's own JSON has them, with a note and a file among them, which are no records."""
    people = [{"creatorType": "author", "lastName": AUTHOR[0], "firstName": AUTHOR[1]}]
    items = [{"itemType": "report", "title": said, "date": when, "creators": people} for said, when in RECORDS]
    return [*items, {"itemType": "note", "note": "x"}, {"itemType": "attachment", "title": "Full text"}]


def _table(sign: str) -> str:
    rows = [["Title", "Authors", "Year"], *([said, ", ".join(AUTHOR), when] for said, when in RECORDS)]
    return "\n".join(sign.join(f'"{cell}"' for cell in row) for row in rows) + "\n"


def _workbook() -> bytes:
    book, packed = Workbook(), io.BytesIO()
    book.active.append(["Title", "Authors", "Year"])
    for said, when in RECORDS:
        book.active.append([said or None, ", ".join(AUTHOR), int(when)])
    book.save(packed)
    return packed.getvalue()


# Format -> what it is called when it is read, and the records in it.
WRITTEN: dict[str, tuple[str, Callable[[], str | bytes]]] = {
    "RIS": ("RIS", _lines("TY  - RPRT", "TI  - {}", "PY  - {}", "AU  - {}", "ER  - ")),
    "RIS without ER": ("RIS", _lines("TY  - RPRT", "TI  - {}", "PY  - {}", "AU  - {}", "")),
    "PubMed": ("PubMed (nbib)", _lines("PMID- {}\nOWN - NLM", "TI  - {}", "DP  - {}", "FAU - {}", "")),
    "Web of Science": ("Web of Science", _lines("PT J", "TI {}", "PY {}", "AF {}", "ER")),
    "EndNote": ("EndNote (enw)", _lines("%0 Report", "%T {}", "%D {}", "%A {}", "")),
    "BibTeX, one key for all": ("BibTeX", _bibtex),
    "EndNote XML": ("EndNote XML", _endnote_xml),
    "Zotero RDF": ("Zotero RDF", _zotero_rdf),
    "CSL-JSON": ("CSL-JSON", lambda: json.dumps(_csl())),
    "CSL-JSON, an object a line": ("CSL-JSON", lambda: "\n".join(map(json.dumps, _csl()))),
    "Zotero's JSON": ("CSL-JSON", lambda: json.dumps({"items": _zotero_items()})),
    "JSON of Zotero's server": ("CSL-JSON", lambda: json.dumps([{"key": "A", "data": one} for one in _zotero_items()])),
    "CSV": ("table (CSV)", lambda: _table(",")),
    "text with tabs": ("table (CSV)", lambda: _table("\t")),
    "Excel": ("table (Excel)", _workbook),
}


def test_every_format_is_among_them() -> None:
    assert {one.name for one in FORMATS} <= {name for name, _ in WRITTEN.values()}


@pytest.mark.parametrize("format_", WRITTEN)
def test_added_known_to_check_and_refused_add_up_to_the_files_own_count(format_: str) -> None:
    name, write = WRITTEN[format_]
    written = write()
    found = parse_reference_list(written.encode() if isinstance(written, str) else written, Path("list"))
    taken = take_in(found.works, ())
    assert found.format == name
    assert Counter(one.state for one in taken) + Counter(["refused"] * len(found.refused)) == STATES
    assert len(taken) + len(found.refused) == found.records == len(RECORDS)
    assert [one.work.title for one in taken] == [said for said, _ in RECORDS if said]
    assert {(one.work.authors, one.work.kind) for one in taken} <= {(("Tollander, Ines",), kind) for kind in KINDS}
    assert all("no title" in one.reason for one in found.refused)


KINDS = ("policy report", "journal article", "unknown")  # a record of Web of Science has no type for reports


LIST_OF_PUBMED_CENTRAL = """PMC - PMC1111111
PMID- 11111111
TI  - Salt taxes
AU  - Brevik O

PMC - PMC2222222
TI  - Stipends for girls
AB  - Stipends

      are paid.

PT  - Journal Article

PMC - PMC3333333
PMID- 33333333
TI  - Ration cards
"""


@pytest.mark.parametrize("blank", ["", "\n"], ids=["as it is", "begins with an empty line"])
def test_records_of_pubmed_central_begin_with_its_number_and_need_none_of_pubmed(blank: str) -> None:
    read = parse_reference_list((blank + LIST_OF_PUBMED_CENTRAL).encode(), Path("list"))
    assert [(work.title, work.pmid, work.abstract) for work in read.works] == [
        ("Salt taxes", "11111111", ""),
        ("Stipends for girls", "", "Stipends are paid."),
        ("Ration cards", "33333333", ""),
    ]
    assert read.works[1].kind == "journal article"
    assert not read.refused


LIST_OF_A_REPOSITORY = """%T {}
%0 Journal Article
%A Tollander, Ines
%B Journal of Relief
%D 2014

%T Salt taxes
%0 Journal Article
%A Brevik, Odd
%D 2016

%T Contents of the issue
%D 2017
"""


@pytest.mark.parametrize("blank", ["\n\n", "\n\n\n", "\n"], ids=["a blank line", "two", "none"])
def test_records_of_endnote_that_begin_with_their_title_keep_it(blank: str) -> None:
    text = LIST_OF_A_REPOSITORY.format(TITLE).replace("\n\n", blank)
    works = parse_reference_list(text.encode(), Path("list")).works
    assert [(work.title, work.authors, work.year) for work in works] == [
        (TITLE, ("Tollander, Ines",), 2014),
        ("Salt taxes", ("Brevik, Odd",), 2016),
        ("Contents of the issue", (), 2017),
    ]
