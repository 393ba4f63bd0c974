"""`jaiza retrain` and `jaiza models`, as a scholar uses them, on a small review of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pydantic import ValidationError

from annotations.decision import Anchor, Decision
from annotations.log.decision_log import DecisionLog
from cli.main import jaiza
from corpus.outcome import Outcome
from corpus.workspace import Workspace
from models.registry.model_folder import CARD, LEARNED, NUMBERS, TRIAL
from models.registry.model_id import current_model_id
from models.registry.promotion import history
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.source_result import SourceResult
from pipeline.open_review import open_review
from pipeline.runs.model_notice import model_news, passed_over

Jaiza = Callable[..., Result]
CODEBOOK = """title = "Roads"
[[theme]]
code = "HOLE"
name = "Potholes"
definition = "Holes."
include = ["Holes."]
exclude = ["Cracks."]
examples = ["The road is full of holes."]
[[theme]]
code = "KERB"
name = "Kerbs"
definition = "Kerbs."
include = ["Kerbs."]
exclude = ["Walls."]
examples = ["The kerb is broken."]
"""
LEXICON = """[cues]
denied = ["no"]
solved = []
planned = []
doubted = []
defined = []
"""
TEMPLATE = "{n} the council heard about {what} on street number {n} and item {n} was noted"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A review whose seed knows potholes by a word that its own literature does not use."""
    monkeypatch.setenv("JAIZA_ENCODER", "off")  # it would know what the words mean
    (tmp_path / "review.toml").write_text("shipped_sources = false\n")
    (tmp_path / "codebook.toml").write_text(CODEBOOK)
    ids = ["town", *(f"study-{n}" for n in range(8))]
    tables = [f'[[source]]\nid = "{id_}"\nlabel = "{id_}"\ntitle = "Minutes of {id_}"\n' for id_ in ids]
    (tmp_path / "sources.toml").write_text("".join(tables))
    (tmp_path / "seed").mkdir()
    lines = []
    for n in range(48):
        theme, what = (("HOLE", "a pothole"), ("", "a tree"))[n % 2]
        labels = {theme: 1} if theme else {}
        passage = {"id": f"s{n}", "doc": f"d{n // 6}", "genre": "minutes", "text": TEMPLATE.format(n=n, what=what)}
        lines.append(json.dumps({**passage, "labels": labels}))
    (tmp_path / "seed" / "minutes.jsonl").write_text("\n".join(lines) + "\n")
    return open_review(tmp_path)[0]


@pytest.fixture
def run(workspace: Workspace) -> Jaiza:
    def call(*words: str) -> Result:
        more = ["--without-prefect", "--workers", "1", "--folds", "2"] if words[0] == "retrain" else []
        return CliRunner().invoke(jaiza, [*words, *more, "-w", str(workspace.root)])

    return call


def decide(workspace: Workspace, *, sources: int = 6, wrong: bool = False) -> None:
    """Decisions on quotes of texts that are not here: craters are holes, lamps are not."""
    decisions = [
        Decision(
            f"study-{n * sources // 48}", "HOLE", int((n % 2 == 0) != wrong), "Amina",  # type: ignore[arg-type]
            anchor=Anchor(TEMPLATE.format(n=n, what=("a deep crater", "a new lamp")[n % 2])), decided="2026-11-20",
        )
        for n in range(48)
    ]  # fmt: skip
    log = DecisionLog(workspace.database_url)
    log.record(decisions)
    log.close()


def models(run: Jaiza) -> dict[str, str]:
    listed = json.loads(run("models", "list", "--json").stdout)
    return {model["model_id"]: model["state"] for model in listed["models"]}


def test_without_decisions_there_is_nothing_to_learn(run: Jaiza, workspace: Workspace) -> None:
    result = run("retrain")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no decisions on passages to learn from yet" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_better_model_is_promoted_and_counts(run: Jaiza, workspace: Workspace) -> None:
    seed_model = current_model_id(workspace)
    decide(workspace)
    result = run("retrain")
    assert result.exit_code == 0, result.output
    assert (
        "Learned from 48 seed passages and 48 of this review: 24 with a theme, 24 judged to have none" in result.stdout
    )
    assert "counts now" in result.stdout
    assert "KERB: 0 examples are too few to learn from" in result.stdout
    (promoted,) = history(workspace)
    assert current_model_id(workspace) == promoted.model_id != seed_model
    folder = workspace.models / promoted.model_id
    assert {CARD, NUMBERS, LEARNED, TRIAL, "CARD.md", "seal.json"} == {path.name for path in folder.iterdir()}
    assert models(run)[promoted.model_id] == "champion"


