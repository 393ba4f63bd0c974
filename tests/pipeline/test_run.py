"""The main job, without Prefect (test_flows_prefect has it with): results, repeated runs, bad documents, kills."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pypdfium2
import pytest
from click.testing import CliRunner

from cli.main import jaiza
from corpus.urls import HostNotFoundError
from docs.generator.formats import file_formats
from pipeline.documents.stages import Stages
from pipeline.sample_review import HOST, sample_decisions, sample_site, sample_workspace

Give = Callable[[Path], Path]
RESULTS = {
    "audit.json", "cells.csv", "codings.csv", "frequencies.csv", "matrix.csv", "matrix.xlsx", "report.html", "run.json",
}  # fmt: skip
_PATIENCE = 300  # seconds, for what takes ten: other tests may have the machine
PUBLISHED = {"GW": 19, "IF": 15, "TI": 20, "FS": 13, "DIG": 11, "CGL": 5}


def run(workspace: Path, *arguments: str) -> Any:
    """`jaiza run` on a workspace, its --json result."""
    result = CliRunner().invoke(
        jaiza, ["--workspace", str(workspace), "--debug", "run", "--without-prefect", "--json", *arguments]
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def sample(made_once: Callable[[str, Callable[[Path], object]], Path], trained_models: Path) -> tuple[Path, Any]:
    """A workspace in which the sample review has run once, and what that run said."""

    def make(place: Path) -> None:
        shutil.copytree(trained_models, place / "sample" / "models")
        (place / "said.json").write_text(json.dumps(run(place, "--sample")), encoding="utf-8")

    place = made_once("sample", make)
    return place / "sample", json.loads((place / "said.json").read_text(encoding="utf-8"))


def test_the_sample_runs_through_to_its_results(sample: tuple[Path, Any]) -> None:
    place, said = sample
    latest = place / "out" / "latest"
    assert {path.name for path in latest.iterdir() if path.is_file()} == RESULTS
    assert {path.suffix for path in (latest / "figures").iterdir()} == {".svg", ".png", ".pdf"}
    assert said["counts"]["read"] == 5
    assert said["counts"]["suggestions"] > 0
    assert said["counts"]["decisions"] > 0


def test_every_source_of_the_sample_ends_in_its_state(sample: tuple[Path, Any]) -> None:
    states = {outcome["source_id"]: outcome["state"] for outcome in sample[1]["sources"]}
    assert states.pop("ministry-2013") == "no text layer"
    assert states.pop("panneth-2016") == "no URL known"
    assert states.pop("lowen-2018") == "unreachable"
    assert set(states.values()) == {"pulled"}


def test_people_and_machine_differ_somewhere_and_coders_too(sample: tuple[Path, Any]) -> None:
    counts = sample[1]["counts"]
    assert counts["conflicts"] >= 1
    assert counts["disputed"] == 1
    assert counts["orphaned"] == 1


def test_everything_made_from_the_sample_says_so(sample: tuple[Path, Any]) -> None:
    latest = sample[0] / "out" / "latest"
    assert "SAMPLE" in (latest / "report.html").read_text(encoding="utf-8")
    record = json.loads((latest / "run.json").read_text(encoding="utf-8"))
    assert record["sample"] is True
    jsonschema.validate(record, next(one.schema for one in file_formats() if one.name == "run.json"))
    assert "sample" in json.loads((latest / "audit.json").read_text(encoding="utf-8"))


def test_a_proposal_fills_no_cell_unless_asked_and_is_then_marked(sample: tuple[Path, Any], tmp_path: Path) -> None:
    def bases(folder: Path) -> list[str]:
        with (folder / "cells.csv").open(encoding="utf-8-sig", newline="") as table:
            return [row["basis"] for row in csv.DictReader(table)]

    place = shutil.copytree(sample[0], tmp_path / "sample", symlinks=True)
    assert "proposed" not in bases(place / "out" / "latest")
    run(tmp_path, "--sample", "--include-proposed")
    assert "proposed" in bases(place / "out" / "latest")


def test_the_words_of_a_suggestion_stand_on_its_page_inside_its_boxes(sample: tuple[Path, Any]) -> None:
    place, _ = sample
    workspace = sample_workspace(place.parent)
    checked = 0
    with Stages(workspace) as stages:
        for holding in stages.holdings:
            document, _ = stages.extract(holding.sha256)
            if document.state != "read":
                continue
            pdf = pypdfium2.PdfDocument(workspace.pdfs / f"{holding.sha256}.pdf")
            for passage in document.passages:
                for box in passage.boxes:
                    page = pdf[box.page - 1]
                    height = page.get_height()
                    inside = page.get_textpage().get_text_bounded(
                        box.x0 - 1, height - box.bottom - 1, box.x1 + 1, height - box.top + 1
                    )
                    words = [word for word in inside.split() if word.isalpha() and len(word) > 3]
                    missing = [word for word in words if word not in passage.text]
                    # A word divided at a line's end stands in two boxes, whole in neither.
                    assert len(missing) <= 1 + len(words) // 5, (passage.text, inside)
                    checked += len(words)
            pdf.close()
    assert checked > 1000


def test_a_second_run_does_nothing_again(sample: tuple[Path, Any], tmp_path: Path) -> None:
    place = shutil.copytree(sample[0], tmp_path / "sample", symlinks=True)
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file() and not _of_the_log(path)}
    said = run(tmp_path, "--sample")
    after = {path: path.stat().st_mtime_ns for path in place.rglob("*") if path.is_file() and not _of_the_log(path)}
    assert said["unchanged"] is True
    changed = {path.name for path in after if after[path] != before.get(path) and path.parent.name != "runs"}
    assert changed <= {"outcomes.json", "running.lock"}  # "pulled" has become "cached"


def test_caches_deleted_are_built_again_byte_for_byte(sample: tuple[Path, Any], tmp_path: Path) -> None:
    place = shutil.copytree(sample[0], tmp_path / "sample", symlinks=True)
    caches = ("text", "suggestions", "readings", "pictures", "figures")
    before = {path: path.read_bytes() for name in caches for path in (place / name).iterdir()}
    for name in caches:
        shutil.rmtree(place / name)
    shutil.rmtree(place / "out")
    run(tmp_path, "--sample")
    assert {path: path.read_bytes() for name in caches for path in (place / name).iterdir()} == before


def test_a_run_killed_in_the_middle_goes_on_and_gives_the_same(
    sample: tuple[Path, Any], tmp_path: Path, with_model: Give
) -> None:
    with_model(tmp_path / "sample")
    process = _started_and_reading(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    finished = {path: path.stat().st_mtime_ns for path in (tmp_path / "sample" / "text").glob("*.json")}
    assert finished
    assert not (tmp_path / "sample" / "out" / "latest").exists()
    run(tmp_path, "--sample")
    assert {path: path.stat().st_mtime_ns for path in finished} == finished, "what was finished was done again"
    for name in ("cells.csv", "matrix.csv", "frequencies.csv"):
        undisturbed = (sample[0] / "out" / "latest" / name).read_bytes()
        assert (tmp_path / "sample" / "out" / "latest" / name).read_bytes() == undisturbed


def test_a_run_stopped_by_hand_says_that_nothing_is_lost(tmp_path: Path, with_model: Give) -> None:
    with_model(tmp_path / "sample")
    process = _started_and_reading(tmp_path)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 130
    assert said.strip() == "jaiza: stopped; what was finished is kept, and the same command goes on from there"


def _started_and_reading(root: Path) -> subprocess.Popen[str]:
    """`jaiza run --sample` in a process of its own, as soon as it has stored the text of two documents."""
    command = [sys.executable, "-m", "cli.main", "-w", str(root), "run", "--sample", "--without-prefect"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    give_up = time.monotonic() + _PATIENCE
    while len(list((root / "sample").glob("text/*.json"))) < 2:
        if process.poll() is not None or time.monotonic() > give_up:
            process.kill()
            pytest.fail("it ended or hung before it had read two documents")
        time.sleep(0.005)
    return process


def test_the_published_review_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(host: str, port: int, *, seconds: float) -> None:
        raise HostNotFoundError("unreachable", f"the host {host} can't be found")

    monkeypatch.setattr("corpus.fetch.connection.look_up", no_network)
    said = run(tmp_path)
    assert {item["theme"]: item["present"] for item in said["frequencies"]} == PUBLISHED
    assert {outcome["state"] for outcome in said["sources"]} == {"unreachable", "no URL known"}
    assert said["audit"] == {"agrees": 11, "disagrees": 20, "partly": 5, "depends on": 1, "not testable": 6}
    assert not (tmp_path / "models").exists(), "no text, no need for a model"
    assert run(tmp_path)["unchanged"] is True


def test_bad_documents_end_as_named_states_and_stop_nothing(tmp_path: Path, with_model: Give) -> None:
    good = sample_workspace(tmp_path / "other")
    with sample_site() as addresses, Stages(good, host_addresses=addresses) as stages:
        source = next(s for s in _sources(good) if s.id == "soren-2022")
        pdf = (good.pdfs / f"{stages.pull(source).sha256}.pdf").read_bytes()
    place = with_model(tmp_path / "mine")
    (place / "inbox").mkdir()
    (place / "review.toml").write_text("title = 'Mine'\nshipped_sources = false\n", encoding="utf-8")
    files = {"good": pdf, "cut": pdf[: len(pdf) // 2], "empty": b"", "letter": b"Dear Sir or Madam", "missing": None}
    rows = [f"[[source]]\nid = 'doc-{name}'\nlabel = '{name}'\n" for name in files]
    (place / "sources.toml").write_text("\n".join(rows), encoding="utf-8")
    for name, data in files.items():
        if data is not None:
            (place / "inbox" / f"doc-{name}.pdf").write_bytes(data)
    said = run(place)
    states = {outcome["source_id"]: outcome["state"] for outcome in said["sources"]}
    assert states.pop("doc-good") == "attached"
    assert states.pop("doc-cut") == "damaged"
    assert states.pop("doc-missing") == "no URL known"
    assert set(states.values()) <= {"not a PDF", "damaged"}
    assert said["counts"]["read"] == 1
    assert all(outcome["remedy"] for outcome in said["sources"] if outcome["source_id"] != "doc-good")


def test_strict_says_by_its_exit_code_that_something_is_missing(sample: tuple[Path, Any], tmp_path: Path) -> None:
    shutil.copytree(sample[0], tmp_path / "sample", symlinks=True)
    arguments = ["--workspace", str(tmp_path), "run", "--sample", "--without-prefect", "--strict"]
    assert CliRunner().invoke(jaiza, arguments).exit_code == 3


def test_the_stages_one_by_one_give_what_the_run_gives(
    sample: tuple[Path, Any], tmp_path: Path, with_model: Give
) -> None:
    place = with_model(sample_workspace(tmp_path).root)

    def stage(*arguments: str) -> str:
        result = CliRunner().invoke(jaiza, ["--workspace", str(place), "--debug", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    for source in _sources(sample_workspace(tmp_path)):
        held = sample[0] / "pdfs"
        holding = json.loads((sample[0] / "corpus.lock").read_text(encoding="utf-8"))["holdings"].get(source.id)
        if holding:
            shutil.copy(held / f"{holding['sha256']}.pdf", place / "inbox" / f"{source.id}.pdf")
    assert HOST in stage("pull")  # its addresses can't be reached without the sample's server
    assert "no text layer" in stage("extract")
    assert "soren-2022" in stage("suggest")
    assert "23 decisions added" in stage("import", str(sample_decisions()))
    assert "CGL" in stage("merge")
    assert "report.html" in stage("report")
    assert (place / "out/latest/cells.csv").read_bytes() == (sample[0] / "out/latest/cells.csv").read_bytes()


def test_a_file_attached_since_the_last_pull_is_what_the_report_shows(sample: tuple[Path, Any], tmp_path: Path) -> None:
    place = shutil.copytree(sample[0], tmp_path / "sample", symlinks=True)
    held = json.loads((place / "corpus.lock").read_text(encoding="utf-8"))["holdings"]["soren-2022"]["sha256"]
    pdf = shutil.copy(place / "pdfs" / f"{held}.pdf", tmp_path / "mine.pdf")
    for arguments in (["sources", "attach", "panneth-2016", str(pdf)], ["report", "--json"]):
        result = CliRunner().invoke(jaiza, ["--workspace", str(place), *arguments])
        assert result.exit_code == 0, result.output
    states = {outcome["source_id"]: outcome["state"] for outcome in json.loads(result.stdout)["sources"]}
    assert states["panneth-2016"] == "cached"
    assert states["lowen-2018"] == "unreachable"


def test_the_aim_of_the_review_is_that_of_its_suggestions(sample: tuple[Path, Any], tmp_path: Path) -> None:
    place = shutil.copytree(sample[0], tmp_path / "sample", symlinks=True)
    settings = (place / "review.toml").read_text(encoding="utf-8")

    def report(more: str) -> Any:
        (place / "review.toml").write_text(f"{settings}\n{more}", encoding="utf-8")
        result = CliRunner().invoke(jaiza, ["--workspace", str(place), "report", "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    stored = {path.name for path in (place / "suggestions").iterdir()}
    wide = report('[models]\naim = "recall95"')
    assert wide["counts"]["suggestions"] > sample[1]["counts"]["suggestions"]
    assert "because its aim is recall95 now" in wide["model"]
    added = {path.name for path in (place / "suggestions").iterdir()} - stored
    assert added
    assert all(name.endswith("-recall95.json") for name in added)
    assert report("")["counts"] == sample[1]["counts"]


def test_the_aim_of_documents_is_a_setting(tmp_path: Path) -> None:
    result = CliRunner().invoke(jaiza, ["--workspace", str(tmp_path), "suggest", "--aim", "recall95"])
    assert result.exit_code == 2
    assert 'aim = "recall95" under [models] in review.toml' in " ".join(result.stderr.split())


def test_a_model_that_was_changed_stops_the_run_with_one_line(sample: tuple[Path, Any], tmp_path: Path) -> None:
    place = shutil.copytree(sample[0], tmp_path / "sample", symlinks=True)
    shutil.rmtree(place / "suggestions")
    for numbers in (place / "models").glob("*/model.skops"):
        numbers.write_bytes(numbers.read_bytes() + b"x")
    result = CliRunner().invoke(jaiza, ["--workspace", str(tmp_path), "run", "--sample", "--without-prefect"])
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "models" in result.stderr


def test_any_passages_are_coded_from_a_file(tmp_path: Path, with_model: Give) -> None:
    with_model(tmp_path / "w")
    (tmp_path / "in.jsonl").write_text(
        '{"id": "a", "text": "Zakat, BISP and EOBI run in parallel with overlapping mandates and no coordination."}\n'
        '{"id": "b", "text": ""}\n',
        encoding="utf-8",
    )
    arguments = ["--workspace", str(tmp_path / "w"), "suggest"]
    files = ["--passages", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl")]
    result = CliRunner().invoke(jaiza, [*arguments, *files])
    assert result.exit_code == 0, result.output
    first, second = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "IF" in first["themes"]
    assert first["reasons"]["IF"]
    assert set(first["scores"]) == {"GW", "IF", "TI", "FS", "DIG", "CGL", "COV", "REC"}
    assert second["themes"] == []
    (tmp_path / "in.jsonl").write_text('{"id": "a", "text": "x"}\nnot json\n', encoding="utf-8")
    (tmp_path / "out.jsonl").unlink()
    bad = CliRunner().invoke(jaiza, [*arguments, *files])
    assert (bad.exit_code, "in.jsonl: line 2: not valid JSON" in bad.stderr) == (1, True)
    assert not (tmp_path / "out.jsonl").exists()


def _sources(workspace: Any) -> Any:
    from corpus.registry.registry_file import load_sources

    return load_sources(workspace)


def _of_the_log(path: Path) -> bool:
    return path.name.startswith("annotations.db")
