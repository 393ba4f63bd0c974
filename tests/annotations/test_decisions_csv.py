"""decisions.csv and published.csv: every line right, or one clear message and nothing taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations.codebook_changes import Recoding, add_recoding, recoded
from annotations.decision import Anchor
from annotations.decisions_csv import published_decisions, read_decisions
from corpus.errors import DataFileError
from corpus.workspace import Review, Workspace
from models.codebook.codebook import Codebook, Theme

CODEBOOK = Codebook("t", tuple(Theme(code, code, "d", (), (), ()) for code in ("GW", "IF", "TI", "FS", "DIG", "CGL")))
SOURCES = ("alpha-2001", "beta-2002")


def _read(folder: Path, text: str, encoding: str = "utf-8") -> list[object]:
    path = folder / "decisions.csv"
    path.write_bytes(text.encode(encoding))
    return list(read_decisions(path, sources=SOURCES, codebook=CODEBOOK))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("source,theme,value,coder,quote,page\nalpha-2001,GW,2,Amina,funds came late,4\n", "utf-8"),
        ("source;theme;value;coder;quote;page\r\nalpha-2001;GW;2;Amina;funds came late;4\r\n", "utf-8-sig"),
        ("coder\tquote\tpage\tsource\ttheme\tvalue\nAmina\tfunds came late\t4\talpha-2001\tGW\t2\n\n", "utf-8"),
    ],
    ids=["comma", "semicolon, mark and CRLF", "tab, other order, blank line"],
)
def test_the_ways_a_spreadsheet_saves_it_read_the_same(tmp_path: Path, text: str, encoding: str) -> None:
    (decision,) = _read(tmp_path, text, encoding)
    assert (decision.source_id, decision.theme, decision.value, decision.coder) == ("alpha-2001", "GW", 2, "Amina")  # type: ignore[attr-defined]
    assert decision.anchor == Anchor("funds came late", 4)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("alpha-2001,GX,1,A,,,,", "line 2: no theme 'GX': there is GW, IF, TI"),
        ("alpha-2010,GW,1,A,,,,", r"line 2: no source 'alpha-2010': did you mean 'alpha-2001'\?"),
        ("alpha-2001,GW,3,A,,,,", "line 2: value is '3'"),
        ("alpha-2001,GW,1,,,,,", "line 2: coder is empty"),
        ("alpha-2001,GW,1,A,,,,\nalpha-2001,GW,2,A,,,,", "line 3: judges the same as line 2"),
        ("alpha-2001,GW,1,A,judge,,,", "line 2: no role 'judge'"),
        ("alpha-2001,GW,1,published,,,,", "published coding is not a coder's decision"),
        ("alpha-2001,GW,1,A,,words,iv,", "line 2: page is 'iv'"),
        ("alpha-2001,GW,1,A,,,4,", "line 2: a page without a quote"),
        ("alpha-2001,GW,1", "line 2: 3 cells where the header has 8"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        _read(tmp_path, f"source,theme,value,coder,role,quote,page,note\n{body}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("source,theme,value\na,b,c\n", "column 'coder' is missing"),
        ("source,theme,value,coder,remark\n", "no column 'remark'"),
    ],
)
def test_a_wrong_header_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        _read(tmp_path, text)


def test_another_encoding_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r'not UTF-8 text. In Excel, save it as "CSV UTF-8'):
        _read(tmp_path, "source,theme,value,coder\nalpha-2001,GW,1,Zoë\n", "latin-1")


def test_the_shipped_ticks_are_the_papers(tmp_path: Path) -> None:
    with (Path(__file__).parent.parent.parent / "annotations" / "published.csv").open(encoding="utf-8") as table:
        ids = [line.split(",")[0] for line in table][1:]
    decisions = published_decisions(Workspace(tmp_path, Review()), CODEBOOK, sources=ids)
    ticks = {code: sum(d.value or 0 for d in decisions if d.theme == code) for code in CODEBOOK.codes}
    assert len(ids) == 25
    assert len(decisions) == 150
    assert ticks == {"GW": 19, "IF": 15, "TI": 20, "FS": 13, "DIG": 11, "CGL": 5}
    assert {d.coder for d in decisions} == {"published"}


def test_a_review_of_ones_own_has_no_published_coding_unless_it_brings_one(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, Review(shipped_sources=False))
    assert published_decisions(workspace, CODEBOOK, sources=SOURCES) == ()
    (tmp_path / "published.csv").write_text("source,GW,IF\nalpha-2001,✓,?\nbeta-2002,,2\n", encoding="utf-8")
    found = [(d.source_id, d.theme, d.value) for d in published_decisions(workspace, CODEBOOK, sources=SOURCES)]
    assert found == [("alpha-2001", "GW", 1), ("beta-2002", "GW", 0), ("beta-2002", "IF", 2)]


def test_a_publication_keeps_the_themes_it_had_when_they_are_merged(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, Review(shipped_sources=False))
    (tmp_path / "published.csv").write_text("source,GW,OLD\nalpha-2001,,1\nbeta-2002,,0\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="no column 'OLD'"):
        published_decisions(workspace, CODEBOOK, sources=SOURCES)
    change = Recoding("merge", ("GW", "OLD"), ("GW",), "one thing", "2026-06-01")
    add_recoding(workspace, change, CODEBOOK)
    found = published_decisions(workspace, CODEBOOK, sources=SOURCES)
    assert [(d.theme, d.value) for d in found] == [("GW", 0), ("OLD", 1), ("GW", 0), ("OLD", 0)]
    assert [(d.source_id, d.theme, d.value) for d in recoded(found, [change], CODEBOOK)] == [
        ("alpha-2001", "GW", 1), ("beta-2002", "GW", 0),
    ]  # fmt: skip
