"""What a run changed, as one sees it after a decision."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from annotations.decision import Decision
from annotations.log.decision_log import DecisionLog
from cli.main import jaiza

SOURCES = "[[source]]\nid = 'khan-2016'\nlabel = 'Khan (2016)'\ntitle = 'Zakat and poverty'\n"


def prepared(folder: Path) -> Callable[..., Result]:
    folder.mkdir()
    (folder / "review.toml").write_text("title = 'Mine'\nshipped_sources = false\n", encoding="utf-8")
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(jaiza, ["--workspace", str(folder), *arguments])

    return command


def test_a_decision_between_two_runs_is_what_changed(tmp_path: Path) -> None:
    run = prepared(tmp_path / "w")
    first = json.loads(run("run", "--without-prefect", "--json").stdout)
    assert first["changes"] is None
    assert "nothing to compare it with" in run("runs", "diff").stderr
    log = DecisionLog(f"sqlite:///{tmp_path / 'w' / 'annotations.db'}")
    log.record([Decision("khan-2016", "GW", 2, "amina")])
    log.close()
    second = json.loads(run("run", "--without-prefect", "--json").stdout)
    told = [(row["kind"], row["theme"], row["why"]) for row in second["changes"]["rows"]]
    assert told == [("cell", "GW", ["new decision"]), ("frequency", "GW", ["new decision"])]
    latest = tmp_path / "w" / "out" / "latest"
    with (latest / "changes.csv").open(encoding="utf-8-sig") as stream:
        assert [row["why"] for row in csv.DictReader(stream)] == ["new decision", "new decision"]
    assert "What changed since the run before" in (latest / "report.html").read_text(encoding="utf-8")
    assert json.loads(run("runs", "diff", "--json").stdout)["rows"] == second["changes"]["rows"]
    third = json.loads(run("run", "--without-prefect", "--json").stdout)
    assert (third["unchanged"], third["changes"]) == (True, None)


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    run = prepared(tmp_path / "w")
    assert "no run 'yesterday'" in run("runs", "diff", "yesterday").stderr
