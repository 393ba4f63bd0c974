"""Commands killed at a random moment, again and again: what was there stays, and the same command comes to its end."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.durability import _free_port, trial
from bench.faults import scene
from bench.faults.tally import Tally, files_under
from bench.machine import jaiza

AT_A_TIME = 4  # kills of one command in one review before it is let come to its end


@dataclass(frozen=True, slots=True)
class Command:
    """What is killed: how it is called, what has to be as before it, and what it leaves when it is done."""

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]
    outcome: Callable[[Path], object]


def _nothing(_workspace: Path) -> None: ...


def _unread(workspace: Path) -> None:
    """As before its first run, but for the model."""
    for name in ("text", "suggestions", "readings", "out"):
        shutil.rmtree(workspace / name, ignore_errors=True)


def _decided(workspace: Path) -> None:
    scene.finish(workspace, "import", str(workspace / "brought.csv"))


def _without_a_theme(workspace: Path) -> None:
    """Decisions on a theme that the codebook has no longer."""
    from models.codebook import codebook

    _decided(workspace)
    book = Path(codebook.__file__).parent.parent / "codebook.toml"
    blocks = book.read_text(encoding="utf-8").split("[[theme]]")
    kept = [block for block in blocks if 'code = "FS"' not in block and 'counts_under = "FS"' not in block]
    (workspace / "codebook.toml").write_text("[[theme]]".join(kept), encoding="utf-8")


def _backed_up(workspace: Path) -> object:
    from pipeline.backup import check_backup

    made = check_backup(workspace.parent / "copy.zip")
    return made.events, sorted(name for name in made.files if name.startswith(("text/", "pdfs/")))


def _marked(workspace: Path) -> object:
    from annotations.log.open_log import open_log
    from corpus.workspace import open_workspace

    with open_log(open_workspace(workspace)) as log:
        return sorted((mark.source_id, mark.theme, mark.coder) for mark in log.marks() if mark.kind == "look again")


def _models(workspace: Path) -> object:
    """Is a model in use, and can all there are be shown; with what was decided."""
    from corpus.workspace import open_workspace
    from models.model_list import catalogue, model_in_use_or_none

    opened = open_workspace(workspace)
    return bool(catalogue(opened)) and bool(model_in_use_or_none(opened)), scene.said(workspace)


COMMANDS = {
    one.name: one
    for one in (
        Command("run", ("run", "--without-prefect"), _unread, scene.results),
        Command("import", ("import", "WORKSPACE/brought.csv"), _nothing, scene.said),
        Command("recode", ("recode", "mark"), _without_a_theme, _marked),
        Command("retrain", ("retrain", "--without-prefect", "--folds", "2"), _decided, _models),
        Command("backup", ("backup", "WORKSPACE/../copy.zip"), _decided, _backed_up),
    )
}


def run(name: str, kills: int, folder: Path, seed: int) -> Tally:
    """Kill one command so many times."""
    if name == "review":
        return _kill_review(kills)
    if name == "serve":
        return _kill_serve(kills, folder, seed)
    command, dice, tally = COMMANDS[name], random.Random(f"{seed} {name}"), Tally(f"`jaiza {name}` killed")
    template = scene.make_template(folder)
    with tempfile.TemporaryDirectory(prefix="jaiza-kills-", dir=folder) as place:
        calm = _copy(template, Path(place) / "calm", command)
        began = time.monotonic()
        scene.finish(calm, *_words(command, calm))
        seconds = time.monotonic() - began
        wanted = command.outcome(calm)
        while tally.tried < kills:
            _one_review(
                command, template, Path(place), min(AT_A_TIME, kills - tally.tried), seconds, wanted, dice, tally
            )
    return tally


def _one_review(
    command: Command,
    template: Path,
    place: Path,
    kills: int,
    seconds: float,
    wanted: object,
    dice: random.Random,
    tally: Tally,
) -> None:
    workspace = _copy(template, place / f"troubled-{tally.tried}", command)
    before, beside = Counter(scene.said(workspace)), files_under(place, but=workspace)
    for _ in range(kills):
        _killed(jaiza(workspace, *_words(command, workspace)), dice.uniform(0.0, seconds))
        tally.tried += 1
        if not scene.left_alone(workspace):
            tally.note("hangs", f"processes are left: {scene.alive(workspace)}")
        if gone := before - Counter(scene.said(workspace)):
            tally.note("lost", f"{len(gone)} decisions that were there before")
    try:
        err = scene.finish(workspace, *_words(command, workspace))
        if "Traceback" in err or "unexpected" in err:
            tally.note("tracebacks", err.strip()[-300:])
        if (found := command.outcome(workspace)) != wanted:
            more = isinstance(found, list) and isinstance(wanted, list) and len(found) > len(wanted)
            tally.note("doubled" if more else "lost", "the outcome is not that of a calm run")
    except subprocess.TimeoutExpired:
        tally.note("hangs", "the next does not come to an end")
    except Exception as error:
        tally.note("tracebacks", f"{type(error).__name__}: {error}")
    half = [path for path in workspace.rglob("*") if path.name.endswith(".part") or path.name.startswith(".tmp")]
    if half and command.name != "backup":
        tally.note("lost", f"half-written files stay: {[path.name for path in half][:3]}")
    after = files_under(place, but=workspace)
    after.pop(str(place / "copy.zip"), None)
    beside.pop(str(place / "copy.zip"), None)
    if changed := after.items() ^ beside.items():
        tally.note("outside", str(sorted(name for name, _ in changed))[:300])
    shutil.rmtree(workspace)


def _copy(template: Path, workspace: Path, command: Command) -> Path:
    shutil.copytree(template, workspace, symlinks=True)
    command.prepare(workspace)
    return workspace


def _words(command: Command, workspace: Path) -> tuple[str, ...]:
    return tuple(word.replace("WORKSPACE", str(workspace)) for word in command.arguments)


def _killed(command: Sequence[str], after: float) -> None:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=scene.environment(), start_new_session=True
    )
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait()


def _kill_review(kills: int) -> Tally:
    """Coders decide over HTTP, each act sent again until it is acknowledged; the server is killed meanwhile."""
    tally = Tally("`jaiza review` killed under eight coders", tried=kills)
    with tempfile.TemporaryDirectory() as place:
        done = trial(Path(place), each=4 * (kills + 1), kills=kills, coders=8)
    for name, keys in done.acknowledged.items():
        stored = done.stored[name]
        if lost := set(keys) - set(stored):
            tally.note("lost", f"{len(lost)} of {name}")
        if len(stored) != len(set(stored)):
            tally.note("doubled", f"{len(stored) - len(set(stored))} of {name}")
        if not lost and keys != stored:
            tally.note("lost", f"the order of {name}")
    return tally


def _kill_serve(kills: int, folder: Path, seed: int) -> Tally:
    """The serving process killed while it starts or serves; nothing stays, and the next one serves."""
    tally, dice = Tally("`jaiza serve` killed"), random.Random(f"{seed} serve")
    template = scene.make_template(folder)
    with tempfile.TemporaryDirectory(prefix="jaiza-kills-", dir=folder) as place:
        workspace = Path(place) / "served"
        shutil.copytree(template, workspace)
        before = scene.said(workspace)
        while tally.tried < kills:
            for _ in range(min(AT_A_TIME, kills - tally.tried)):
                _killed(jaiza(workspace, "serve", "--port", str(_free_port())), dice.uniform(0.0, 25.0))
                tally.tried += 1
                if not scene.left_alone(workspace):
                    tally.note("hangs", f"processes are left: {scene.alive(workspace)}")
            _serves(workspace, tally)
            if scene.said(workspace) != before:
                tally.note("lost", "the log is another")
    return tally


def _serves(workspace: Path, tally: Tally) -> None:
    """Does the next come to say where it serves, and end when it is asked to?"""
    process = subprocess.Popen(
        [sys.executable, "-u", *jaiza(workspace, "serve", "--port", str(_free_port()))[1:]],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=scene.environment(),
    )  # fmt: skip
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Watch"):
            process.send_signal(signal.SIGTERM)
    text = "".join(lines)
    process.wait(timeout=60)
    if "Watch" not in text:
        tally.note("hangs", f"the next does not serve: {text[-300:]}")
    if "Traceback" in text or "never awaited" in text:
        tally.note("tracebacks", text[-500:])
    if not scene.left_alone(workspace):
        tally.note("hangs", "a server that was asked to end left processes")
