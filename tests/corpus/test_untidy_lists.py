"""Reference lists as they come out of many hands: joined, damaged, half in LaTeX, in Excel, with files beside them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from corpus.errors import DataFileError
from corpus.reference_lists.local_files import find_file
from corpus.reference_lists.read import parse_reference_list
from corpus.reference_lists.records import ReferenceList
from corpus.registry.doi import bare_doi
from corpus.registry.work import Work

RECORD = "TY  - JOUR\nTI  - {}\nAU  - Khan, A.\nER  -"
SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"
XML = (
    '<?xml version="1.0" encoding="UTF-16"?><xml><records><record><ref-type name="Report">27</ref-type><titles>'
    "<title>Bread &amp; rent</title></titles><urls><related-urls><url>https://x.example/?a=1;b=2</url></related-urls>"
    "<pdf-urls><url>internal-pdf://0123/a b.pdf</url></pdf-urls></urls>"
    "<electronic-resource-num>10.1002/1&lt;2&gt;3</electronic-resource-num></record></records></xml>"
)


def read(text: str | bytes) -> ReferenceList:
    return parse_reference_list(text.encode() if isinstance(text, str) else text, Path("list"))


def one(text: str | bytes) -> Work:
    (work,) = read(text).works
    return work


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (SICI.upper(), SICI),
        (SICI.replace("<", "&lt;").replace(">", "&gt;"), SICI),
        (SICI.replace("<", r"{\textless}").replace(">", r"{\textgreater}"), SICI),
        (SICI.replace("<", "$<$").replace(">", "$>$"), SICI),
        ("https://doi.org/10.1002/%28SICI%291%3C2%3E3", "10.1002/(sici)1<2>3"),
        (r"10.1007/978-3-319-0{\_}7", "10.1007/978-3-319-0_7"),
        (r"10.1007/978-3-319-0\_7", "10.1007/978-3-319-0_7"),
        ("{10.1016/j.x.2016}", "10.1016/j.x.2016"),
        ("10.1234/a;10.1234/b", "10.1234/a"),
        ("10.1234/a, https://doi.org/10.1234/b", "10.1234/a"),
        ("10.1234/x [doi]", "10.1234/x"),
        ('<a href="https://doi.org/10.1234/x">link</a>', "10.1234/x"),
        ("10.1234/a–b", "10.1234/a–b"),
        ("10.1000.10/123", "10.1000.10/123"),
        ("(see doi:10.1234/X).", "10.1234/x"),
        ("10.1234/x\u200b", "10.1234/x"),
        ("https://doi.org/10.1234/x?utm=1", "10.1234/x"),
        ("10.12/x", ""),
    ],
)
def test_a_doi_is_neither_cut_nor_run_on(written: str, meant: str) -> None:
    assert bare_doi(written) == meant


def test_a_doi_of_a_chapter_is_never_that_of_its_book() -> None:
    text = "\n".join(
        f"@inbook{{a{number}, title={{{number}}}, doi={{10.1007/978-3-319-0{{\\_}}{number}}}}}" for number in (1, 2)
    )
    assert [work.doi[-2:] for work in read(text).works] == ["_1", "_2"]


@pytest.mark.parametrize(
    "text",
    [
        RECORD.format("One") + RECORD.format("Two"),  # joined without a line end between them
        RECORD.format("One") + " " + RECORD.format("Two"),
        "\ufeff" + RECORD.format("One") + "\n\ufeff" + RECORD.format("Two"),
        (RECORD.format("One") + "\n" + RECORD.format("Two")).replace("\n", "\r\r\n"),
        "\n".join(RECORD.format(title) for title in ("One", "Two")).replace("  - ", "  -"),
    ],
)
def test_ris_files_that_were_joined_or_saved_strangely_keep_their_records(text: str) -> None:
    found = read(text)
    assert [(work.title, work.authors, work.kind) for work in found.works] == [
        (title, ("Khan, A.",), "journal article") for title in ("One", "Two")
    ]
    assert found.refused == found.remarks == ()


@pytest.mark.parametrize(
    ("line", "urls", "doi"),
    [
        ("https://x.example/my file.pdf", ("https://x.example/my%20file.pdf",), ""),
        ("https://x.example/a (accessed 3 May 2010)", ("https://x.example/a",), ""),
        ("Full text: https://x.example/a;b=1", ("https://x.example/a;b=1",), ""),
        ("www.x.example/a", ("http://www.x.example/a",), ""),
        ("doi.org/10.1234/X", ("https://doi.org/10.1234/x",), "10.1234/x"),
        ("10.1234/x", ("https://doi.org/10.1234/x",), "10.1234/x"),
        ("https://x.example/1|https://x.example/2", ("https://x.example/1", "https://x.example/2"), ""),
        ("<Go to ISI>://WOS:000123", (), ""),
    ],
)
def test_an_address_is_taken_whole_and_alone(line: str, urls: tuple[str, ...], doi: str) -> None:
    work = one(f"TY  - JOUR\nTI  - One\nUR  - {line}\nER  -\n")
    assert (work.urls, work.doi) == (urls, doi)


@pytest.mark.parametrize(
    ("authors", "people"),
    [
        ("Khan, A. AND Ali, O.", ("Khan, A.", "Ali, O.")),
        ("Khan, A.; Ali, O.", ("Khan, A.", "Ali, O.")),
        (r"A. Khan \& O. Ali", ("Khan, A.", "Ali, O.")),
        ("Amina Khan, Omar Ali, Zed Yu", ("Khan, Amina", "Ali, Omar", "Yu, Zed")),
        ("World Bank", ("World Bank",)),
        ("{World Bank} and Ministry of Food", ("World Bank", "Ministry of Food")),
        ("King, Jr., Martin Luther", ("King, Martin Luther, Jr.",)),
    ],
)
def test_people_of_bibtex_are_told_apart_however_they_are_joined(authors: str, people: tuple[str, ...]) -> None:
    assert one(f"@article{{a, title={{One}}, author={{{authors}}}}}").authors == people


def test_a_chain_of_books_hands_its_facts_down() -> None:
    text = (
        "@xdata{p, publisher={House}}\n@inbook{a, title={Part}, crossref={b}}\n@book{b, title={Book}, subtitle={Whole},"
        " crossref={c}}\n@book{c, title={Series}, xdata={p}, year={1999}, crossref={a}}\n@set{s, entryset={a,b}}"
    )
    found = read(text)
    part = found.works[0]
    assert (part.container_title, part.publisher, part.year) == ("Book: Whole", "House", 1999)
    assert (len(found.works), [one.reason[:10] for one in found.refused]) == (3, ["is no work", "is no work"])


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"@book{{a{n}, title={{T{n}}}, crossref={{a{n + 1}}}}}" for n in range(2000)),
        "\n".join(f"@book{{a{n}, title={{T}}, xdata={{{','.join(f'a{m}' for m in range(30))}}}}}" for n in range(30)),
        "@book{a, title={T}, crossref={b}}\n@book{b, title={T}, crossref={a}}\n@book{c, title={T}, crossref={c}}",
    ],
    ids=["a long chain", "all name all", "circles"],
)
def test_entries_that_name_one_another_without_end_are_read(text: str) -> None:
    assert len(read(text).works) == text.count("@")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('@article{a, title="A "quoted" word", year="2001"}', 'A "quoted" word'),
        ('@article{a, title="A {"}quoted{"} word", year=2001}', 'A "quoted" word'),
        ("@article{a,\n title={One {unbalanced},\n year={2001}\n}\n", "One unbalanced"),
        ("@article(a, title={One}, year={2001})", "One"),
        ("@article{Khan et al, title={One}, year={c2001}}", "One"),
    ],
)
def test_a_title_of_bibtex_is_whole(text: str, title: str) -> None:
    work = one(text)
    assert (work.title, work.year) == (title, 2001)


TABLES = {
    "sep=": "sep=;\nTitle;Authors;Year\nOne;Khan, A.;2001\n",
    "preamble": 'Search: cash\nDate,3 May\n\nTitle,Author Names,Publication Year\nOne,"Khan, A.",2001\n',
    "German": "Titel;Autor;Jahr\nOne;Khan, A.;2001\n",
    "Spanish": "Título;Autores;Año\nOne;Khan, A.;2001\n",
    "quoted line ends": 'Title,Authors,Year,Abstract\nOne,"Khan, A.",2001,"a\n\nb"\n',
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_told_by_its_headers_wherever_they_stand(name: str) -> None:
    work = one(TABLES[name])
    assert (work.title, work.authors, work.year) == ("One", ("Khan, A.",), 2001)


def test_a_sheet_of_excel_is_read_like_a_csv_file() -> None:
    book, packed = Workbook(), io.BytesIO()
    sheet = book.active
    for row in (["My list"], [], ["Title", "Authors", "Year", "DOI", "Decision"]):
        sheet.append(row)
    sheet.append(["One", "Khan, A.; Ali, O.", 2001, "10.1234/x", "Include"])
    sheet.append([None, "Nobody, N.", 2002])
    more = book.create_sheet("More")
    more.append(["title", "year"])
    more.append(["Two", 1999])
    book.create_sheet("Notes").append(["nothing"])
    book.save(packed)
    found = read(packed.getvalue())
    assert (found.format, found.records) == ("table (Excel)", 3)
    first, second = found.works
    assert (first.authors, first.year, first.doi) == (("Khan, A.", "Ali, O."), 2001, "10.1234/x")
    assert first.screenings[0].decision == "include"
    assert (second.title, second.place) == ("Two", "row 1 (sheet 'More', row 2)")
    assert [one.place for one in found.refused] == ["row 2 (sheet 'My list', row 5)".replace("My list", sheet.title)]


@pytest.mark.parametrize("damage", ["none", "bare ampersand", "control sign"])
def test_endnotes_xml_keeps_its_signs_even_where_it_is_damaged(damage: str) -> None:
    text = {"none": XML, "bare ampersand": XML.replace("&amp;", "&"), "control sign": XML.replace("Bread", "Bread\x02")}
    work = one(text[damage].encode("utf-16"))
    assert (work.title, work.doi) == ("Bread & rent", "10.1002/1<2>3")
    assert (work.urls, work.files) == (("https://x.example/?a=1;b=2",), ("internal-pdf://0123/a b.pdf",))


def test_zoteros_own_json_is_read() -> None:
    item = {
        "itemType": "report", "title": "One", "date": "2001-05", "abstractNote": "Said.", "url": "https://x.example/",
        "tags": [{"tag": "cash"}],
        "creators": [{"firstName": "Amina", "lastName": "Khan"}, {"name": "Bank"}],
        "attachments": [{"path": "/papers/a.pdf"}],
    }  # fmt: skip
    note = {"itemType": "note", "note": "x"}
    for text in (json.dumps({"items": [item, note]}), json.dumps([{"data": item}, {"data": note}])):
        work = one(text)
        assert (work.authors, work.year, work.abstract) == (("Khan, Amina", "Bank"), 2001, "Said.")
        assert (work.keywords, work.files, work.kind) == (("cash",), ("/papers/a.pdf",), "policy report")


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ('{"title": "One", "volume": ' + "9" * 6000 + "}", "One"),
        ('{"title": "On\\ud800e", "type": "book"}', "On?e"),
        ('{"title": "One", "issued": {"date-parts": [[NaN]]}, "author": [{"family": {}}, 5], "DOI": {}}', "One"),
    ],
    ids=["6,000 digits", "half a pair", "odd values"],
)
def test_odd_values_in_json_leave_the_other_items_whole(item: str, title: str) -> None:
    found = read(f'[{item}, {{"title": "Two", "type": "book"}}]')
    assert [work.title for work in found.works] == [title, "Two"]
    assert found.works[0].title.encode()


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]
)
@pytest.mark.parametrize("content", [b"", b"<worksheet><sheetData><row", bytes(range(256)), None])
def test_a_damaged_workbook_is_one_line_or_what_is_left_of_it(part: str, content: bytes | None) -> None:
    book, packed, damaged = Workbook(), io.BytesIO(), io.BytesIO()
    for row in (["Title", "Year"], ["One", 2001]):
        book.active.append(row)
    book.save(packed)
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            if name != part or content is not None:
                new.writestr(name, content if name == part and content is not None else old.read(name))
    told = ""
    try:
        assert len(read(damaged.getvalue()).works) <= 1
    except DataFileError as error:
        told = str(error)
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("@article{a, title={One}, file={Text:files/12/Khan - 2016.pdf:application/pdf;Page:files/1/x.html:text/html}}",
         ("files/12/Khan - 2016.pdf",)),
        (r"@article{a, title={One}, file={:C\:/Users/x/a b.pdf:PDF}}", ("C:/Users/x/a b.pdf",)),
        (r"@article{a, title={One}, file={:C$\backslash$:/Users/x/a\_b.pdf:pdf}}", ("C:/Users/x/a_b.pdf",)),
        ("@article{a, title={One}, file={/home/u/a.pdf}}", ("/home/u/a.pdf",)),
        ("TY  - JOUR\nTI  - One\nL1  - internal-pdf://0123/a.pdf\nL1  - https://x.example/b.pdf\nER  -\n",
         ("internal-pdf://0123/a.pdf",)),
        ("%0 Report\n%T One\n%> file:///home/u/a.pdf\n", ("file:///home/u/a.pdf",)),
        ("Title,Year,File Attachments\nOne,2001,C:\\papers\\a.pdf; /home/u/b.pdf\n",
         ("C:\\papers\\a.pdf", "/home/u/b.pdf")),
    ],
)  # fmt: skip
def test_files_on_somebodys_disk_are_kept(text: str, files: tuple[str, ...]) -> None:
    assert one(text).files == files


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ("files/12/a b.pdf", "files/12/a b.pdf"),
        ("file:///elsewhere/files/12/a%20b.pdf", "files/12/a b.pdf"),
        ("C:\\Users\\x\\files\\12\\a b.pdf", "files/12/a b.pdf"),
        ("internal-pdf://0123/c.pdf", "list.Data/PDF/0123/c.pdf"),
        ("c.pdf", ""),
        ("../outside.pdf", ""),
        ("files/12", ""),
        ("files/12/page.pdf", ""),
    ],
)
def test_a_named_file_is_found_beside_its_list(tmp_path: Path, named: str, place: str) -> None:
    folder = tmp_path / "lists"
    for path in ("files/12/a b.pdf", "list.Data/PDF/0123/c.pdf", "../outside.pdf"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"%PDF-1.4")
    (folder / "files/12/page.pdf").write_text("<html>", "utf-8")
    assert find_file(named, folder / "list.enl") == (folder / place if place else None)
    whole = str(folder / "files/12/a b.pdf")
    assert find_file(whole, tmp_path / "elsewhere" / "list.bib") == Path(whole)