def test_the_same_decisions_make_no_second_model(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace)
    run("retrain")
    again = run("retrain")
    assert again.exit_code == 0
    assert "has learned all this already" in again.stdout
    assert len(history(workspace)) == 1


def test_a_model_that_is_not_better_is_kept_with_the_reason(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace, sources=1)  # all in one document: never learned from and tried on
    result = run("retrain")
    assert "is kept as a candidate" in result.stdout
    assert history(workspace) == ()
    (candidate,) = [model_id for model_id, state in models(run).items() if state == "candidate"]
    assert "as before" in run("retrain").stdout
    assert run("models", "promote", candidate[:6], "--by", "Bilal", "--why", "ours").exit_code == 0
    assert current_model_id(workspace) == candidate
    assert (history(workspace)[-1].by, history(workspace)[-1].why) == ("Bilal", "ours")


def test_no_promote_keeps_even_a_better_model_as_candidate(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace)
    assert "is kept as a candidate" in run("retrain", "--no-promote").stdout
    assert history(workspace) == ()


def test_rollback_brings_back_the_model_before(run: Jaiza, workspace: Workspace) -> None:
    before = current_model_id(workspace)
    decide(workspace)
    run("retrain")
    assert "The model of the seed passages counts again" in run("models", "rollback").stdout
    assert current_model_id(workspace) == before
    result = run("models", "rollback")
    assert (result.exit_code, "no promotion to take back" in result.stderr) == (1, True)


def test_show_and_compare_tell_how_models_did(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace)
    run("retrain")
    assert "held-out passages" in run("models", "show").stdout
    candidate = current_model_id(workspace)
    assert json.loads(run("models", "show", "--json").stdout)["trial"]["challenger"] == candidate
    run("models", "rollback")
    from models.model_store import current_model

    seed_model = current_model(workspace).model_id
    told = run("models", "compare", seed_model, candidate, "--workers", "1", "--folds", "2", "--json")
    assert json.loads(told.stdout)["promote"] is True
    same = run("models", "compare", candidate, candidate)
    assert (same.exit_code, "with itself" in same.stderr) == (1, True)


@pytest.mark.parametrize("words", [("promote", "0000ffff"), ("show", "0000ffff"), ("compare", "0000ffff", "1111")])
def test_an_unknown_model_is_one_line_with_those_there_are(run: Jaiza, workspace: Workspace, words: list[str]) -> None:
    result = run("models", *words)
    assert result.exit_code == 1
    assert "no model '0000ffff': there is none yet" in result.stderr


@pytest.mark.parametrize("name", [NUMBERS, CARD, LEARNED, TRIAL, "CARD.md"])
def test_a_tampered_model_is_not_promoted_and_is_listed_as_refused(run: Jaiza, workspace: Workspace, name: str) -> None:
    decide(workspace)
    run("retrain", "--no-promote")
    (candidate,) = models(run)
    path = workspace.models / candidate / name
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    result = run("models", "promote", candidate)
    assert (result.exit_code, len(result.stderr.strip().splitlines())) == (1, 1)
    assert name in result.stderr
    assert models(run) == {candidate: "refused"}
    assert history(workspace) == ()


def test_a_tampered_candidate_is_made_anew_by_the_next_retraining(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace)
    run("retrain", "--no-promote")
    (candidate,) = models(run)
    (workspace.models / candidate / NUMBERS).write_bytes(b"nothing")
    assert "counts now" in run("retrain").stdout
    assert models(run) == {candidate: "champion"}


def test_a_tampered_champion_stops_what_would_use_it(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace)
    run("retrain")
    path = workspace.models / current_model_id(workspace) / NUMBERS
    path.write_bytes(path.read_bytes()[:-1])
    for words in (("suggest",), ("retrain",)):
        result = run(*words)
        assert result.exit_code == 1
        assert "was changed since the model was made: `jaiza models rollback`" in result.stderr
    assert run("models", "rollback").exit_code == 0
    assert run("suggest").exit_code == 0


def test_a_new_codebook_passes_the_champion_over_and_says_so(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace)
    run("retrain")
    champion = current_model_id(workspace)
    (workspace.root / "codebook.toml").write_text(CODEBOOK.replace('"Holes."', '"Any hole."', 1))
    assert current_model_id(workspace) != champion
    assert f"the promoted model {champion} is passed over (was trained for codebook" in passed_over(workspace)
    assert "is passed over" in run("suggest").stderr
    assert models(run)[champion] == "unfit"
    assert "counts now" in run("retrain").stdout  # learns again, under the new codebook
    assert passed_over(workspace) == ""


