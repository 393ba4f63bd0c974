"""What `jaiza doctor` looks at, and what it says where something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.workspace import Workspace, establish, open_workspace
from pipeline.health import HealthCheck, check_health


@pytest.fixture
def review(tmp_path: Path) -> Workspace:
    (tmp_path / "review.toml").write_text("title = 'Mine'\nshipped_sources = false\n", encoding="utf-8")
    workspace = open_workspace(tmp_path)
    establish(workspace)
    return workspace


def looked_at(workspace: Workspace) -> dict[str, HealthCheck]:
    return {check.name: check for check in check_health(workspace)}


def test_a_healthy_machine_has_nothing_that_does_not_work(review: Workspace) -> None:
    assert {name for name, check in looked_at(review).items() if check.state == "does not work"} == set()


@pytest.mark.parametrize(
    ("variable", "name", "said"),
    [("JAIZA_OCR", "text recognition", "not read"), ("JAIZA_ENCODER", "sentence encoder", "switched off")],
)
def test_what_is_missing_is_told_with_what_to_do(
    review: Workspace, monkeypatch: pytest.MonkeyPatch, variable: str, name: str, said: str
) -> None:
    monkeypatch.setenv(variable, "off")
    check = looked_at(review)[name]
    assert (check.state, said in check.found, bool(check.remedy)) == ("could be better", True, True)


def test_a_converter_or_a_network_that_is_missing_is_told(review: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_way_out(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr("pipeline.health.shutil.which", lambda _: None)
    monkeypatch.setattr("pipeline.health.socket.socket.connect", no_way_out)
    checks = looked_at(review)
    for name, said in (("converter", "are not taken"), ("network", "Network is unreachable")):
        check = checks[name]
        assert (check.state, said in check.found, bool(check.remedy)) == ("could be better", True, True), name


def test_a_damaged_log_is_told_and_the_other_checks_are_made(review: Workspace) -> None:
    (review.root / "annotations.db").write_bytes(b"no database at all, but long enough to look like a file of one")
    found = looked_at(review)
    assert found["decision log"].state == "does not work"
    assert found["Prefect"].state == "fine"


def test_libraries_that_prefect_does_not_work_with_are_told(review: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.health.version", lambda name: "0.155.1")
    check = looked_at(review)["Prefect"]
    assert check.state == "does not work"
    assert "fastapi 0.155.1" in check.found
