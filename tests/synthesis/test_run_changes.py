"""What changed between two runs, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import StoreError
from synthesis.matrix.cell import Cell
from synthesis.matrix.tables import cells_table, judgements, to_csv
from synthesis.runs.run_changes import CellChange, Changes, Snapshot, changes_table, compare, snapshot, stored_snapshot

FILE, OTHER = "a" * 64, "b" * 64


def inputs(**given: Any) -> dict[str, Any]:
    documents = {"khan": [FILE, "2", "read", "model-1"], "ali": [["unreachable", "no network", ""], "", "", ""]}
    return {"codebook": "c1", "settings": "s1", "include_proposed": False, "documents": documents, **given}


def run(
    *,
    ti: dict[str, str] | None = None,
    given: dict[str, Any] | None = None,
    count: int = 3,
    rows: tuple[str, ...] = ("khan", "ali"),
) -> Snapshot:
    empty = {"merged": "", "basis": "unknown", "published": "", "human": "", "machine": "", "coders": ""}
    table = [
        {"source": source, "theme": theme, **empty, **(ti if ti and (source, theme) == ("khan", "TI") else {})}
        for source in rows
        for theme in ("GW", "TI")
    ]
    return snapshot("run", inputs(**(given or {})), {"khan": count, "ali": 0}, table)


def only(changes: Changes, kind: Any) -> CellChange:
    (one,) = changes.of(kind)
    return one


def test_the_same_run_twice_has_no_changes() -> None:
    assert compare(run(), run()) == Changes("run", "run")
    assert compare(run(), run()).summary == "nothing"


def test_a_decision_changes_its_cell_and_the_frequency() -> None:
    decided = {"merged": "2", "basis": "agreed", "human": "2", "coders": "amina: 2"}
    changed = compare(run(), run(ti=decided))
    cell = only(changed, "cell")
    assert (cell.source, cell.theme, cell.why) == ("khan", "TI", ("new decision",))
    assert cell.before == "merged ?, human ?, coders none"
    assert cell.after == "merged 2, human 2, coders amina: 2"
    frequency = only(changed, "frequency")
    assert (frequency.theme, frequency.before, frequency.after, frequency.why) == (
        "TI", "0 of 0", "1 of 1", ("new decision",),
    )  # fmt: skip


def test_what_the_machine_shows_changes_with_its_calibration() -> None:
    changed = compare(run(), run(ti={"machine": "1"}, given={"calibration": "other"}))
    assert only(changed, "cell").why == ("machine calibrated anew",)


@pytest.mark.parametrize(
    ("document", "codebook", "why"),
    [
        ([OTHER, "2", "read", "model-1"], "c1", ("new evidence",)),
        ([FILE, "3", "read", "model-1"], "c1", ("text read anew",)),
        ([FILE, "2", "read", "model-2"], "c1", ("new model",)),
        ([FILE, "2", "read", "model-2"], "c2", ("new model", "new codebook")),
        ([FILE, "2", "read", "model-1"], "c1", ("another version of Jaiza",)),
    ],
)
def test_another_value_of_the_machine_is_put_down_to_what_it_was_made_from(
    document: list[str], codebook: str, why: tuple[str, ...]
) -> None:
    given = inputs()["documents"] | {"khan": document}
    changed = compare(run(), run(ti={"machine": "1"}, given={"documents": given, "codebook": codebook}, count=5))
    assert only(changed, "cell").why == why
    suggestions = only(changed, "suggestions")
    assert (suggestions.before, suggestions.after, suggestions.why) == ("3", "5", why)


def test_a_source_that_was_found_and_one_that_came_and_went_are_told() -> None:
    found = inputs()["documents"] | {
        "ali": [OTHER, "2", "read", "model-1"],
        "rao": [["no URL known", "", ""], "", "", ""],
    }
    changed = compare(run(), run(given={"documents": found}, rows=("khan", "ali", "rao")))
    told = {row.source: (row.before, row.after, row.why) for row in changed.of("source")}
    assert told == {
        "ali": ("unreachable", f"read ({OTHER[:8]})", ("new evidence",)),
        "rao": ("not in the review", "no URL known", ("new source",)),
    }
    assert changed.of("cell") == (), "rows of nothing but ? are no news beside their source"
    assert changed.summary == "2 sources"
    gone = compare(run(given={"documents": found}, rows=("khan", "ali", "rao")), run())
    assert {row.source: row.why for row in gone.of("source")}["rao"] == ("source removed",)


def test_a_proposal_in_a_new_source_is_told_and_in_one_that_goes() -> None:
    proposed = run(ti={"machine": "1"})
    without = run(given={"documents": {"ali": inputs()["documents"]["ali"]}}, rows=("ali",))
    came, went = only(compare(without, proposed), "cell"), only(compare(proposed, without), "cell")
    assert (came.source, came.theme, came.before, came.after, came.why) == (
        "khan", "TI", "-", "merged ?, machine 1", ("new source",),
    )  # fmt: skip
    assert (went.before, went.after, went.why) == ("merged ?, machine 1", "-", ("source removed",))
    assert compare(without, proposed).summary == "1 source, 1 source with other suggestions, 1 cell"


def test_counting_proposals_is_told_from_a_decision() -> None:
    was = {"machine": "1"}
    now = {"machine": "1", "merged": "1", "basis": "proposed"}
    changed = compare(run(ti=was), run(ti=now, given={"include_proposed": True}))
    assert only(changed, "cell").why == ("proposals counted",)


def test_settings_that_changed_are_named_even_where_no_cell_did() -> None:
    assert compare(run(), run(given={"settings": "s2"})).inputs == ("review.toml",)


def test_a_stored_run_is_compared_like_the_one_that_is_being_made(tmp_path: Path) -> None:
    cells = [Cell("khan", "TI", None, 1, 0, 1, "agreed", (("amina", 1),), False, True, ())]
    record = {"run_id": "one", "inputs": inputs(), "sources": [{"source": "khan", "suggestions": 3}]}
    (tmp_path / "run.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "cells.csv").write_bytes(to_csv(cells_table(cells, {"khan": "Khan"})))
    assert stored_snapshot(tmp_path) == snapshot("one", inputs(), {"khan": 3}, judgements(cells))


def test_a_run_that_is_not_whole_is_named(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(StoreError, match="can't be compared"):
        stored_snapshot(tmp_path)


def test_the_table_has_a_row_for_every_change() -> None:
    changed = compare(run(), run(ti={"merged": "1", "human": "1"}))
    assert list(changes_table(changed)["kind"]) == ["cell", "frequency"]
