"""`jaiza matrix` on the shipped review: views, conditions, two views side by side, JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from annotations.decision import Anchor, Code, Decision
from annotations.log.decision_log import DecisionLog
from cli.main import jaiza
from corpus.workspace import open_workspace

Matrix = Callable[..., Any]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the shipped review in which one coder has judged three cells."""
    root = tmp_path_factory.mktemp("matrix")
    CliRunner().invoke(jaiza, ["matrix", "-w", str(root)])
    log = DecisionLog(open_workspace(root).database_url)
    log.record([Decision("bari-2005", theme, value, "Amina") for theme, value in (("GW", 2), ("FS", 0), ("COV", 1))])  # type: ignore[arg-type]
    log.close()
    return root


@pytest.fixture
def matrix(judged: Path) -> Matrix:
    """Runs `jaiza matrix` there."""

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(jaiza, ["matrix", "-w", str(judged), *arguments])

    return run


def test_without_the_rows_that_fail_the_criteria_is_one_option(matrix: Matrix) -> None:
    found = json.loads(matrix("--view", "published", "--eligible", "--json").stdout)
    assert found["studies"] == 23
    assert [item["present"] for item in found["frequencies"]] == [19, 13, 18, 13, 9, 3]
    assert [out["source"] for out in found["left_out"]] == ["turkey-isas-2017", "dfat-registries-2017"]


def test_two_views_stand_side_by_side_where_they_differ(matrix: Matrix) -> None:
    found = json.loads(
        matrix("--view", "coder:Amina", "--diff", "published", "--only", "source=bari-2005", "--json").stdout
    )
    assert {d["theme"]: (d["first"], d["second"], d["kind"]) for d in found["differences"]} == {
        "GW": (2, 1, "strength"), "IF": (None, 1, "only second"), "TI": (1, 0, "presence"), "FS": (0, 1, "presence"),
        "DIG": (None, 0, "only second"), "CGL": (None, 0, "only second"),
    }  # fmt: skip
    shown = matrix("--view", "coder:Amina", "--diff", "published", "--only", "source=bari-2005").stdout
    assert "2≠1" in shown
    assert "Of 6 cells 0 are the same, 2 differ on presence, 1 in strength only" in shown


def test_eight_themes_keep_coverage_apart(matrix: Matrix) -> None:
    found = json.loads(matrix("--view", "human", "--themes", "8", "--only", "source=bari-2005", "--json").stdout)
    (row,) = found["rows"]
    assert (row["TI"], row["COV"], row["GW"]) == (None, 1, 2)


def test_a_csv_file_holds_what_was_shown(matrix: Matrix, tmp_path: Path) -> None:
    assert (
        matrix("--view", "published", "--diff", "human", "--presence", "--out", str(tmp_path / "d.csv")).exit_code == 0
    )
    table = pd.read_csv(tmp_path / "d.csv", index_col="source")
    assert table["GW published"].sum() == 19
    assert table.loc["bari-2005", ["GW human", "FS human", "FS difference"]].to_list() == [1, 0, "presence"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--view", "coder:Nobody"), "no view 'coder:Nobody'"),
        (("--diff", "nothing"), "no view 'nothing'"),
        (("--only", "colour=red"), "no field 'colour'"),
        (("--themes", "7"), "no number of themes '7'"),
    ],
)
def test_what_there_is_not_gets_one_line(matrix: Matrix, arguments: tuple[str, ...], message: str) -> None:
    result = matrix(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"jaiza: {message}")
    assert result.stderr.count("\n") == 1


def test_the_audit_holds_any_claims_against_any_view_and_any_studies(judged: Path, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[[claim]]\ntheme = "GW"\ncount = 19\n[[claim]]\ntheme = "TI"\nrank = 1\n')

    def verdicts(*options: str) -> list[str]:
        arguments = ["audit", "-w", str(judged), "--claims", str(tmp_path / "c.toml"), "--json", *options]
        return [finding["verdict"] for finding in json.loads(CliRunner().invoke(jaiza, arguments).stdout)["findings"]]

    assert verdicts() == ["agrees", "agrees"]
    assert verdicts("--eligible") == ["agrees", "disagrees"]
    assert verdicts("--view", "coder:Amina") == ["depends on", "depends on"]


def test_the_audit_names_the_studies_behind_a_count(judged: Path) -> None:
    shown = CliRunner().invoke(jaiza, ["audit", "-w", str(judged), "--cells"]).stdout
    assert "Present: Gazdar (2011)" in " ".join(shown.split())


def test_an_unknown_theme_in_a_claims_file_gets_one_line(judged: Path, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[[claim]]\ntheme = "POL"\ncount = 19\n')
    result = CliRunner().invoke(jaiza, ["audit", "-w", str(judged), "--claims", str(tmp_path / "c.toml")])
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "claim 'claim 1': unknown theme 'POL'. The codebook has GW, IF, TI" in result.stderr


def test_a_code_of_ones_own_counts_under_its_theme_and_a_free_one_nowhere(tmp_path: Path) -> None:
    root, late, free = tmp_path, "+" + "a" * 12, "+" + "b" * 12
    CliRunner().invoke(jaiza, ["matrix", "-w", str(root)])
    log = DecisionLog(open_workspace(root).database_url)
    log.record(
        [Decision("bari-2005", code, 2, "Amina", anchor=Anchor("paid late", 3)) for code in (late, free)],
        codes=[Code(late, "paid late", "Amina", "GW"), Code(free, "unplaced", "Amina")],
    )
    log.close()
    arguments = ("--view", "coder:Amina", "--only", "source=bari-2005", "--out", str(tmp_path / "m.csv"))
    CliRunner().invoke(jaiza, ["matrix", "-w", str(root), *arguments])
    (row,) = pd.read_csv(tmp_path / "m.csv", dtype=str, keep_default_na=False).to_dict("records")
    assert {code: row[code] for code in ("GW", "FS", "TI")} == {"GW": "2", "FS": "", "TI": ""}
