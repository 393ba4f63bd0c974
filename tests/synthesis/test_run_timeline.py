"""The timeline of a run: rows, bars and the limits that keep it small."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from synthesis.runs.run_timeline import LABEL, ROWS, RunFacts, Spell, in_time, timeline


def drawn(spells: list[Spell], labels: dict[str, str] | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(str(timeline(RunFacts(spells=spells), labels or {})))


def test_a_document_has_a_row_and_a_bar_for_every_stage() -> None:
    picture = drawn(
        [Spell("khan-2016", "extract", "a:1", 0.0, 2.0), Spell("khan-2016", "suggest", "a:1", 2.0, 2.0)],
        {"khan-2016": "Khan (2016) <& others>"},
    )
    bars = picture.findall("rect")
    assert [bar[0].text for bar in bars] == [
        "Khan (2016) <& others>: extract, 2 s", "Khan (2016) <& others>: suggest, 2 s",
    ]  # fmt: skip
    assert float(bars[0].attrib["x"]) == LABEL
    assert float(bars[0].attrib["width"]) == pytest.approx(float(bars[1].attrib["width"]))
    assert "Khan (2016) <& others>" in [text.text for text in picture.findall("text")]


def test_of_many_documents_the_workers_have_rows_and_thin_bars_are_one() -> None:
    spells = [Spell(f"doc-{n}", "extract", f"node:{n % 2}", n * 0.01, 0.01) for n in range(10_000)]
    picture = drawn(spells)
    names = [text.text for text in picture.findall("text") if text.attrib["x"] == "0"]
    assert names == ["node:0", "node:1"]
    assert len(picture.findall("rect")) < 5_000
    assert len(drawn([Spell(f"d{n}", "pull", "", n, 1.0) for n in range(ROWS)]).findall("rect")) == ROWS


def test_a_run_that_did_nothing_has_no_picture() -> None:
    assert timeline(RunFacts(), {}) == ""


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.5, "0.5 s"), (45, "45 s"), (725, "12:05 min"), (12_000, "3:20 h"), (3599.9, "59:59 min")]
)
def test_times_are_told_as_people_do(seconds: float, said: str) -> None:
    assert in_time(seconds) == said
    assert re.fullmatch(r"[\d:.]+ (s|min|h)", in_time(seconds))