def test_a_run_says_that_and_why_another_model_counts(run: Jaiza, workspace: Workspace) -> None:
    latest = workspace.out / "latest"
    latest.mkdir(parents=True)
    (latest / "run.json").write_text('{"inputs": {"documents": {"town": ["sha", "1", "read", "feedfacefeed"]}}}')
    decide(workspace)
    run("retrain")
    reading = DocumentRecord("sha", "1", "read", model_id=current_model_id(workspace))
    studied = [SourceResult(Outcome("town", "cached", ""), reading, did=("suggest",))]
    said = model_news(workspace, studied)
    assert f"{current_model_id(workspace)} instead of feedfacefeed, promoted" in said
    assert "better overall" in said
    assert "1 document coded again" in said
    shutil.rmtree(workspace.out)
    assert model_news(workspace, studied) == ""


@pytest.mark.parametrize("wrong", [{"folds": 1}, {"workers": 0}, {"fold": 3}, {"promote": "perhaps"}])
def test_the_flow_refuses_parameters_that_make_no_sense(wrong: dict[str, object]) -> None:
    from flows.retraining import Retraining

    with pytest.raises(ValidationError):
        Retraining(**wrong)  # type: ignore[arg-type]


def test_the_flows_task_retrains(workspace: Workspace) -> None:
    from flows.retraining import Retraining, learn

    decide(workspace)
    done = learn.fn(Retraining(workspace=workspace.root, folds=2, workers=1), None)
    assert done.promoted
    assert done.learned.positive == 24


def test_planted_slips_come_up_for_a_second_look_and_are_marked_once(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace)
    slip = Anchor(TEMPLATE.format(n=0, what="a deep crater"))  # decided as a hole before
    log = DecisionLog(workspace.database_url)
    log.record([Decision("study-0", "HOLE", 0, "Amina", anchor=slip, decided="2026-11-21")])
    log.close()
    found = json.loads(run("second-looks", "--workers", "1", "--json").stdout)["second_looks"]
    assert [(look["source_id"], look["given"], look["expected"]) for look in found] == [("study-0", "0", "present")]
    assert found[0]["quote"] == slip.quote
    assert "1 marked to be looked at again" in run("second-looks", "--workers", "1", "--mark").stdout
    assert "0 marked" in run("second-looks", "--workers", "1", "--mark").stdout
    log = DecisionLog(workspace.database_url)
    (mark,) = log.marks()
    assert (mark.kind, mark.coder, mark.theme) == ("look again", "Amina", "HOLE")
    assert "expects HOLE to be present" in mark.note
    log.close()


@pytest.mark.parametrize(
    ("words", "message"),
    [(("second-looks",), "no decisions on passages"), (("progress",), "no suggestions to review yet")],
)
def test_without_anything_decided_or_suggested_one_line_says_so(
    run: Jaiza, workspace: Workspace, words: tuple[str, ...], message: str
) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr


def test_a_model_is_evaluated_into_its_folder_or_another(run: Jaiza, workspace: Workspace, tmp_path: Path) -> None:
    fast = ("--workers", "1", "--folds", "2", "--no-curve")
    result = run("models", "evaluate", *fast)
    assert result.exit_code == 0, result.output
    card = workspace.models / current_model_id(workspace) / "evaluation.html"
    assert str(card) in result.stdout
    assert "held out in 2 rounds" in card.read_text()
    assert current_model_id(workspace) in run("models", "show").stdout  # the card is no change of the model
    told = run("models", "evaluate", *fast, "--out", str(tmp_path / "card"), "--json")
    assert json.loads(told.stdout) == json.loads((tmp_path / "card" / "evaluation.json").read_text())
    few = run("models", "evaluate", "--folds", "20")
    assert (few.exit_code, "fewer than 20 documents" in few.stderr) == (1, True)


def test_coders_choose_whose_decisions_train(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace)
    other = Anchor("the council heard about a blue door on street number 70 and item 70 was noted")
    log = DecisionLog(workspace.database_url)
    log.record([Decision("study-1", "HOLE", 1, "Zoya", anchor=other, decided="2026-11-21")])
    log.close()
    result = run("retrain", "--no-promote", "--decisions-of", "Amina")
    assert "and 48 of this review" in result.stdout, result.output
    (candidate,) = [model_id for model_id, state in models(run).items() if state == "candidate"]
    assert "it knows those of Amina." in run("models", "show", candidate).stdout
    assert "no coder 'Nobody'" in run("retrain", "--decisions-of", "Nobody").stderr


def test_the_review_s_setting_names_whose_decisions_train(run: Jaiza, workspace: Workspace) -> None:
    decide(workspace)
    settings = workspace.root / "review.toml"
    settings.write_text(settings.read_text() + '[models]\ndecisions_of = ["Nobody"]\n')
    assert "no coder 'Nobody'" in run("retrain").stderr
