"""`jaiza agreement` as a coder meets it: two coders' tables imported, and what is said of them."""

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
khan-2016,GW,1,Bilal,funds came late,4
khan-2016,FS,1,Amina,the fund ran dry,5
khan-2016,FS,0,Bilal,the fund ran dry,5
khan-2016,GW,0,Amina,nothing of note,6
khan-2016,GW,0,Bilal,nothing of note,6
"""


@pytest.fixture
def run(tmp_path: Path) -> Jaiza:
    """Run a command on a workspace with one study and two coders' decisions on three passages."""
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "review.toml").write_text("title = 'Mine'\nshipped_sources = false\n", encoding="utf-8")
    (folder / "sources.toml").write_text(
        "[[source]]\nid = 'khan-2016'\nlabel = 'Khan (2016)'\ntitle = 'Zakat and poverty'\n", encoding="utf-8"
    )
    (tmp_path / "decisions.csv").write_text(DECISIONS, encoding="utf-8")

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(jaiza, ["--workspace", str(folder), *arguments])

    assert command("import", str(tmp_path / "decisions.csv")).exit_code == 0
    return command


def test_the_overview_has_a_row_for_each_theme_and_says_what_is_undefined(run: Jaiza) -> None:
    said = run("agreement").output
    assert "Presence, Amina and Bilal: 24 passages x themes judged by two or more" in said
    rows = {line.split()[0]: line for line in said.partition("Strength")[0].splitlines() if line}
    assert "100.0" in rows["GW"]
    assert "undefined: no variation" in rows["DIG"]
    assert "2 disagreements, 1 on presence" in said


def test_of_one_theme_it_shows_the_table_and_the_passages_that_differ(run: Jaiza) -> None:
    said = run("agreement", "--theme", "GW").output
    assert "GW, strength, Amina and Bilal: 3 passages judged by two or more" in said
    assert [line.split() for line in said.splitlines() if line[:2] in ("0 ", "1 ", "2 ")] == [
        ["0", "2", "0", "0"], ["1", "0", "0", "0"], ["2", "0", "1", "0"],
    ]  # fmt: skip
    assert "khan-2016  4     strength   Amina 2, Bilal 1  funds came late" in said
    assert "the fund ran dry" not in said


def test_as_json_it_gives_every_coefficient_with_its_interval(run: Jaiza) -> None:
    found = json.loads(run("agreement", "--json", "--draws", "50").output)
    overall = next(one for one in found["agreement"] if not one["theme"] and one["scale"] == "strength")
    assert set(overall["coefficients"]) == {
        "per cent", "kappa", "kappa linear", "kappa quadratic", "AC1", "AC2 quadratic",
        "alpha nominal", "alpha ordinal", "alpha interval",
    }  # fmt: skip
    assert overall["coefficients"]["per cent"]["value"] == pytest.approx(100 * 22 / 24)
    assert [(one["theme"], one["scale"]) for one in found["disagreements"]] == [("GW", "strength"), ("FS", "presence")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--theme", "GX"], "no theme 'GX'"),
        (["--coder", "Amnia"], "no coder 'Amnia': did you mean 'Amina'?"),
        (["--coder", "Amina"], "no two coders have judged the same passages (coders: Amina)"),
        (["--level", "study", "--coder", "Amina"], "no two coders have judged the same studies"),
        (["--machine"], "people and machine have judged nothing both"),
    ],
)
def test_where_there_is_nothing_to_compare_it_says_what_to_do(run: Jaiza, arguments: list[str], message: str) -> None:
    said = run("agreement", *arguments)
    assert said.exit_code == 1
    assert message in said.output
    assert len(said.output.splitlines()) == 1
