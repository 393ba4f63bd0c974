"""Two copies of a review are brought together: what was decided last counts, and nothing is put in twice."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from annotations.decision import Anchor, Code, Decision, Mark, Memo
from annotations.log.open_log import open_log
from cli.main import jaiza
from corpus.workspace import open_workspace

CASES = Path(__file__).parent.parent / "annotations" / "data" / "changes"
SOURCES = "[[source]]\nid = 'torrand-2021'\nlabel = 'Torrand (2021)'\n"


def _run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(jaiza, ["--workspace", str(folder), *arguments], catch_exceptions=False)


@pytest.fixture
def copies(tmp_path: Path) -> tuple[Path, Path]:
    """A review and its copy, each with what its coder decided since."""
    base = tmp_path / "base"
    base.mkdir()
    (base / "review.toml").write_text("title = 'Mine'\nshipped_sources = false\n", encoding="utf-8")
    (base / "sources.toml").write_text(SOURCES, encoding="utf-8")
    assert _run(base, "import", str(CASES / "base.csv")).exit_code == 0
    for name in ("a", "b"):
        shutil.copytree(base, tmp_path / name)
        assert _run(tmp_path / name, "import", str(CASES / f"{name}.csv")).exit_code == 0
    return tmp_path / "a", tmp_path / "b"


def _values(folder: Path) -> dict[str, int | None]:
    with open_log(open_workspace(folder)) as log:
        return {decision.theme: decision.value for decision in log.current() if decision.coder == "Amina Khan"}


def test_what_was_decided_last_counts_and_what_was_taken_back_is_taken_back(copies: tuple[Path, Path]) -> None:
    ours, theirs = copies
    dry = _run(ours, "merge", str(theirs))
    assert "3 events would be brought in, 2 are here already" in dry.stdout
    assert _values(ours) == {"GW": 2, "DIG": 2, "TI": 1}
    assert "3 events brought in" in _run(ours, "merge", str(theirs), "--apply").stdout
    assert _values(ours) == {"DIG": 0, "TI": 1}  # A decided on TI on the 25th, B on the 24th; B took GW back
    assert "0 events would be brought in" in _run(ours, "merge", str(theirs)).stdout


def test_it_is_the_same_whichever_copy_takes_the_other_in(copies: tuple[Path, Path]) -> None:
    ours, theirs = copies
    _run(theirs, "merge", str(ours), "--apply")
    assert _values(theirs) == {"DIG": 0, "TI": 1}
    _run(ours, "merge", str(theirs), "--apply")
    assert _values(ours) == _values(theirs)
    assert _run(ours, "log", "--json").stdout != ""
    logs = [json.loads(_run(folder, "log", "--last", "0", "--json").stdout) for folder in copies]
    assert [one["event_id"] for one in logs[0]] == [one["event_id"] for one in logs[1]]


def test_marks_memos_and_codes_travel_too(copies: tuple[Path, Path]) -> None:
    ours, theirs = copies
    mark = Mark("torrand-2021", "done", "Bilal Aziz", decided="2026-11-26T10:00:00+00:00", covers=("p1",))
    memo = Memo("m1", "Bilal Aziz", "compare with the audit", "torrand-2021", decided="2026-11-26T10:00:00+00:00")
    code = Code("+0123456789ab", "late money", "Bilal Aziz", decided="2026-11-26T10:00:00+00:00")
    with open_log(open_workspace(theirs)) as log:
        log.record(marks=[mark], memos=[memo], codes=[code])
    found = json.loads(_run(ours, "merge", str(theirs), "--apply", "--json").stdout)
    assert {one["what"] for one in found["counts"] if one["coder"] == "Bilal Aziz"} == {
        "mark", "memo", "change of a code"
    }  # fmt: skip
    with open_log(open_workspace(ours)) as log:
        assert (log.marks(), log.memos(), log.codes()) == ((mark,), (memo,), (code,))


def _database(theirs: Path, _: Path) -> str:
    return f"sqlite:///{theirs / 'annotations.db'}"


def _archive(theirs: Path, place: Path) -> str:
    with zipfile.ZipFile(place / "backup.zip", "w") as archive:
        archive.write(theirs / "annotations.db", "review/annotations.db")
    return str(place / "backup.zip")


@pytest.mark.parametrize(
    "named", [lambda theirs, _: str(theirs / "annotations.db"), _database, _archive], ids=["file", "address", "archive"]
)
def test_a_copy_may_be_a_file_a_database_or_a_backup(
    copies: tuple[Path, Path], tmp_path: Path, named: Callable[[Path, Path], str]
) -> None:
    ours, theirs = copies
    assert "3 events brought in" in _run(ours, "merge", named(theirs, tmp_path), "--apply").stdout
    assert _values(ours) == {"DIG": 0, "TI": 1}


def test_decisions_of_two_coders_stay_two_and_those_of_one_day_are_looked_at_again(copies: tuple[Path, Path]) -> None:
    ours, theirs = copies
    words = Anchor("the score itself drifts", 2)
    for folder, value in ((ours, 1), (theirs, 2)):
        with open_log(open_workspace(folder)) as log:
            log.record(
                [
                    Decision("torrand-2021", "FS", value, "Chen Li", anchor=words, decided="2026-11-26"),  # type: ignore[arg-type]
                    Decision("torrand-2021", "IF", value, folder.name, anchor=words, decided="2026-11-26"),  # type: ignore[arg-type]
                ]
            )
    told = _run(ours, "merge", str(theirs), "--apply").stdout
    assert "not clear: to be looked at again" in told
    with open_log(open_workspace(ours)) as log:
        assert sorted((d.coder, d.value) for d in log.current() if d.theme == "IF") == [("a", 1), ("b", 2)]
        (again,) = [mark for mark in log.marks() if mark.kind == "look again"]
        assert (again.coder, again.theme) == ("Chen Li", "FS")


def test_a_clock_that_was_set_back_does_not_undo_the_order_of_its_own_log(copies: tuple[Path, Path]) -> None:
    ours, theirs = copies
    with open_log(open_workspace(theirs)) as log:
        (known,) = [decision for decision in log.current() if decision.theme == "DIG"]
        log.record([Decision("torrand-2021", "DIG", 1, "Amina Khan", anchor=known.anchor, decided="2019-01-01")])
    _run(ours, "merge", str(theirs), "--apply")
    assert _values(ours)["DIG"] == 1


def test_another_review_is_refused(copies: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "review.toml").write_text("title = 'Theirs'\nshipped_sources = false\n", encoding="utf-8")
    (other / "sources.toml").write_text(SOURCES, encoding="utf-8")
    _run(other, "import", str(CASES / "a.csv"))
    result = _run(copies[1], "merge", str(other))
    assert result.exit_code == 1
    assert "is no copy of this review" in result.stderr


def test_two_reviews_on_one_database_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAIZA_DATABASE_URL", f"sqlite:///{tmp_path / 'shared.db'}")
    for title, code in (("Mine", 0), ("Theirs", 1), ("Mine", 0)):
        folder = tmp_path / title
        folder.mkdir(exist_ok=True)
        (folder / "review.toml").write_text(f"title = '{title}'\nshipped_sources = false\n", encoding="utf-8")
        (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
        result = _run(folder, "import", str(CASES / "base.csv"))
        assert result.exit_code == code
    assert "is that of another review, 'Mine'; this one is 'Theirs'" in _run(tmp_path / "Theirs", "log").stderr
