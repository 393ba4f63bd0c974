"""Reference lists as programs and people write them: every record is read, or refused with the reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.reference_lists.formats import FORMATS
from corpus.reference_lists.read import parse_reference_list, read_reference_list
from corpus.reference_lists.records import ReferenceList
from corpus.registry.doi import bare_doi, is_doi
from corpus.registry.work import PriorScreening, Work, as_source
from corpus.text_encoding import decode

BIB = r"""@string{wb = "World Bank"}
@article{khan2016,
  title = {Zakat and {P}overty: {\'E}tude \& 50% more},
  author = {Khan, Amina and {Bank of Trade and Sons} and Jos{\'e} de la Cruz},
  year = 2016, journal = wb, doi = {https://doi.org/10.1234/AbC}, url = {https://x.example/a\_b.pdf}
}
@techreport{audit, title = {Audit of alms}, institution = {Auditor General}, date = {2019-05}}
@misc{nameless, year = 2000}
"""
RIS = """TY  - RPRT
AU  - Khan, Amina
AU  - World Bank
TI  - Zakat and poverty
PY  - 2016/03//
DO  - 10.1234/x
UR  - https://x.example/a.pdf
PB  - Institute of Relief
LA  - eng
ER  -

TY  - JOUR
T1  - A title under its other tag
JO  - Journal of Relief
Y1  - 1999
ER  -

TY  - JOUR
AU  - Nobody, N.
ER  -
"""
NBIB = """
PMID- 12345678
OWN - NLM
TI  - Stipends and the schooling of girls: a trial in
      two districts.
FAU - Khan, Amina
AU  - Khan A
FAU - Ali, Omar
AU  - Ali O
CN  - Relief Study Group
DP  - 2019 Mar
JT  - Journal of relief
VI  - 12
IP  - 3
PG  - 101-9
LID - 10.1234/jr.2019 [doi]
AB  - BACKGROUND: Stipends
      are paid.
OT  - stipends
OT  - schooling
LA  - eng
PT  - Journal Article

PMID- 2
OWN - NLM
DP  - 2001
"""
ENW = """%0 Journal Article
%A Khan, Amina
%A Ali, Omar
%T Stipends and schooling
%J Journal of Relief
%V 12
%N 3
%P 101-109
%D 2019
%K stipends
schooling
%X Stipends are paid.
%R 10.1234/jr.2019
%U https://x.example/a
%> https://x.example/a.pdf
%G English

%0 Report
%A Auditor General
%D 2011
"""
WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Khan, A
   Ali, O
AF Khan, Amina
   Ali, Omar
TI Stipends and schooling in the
   northern districts
SO JOURNAL OF RELIEF
LA English
DT Article
DE stipends; schooling
AB Stipends are paid.
PU Relief House
PY 2019
VL 12
IS 3
BP 101
EP 109
DI 10.1234/jr.2019
PM 12345678
ER

PT J
AU Nobody, N
ER

EF
"""
ENDNOTE_XML = """<?xml version="1.0" encoding="UTF-8"?><xml><records><record>
<ref-type name="Journal Article">17</ref-type><contributors><authors>
<author><style face="normal">Khan, Amina</style></author><author>Ali, Omar</author></authors></contributors><titles>
<title><style>Stipends and </style><style face="italic">schooling</style></title>
<secondary-title>Journal of Relief</secondary-title></titles><pages>101-109</pages><volume>12</volume><number>3</number>
<keywords><keyword>stipends</keyword></keywords><dates><year>2019</year></dates><abstract>Stipends are paid.</abstract>
<electronic-resource-num>10.1234/jr.2019</electronic-resource-num><language>eng</language>
<urls><pdf-urls><url>https://x.example/a.pdf</url></pdf-urls><related-urls><url>https://x.example/a</url></related-urls></urls>
</record><record><ref-type name="Book">6</ref-type></record></records></xml>"""
CSL = [
    {
        "id": "a", "type": "article-journal", "title": "Stipends &amp; <i>schooling</i>", "DOI": "10.1234/JR.2019",
        "author": [{"family": "Cruz", "given": "Ana", "non-dropping-particle": "de la"}, {"literal": "World Bank"}],
        "issued": {"date-parts": [["2019", 3]]}, "container-title": "Journal of Relief", "volume": 12, "issue": "3",
        "page": "101-109", "URL": "https://x.example/a", "abstract": "Stipends are paid.", "language": "en-GB",
        "keyword": "stipends, schooling", "PMID": "12345678", "publisher": "Relief House",
    },
    {"id": "b", "type": "book"},
]  # fmt: skip
ZOTERO_RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
<bib:Article rdf:about="https://x.example/a"><z:itemType>journalArticle</z:itemType>
<dcterms:isPartOf rdf:resource="urn:issn:1"/>
<bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Khan</foaf:surname>
<foaf:givenName>Amina</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors><link:link rdf:resource="#item_2"/>
<dc:subject>stipends</dc:subject><dcterms:abstract>Stipends are paid.</dcterms:abstract><dc:date>2019-03-01</dc:date>
<z:language>en</z:language>
<dc:identifier><dcterms:URI><rdf:value>https://x.example/a</rdf:value></dcterms:URI></dc:identifier>
<bib:pages>101-109</bib:pages><dc:title>Stipends and schooling</dc:title></bib:Article>
<bib:Journal rdf:about="urn:issn:1"><dc:title>Journal of Relief</dc:title><prism:volume>12</prism:volume>
<prism:number>3</prism:number><dc:identifier>DOI 10.1234/jr.2019</dc:identifier></bib:Journal>
<z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType>
<dc:title>Full text</dc:title><dc:identifier><dcterms:URI>
<rdf:value>https://x.example/a.pdf</rdf:value></dcterms:URI></dc:identifier></z:Attachment>
<bib:Book rdf:about="#item_3"><z:itemType>book</z:itemType><dc:date>2001</dc:date></bib:Book></rdf:RDF>"""
COLUMNS = (
    "Authors,Title,Year,Source title,Volume,Issue,Page start,Page end,DOI,Link,Abstract,Author Keywords,Document Type,"
    "Language of Original Document"
)
CSV = f"""\ufeff{COLUMNS}
"Khan, A.; Ali, O.",Stipends and schooling,2019,Journal of Relief,12,3,101,109,10.1234/jr.2019,https://x.example/a,\
"Stipends, paid.",stipends; schooling,Article,English

"Nobody, N.",,2001,,,,,,,,,,,
"""
# Format -> a list in it, with two records that can be used or one, one that can't, and how its records are counted.
LISTS: dict[str, tuple[str, int, int, Callable[[str], int]]] = {
    "RIS": (RIS, 2, 1, lambda text: len(re.findall("^TY", text, re.MULTILINE))),
    "BibTeX": (BIB, 2, 1, lambda text: len(re.findall("^@(?!string)", text, re.MULTILINE))),
    "PubMed (nbib)": (NBIB, 1, 1, lambda text: text.count("PMID-")),
    "EndNote (enw)": (ENW, 1, 1, lambda text: text.count("%0")),
    "Web of Science": (WOS, 1, 1, lambda text: text.count("\nER\n")),
    "EndNote XML": (ENDNOTE_XML, 1, 1, lambda text: text.count("<record>")),
    "CSL-JSON": (json.dumps(CSL), 1, 1, lambda text: len(json.loads(text))),
    "Zotero RDF": (ZOTERO_RDF, 1, 1, lambda text: text.count("<bib:Article ") + text.count("<bib:Book ")),
    "table (CSV)": (CSV, 1, 1, lambda text: len([line for line in text.splitlines() if line]) - 1),
}


def read(text: str | bytes) -> ReferenceList:
    return parse_reference_list(text.encode() if isinstance(text, str) else text, Path("list"))


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_every_record_of_a_file_is_read_or_refused_whatever_it_is_called(name: str) -> None:
    text, works, refused, count = LISTS[name]
    found = read(text)
    assert found.format == name
    assert (len(found.works), len(found.refused)) == (works, refused)
    assert found.records == count(text)
    assert all("no title" in one.reason for one in found.refused)


@pytest.mark.parametrize(
    "name", ["PubMed (nbib)", "EndNote (enw)", "Web of Science", "EndNote XML", "Zotero RDF", "table (CSV)", "CSL-JSON"]
)
def test_what_a_format_says_of_a_work_is_kept(name: str) -> None:
    work = read(LISTS[name][0]).works[0]
    assert work.title.startswith("Stipends")
    assert work.authors[0].split(",")[0] in ("Khan", "de la Cruz")
    assert (work.year, work.kind, work.language) == (2019, "journal article", "English")
    assert work.container_title.lower() == "journal of relief"
    assert (work.volume, work.issue, work.pages.replace("-9", "-109")) == ("12", "3", "101-109")
    assert work.doi == "10.1234/jr.2019"
    assert "tipends" in work.abstract
    assert "stipends" in work.keywords
    if name not in ("PubMed (nbib)", "Web of Science"):
        assert "https://x.example/a" in work.urls
    if name in ("PubMed (nbib)", "Web of Science", "CSL-JSON"):
        assert work.pmid == "12345678"
    if name in ("EndNote (enw)", "EndNote XML", "Zotero RDF"):
        assert work.urls[0] == "https://x.example/a.pdf"


def test_people_and_institutions_are_told_apart() -> None:
    assert read(NBIB).works[0].authors == ("Khan, Amina", "Ali, Omar", "Relief Study Group")
    assert read(json.dumps(CSL)).works[0].authors == ("de la Cruz, Ana", "World Bank")
    assert read(WOS).works[0].authors == ("Khan, Amina", "Ali, Omar")


def test_bibtex_is_read_with_its_latex_its_strings_and_its_institutions() -> None:
    work, audit = read(BIB).works
    assert work.title == "Zakat and Poverty: Étude & 50% more"
    assert work.authors == ("Khan, Amina", "Bank of Trade and Sons", "de la Cruz, José")
    assert (work.year, work.container_title, work.doi) == (2016, "World Bank", "10.1234/abc")
    assert work.kind == "journal article"
    assert work.urls == ("https://x.example/a_b.pdf",)
    assert (audit.authors, audit.year, audit.kind) == (("Auditor General",), 2019, "policy report")


def test_ris_is_read_under_either_of_its_tags() -> None:
    report, article = read(RIS).works
    assert report.authors == ("Khan, Amina", "World Bank")
    assert (report.year, report.doi, report.language, report.kind) == (2016, "10.1234/x", "English", "policy report")
    assert (article.title, article.year, article.container_title) == (
        "A title under its other tag",
        1999,
        "Journal of Relief",
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_line_ends_and_unicode_encodings_change_nothing(end: str, encoding: str) -> None:
    text = RIS.replace("Zakat", "Zakāt und Café").replace("\n", end)
    found = read(text.encode(encoding))
    assert found.works == read(RIS.replace("Zakat", "Zakāt und Café")).works
    assert ("16" in encoding or "32" in encoding) == bool(found.encoding)


def test_lines_that_are_not_utf8_are_read_as_windows_text_with_a_word_on_it() -> None:
    data = b"TI  - Caf\xe9 \x96 owners\nAU  - S\xc5\x9fener\n"
    text, word = decode(data)
    assert text == "TI  - Café – owners\nAU  - Sşener\n"
    assert word.startswith("1 line is not UTF-8: read as Windows-1252")


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("TY  - JOUR\nTI  - First\nER  - \n\nTY  - RPRT\nTI  - Second\n", ["First", "Second"]),
        ("TY  - JOUR\nTI  - First\n\nTY  - RPRT\nTI  - Second\nER  - \n", ["First", "Second"]),
        ("TY  - JOUR\nTI  - Only", ["Only"]),
        ("TI  - Without its TY\nER  - \nTY  - JOUR\nTI  - Second\nER  - ", ["Without its TY", "Second"]),
        ("TY - JOUR\nTI - One blank\nER - \n", ["One blank"]),
        ("1.\nTY  - JOUR\nProvider: a host\nTI  - Numbered\nER  - \n2.\n", ["Numbered"]),
        ("TY  - JOUR\n\nTI  - A blank line after TY\nER  -\n", ["A blank line after TY"]),
        ("TY  - JOUR\nTI  - A title that\nruns on\n  twice\nER  - \n", ["A title that runs on twice"]),
        ("TY  - BOOK\nBT  - Only BT\nER  - \nTY  - CHAP\nCT  - Only CT\nER  - \n", ["Only BT", "Only CT"]),
        ("TY  - JOUR\nTI  - Twice\nLA  - eng\nLA  - fre\nPY  - 2005\nPY  - 2006\nER  - \n", ["Twice"]),
        ("TY  - JOUR\nTI  - Good\nER  - \nUR  - https://login.example/x\n", ["Good"]),
    ],
)
def test_no_record_of_an_untidy_ris_file_is_lost(text: str, titles: list[str]) -> None:
    found = read(text)
    assert [work.title for work in found.works] == titles
    assert found.refused == ()


def test_a_line_that_is_passed_over_is_told() -> None:
    found = read("TY  - JOUR\nProvider: a host\nTI  - One\nTI  - Another\nER  - \nXX\nUR  - https://login.example/\n")
    told = "; ".join(f"{one.place}: {one.text}" for one in found.remarks)
    assert "line 2 is no RIS tag and was passed over: Provider: a host" in told
    assert "second title" in told
    assert "line 7: stands outside of a record: UR" in told


RECORD = "TY  - {}\nTI  - Title\n{}\nER  - \n"


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("UR  - http://a.example/x?issn=0;year=2016;vol=1", "urls", ("http://a.example/x?issn=0;year=2016;vol=1",)),
        ("UR  - https://a.example/1; https://a.example/2", "urls", ("https://a.example/1", "https://a.example/2")),
        ("L1  - https://a.example/a.pdf\nL2  - https://a.example/a", "urls",
         ("https://a.example/a.pdf", "https://a.example/a")),
        ("UR  - https://doi.org/10.5555/Voucher.1", "doi", "10.5555/voucher.1"),
        ("M3  - doi:10.5555/x", "doi", "10.5555/x"),
        ("LA  - en-US", "language", "English"),
        ("LA  - en_GB", "language", "English"),
        ("LA  - English; Urdu", "language", "English; Urdu"),
        ("LA  - ENG\nLA  - fre", "language", "English; French"),
        ("T2  - Journal of Relief\nPB  - Example House", "container_title", "Journal of Relief"),
        ("T2  - Journal of Relief\nPB  - Example House", "publisher", "Example House"),
        ("SP  - 12\nEP  - 34", "pages", "12-34"),
        ("SP  - 12-34\nEP  - 34", "pages", "12-34"),
        ("AN  - 1234\nDB  - PubMed", "pmid", "1234"),
        ("N1  - PMID: 1234", "pmid", "1234"),
        ("KW  - one\ntwo\nKW  - three", "keywords", ("one", "two", "three")),
        ("AB  - One <b>bold</b> &amp; &lt;5% part\nN2  - other", "abstract", "One bold & <5% part"),
        ("ED  - Ain, A", "authors", ("Ain, A",)),
    ],
)  # fmt: skip
def test_a_field_of_ris_is_kept(line: str, field: str, value: object) -> None:
    assert getattr(read(RECORD.format("JOUR", line)).works[0], field) == value


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("EBOOK", "book"), ("ECHAP", "book chapter"), ("EDBOOK", "book"), ("ELEC", "web page"),
        ("NEWS", "newspaper article"), ("GOVDOC", "policy report"), ("CPAPER", "conference paper"),
        ("THES", "thesis"), ("GEN", "unknown"), ("jour", "journal article"), ("XYZ", "unknown"),
    ],
)  # fmt: skip
def test_a_kind_of_ris_is_one_of_the_registry(kind: str, name: str) -> None:
    assert read(RECORD.format(kind, "PY  - 2000")).works[0].kind == name
    assert read(RECORD.format(kind, "M3  - Evaluation report")).works[0].kind == "evaluation report"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("@article{a, title={One}}\n@article{a, title={Two}}", ["One", "Two"]),
        ("@article{, title={No key}}\n@article{title={No comma}, year=2001}", ["No key", "No comma"]),
        ("@article{a, title={Cut off\n@article{b, title={Next}}", ["Cut off", "Next"]),
        ("@article{a, title={Two commas},, year=2001}", ["Two commas"]),
        ("@article{a, title={One comma less} year={2001}}", ["One comma less"]),
        ("@article(a, title={In parentheses})", ["In parentheses"]),
        ("@article{a, title={First}, title={Again}}", ["First"]),
        ("@comment{x}\n@preamble{\"y\"}\n@misc{a b c, title={A key with blanks}}", ["A key with blanks"]),
        ("@article{a, author={Khan, Amina,}, title={A comma after the name}}", ["A comma after the name"]),
        ("@article{a, title = \"A {\"}quoted{\"} \" # one}\n@string{one = {word}}", ['A "quoted" word']),
    ],
)  # fmt: skip
def test_no_entry_of_an_untidy_bibtex_file_is_lost(text: str, facts: list[str]) -> None:
    found = read(text)
    assert [work.title for work in found.works] == facts
    assert found.refused == ()


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        (r"doi = {10.1007/978-3-319-00000-6{\_}7}", "doi", "10.1007/978-3-319-00000-6_7"),
        (r"url = {http://a.example/6{\_}7\%20x}", "urls", ("http://a.example/6_7%20x",)),
        (r"howpublished = {\url{https://a.example/x}}", "urls", ("https://a.example/x",)),
        ("institution = wb # \", Washington\"", "publisher", "Invented Bank, Washington"),
        ("crossref = {book1}", "year", 2010),
        ("crossref = {book1}", "container_title", "The Handbook"),
        ("author = {Pi, P. and others}", "authors", ("Pi, P.",)),
        ("author = {Pi, Jr., Paul}", "authors", ("Pi, Paul, Jr.",)),
        ("author = {{Food and Agriculture Organization}}", "authors", ("Food and Agriculture Organization",)),
        ("pages = {12--34}", "pages", "12-34"),
        ("keywords = {a, b; c}", "keywords", ("a, b", "c")),
        ("langid = {american}", "language", "English"),
        ("type = {Evaluation report}", "kind", "evaluation report"),
        ("subtitle = {Evidence}", "title", "T: Evidence"),
    ],
)  # fmt: skip
def test_a_field_of_bibtex_is_kept(fields: str, name: str, value: object) -> None:
    book = "@string{wb = {Invented Bank}}\n@book{book1, title={The Handbook}, year={2010}}\n"
    assert getattr(read(f"{book}@incollection{{a, title={{T}}, {fields}}}").works[1], name) == value


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"Rich\slash poor\nobreakspace gap, co\-op", "Rich/poor gap, coop"),
        (r"{\'E}tude \& {\"O}z, \v{S}koda, Bj{\o}rn, \c{c}a, {\'{\i}}", "Étude & Öz, Škoda, Bjørn, ça, í"),
        (r"A $\beta$ of \emph{relief} --- ``now''", "A β of relief — “now”"),
        ("Costs $5 of $10, 50% more", "Costs $5 of $10, 50% more"),
        ("CO<sub>2</sub> &amp;amp; <i>zakat</i>", "CO2 & zakat"),
        ("{{Kept {C}apitals}}", "Kept Capitals"),
    ],
)
def test_latex_and_html_in_a_title_become_text(written: str, text: str) -> None:
    assert read(f"@misc{{a, title={{{written}}}}}").works[0].title == text


def test_what_is_no_markup_stays() -> None:
    title = r"p < .05 and q > 3 in C:\data {sic} & more"
    assert read(f"TY  - JOUR\nTI  - {title}\nER  - ").works[0].title == title


def test_a_field_of_megabytes_costs_no_minutes() -> None:
    long = r"\textbf{word} $x$ " * 20_000
    work = read(f"@misc{{a, title={{T}}, abstract={{{long}}}}}").works[0]
    assert len(work.abstract) > 100_000


RAYYAN = (
    'RAYYAN-INCLUSION: {"Amna"=>"Included", "Omar"=>"Excluded"} | RAYYAN-LABELS: a,b | '
    "RAYYAN-EXCLUSION-REASONS: wrong population,no data"
)
DECIDED = (
    PriorScreening("include", "Amna", "Rayyan"),
    PriorScreening("exclude", "Omar", "Rayyan", ("wrong population", "no data")),
)


def test_decisions_of_other_screening_programs_come_along() -> None:
    assert read(f"TY  - JOUR\nTI  - T\nN1  - {RAYYAN}\nER  - ").works[0].screenings == DECIDED
    quoted = RAYYAN.replace('"', '""')
    assert read(f'key,title,year,notes\n1,T,2001,"{quoted}"\n').works[0].screenings == DECIDED
    (asreview,) = read("TY  - JOUR\nTI  - T\nN1  - ASReview_irrelevant\nER  - ").works[0].screenings
    assert (asreview.decision, asreview.program) == ("exclude", "ASReview")
    assert read("TY  - JOUR\nTI  - T\nN1  - ASReview_not_seen\nER  - ").works[0].screenings == ()
    table = read("title,abstract,included\nOne,x,1\nTwo,x,0\nThree,x,\n")
    assert [[one.decision for one in work.screenings] for work in table.works] == [["include"], ["exclude"], []]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Khan, A.; Ali, O.", ("Khan, A.", "Ali, O.")),
        ("Khan A., Ali O.", ("Khan, A.", "Ali, O.")),
        ("Khan, A. and Ali, O.", ("Khan, A.", "Ali, O.")),
        ("Amina Khan, Omar Ali", ("Amina Khan", "Omar Ali")),
        ("Khan, A., Ali, O.", ("Khan, A.", "Ali, O.")),
        ("Khan, Amina (57190000000); Ali, Omar (57190000001)", ("Khan, Amina", "Ali, Omar")),
        ("Ministry of Food and Agriculture", ("Ministry of Food and Agriculture",)),
        ("Bureau of Statistics, Punjab", ("Bureau of Statistics, Punjab",)),
    ],
)
def test_the_people_in_a_cell_are_told_apart(cell: str, people: tuple[str, ...]) -> None:
    assert read(f'Title,Authors,Year\nT,"{cell}",2001\n').works[0].authors == people


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_may_have_any_of_the_usual_signs_between_its_columns(sign: str) -> None:
    table = sign.join(["Title", "Published Year", "Covidence #"]) + "\n" + sign.join(['"A title, long"', "2001", "#1"])
    assert read(table).works[0].year == 2001


def test_damaged_xml_says_which_records_it_lost() -> None:
    found = read(ENDNOTE_XML.replace('<record><ref-type name="Book">6</ref-type></record></records></xml>', "<record"))
    assert len(found.works) == 1


def test_an_entity_in_xml_is_never_expanded() -> None:
    bomb = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = read(bomb + ENDNOTE_XML.partition("?>")[2].replace("Stipends are paid.", "&b;&f;"))
    assert "aaaa" not in found.works[0].abstract
    assert "root" not in found.works[0].abstract


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no record in it that is known"),
        (b"Dear all, here is my list", "no record in it that is known"),
        (b"source,theme,value\na,GW,1\n", "no record in it that is known"),
        (b"PK\x03\x04....", "is not a zip file, or is cut off. Export the list as RIS"),
        (b"<PubmedArticleSet><PubmedArticle>", "Save the list in the format PubMed"),
    ],
)
def test_a_file_that_is_no_reference_list_is_named(tmp_path: Path, data: bytes, problem: str) -> None:
    (tmp_path / "list.ris").write_bytes(data)
    with pytest.raises(DataFileError, match=problem):
        read_reference_list(tmp_path / "list.ris")


def test_a_work_becomes_a_source_that_is_tried_at_its_addresses_and_its_doi() -> None:
    source = as_source(read(BIB).works[0], source_id="khan-2016", label="Khan (2016)")
    assert [(one.url, one.kind) for one in source.candidates] == [
        ("https://x.example/a_b.pdf", "pdf"),
        ("https://doi.org/10.1234/abc", "landing"),
    ]


@pytest.mark.parametrize(
    ("screenings", "eligibility", "said"),
    [
        ((), None, ""),
        (DECIDED[:1], "pass", "Amna included it in Rayyan."),
        (DECIDED[1:], "fails", "Omar excluded it in Rayyan (wrong population, no data)."),
        (DECIDED, "doubtful", "Amna included it in Rayyan; Omar excluded it"),
    ],
)
def test_decisions_elsewhere_count_as_a_judgement(
    screenings: tuple[PriorScreening, ...], eligibility: str | None, said: str
) -> None:
    source = as_source(Work("1", "T", screenings=screenings), source_id="t", label="T")
    assert source.eligibility == eligibility
    assert source.eligibility_reason.startswith(said)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1093/ABC.", "10.1093/abc"),
        ("doi: 10.1000/182", "10.1000/182"),
        ("(doi:10.1000/182)", "10.1000/182"),
        (
            "10.1002/(sici)1099-1328(199901)11:1<1::aid>3.0.co;2-x",
            "10.1002/(sici)1099-1328(199901)11:1<1::aid>3.0.co;2-x",
        ),
        ("10.1016/S0140-6736(05)67604-0", "10.1016/s0140-6736(05)67604-0"),
        ("volume 10.12 of the series", ""),
    ],
)
def test_a_doi_is_found_however_it_is_written(text: str, doi: str) -> None:
    assert bare_doi(text) == doi


def test_an_address_with_a_doi_in_it_is_not_a_doi() -> None:
    assert is_doi("https://doi.org/10.1093/abc")
    assert not is_doi("https://journal.example/doi/10.1093/abc/pdf")
