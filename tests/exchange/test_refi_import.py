"""Projects come in as decisions of their coders: our own unchanged, those of other programs matched and placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from annotations.decision import Decision
from exchange.readers.code_matching import CodeBookOfOthers, Sources
from exchange.readers.foreign_codings import Contents
from exchange.readers.import_codings import ImportResult, Names, import_codings
from exchange.readers.refi_project import read_project
from exchange.writers.refi_project import Profile, write_project
from extract.document import Document
from models.codebook.codebook import shipped_codebook
from support.exchange_review import FIRST, SECOND, SOURCES, decisions, document, review
from support.refi_project import coding, packed, project, selection, text_source

TEXT = f"Interview\n\n{FIRST}\n{SECOND}\n"
GW = selection(0, 4, coding(1))
KHAN = {"khan": "torrand-2021"}


def _settle(
    contents: Contents, *, codes: Mapping[str, str] | None = None, documents: Mapping[str, Document] | None = None,
    names: Mapping[str, str] | None = None, coder: str = "",
) -> ImportResult:  # fmt: skip
    codebook = shipped_codebook()
    theirs = Names(CodeBookOfOthers(codebook, codes or {}), Sources(SOURCES, {}, names or KHAN), coder=coder)
    texts = {"torrand-2021": document()} if documents is None else documents
    return import_codings(contents, names=theirs, documents=texts, codebook=codebook, origin="p.qdpx")


def _foreign(tmp_path: Path, selections: str, text: bytes = TEXT.encode()) -> Contents:
    return read_project(packed(tmp_path / "p.qdpx", project(text_source(selections)), {"Sources/text.txt": text}))


def _human() -> list[Decision]:
    return [decision for decision in decisions() if decision.role != "published"]


def _plain(decision: Decision) -> Decision:
    """Without what follows from finding the quote again, and the file it came from."""
    anchor = decision.anchor and replace(decision.anchor, passage_id="", prefix="", suffix="", offset=None, sha256="")
    return replace(decision, anchor=anchor, origin="", codebook="")


@pytest.mark.parametrize("profile", ["text", "pdf"])
@pytest.mark.parametrize("documents", [None, {}], ids=["text here", "no text here"])
def test_an_exported_project_gives_the_same_decisions(
    tmp_path: Path, profile: Profile, documents: dict[str, Document] | None
) -> None:
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(b"%PDF")
    coded = review()
    coded = replace(coded, studies=[replace(coded.studies[0], pdf=pdf), coded.studies[1]])
    stream = BytesIO()
    write_project(coded, stream, profile=profile)
    (tmp_path / "p.qdpx").write_bytes(stream.getvalue())
    arrival = _settle(read_project(tmp_path / "p.qdpx"), documents=documents)
    assert arrival.problems == []
    assert sorted(map(_plain, arrival.decisions), key=repr) == sorted(map(_plain, _human()), key=repr)
    assert arrival.left_out == {
        "suggestions of a machine": 1, "of the published coding (see published.csv)": 1,
    }  # fmt: skip
    expected = {"whole study": 2, "no text here yet": 5} if documents == {} else {
        "exact": 4, "not found": 1, "whole study": 2
    }  # fmt: skip
    assert arrival.placed == expected


def test_what_was_shown_to_the_coder_comes_back(tmp_path: Path) -> None:
    stream = BytesIO()
    write_project(review(), stream)
    (tmp_path / "p.qdpx").write_bytes(stream.getvalue())
    back = next(d for d in _settle(read_project(tmp_path / "p.qdpx")).decisions if d.theme == "TI")
    assert back == replace(decisions()[0], origin="p.qdpx")


def test_codes_of_others_are_told_by_name_by_the_code_above_or_by_the_user(tmp_path: Path) -> None:
    at = TEXT.index(SECOND)
    inside = "".join(coding(number, number) for number in (1, 2, 3))
    contents = _foreign(tmp_path, selection(at, at + len(SECOND), inside))
    arrival = _settle(contents)
    assert [problem.startswith("a coding in “khan.docx”: no theme 'Trust'") for problem in arrival.problems] == [True]
    assert '--map "Trust=THEME" says what it is' in arrival.problems[0]
    arrival = _settle(contents, codes={"trust": "TI=2"})
    assert {(d.theme, d.value, d.coder) for d in arrival.decisions} == {("GW", 1, "Nadia"), ("TI", 2, "Nadia")}
    assert {name: meaning.by for name, meaning in arrival.codes.items()} == {
        "Governance Weaknesses": "same name", "ghost workers": "a code above it", "Trust": "given",
    }  # fmt: skip
    assert _settle(contents, codes={"Trust": ""}).left_out["as told"] == 1


@pytest.mark.parametrize(
    ("data", "counted"),
    [
        (TEXT, TEXT),
        ("\ufeff" + TEXT, "\ufeff" + TEXT),
        ("\ufeff" + TEXT, TEXT),
        (TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "\r\n")),
        ("\ufeff" + TEXT.replace("\n", "\r\n"), TEXT),
    ],
    ids=["plain", "mark counted", "mark not counted", "Windows line ends counted", "neither counted"],
)
def test_a_byte_order_mark_and_windows_line_ends_shift_nothing(tmp_path: Path, data: str, counted: str) -> None:
    stretches = [(counted.index(words), words) for words in ("registers were closed", "widows", SECOND)]
    inside = "".join(selection(at, at + len(w), coding(1, n), n) for n, (at, w) in enumerate(stretches))
    arrival = _settle(_foreign(tmp_path, inside, data.encode()))
    assert [d.anchor.quote for d in arrival.decisions if d.anchor] == ["registers were closed", "widows", SECOND]
    assert arrival.placed == {"exact": 3}


def test_overlapping_codings_stay_apart_and_the_same_words_twice_are_one(tmp_path: Path) -> None:
    at = TEXT.index(SECOND)
    spans = [(at, at + 20), (at + 11, at + len(SECOND)), (at, at + 20), (at, at + len(SECOND))]
    inside = "".join(selection(start, end, coding(1, n), n) for n, (start, end) in enumerate(spans))
    arrival = _settle(_foreign(tmp_path, inside))
    assert sorted(d.anchor.quote for d in arrival.decisions if d.anchor) == [
        "Complaints were answ", "Complaints were answered late, if at all.", "were answered late, if at all.",
    ]  # fmt: skip
    assert arrival.left_out == {"said twice of the same words: the higher value counts": 1}


def test_a_coding_of_all_the_text_is_one_of_the_study(tmp_path: Path) -> None:
    arrival = _settle(_foreign(tmp_path, selection(0, len(TEXT), coding(1))))
    assert [(d.theme, d.anchor) for d in arrival.decisions] == [("GW", None)]


def test_a_rectangle_without_words_marks_the_passages_in_it(tmp_path: Path) -> None:
    corners = 'page="1" firstX="60" firstY="752" secondX="410" secondY="738"'
    area = f'<PDFSelection guid="dd" {corners}>{coding(1)}</PDFSelection>'
    source = f'<PDFSource guid="ee" name="khan.pdf" path="internal://k.pdf">{area}</PDFSource>'
    contents = read_project(packed(tmp_path / "p.qdpx", project(source), {"sources/k.pdf": b"%PDF"}))
    assert [d.anchor.quote for d in _settle(contents).decisions if d.anchor] == [SECOND]
    assert "text is not here yet" in _settle(contents, documents={}).passed_over[0]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (text_source(GW, path="internal://gone.txt"), "its text 'internal://gone.txt' is missing; 1 codings in it"),
        (text_source(GW, path="absolute:///etc/passwd"), "its text 'absolute:///etc/passwd' lies outside of the file"),
        (text_source(selection(5, 9999, coding(1))), "a coding at positions 5 to 9999 is outside of its text of"),
        (text_source(selection(0, 9, coding(7))), "refers to a code that the file does not have"),
        (text_source(selection(0, 9, coding(1)), name="Smith"), "no source 'Smith': there is torrand-2021, soren-2022"),
    ],
    ids=["missing text", "text elsewhere", "positions", "code", "source"],
)  # fmt: skip
def test_what_is_missing_is_named(tmp_path: Path, source: str, problem: str) -> None:
    contents = read_project(packed(tmp_path / "p.qdpx", project(source), {"sources/text.txt": TEXT.encode()}))
    arrival = _settle(contents)
    (told,) = [*arrival.problems, *arrival.passed_over]
    assert problem in told


def test_pictures_and_sound_are_counted_and_left_out(tmp_path: Path) -> None:
    source = (
        '<PictureSource guid="ee" name="map.png"><Coding guid="c"><CodeRef targetGUID="x"/></Coding></PictureSource>'
    )
    contents = read_project(packed(tmp_path / "p.qdpx", project(source)))
    assert contents.left_out == {"in pictures, sound or film (“map.png”)": 1}
