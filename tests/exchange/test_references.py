"""Studies as references: written by Jaiza and read by it again, nothing changes that the format can hold."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.reference_lists.kinds import UNKNOWN, written_kind
from corpus.reference_lists.read import parse_reference_list
from corpus.registry.sources import Candidate, Source
from corpus.registry.work import Work
from exchange.writers.references import BibliographicRecord, bibtex_entry, csl_item, ris_record

KINDS = (
    "journal article", "review article", "working paper", "policy report", "evaluation report", "case study", "thesis",
    "book", "book chapter", "conference paper", "newspaper article", "web page", "dataset", "editorial", UNKNOWN,
)  # fmt: skip
# Words of any script with the signs that titles have. What reads as markup or as a LaTeX ligature is no plain text.
LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Nd"], max_codepoint=0x1FFFF)
WORD = st.text(LETTERS, min_size=1, max_size=8)
SIGN = st.sampled_from(
    ["&", "%", "#", "_", "{", "}", "\\", "^", "~", ":", "?", "(a)", "“b”", "C++", "R&D", "50%", "$5"]
)
TITLE = st.lists(WORD | WORD | SIGN, min_size=1, max_size=8).map(lambda parts: "T " + " ".join(parts))
PLAIN = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
SURNAME = st.sampled_from(["Khan", "de la Cruz", "O'Neil", "Şener", "García-López", "Smith & Sons", "Ng"])
PERSON = st.builds(
    lambda surname, given: f"{surname}, {given}", SURNAME, st.sampled_from(["A.", "Amina", "Jean-Luc P."])
)
BODY = st.sampled_from(["World Bank", "Food and Agriculture Organization", "Ministry of Relief", "جائزہ"])
NUMBER = st.integers(1, 400).map(str)


@st.composite
def references(draw: st.DrawFn) -> BibliographicRecord:
    kind = draw(st.sampled_from(KINDS))
    in_something = draw(st.booleans())
    source = Source(
        "khan-2016",
        "Khan (2016)",
        draw(TITLE),
        tuple(draw(st.lists(PERSON | BODY, min_size=1, max_size=4, unique=True))),
        draw(st.integers(1900, 2030)),
        draw(PLAIN) if in_something else "",
        kind,
        language=draw(st.sampled_from(["", "English", "Urdu", "English; French"])),
        doi=draw(st.sampled_from(["", "10.1234/ab_c.1", "10.1002/(sici)1-2:3"])),
        container_title=draw(PLAIN) if in_something else "",
        volume=draw(NUMBER),
        issue=draw(NUMBER),
        pages=draw(st.sampled_from(["", "12-34", "e1204"])),
        pmid=draw(st.sampled_from(["", "123456"])),
        candidates=(Candidate("https://x.example/a_b%20c.pdf?x=1&y=2;z=3", "pdf", "seen"),),
    )
    words = draw(st.lists(WORD.map(lambda word: f"k{word}"), max_size=4, unique=True))
    return BibliographicRecord(source, tuple(words), draw(TITLE))


def expected(reference: BibliographicRecord) -> Work:
    source = reference.source
    return Work(
        "",
        reference.title,
        source.authors,
        source.year,
        source.publisher,
        source.kind,
        source.doi,
        ("https://x.example/a_b%20c.pdf?x=1&y=2;z=3",),
        source.language,
        source.container_title,
        source.volume,
        source.issue,
        source.pages,
        source.pmid,
        " ".join(reference.abstract.split()),
        reference.keywords,
    )


def read_back(text: str) -> Work:
    (work,) = parse_reference_list(text.encode(), Path("out")).works
    return Work("", *(getattr(work, name) for name in list(Work.__slots__)[1:]))


@settings(max_examples=60, deadline=None)
@given(references())
def test_a_study_written_as_ris_is_read_as_it_was(reference: BibliographicRecord) -> None:
    assert read_back(ris_record(reference)) == expected(reference)


@settings(max_examples=60, deadline=None)
@given(references())
def test_a_study_written_as_bibtex_is_read_as_it_was(reference: BibliographicRecord) -> None:
    assert read_back(bibtex_entry(reference)) == expected(reference)


@settings(max_examples=60, deadline=None)
@given(references())
def test_a_study_written_as_csl_json_is_read_as_it_was(reference: BibliographicRecord) -> None:
    assert read_back(json.dumps([csl_item(reference)])) == expected(reference)


@pytest.mark.parametrize(
    ("kind", "ris", "bibtex", "csl"),
    [
        ("journal article", "JOUR", "article", "article-journal"),
        ("book", "BOOK", "book", "book"),
        ("book chapter", "CHAP", "incollection", "chapter"),
        ("conference paper", "CPAPER", "inproceedings", "paper-conference"),
        ("policy report", "RPRT", "techreport", "report"),
        ("thesis", "THES", "phdthesis", "thesis"),
    ],
)
def test_a_kind_goes_out_under_its_type_with_its_journal_and_publisher(
    kind: str, ris: str, bibtex: str, csl: str
) -> None:
    source = Source("a", "A", "T", (), 2012, "Example House", kind, container_title="Journal of Relief")
    record, entry, item = (
        ris_record(BibliographicRecord(source)),
        bibtex_entry(BibliographicRecord(source)),
        csl_item(BibliographicRecord(source)),
    )
    assert record.startswith(f"TY  - {ris}\r\n")
    assert "T2  - Journal of Relief\r\n" in record
    assert "PB  - Example House\r\n" in record
    assert entry.startswith(f"@{bibtex}{{a,")
    assert "= {Journal of Relief}" in entry
    assert "= {Example House}" in entry
    assert (item["type"], item["publisher"]) == (csl, "Example House")


def test_zotero_takes_every_type_that_bibtex_is_written_with() -> None:
    known = {
        "article",
        "book",
        "incollection",
        "inproceedings",
        "proceedings",
        "techreport",
        "phdthesis",
        "unpublished",
    }
    kinds = tomllib.loads((files("corpus.reference_lists") / "kinds.toml").read_text("utf-8"))
    assert {written_kind(kind, "bibtex") for kind in kinds} <= known | {"online", "misc", "legislation"}


@pytest.mark.parametrize(
    ("kind", "series", "number"),
    [
        ("policy report", "collection-title", "number"),
        ("book", "collection-title", "collection-number"),
        ("journal article", "container-title", "issue"),
    ],
)
def test_series_and_number_stand_in_csl_json_where_citeproc_looks_for_them(kind: str, series: str, number: str) -> None:
    item = csl_item(
        BibliographicRecord(Source("a", "A", "T", kind=kind, container_title="Series of Relief", issue="7"))
    )
    assert (item[series], item[number]) == ("Series of Relief", "7")
    assert read_back(json.dumps([item])).issue == "7"


def test_a_journal_that_stands_as_publisher_goes_out_as_the_journal() -> None:
    source = Source("a", "A", "T", (), 2011, "Economic and Political Weekly 46(28)", "journal article")
    assert "JO  - Economic and Political Weekly 46(28)\r\n" in ris_record(BibliographicRecord(source))
    assert "PB  - " not in ris_record(BibliographicRecord(source))
    assert "journal = {Economic and Political Weekly 46(28)}" in bibtex_entry(BibliographicRecord(source))
