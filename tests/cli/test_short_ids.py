"""Ids that people type may be shortened to their beginning, as long as no other begins so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import jaiza
from corpus.errors import UnknownChoiceError, choose

CODED = "source,theme,value,coder\ngazdar-2011,TI,1,Amina\ngazdar-2011,TI,0,Bilal\n"


def _said(folder: Path, *words: str) -> str:
    return CliRunner().invoke(jaiza, [*words, "--workspace", str(folder)], catch_exceptions=False).output


@pytest.mark.parametrize(
    ("given", "chosen"), [("khan-2016", "khan-2016"), ("khan-2016b", "khan-2016b"), ("g", "gazdar-2011")]
)
def test_a_whole_id_or_a_beginning_that_only_one_has_is_enough(given: str, chosen: str) -> None:
    assert choose("source", given, ["khan-2016", "khan-2016b", "gazdar-2011"]) == chosen


@pytest.mark.parametrize("given", ["khan", "x", ""])
def test_a_beginning_of_several_or_of_none_is_refused_with_those_there_are(given: str) -> None:
    with pytest.raises(UnknownChoiceError, match="there is khan-2016, khan-2016b"):
        choose("source", given, ["khan-2016", "khan-2016b"])


def test_commands_take_the_beginning_of_sources_and_of_disagreements(tmp_path: Path) -> None:
    (tmp_path / "coded.csv").write_text(CODED, encoding="utf-8")
    folder = tmp_path / "review"
    folder.mkdir()
    _said(folder, "import", str(tmp_path / "coded.csv"))
    (dispute,) = json.loads(_said(folder, "adjudicate", "gaz", "--json"))
    ruled = _said(
        folder, "adjudicate", "--rule", dispute["id"][:5], "--value", "1", "--because", "so it says", "--by", "Zara"
    )
    assert "TI is 1 there, ruled by Zara" in ruled
    assert "so it says" in _said(folder, "log", "gaz")
