"""A codebook is changed as its users would: what is counted, what coders are asked again, what the record shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import jaiza

Jaiza = Callable[..., Result]
DECISIONS = """source,theme,value,coder,quote,page
khan-2016,GW,2,Amina,funds came late,4
khan-2016,GW,0,Bilal,funds came late,4
khan-2016,IF,1,Bilal,funds came late,4
khan-2016,FS,1,Amina,,
khan-2016,FS,0,Bilal,,
"""


def _codebook(folder: Path, *themes: tuple[str, str]) -> None:
    entries = [
        f"[[theme]]\ncode = '{code}'\nname = '{code}'\ndefinition = '{definition}'\ninclude = ['a']\nexclude = ['b']\n"
        "examples = ['c']\n"
        for code, definition in themes
    ]
    (folder / "codebook.toml").write_text("title = 'Mine'\n" + "\n".join(entries), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "w"
    place.mkdir()
    (place / "review.toml").write_text("title = 'Mine'\nshipped_sources = false\n", encoding="utf-8")
    (place / "sources.toml").write_text(
        "[[source]]\nid = 'khan-2016'\nlabel = 'Khan (2016)'\ntitle = 'Zakat and poverty'\n", encoding="utf-8"
    )
    return place


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Jaiza:
    """Run a command on a workspace with three themes and two coders' decisions."""

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(jaiza, ["--workspace", str(folder), *arguments])

    _codebook(folder, ("GW", "how"), ("IF", "who"), ("FS", "money"))
    (tmp_path / "decisions.csv").write_text(DECISIONS, encoding="utf-8")
    result = command("import", str(tmp_path / "decisions.csv"))
    assert result.exit_code == 0, result.output
    return command


def _disputed(run: Jaiza) -> list[str]:
    return [one["theme"] for one in json.loads(run("adjudicate", "--json").output)]


def test_merged_themes_count_as_one_and_the_record_keeps_what_was_decided(run: Jaiza, folder: Path) -> None:
    assert _disputed(run) == ["GW", "IF", "FS"]
    _codebook(folder, ("GOV", "how and who"), ("FS", "money"))
    done = run("recode", "merge", "GW", "IF", "--into", "GOV", "--because", "not to be told apart", "--by", "Zara")
    assert done.output == "GW, IF → GOV: 3 decisions shown so from now on\n"
    assert _disputed(run) == ["FS", "GOV"]  # on GOV in strength only: 2 and 1
    shown = json.loads(run("log", "--theme", "GOV", "--json").output)
    assert [(line["theme"], line["value"]) for line in shown] == [("GW", 2), ("GW", 0), ("IF", 1)]
    again = run("recode", "merge", "GW", "--into", "GOV", "--because", "x")
    assert "theme 'GW': has been merged or split already" in again.output


def test_changed_rules_put_decisions_back_into_the_queue_until_they_are_undone(run: Jaiza, folder: Path) -> None:
    _codebook(folder, ("GW", "how"), ("IF", "who"), ("FS", "money, in earnest"))
    assert "2 marked to be looked at again" in run("recode", "mark").output
    assert "0 marked" in run("recode", "mark").output
    said = run("recode", "list").output
    assert "khan-2016  study  Amina  FS 1        FS: definition changed since revision" in said
    _codebook(folder, ("GW", "how"), ("IF", "who"), ("FS", "money"))
    assert "0 marked" in run("recode", "mark").output
    marks = [line for line in json.loads(run("log", "--json").output) if line["event"] == "mark"]
    assert [line["on"] for line in marks] == [True, True, False, False]
    assert not any(line["counts"] for line in marks)


def test_a_split_theme_is_asked_again_under_each_of_its_parts(run: Jaiza, folder: Path) -> None:
    _codebook(folder, ("GW", "how"), ("IF", "who"), ("TAX", "taxes"), ("DEBT", "debts"))
    done = run("recode", "split", "FS", "--into", "TAX", "--into", "DEBT", "--because", "two things")
    assert "FS → TAX, DEBT: 2 decisions shown so from now on, 2 marked to be looked at again" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["merge", "GX", "--into", "GW", "--because", "x"], "no theme 'GX' in any revision of this review"),
        (["merge", "GW", "IF", "--into", "GOV", "--because", "x"], "no theme 'GOV'"),
        (["merge", "IF", "--into", "GW", "--because", "x"], "GW was there beside IF: say merge GW IF --into GW"),
        (["split", "FS", "--into", "GW", "--into", "IF", "--because", "x"], "theme 'FS': is still there"),
    ],
)
def test_a_change_that_can_not_be_is_one_line(run: Jaiza, arguments: list[str], message: str) -> None:
    said = run("recode", *arguments)
    assert said.exit_code == 1
    assert message in said.output
    assert len(said.output.splitlines()) == 1


def test_the_history_shows_what_counts_and_what_does_not(run: Jaiza, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("source,theme,value,coder,note\nkhan-2016,FS,2,Amina,see annex\n", "utf-8")
    assert run("import", str(tmp_path / "more.csv")).exit_code == 0
    said = run("log", "khan-2016", "--theme", "FS", "--coder", "Amina").output.splitlines()
    assert [line[21:] for line in said if "Amina" in line] == [
        "Amina  [khan-2016, the study: FS = 1]", "Amina  khan-2016, the study: FS = 2",
    ]  # fmt: skip
    assert "    note: see annex" in said
    assert said[-1] == "2 events"
