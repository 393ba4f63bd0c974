"""`jaiza extract FILE`: one PDF read by itself, nothing stored, and one clear line where there is nothing to show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import jaiza
from extract.views.explanation import _RULES
from support.pdf_pages import PARAGRAPHS, Sheet, report

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    report(tmp_path / "a.pdf", pages=3)
    report(tmp_path / "report", pages=3)
    (tmp_path / "letter.pdf").write_bytes(b"PK\x03\x04 a letter")
    blank = Sheet(tmp_path / "blank.pdf")
    blank.page()
    blank.save()
    return tmp_path


def extract(*arguments: str) -> Result:
    return CliRunner().invoke(jaiza, ["extract", *arguments])


@pytest.mark.parametrize("name", ["a.pdf", "report"])
def test_a_file_is_read_by_itself_and_nothing_is_stored(folder: Path, name: str) -> None:
    before = sorted(folder.rglob("*"))
    done = extract(name)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"1 Introduction\n\n{PARAGRAPHS[0]}\n\n")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("options", [["--format", "json"], ["--json"]])
def test_json_is_the_document(folder: Path, options: list[str]) -> None:
    document = json.loads(extract("a.pdf", *options).stdout)
    assert (document["state"], len(document["pages"]), len(document["passages"])) == ("read", 3, 9)


def test_html_is_written_to_a_file_with_the_pages_asked_for(folder: Path) -> None:
    done = extract("a.pdf", "--format", "html", "--out", "a.html", "--pages", "2-3")
    assert (done.exit_code, done.stdout) == (0, "a.html\n")
    html = (folder / "a.html").read_text()
    assert [f'id="page-{number}"' in html for number in (1, 2, 3)] == [False, True, True]


def test_explain_names_the_rule_of_every_role_and_section(folder: Path) -> None:
    told = extract("a.pdf", "--explain", "--pages", "3").stdout
    because = "larger type: 14.0 points, the body 11.0; bold type; its number: 3; its words: results?"
    place = "extract/roles/headings.py, NUMBER; extract/text/section_kinds.toml, line "
    assert f"p. 3  heading 1: 3 Results\n    because: {because} [{place}" in told
    assert "section findings under “3 Results”: The Household Support Fund" in told
    assert "        because: its words: results? [extract/text/section_kinds.toml, line " in told
    because = "it stands at the edge of 2 pages or more [extract/roles/furniture.py]"
    assert f"annual review Page 3 of 3\n    because: {because}\n" in told
    assert "p. 2" not in told


def test_every_place_that_explain_names_is_a_file() -> None:
    named = {place.split(",")[0] for places in _RULES.values() for place in places.split("; ")}
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_a_page_without_text_can_be_looked_at(folder: Path) -> None:
    done = extract("blank.pdf", "--format", "html", "--strict")
    assert done.exit_code == 3
    assert "no text was read here" in done.stdout
    assert "no text layer" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["letter.pdf"], 1, "letter.pdf: damaged: it is not a PDF but a zip archive or an Office document"),
        (["nowhere.pdf"], 1, "nowhere.pdf can't be read (No such file or directory)"),
        (["blank.pdf"], 1, "blank.pdf: no text layer: its pages are empty"),
        (["a.pdf", "--out", "report/place.txt"], 1, "report/place.txt can't be written"),
        (["a.pdf", "--pages", "9"], 2, "the file has 3 pages"),
        (["a.pdf", "--pages", "3-1"], 2, "write it as 7 or 3-9"),
        (["a.pdf", "--format", "json", "--pages", "1"], 2, "--pages goes with text and html"),
        (["a.pdf", "report"], 2, "one file at a time"),
        (["--format", "text"], 2, "go with a file"),
    ],
)
def test_what_can_not_be_shown_is_one_clear_line(folder: Path, arguments: list[str], code: int, message: str) -> None:
    done = extract(*arguments)
    assert done.exit_code == code
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
