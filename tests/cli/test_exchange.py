"""`jaiza export` and `jaiza import` as a user types them: files written whole, imports all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from annotations.log.decision_log import DecisionLog
from cli.main import jaiza
from corpus.workspace import open_workspace
from support.refi_project import coding, packed, project, selection, text_source

SETTINGS = "title = 'Mine'\nshipped_sources = false\n"
SOURCES = "[[source]]\nid = 'khan-2016'\nlabel = 'Khan (2016)'\ntitle = 'Zakat and poverty'\n"
TEXT = "Payments were late. Nobody knew why."
LATE = selection(0, 19, coding(1))
Jaiza = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Jaiza:
    """Run a command on a review of one study, without its text."""
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "review.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(jaiza, ["--workspace", str(folder), *arguments])

    return command


def _decisions(tmp_path: Path) -> list[tuple[str, int | None, str]]:
    log = DecisionLog(open_workspace(tmp_path / "w").database_url)
    try:
        return [(d.theme, d.value, d.coder) for d in log.current()]
    finally:
        log.close()


def _project(tmp_path: Path, inside: str, name: str = "Interview.docx") -> str:
    source = text_source(inside, name=name)
    return str(packed(tmp_path / "p.qdpx", project(source), {"sources/text.txt": TEXT.encode()}))


def test_nothing_is_brought_in_where_one_code_is_unknown_and_each_problem_has_its_line(
    tmp_path: Path, run: Jaiza
) -> None:
    file = _project(tmp_path, LATE + selection(20, 36, coding(3), 2))
    result = run("import", file, "--source", "Interview=khan-2016")
    assert result.exit_code == 1
    assert "no theme 'Trust'" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert _decisions(tmp_path) == []
    result = run("import", file)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 3
    assert "nothing was brought in, because of these 2" in result.stderr


def test_the_users_word_on_codes_and_documents_counts(tmp_path: Path, run: Jaiza) -> None:
    file = _project(tmp_path, LATE + selection(20, 36, coding(3), 2))
    arguments = ["import", file, "--source", "interview.docx=khan-2016", "--map", "Trust=TI"]
    assert "2 decisions would be brought in" in run(*arguments, "--dry-run").stdout
    assert _decisions(tmp_path) == []
    result = run(*arguments)
    assert result.exit_code == 0
    assert "2 decisions added, 0 known already" in result.stdout
    assert _decisions(tmp_path) == [("GW", 1, "Nadia"), ("TI", 1, "Nadia")]
    assert json.loads(run(*arguments, "--json").stdout)["known"] == 2


def test_a_wrong_theme_in_map_is_one_line(tmp_path: Path, run: Jaiza) -> None:
    result = run("import", _project(tmp_path, LATE), "--map", "Trust=GV")
    assert result.exit_code == 1
    assert "no theme 'GV': there is GW, IF" in result.stderr
    assert run("import", _project(tmp_path, LATE), "--map", "Trust").exit_code == 2


def test_a_codebook_is_compared_and_changes_nothing(tmp_path: Path, run: Jaiza) -> None:
    (tmp_path / "c.qdc").write_text(
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>'
        '<Code guid="a" name="Fiscal unsustainability" isCodable="true"/>'
        '<Code guid="b" name="Social trust" isCodable="true"><Description>Whom people believe.</Description></Code>'
        "</Codes></CodeBook>",
        encoding="utf-8",
    )
    result = run("import", str(tmp_path / "c.qdc"))
    assert "1 of 2 codes are themes here" in result.stdout
    assert '--map "Social trust=THEME"' in result.stdout
    assert 'code = "ST"' in result.stdout
    found = json.loads(run("import", str(tmp_path / "c.qdc"), "--json", "--map", "Social trust=GW").stdout)
    assert [code["theme"] for code in found["codes"]] == ["FS", "GW"]


def test_an_unknown_kind_of_file_is_one_line(tmp_path: Path, run: Jaiza) -> None:
    result = run("import", str(tmp_path / "codings.nvp"))
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert ".nvp can't be imported. There is .qdpx" in result.stderr


def test_an_export_is_read_back_by_import(tmp_path: Path, run: Jaiza, with_model: Callable[[Path], Path]) -> None:
    with_model(tmp_path / "w")
    assert run("import", _project(tmp_path, LATE), "--source", "Interview=khan-2016").exit_code == 0
    out = tmp_path / "mine.qdpx"
    result = run("export", "qdpx", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert str(out) in result.stdout
    again = json.loads(run("import", str(out), "--json").stdout)
    assert (again["added"], again["known"]) == (0, 1)


def test_an_unknown_format_names_those_there_are(run: Jaiza) -> None:
    result = run("export", "qdp")
    assert result.exit_code == 1
    assert "no format 'qdp': did you mean 'qdpx'?" in result.stderr
    assert "qdpx" in run("export").stdout


def test_an_export_that_cannot_be_written_leaves_nothing(tmp_path: Path, run: Jaiza) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    result = run("export", "qdc", "--out", str(tmp_path / "letter.txt" / "c.qdc"))
    assert (result.exit_code, "can't be written" in result.stderr) == (1, True)
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_an_import_is_taken_back_and_can_be_done_again(tmp_path: Path, run: Jaiza) -> None:
    file = _project(tmp_path, LATE, name="khan-2016")
    assert run("import", file).exit_code == 0
    assert "1 decision taken back" in run("import", file, "--undo").stdout
    assert _decisions(tmp_path) == []
    assert "nothing that counts now was brought in" in run("import", file, "--undo").stderr
    assert json.loads(run("import", file, "--json").stdout)["added"] == 1
    assert json.loads(run("import", file, "--json").stdout)["added"] == 0
    assert _decisions(tmp_path) == [("GW", 1, "Nadia")]
    assert run("import", file, "--undo").exit_code == 0
    assert _decisions(tmp_path) == []


def test_undo_leaves_what_counted_before(tmp_path: Path, run: Jaiza) -> None:
    head = "source,theme,value,coder,decided\n"
    for name, value in (("a.csv", 1), ("b.csv", 2)):
        (tmp_path / name).write_text(f"{head}khan-2016,GW,{value},Nadia,2026-01-0{value}\n", "utf-8")
        assert run("import", str(tmp_path / name)).exit_code == 0
    assert _decisions(tmp_path) == [("GW", 2, "Nadia")]
    assert run("import", "b.csv", "--undo").exit_code == 0
    assert _decisions(tmp_path) == [("GW", 1, "Nadia")]


def test_a_list_of_names_makes_a_new_theme(tmp_path: Path, run: Jaiza) -> None:
    file, codes = _project(tmp_path, LATE + selection(20, 36, coding(3), 2)), tmp_path / "codes.csv"
    assert "codes.csv written" in run("import", file, "--codes", str(codes)).stdout
    assert _decisions(tmp_path) == []
    filled = codes.read_text("utf-8-sig").replace("Trust,", "Trust,new").replace("docx,,", "docx,khan-2016,")
    codes.write_text(filled, "utf-8-sig")
    result = run("import", file, "--codes", str(codes))
    assert result.exit_code == 0, result.output
    assert sorted(_decisions(tmp_path)) == [("GW", 1, "Nadia"), ("TRUS", 1, "Nadia")]
    assert 'name = "Trust"' in (tmp_path / "w" / "codebook.toml").read_text("utf-8")
