"""Reference lists: RIS and BibTeX as the reference managers write them."""

from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.registry.bibliography import as_source, read_bibliography
from corpus.registry.doi import bare_doi, is_doi

BIB = r"""@string{wb = "World Bank"}
@article{khan2016,
  title = {Zakat and {P}overty: {\'E}tude \& 50% more},
  author = {Khan, Amina and {Bank of Trade and Sons} and Jos{\'e} de la Cruz},
  year = 2016, journal = wb, doi = {https://doi.org/10.1234/AbC}, url = {https://x.example/a\_b.pdf}
}
@techreport{audit, title = {Audit of alms}, institution = {Auditor General}, date = {2019-05}}
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
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_bibtex_is_read_with_its_latex_its_strings_and_its_institutions(tmp_path: Path) -> None:
    work, audit = read_bibliography(written(tmp_path, "a.bib", BIB)).works
    assert work.title == "Zakat and Poverty: Étude & 50% more"
    assert work.authors == ("Khan, Amina", "Bank of Trade and Sons", "de la Cruz, José")
    assert (work.year, work.publisher, work.doi, work.kind) == (2016, "World Bank", "10.1234/abc", "journal article")
    assert work.urls == ("https://x.example/a_b.pdf",)
    assert (audit.authors, audit.year, audit.kind) == (("Auditor General",), 2019, "policy report")


def test_ris_is_read_under_either_of_its_tags(tmp_path: Path) -> None:
    report, article = read_bibliography(written(tmp_path, "a.ris", RIS)).works
    assert report.authors == ("Khan, Amina", "World Bank")
    assert (report.year, report.doi, report.language, report.kind) == (2016, "10.1234/x", "English", "policy report")
    assert (article.title, article.year, article.publisher) == (
        "A title under its other tag",
        1999,
        "Journal of Relief",
    )


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.ris"
    path.write_bytes(b"\xef\xbb\xbf" + RIS.replace("\n", "\r\n").encode())
    assert read_bibliography(path) == read_bibliography(written(tmp_path, "u.ris", RIS))


def test_a_broken_entry_is_told_with_its_line_and_the_others_count(tmp_path: Path) -> None:
    broken = BIB + "@misc{open, title = {x\n@misc{khan2016, title = {Again}}\n@misc{nameless, year = 2000}\n"
    read = read_bibliography(written(tmp_path, "b.bib", broken))
    assert len(read.works) == 2
    told = "; ".join(read.unusable)
    assert "line 8" in told
    assert "Duplicate entry key 'khan2016'" in told
    assert "nameless" in told
    assert "has no title" in told


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("empty.ris", b"", "no record in it"),
        ("prose.ris", b"Dear all, here is my list", "no record in it"),
        ("latin.bib", "@misc{a, title = {café}}".encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_file_that_is_no_reference_list_is_named(tmp_path: Path, name: str, data: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataFileError, match=problem):
        read_bibliography(tmp_path / name)


def test_a_work_becomes_a_source_that_is_tried_at_its_addresses_and_its_doi(tmp_path: Path) -> None:
    work = read_bibliography(written(tmp_path, "a.bib", BIB)).works[0]
    source = as_source(work, source_id="khan-2016", label="Khan (2016)")
    assert [(one.url, one.kind) for one in source.candidates] == [
        ("https://x.example/a_b.pdf", "pdf"),
        ("https://doi.org/10.1234/abc", "landing"),
    ]


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1093/ABC.", "10.1093/abc"),
        ("doi: 10.1000/182", "10.1000/182"),
        (
            "10.1002/(sici)1099-1328(199901)11:1<1::aid>3.0.co;2-x",
            "10.1002/(sici)1099-1328(199901)11:1<1::aid>3.0.co;2-x",
        ),
        ("volume 10.12 of the series", ""),
    ],
)
def test_a_doi_is_found_however_it_is_written(text: str, doi: str) -> None:
    assert bare_doi(text) == doi


def test_an_address_with_a_doi_in_it_is_not_a_doi() -> None:
    assert is_doi("https://doi.org/10.1093/abc")
    assert not is_doi("https://journal.example/doi/10.1093/abc/pdf")
