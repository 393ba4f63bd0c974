"""`jaiza patterns` on the shipped review, which has ticks and no texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import jaiza


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("patterns"))


def test_the_ticks_alone_give_pairs_tables_and_saturation(place: str) -> None:
    found = json.loads(CliRunner().invoke(jaiza, ["patterns", "-w", place, "--view", "published", "--json"]).stdout)
    assert [(pair["first"], pair["second"]) for pair in found["pairs"] if pair["q"] < 0.05] == [("IF", "FS")]
    zakat = next(group for group in found["groups"]["programme"] if group["name"] == "Zakat")
    assert zakat["parts"][0]["stance"] == "all report it"
    assert len(zakat["studies"]) == 5
    assert found["saturation"]["themes"][-1]["in_order"] == 6
    assert (found["subthemes"], found["arguments"], found["hierarchy"]) == ([], [], [])


def test_what_can_not_be_shown_yet_is_said(place: str) -> None:
    shown = CliRunner().invoke(jaiza, ["patterns", "-w", place, "--view", "published", "--eligible"]).stdout
    assert "No passage has been accepted or proposed yet" in shown
    assert "95 % of the 6 themes are known after 8 of 23 studies" in shown


def test_a_file_of_names_is_never_written_over(place: str, tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text("# mine\n", encoding="utf-8")
    result = CliRunner().invoke(jaiza, ["patterns", "-w", place, "--subthemes", str(tmp_path / "names.toml")])
    assert (result.exit_code, "is there already" in result.stderr) == (1, True)
    assert (tmp_path / "names.toml").read_text(encoding="utf-8") == "# mine\n"
